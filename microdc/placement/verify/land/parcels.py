"""Promises on parcels: who feeds each, over how long a feeder, and who is fed by nobody."""

from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.read import read_parcels
from microdc.placement.verify.facts import (
    SAME,
    Facts,
    Floats,
    Promise,
    differ,
    geodesic_km,
    name_of,
    told,
)
from microdc.placement.verify.sites import smallest_mw

_MILLIMETRE_KM = 1e-6
_WATT_MW = 1e-6
_KM_PER_DEGREE = 110.0
"""No two places are nearer than this for each degree of latitude between them."""

TAKEN = ("max_mw", "pue", "processing_ms", "facility_mn_per_mw_it", "energy_per_mwh",
         "voltage_kv", "state", "owner", "group")  # fmt: skip
"""What a parcel that does not state it takes from its substation."""

Row = dict[Hashable, Any]


def parcels_are_fed_as_they_say(facts: Facts) -> list[str]:
    """
    A parcel hangs below the substation it names, or else the nearest with headroom for a site.

    Its feeder is as long as stated, or as the straight line times the route factor; if that is too
    long and no substation is named, nobody feeds it. Only parcels are sites.
    """
    return told(_misfed(facts)) if facts.scenario.parcels else []


def _misfed(facts: Facts) -> Iterator[str]:
    rows = facts.region.substations
    yield from (f"{i}: no parcel, but a candidate" for i in rows.index[_also_sites(rows)])
    feeders, kept = rows[rows["feeds"]], rows.to_dict("index")
    least_mw = smallest_mw(facts.scenario.sites) - _WATT_MW
    roomy = feeders[[_spare_mw(facts, node) >= least_mw for node in feeders.index]]
    for parcel in read_parcels(facts.scenario).to_dict("records"):
        name, row = name_of(facts, parcel["id"]), kept[parcel["id"]]
        fed_by = _named(parcel, feeders) if parcel["substation"] else _nearest(parcel, roomy)
        if row["parent"] not in fed_by:
            yield f"{name}: fed by {row['parent']}, it should be by {' or '.join(map(str, fed_by))}"
        elif row["parent"] is None:
            if row["candidate"] or row["excluded"] is None:
                yield f"{name}: fed by nobody, but a candidate, or no reason is told"
        else:
            yield from (f"{name}: {line}" for line in _unlike(parcel, row, kept[row["parent"]]))


def _also_sites(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["candidate"] & ~rows["parcel"]


def _spare_mw(facts: Facts, node: str) -> float:
    """Give the least headroom at a substation and above it (MW)."""
    limit = facts.region.substations["headroom_mw"]
    return float(np.nanmin([limit[up] for up in (node, *facts.above[node])]))


def _named(parcel: Row, feeders: pd.DataFrame) -> list[str | None]:
    """Give the substation of this id, else of this name; None if it cannot feed."""
    wanted = parcel["substation"]
    if wanted in feeders.index:
        return [wanted]
    of_name = feeders["name"].str.casefold() == wanted.casefold()
    return [*feeders.index[of_name]] or [None]


def _nearest(parcel: Row, roomy: pd.DataFrame) -> list[str | None]:
    """Give the nearest substation, all of them within a millimetre; None where it is too far."""
    stated = not np.isnan(parcel["feeder_km"])
    most_km = parcel["max_feeder_km"]
    look_km = np.inf if stated else most_km
    lat, lon = roomy["lat"].to_numpy(), roomy["lon"].to_numpy()
    near = np.flatnonzero(np.abs(lat - parcel["lat"]) * _KM_PER_DEGREE <= look_km)
    km = _away_km(parcel, lat[near], lon[near])
    least_km = km.min(initial=np.inf)
    feeder_km = parcel["feeder_km"] if stated else least_km * parcel["feeder_route_factor"]
    nearest: list[str | None] = [*roomy.index[near[km <= least_km + _MILLIMETRE_KM]]]
    if feeder_km > most_km + _MILLIMETRE_KM or not nearest:
        return [None]
    return nearest if feeder_km < most_km - _MILLIMETRE_KM else [*nearest, None]


def _away_km(parcel: Row, lat: Floats, lon: Floats) -> Floats:
    """Give how far a parcel is from some substations (km, geodesic)."""
    return geodesic_km(np.full(len(lat), parcel["lat"]), np.full(len(lon), parcel["lon"]), lat, lon)


def _unlike(parcel: Row, row: Row, substation: Row) -> Iterator[str]:
    """Tell what a parcel's row has other than it should: its feeder, fibre, and what it takes."""
    feeder_km = parcel["feeder_km"]
    if np.isnan(feeder_km):
        at = (np.array([substation[axis]]) for axis in ("lat", "lon"))
        feeder_km = float(_away_km(parcel, *at)[0]) * parcel["feeder_route_factor"]
    for column, true in (("feeder_km", feeder_km), ("fibre_km", parcel["fibre_km"])):
        if differ(row[column], true, _MILLIMETRE_KM + SAME * true):
            yield f"{column} is read as {row[column]:.9g} km, it is {true:.9g} km"
    for column in TAKEN:
        stated = parcel.get(column, np.nan)
        true = substation[column] if pd.isna(stated) or stated == "" else stated
        if row[column] != true and not (pd.isna(row[column]) and pd.isna(true)):
            yield f"{column} is read as {row[column]}, it is {true}"


PROMISES: tuple[Promise, ...] = (parcels_are_fed_as_they_say,)
