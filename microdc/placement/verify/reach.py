"""Promises that take every place and every candidate: what nobody reaches, what nobody avoids."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.facts import (
    MONEY_MN,
    MONEY_SHARE,
    POWER_MW,
    RTT_MS,
    Facts,
    Floats,
    Promise,
    geodesic_km,
    told,
)
from microdc.placement.verify.money import size_mn_per_mw_yr
from microdc.placement.verify.sites import smallest_mw

MOST_PAIRS = 20_000_000
"""More places x candidates than this are not gone through: it would take minutes."""
_PAIRS_AT_ONCE = 1_000_000  # bounds memory
_EARTH_KM, _SPHERE_ERROR = 6371.0, 0.01  # the ellipsoid differs by 0.6 % from the sphere
_WATTS_MW = 1e-5  # a candidate so near the smallest size may count or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Substations that bear the smallest size, with certainty or by a hair's breadth."""

    row_of: dict[str, int]
    lat: Floats
    lon: Floats
    processing_ms: Floats
    mn_per_mw_it_yr: Floats
    surely: NDArray[np.bool_]


def floor_and_far_demand(facts: Facts) -> list[str]:
    """
    The cost that no plan avoids, and the demand that no candidate reaches, are as stated.

    All demand pays its cheapest price per MW within its bound, or that of leaving it. Pairs at
    the very bound may count or not. Nothing is said of very large scenarios (`MOST_PAIRS`).
    """
    sites = _candidates(facts)
    if facts.demand.index.get_level_values("place").nunique() * len(sites.lat) > MOST_PAIRS:
        return []
    generous = _cheapest(facts, sites, RTT_MS, np.ones(len(sites.lat), bool))
    strict = _cheapest(facts, sites, -RTT_MS, sites.surely)
    return [*told(_far(facts, generous, strict)), *told(_floor(facts, generous, strict))]


def _far(facts: Facts, generous: Floats, strict: Floats) -> Iterator[str]:
    demand = facts.demand["mw_it"]
    by_service = demand.index.get_level_values("service")
    far = [demand.where(np.isinf(way), 0.0).groupby(by_service).sum() for way in (generous, strict)]
    for row in facts.document.services:
        least, most = (float(mw_it.get(row.service, 0.0)) for mw_it in far)
        if not least - POWER_MW <= row.out_of_reach_mw_it <= most + POWER_MW:
            yield (
                f"{row.service}: {row.out_of_reach_mw_it:.4f} MW IT are said to be out of every "
                f"site's reach, it is {most:.4f} MW IT"
            )


def _floor(facts: Facts, generous: Floats, strict: Floats) -> Iterator[str]:
    proven, currency = facts.document.certificate, facts.document.currency
    floors = [min(_floor_mn_yr(facts, way), proven.cost_mn_yr) for way in (generous, strict)]
    least, most = min(floors), max(floors)
    slack_mn = MONEY_MN + MONEY_SHARE * abs(most)
    if not least - slack_mn <= proven.floor_mn_yr <= most + slack_mn:
        yield (
            f"the cost that no plan avoids is stated as {proven.floor_mn_yr:.6f} M {currency} "
            f"a year, it is {most:.6f} M"
        )


def _floor_mn_yr(facts: Facts, cheapest: Floats) -> float:
    services = facts.scenario.services
    stated = [services[name] for name in facts.demand.index.get_level_values("service")]
    promised = np.array([service.floor for service in stated])
    price = np.array([service.unserved_mn_per_mw_yr or 0.0 for service in stated])
    served = np.where(np.isinf(cheapest), 0.0, cheapest)  # who must be served and is not is told
    per_mw = promised * served + (1 - promised) * np.minimum(price, cheapest)
    return float(facts.demand["mw_it"].to_numpy() @ per_mw)


def _candidates(facts: Facts) -> Candidates:
    """Find who may host: own headroom and every limit above bear the smallest size."""
    rules, rows = facts.scenario.sites, facts.substations[facts.substations["candidate"]]
    least_mw = smallest_mw(rules)
    most_mw = rows["max_mw"].fillna(rules.max_mw).to_numpy()
    bears_mw = np.minimum(_least_limit(facts, rows), most_mw)
    maybe = bears_mw >= least_mw - _WATTS_MW
    per_mw = size_mn_per_mw_yr(facts).loc[rows.index].sum(axis=1) * rows["pue"]
    lat, lon, processing_ms = (rows[c].to_numpy() for c in ("lat", "lon", "processing_ms"))
    return Candidates(
        row_of={site: row for row, site in enumerate(rows.index[maybe])},
        lat=lat[maybe],
        lon=lon[maybe],
        processing_ms=processing_ms[maybe],
        mn_per_mw_it_yr=per_mw.to_numpy()[maybe],
        surely=(bears_mw >= least_mw)[maybe],
    )


def _least_limit(facts: Facts, rows: pd.DataFrame) -> Floats:
    """Give the least headroom at and above each row (MW)."""
    limit = dict(zip(facts.substations.index, facts.substations["headroom_mw"], strict=True))
    least = [np.nanmin([limit[node] for node in (site, *facts.above[site])]) for site in rows.index]
    return np.array(least, dtype=float)


def _cheapest(
    facts: Facts, sites: Candidates, beyond_ms: float, count: NDArray[np.bool_]
) -> Floats:
    """Give each demand row's cheapest MW IT within its bound and a little beyond; else infinity."""
    services = facts.scenario.services
    bound_ms = np.array(
        [services[s].rtt_ms for s in facts.demand.index.get_level_values("service")]
    )
    demand = facts.demand.assign(left_ms=bound_ms + beyond_ms - facts.demand["access_ms"])
    position = pd.MultiIndex.from_frame(demand[["lat", "lon"]])
    place, places = pd.factorize(position)
    price = np.where(count, sites.mn_per_mw_it_yr, np.inf)
    cheapest, keys = np.full(len(demand), np.inf), demand.index.tolist()
    step = max(1, _PAIRS_AT_ONCE // max(1, len(sites.lat)))
    for first in range(0, len(places) if len(sites.lat) else 0, step):
        mine = np.flatnonzero((place >= first) & (place < first + step))
        left_ms = demand["left_ms"].to_numpy()[mine]
        lat, lon = (places[first : first + step].get_level_values(k).to_numpy() for k in (0, 1))
        away_ms = _away_ms(facts, (lat, lon), sites, left_ms.max())
        for row, at, left in zip(mine, place[mine] - first, left_ms, strict=True):
            within = _as_measured(facts, keys[row], sites, away_ms[at] <= left, beyond_ms)
            cheapest[row] = price[within].min(initial=np.inf)
    return cheapest


def _as_measured(
    facts: Facts, key: tuple[str, str], sites: Candidates, within: NDArray[np.bool_], beyond: float
) -> NDArray[np.bool_]:
    """Put sites whose round trip with a place was measured within its bound, or out of it."""
    told = {site: ms for site, ms in facts.measured.get(key, {}).items() if site in sites.row_of}
    bound_ms = facts.scenario.services[key[1]].rtt_ms
    within[[sites.row_of[site] for site in told]] = [
        ms <= bound_ms + beyond for ms in told.values()
    ]
    return within


def _away_ms(
    facts: Facts, places: tuple[Floats, Floats], sites: Candidates, most_ms: float
) -> Floats:
    """Give fibre both ways and processing (ms), places x sites; infinity for what is too far."""
    latency = facts.scenario.latency
    ms_per_km = 2 * latency.route_factor / latency.km_per_ms
    lat, lon = (axis[:, None] for axis in places)
    near = _sphere_km(lat, lon, sites) * ms_per_km <= most_ms * (1 + _SPHERE_ERROR)
    at, site = np.nonzero(near)
    km = geodesic_km(places[0][at], places[1][at], sites.lat[site], sites.lon[site])
    away_ms = np.full(near.shape, np.inf)
    away_ms[at, site] = km * ms_per_km + sites.processing_ms[site]
    return away_ms


def _sphere_km(lat: Floats, lon: Floats, sites: Candidates) -> Floats:
    """Give great-circle distances (km) by haversines; shape (places, sites)."""
    lat, lon, to_lat, to_lon = (np.radians(a) for a in (lat, lon, sites.lat, sites.lon))
    half = np.sin((to_lat - lat) / 2) ** 2
    half = half + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    km: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


PROMISES: tuple[Promise, ...] = (floor_and_far_demand,)
