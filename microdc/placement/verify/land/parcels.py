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
from microdc.placement.verify.sites import least_limit_mw, smallest_mw

_MILLIMETRE_KM = 1e-6
_WATT_MW = 1e-6
_OF_SUBSTATION = -1.0  # a parcel that states no smallest site has that of its substation
_KM_PER_DEGREE = 110.0
"""No two places are nearer than this for each degree of latitude between them."""

TAKEN = ("min_mw", "max_mw", "pue", "processing_ms", "facility_mn_per_mw_it", "energy_per_mwh",
         "voltage_kv", "state", "owner", "group")  # fmt: skip
"""What a parcel that does not state it takes from its substation."""

Row = dict[Hashable, Any]


def parcels_are_fed_as_they_say(facts: Facts) -> list[str]:
    """
    A parcel hangs below the substation it names, or else the nearest with headroom for a site.

    One that has a site needs no headroom. Its feeder is as long as stated, or as the straight line
    times the route factor; if that is too long and no substation is named, nobody feeds it. Only
    parcels are sites, but for those that exist.
    """
    return told(_misfed(facts)) if facts.scenario.parcels else []


def _misfed(facts: Facts) -> Iterator[str]:
    rows = facts.region.substations
    yield from (f"{i}: no parcel, but a candidate" for i in rows.index[_also_sites(rows)])
    feeders, kept = rows[rows["feeds"]], rows.to_dict("index")
    parcels = read_parcels(facts.scenario)
    wanted_mw = parcels["min_mw"].mask(parcels["existing_mw"] > 0, 0.0).fillna(_OF_SUBSTATION)
    roomy = {mw: _with_room(facts, feeders, mw) for mw in wanted_mw.unique()}
    for parcel, mw in zip(parcels.to_dict("records"), wanted_mw, strict=True):
        name, row = name_of(facts, parcel["id"]), kept[parcel["id"]]
        fed_by = _named(parcel, feeders) if parcel["substation"] else _nearest(parcel, roomy[mw])
        if row["parent"] not in fed_by:
            yield f"{name}: fed by {row['parent']}, it should be by {' or '.join(map(str, fed_by))}"
            continue
        if row["parent"] is None and (row["candidate"] or row["excluded"] is None):
            yield f"{name}: fed by nobody, but a candidate, or no reason is told"
        yield from (f"{name}: {line}" for line in _unlike(parcel, row, kept.get(row["parent"])))


def _also_sites(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["candidate"] & ~rows["parcel"]


def _with_room(facts: Facts, feeders: pd.DataFrame, stated_mw: float) -> pd.DataFrame:
    """Give the substations with headroom for the smallest site (MW) that a parcel states."""
    own = stated_mw == _OF_SUBSTATION
    wanted_mw = feeders["min_mw"] if own else pd.Series(stated_mw, index=feeders.index)
    least_mw = smallest_mw(facts.scenario.sites, wanted_mw)
    return feeders[least_limit_mw(facts, feeders) >= least_mw - _WATT_MW]


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


def _unlike(parcel: Row, row: Row, substation: Row | None) -> Iterator[str]:
    """Tell what a parcel's row has other than it should: what exists, its feeder, what it takes."""
    if row["existing_mw"] != parcel["existing_mw"]:
        yield f"{row['existing_mw']:.9g} MW are read to exist, it is {parcel['existing_mw']:.9g} MW"
    way = {"feeder_km": _feeder_km(parcel, substation), "fibre_km": parcel["fibre_km"]}
    for column, true in way.items():
        if differ(row[column], true, _MILLIMETRE_KM + SAME * true):
            yield f"{column} is read as {row[column]:.9g} km, it is {true:.9g} km"
    above = substation or dict.fromkeys(TAKEN)
    for column in TAKEN:
        stated = parcel.get(column, np.nan)
        true = above[column] if pd.isna(stated) or stated == "" else stated
        if row[column] != true and not (pd.isna(row[column]) and pd.isna(true)):
            yield f"{column} is read as {row[column]}, it is {true}"


def _feeder_km(parcel: Row, substation: Row | None) -> float:
    """Give the length that is stated, or that of the way to the substation; NaN: no feeder."""
    if substation is None:
        return np.nan
    if not np.isnan(parcel["feeder_km"]):
        return float(parcel["feeder_km"])
    at = (np.array([substation[axis]]) for axis in ("lat", "lon"))
    return float(_away_km(parcel, *at)[0]) * float(parcel["feeder_route_factor"])


PROMISES: tuple[Promise, ...] = (parcels_are_fed_as_they_say,)
