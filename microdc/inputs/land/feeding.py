"""
Which substation feeds each parcel, over how long a feeder, and which parcels nobody feeds.

A parcel is a row of the power tree without a limit of its own. It hangs below the substation that
feeds it, and so shares its headroom with every other parcel there; substations are then limits,
and what exists there stays as it is.
"""

from typing import Any

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.ground.distance import geodesic_km
from microdc.ground.nearest import nearest_of
from microdc.inputs.hosts.capacity import smallest_mw
from microdc.inputs.land.parcels import named_substations, note_ids, note_unknown, parcels_of
from microdc.inputs.substations import note_sizes
from microdc.inputs.tables.columns import Loaded
from microdc.inputs.tables.findings import Findings, listed
from microdc.inputs.tree import least_at_and_above
from microdc.instance import WATT_MW
from microdc.scenario import Scenario, Sites

INHERITED = [
    "min_mw", "max_mw", "pue", "processing_ms", "facility_mn_per_mw_it", "energy_per_mwh",
    "voltage_kv", "state", "owner", "group",
]  # fmt: skip
"""What a parcel takes from its substation where it does not state it: all but position, what
exists, land (`site_mn`), feeder and fibre."""


def with_parcels(
    scenario: Scenario,
    substations: pd.DataFrame,
    of_substations: list[Loaded],
    of_parcels: list[Loaded],
    findings: Findings,
) -> pd.DataFrame:
    """
    Hang the scenario's parcels below the substations that feed them; nothing else is then a site.

    Without parcels the table stays as it is, but for columns `parcel`, `feeds` and `excluded`,
    which `Region.substations` explains. A parcel that names its substation hangs below it, any
    other below the nearest that has room for the smallest site. One that has a site needs no room,
    and stays a site where nobody feeds it, but does not grow.
    """
    table = substations.assign(parcel=False, feeds=False, excluded=None)
    if not scenario.parcels:
        return table
    if not of_parcels:
        return table.iloc[:0]  # no parcel is known, which is told
    table = table.assign(feeds=table["candidate"], candidate=False)
    parcels = parcels_of(of_parcels, findings)
    note_ids(table, parcels, of_substations, of_parcels, findings)
    note_sizes(parcels, np.ones(len(parcels), dtype=bool), of_parcels, findings)
    named = named_substations(parcels, table, of_parcels, findings)
    if len(of_substations) == len(scenario.substations):
        note_unknown(parcels, named, of_substations, of_parcels, findings)
    if findings.faults:  # who feeds whom would only follow from them
        fed = parcels.assign(parent=None, excluded=None)
    else:
        parent = _hung(parcels, named, table, scenario.sites)
        fed = _fed(parcels, parent, table)
        _tell(fed, of_parcels, findings)
        if not (table["existing_mw"] > 0).any():
            _expect_some(fed, scenario, findings)
    return pd.concat([table, _as_rows(fed, table, len(scenario.substations))]).sort_index()


def _hung(
    parcels: pd.DataFrame, named: "pd.Series[Any]", substations: pd.DataFrame, sites: Sites
) -> "pd.Series[Any]":
    """
    Give the substation that each parcel names, or the nearest that bears a site, however far.

    The smallest new site is what the parcel states, else the substation, else the scenario.
    """
    up = substations.index.get_indexer(pd.Index(substations["parent"]))
    bears_mw = least_at_and_above(substations["headroom_mw"].to_numpy(), up)
    parent, wanted_mw = named.copy(), parcels["min_mw"].mask(parcels["existing_mw"] > 0, 0.0)
    open_ = parcels[parcels["substation"] == ""]
    own_mw = substations["min_mw"].fillna(sites.min_mw)
    for stated_mw, some in open_.groupby(wanted_mw, dropna=False):
        stated = pd.Series(stated_mw, substations.index, dtype=float)
        least_mw = smallest_mw(sites, stated.fillna(own_mw))
        roomy = substations[substations["feeds"] & (bears_mw >= least_mw - WATT_MW)]
        if len(roomy):
            parent[some.index] = roomy.index[nearest_of(some, roomy)[0]]
    return parent


def _fed(
    parcels: pd.DataFrame, parent: "pd.Series[Any]", substations: pd.DataFrame
) -> pd.DataFrame:
    """
    Give the parcels with `parent` (id; None: nobody feeds it), `feeder_km` and `excluded`.

    Also `straight_km`, the geodesic distance to the substation that is named or nearest.
    """
    straight_km = _straight_km(parcels, parent, substations)
    feeder_km = parcels["feeder_km"].fillna(straight_km * parcels["feeder_route_factor"])
    names_one = parcels["substation"] != ""
    far = ~names_one & ~(feeder_km <= parcels["max_feeder_km"])
    why = pd.Series(None, index=parcels.index, dtype=object)
    why[far] = [
        f"no substation with headroom within {km:g} km of feeder"
        for km in parcels.loc[far, "max_feeder_km"]
    ]
    cannot = names_one & parent.isna()
    why[cannot] = "its substation is not chosen, or has no headroom or no position"
    return parcels.assign(
        parent=parent.mask(far, None), feeder_km=feeder_km, excluded=why, straight_km=straight_km
    )


def _straight_km(
    parcels: pd.DataFrame, parent: "pd.Series[Any]", substations: pd.DataFrame
) -> "pd.Series[float]":
    """Give the geodesic distance (km) of each parcel to its substation; NaN without one."""
    there = parent.dropna()
    ends = (parcels.loc[there.index], substations.loc[there])
    km = geodesic_km(*(end[axis].to_numpy(float) for end in ends for axis in ("lat", "lon")))
    return pd.Series(km, index=there.index).reindex(parcels.index)


def _tell(fed: pd.DataFrame, loaded: list[Loaded], findings: Findings) -> None:
    """Warn of parcels that nobody feeds, and of feeders that a planner would ask about."""
    open_, hangs = fed["substation"] == "", fed["parent"].notna()
    far = fed["feeder_km"] > fed["max_feeder_km"]
    kinds = {
        "have no substation with headroom within max_feeder_km": open_ & ~hangs,
        "name a substation that is not chosen, or has no headroom or no position": ~open_ & ~hangs,
        "keep the substation they name beyond max_feeder_km": hangs & far,
        "state a feeder shorter than the straight line": hangs
        & (fed["feeder_km"] < fed["straight_km"]),
    }
    for number, one in enumerate(loaded):
        for what, which in kinds.items():
            ids = fed.loc[which & (fed["source"] == number), "id"]
            if len(ids):
                findings.warn(f"{one.table.raw.name}: {len(ids):,} parcel(s) {what}: {listed(ids)}")


def _expect_some(fed: pd.DataFrame, scenario: Scenario, findings: Findings) -> None:
    if (fed["parent"].notna() | (fed["existing_mw"] > 0)).any():
        return
    shortest_km = fed["feeder_km"].min()
    findings.fault(
        Fault(
            file=scenario.path.name,
            at="parcels",
            says="no parcel can be a site: no substation with headroom feeds any",
            found="" if np.isnan(shortest_km) else f"{shortest_km:.3f} km, the shortest feeder",
            allowed="parcels within max_feeder_km, or that name their substation",
        )
    )


def _as_rows(fed: pd.DataFrame, substations: pd.DataFrame, first_source: int) -> pd.DataFrame:
    """Give parcels as rows of the power tree, blanks taken from the substations that feed them."""
    rows = fed.reindex(columns=list(substations.columns)).astype(object)
    rows = rows.where(rows.notna() & (rows != ""), None)
    above = substations.reindex(fed["parent"])
    for column in INHERITED:
        rows[column] = rows[column].where(rows[column].notna(), above[column].to_numpy(object))
    rows = rows.assign(
        name=rows["name"].where(rows["name"].notna(), fed["id"]),
        candidate=fed["parent"].notna(),
        feeder_km=fed["feeder_km"].where(fed["parent"].notna()),
        parcel=True,
        feeds=False,
        arithmetic="",
        reinforced_mw=0.0,
        source=fed["source"] + first_source,
    )
    return rows.set_index(pd.Index(fed["id"], dtype=object, name="id")).astype(substations.dtypes)
