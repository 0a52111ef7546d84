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
from microdc.placement.verify.sites import least_limit_mw, smallest_mw

MOST_PAIRS = 20_000_000
"""More places x candidates than this are not gone through: it would take minutes."""
_PAIRS_AT_ONCE = 1_000_000  # bounds memory
_EARTH_KM, _SPHERE_ERROR = 6371.0, 0.01  # the ellipsoid differs by 0.6 % from the sphere
_WATTS_MW = 1e-5  # a candidate so near the smallest size may count or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Hubs, existing sites, and whoever bears the smallest site, for certain or by a hair."""

    row_of: dict[str, int]
    lat: Floats
    lon: Floats
    processing_ms: Floats
    mn_per_mw_it_yr: Floats
    existing_mw_it: Floats
    surely: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """
    What lies within bound.

    `mn_per_mw_it_yr` is the cheapest price of each demand row (infinity: nobody is within its
    bound), `near_existing` whether an existing site is; `existing_mw_it` is what each existing site
    can carry of the demand within its bound.
    """

    mn_per_mw_it_yr: Floats
    near_existing: NDArray[np.bool_]
    existing_mw_it: Floats


def floor_and_far_demand(facts: Facts) -> list[str]:
    """
    The cost that no plan avoids, and the demand that nobody reaches, are as stated.

    All demand pays its cheapest price per MW within its bound, or that of leaving it, but for what
    existing sites carry: that is paid, and so is their energy. Pairs at the very bound may count or
    not. Nothing is said of very large scenarios (`MOST_PAIRS`).
    """
    hosts = _hosts(facts)
    if facts.demand.index.get_level_values("place").nunique() * len(hosts.lat) > MOST_PAIRS:
        return []
    generous = _reached(facts, hosts, RTT_MS, np.ones(len(hosts.lat), bool))
    strict = _reached(facts, hosts, -RTT_MS, hosts.surely)
    return [*told(_far(facts, generous, strict)), *told(_floor(facts, generous, strict))]


def _far(facts: Facts, generous: Reached, strict: Reached) -> Iterator[str]:
    demand = facts.demand["mw_it"]
    by_service = demand.index.get_level_values("service")
    nobody = [np.isinf(way.mn_per_mw_it_yr) for way in (generous, strict)]
    far = [demand.where(which, 0.0).groupby(by_service).sum() for which in nobody]
    for row in facts.document.services:
        least, most = (float(mw_it.get(row.service, 0.0)) for mw_it in far)
        if not least - POWER_MW <= row.out_of_reach_mw_it <= most + POWER_MW:
            yield (
                f"{row.service}: {row.out_of_reach_mw_it:.4f} MW IT are said to be out of every "
                f"site's reach, it is {most:.4f} MW IT"
            )


def _floor(facts: Facts, generous: Reached, strict: Reached) -> Iterator[str]:
    proven, currency = facts.document.certificate, facts.document.currency
    floors = [min(_floor_mn_yr(facts, way), proven.cost_mn_yr) for way in (generous, strict)]
    least, most = min(floors), max(floors)
    slack_mn = MONEY_MN + MONEY_SHARE * abs(most)
    if not least - slack_mn <= proven.floor_mn_yr <= most + slack_mn:
        yield (
            f"the cost that no plan avoids is stated as {proven.floor_mn_yr:.6f} M {currency} "
            f"a year, it is {most:.6f} M"
        )


def _floor_mn_yr(facts: Facts, reached: Reached) -> float:
    services = facts.scenario.services
    stated = [services[name] for name in facts.demand.index.get_level_values("service")]
    promised = np.array([service.floor for service in stated])
    price = np.array([service.unserved_mn_per_mw_yr or 0.0 for service in stated])
    cheapest = reached.mn_per_mw_it_yr
    served = np.where(np.isinf(cheapest), 0.0, cheapest)  # who must be served and is not is told
    mw_it = facts.demand["mw_it"].to_numpy()
    parts = pd.DataFrame(
        {
            "mw_it": np.concatenate([mw_it * promised, mw_it * (1 - promised)]),
            "price": np.concatenate([served, np.minimum(price, cheapest)]),
            "near_existing": np.tile(reached.near_existing, 2),
        }
    )
    everything = float((parts["mw_it"] * parts["price"]).sum())
    return everything - _carried_mn_yr(parts, float(reached.existing_mw_it.sum())) + _energy(facts)


def _carried_mn_yr(parts: pd.DataFrame, left_mw_it: float) -> float:
    """Give what existing sites save at most: they carry the demand near them, the dearest first."""
    saved_mn_yr = 0.0
    near = parts[parts["near_existing"]].sort_values("price", ascending=False)
    for mw_it, price in zip(near["mw_it"], near["price"], strict=True):
        carried_mw_it = min(mw_it, left_mw_it)
        saved_mn_yr += carried_mw_it * price
        left_mw_it -= carried_mw_it
    return saved_mn_yr


def _energy(facts: Facts) -> float:
    """Give what existing sites pay for energy as they stand (millions a year)."""
    return float((size_mn_per_mw_yr(facts)["energy"] * facts.substations["existing_mw"]).sum())


def _hosts(facts: Facts) -> Hosts:
    """Find who may serve: hubs, existing sites, and candidates that bear the smallest site."""
    rows, hubs = facts.substations, facts.region.hubs
    rules, exists = facts.scenario.sites, (rows["existing_mw"] > 0).to_numpy()
    least_mw = smallest_mw(rules, rows["min_mw"]).to_numpy()
    most_mw = rows["max_mw"].fillna(rules.max_mw).to_numpy()
    bears_mw = np.minimum(least_limit_mw(facts, rows), most_mw)
    bears_mw = np.where(exists, np.inf, np.where(rows["candidate"], bears_mw, -np.inf))
    maybe = bears_mw >= least_mw - _WATTS_MW
    per_mw_it = size_mn_per_mw_yr(facts).sum(axis=1) * rows["pue"]
    columns = ["lat", "lon", "processing_ms", "mn_per_mw_it_yr", "existing_mw_it", "surely"]
    at_substations = rows.assign(
        mn_per_mw_it_yr=per_mw_it,
        existing_mw_it=rows["existing_mw"] / rows["pue"],
        surely=bears_mw >= least_mw,
    )[maybe]
    at_hubs = hubs.assign(
        processing_ms=hubs["processing_ms"].fillna(facts.scenario.latency.processing_ms),
        existing_mw_it=0.0,
        surely=True,
    )
    parts = [at_substations[columns], *([at_hubs[columns]] if len(hubs) else [])]
    hosts = pd.concat(parts)
    return Hosts(
        row_of={host: row for row, host in enumerate(hosts.index)},
        **{column: hosts[column].to_numpy() for column in columns},
    )


def _reached(facts: Facts, hosts: Hosts, beyond_ms: float, count: NDArray[np.bool_]) -> Reached:
    """Look who is within each demand row's bound and a little beyond, of the hosts that count."""
    services = facts.scenario.services
    bound_ms = np.array(
        [services[s].rtt_ms for s in facts.demand.index.get_level_values("service")]
    )
    demand = facts.demand.assign(left_ms=bound_ms + beyond_ms - facts.demand["access_ms"])
    position = pd.MultiIndex.from_frame(demand[["lat", "lon"]])
    place, places = pd.factorize(position)
    price = np.where(count, hosts.mn_per_mw_it_yr, np.inf)
    exists, mw_it = hosts.existing_mw_it > 0, demand["mw_it"].to_numpy()
    cheapest, keys = np.full(len(demand), np.inf), demand.index.tolist()
    near, within_mw_it = np.zeros(len(demand), bool), np.zeros(len(hosts.lat))
    step = max(1, _PAIRS_AT_ONCE // max(1, len(hosts.lat)))
    for first in range(0, len(places) if len(hosts.lat) else 0, step):
        mine = np.flatnonzero((place >= first) & (place < first + step))
        left_ms = demand["left_ms"].to_numpy()[mine]
        lat, lon = (places[first : first + step].get_level_values(k).to_numpy() for k in (0, 1))
        away_ms = _away_ms(facts, (lat, lon), hosts, left_ms.max())
        for row, at, left in zip(mine, place[mine] - first, left_ms, strict=True):
            within = _as_measured(facts, keys[row], hosts, away_ms[at] <= left, beyond_ms)
            cheapest[row] = price[within].min(initial=np.inf)
            near[row] = (within & exists).any()
            within_mw_it[within] += mw_it[row]
    return Reached(
        mn_per_mw_it_yr=cheapest,
        near_existing=near,
        existing_mw_it=np.minimum(hosts.existing_mw_it, within_mw_it),
    )


def _as_measured(
    facts: Facts, key: tuple[str, str], hosts: Hosts, within: NDArray[np.bool_], beyond: float
) -> NDArray[np.bool_]:
    """Put sites whose round trip with a place was measured within its bound, or out of it."""
    told = {site: ms for site, ms in facts.measured.get(key, {}).items() if site in hosts.row_of}
    bound_ms = facts.scenario.services[key[1]].rtt_ms
    within[[hosts.row_of[site] for site in told]] = [
        ms <= bound_ms + beyond for ms in told.values()
    ]
    return within


def _away_ms(facts: Facts, places: tuple[Floats, Floats], hosts: Hosts, most_ms: float) -> Floats:
    """Give fibre both ways and processing (ms), places x hosts; infinity for what is too far."""
    latency = facts.scenario.latency
    ms_per_km = 2 * latency.route_factor / latency.km_per_ms
    lat, lon = (axis[:, None] for axis in places)
    near = _sphere_km(lat, lon, hosts) * ms_per_km <= most_ms * (1 + _SPHERE_ERROR)
    at, site = np.nonzero(near)
    km = geodesic_km(places[0][at], places[1][at], hosts.lat[site], hosts.lon[site])
    away_ms = np.full(near.shape, np.inf)
    away_ms[at, site] = km * ms_per_km + hosts.processing_ms[site]
    return away_ms


def _sphere_km(lat: Floats, lon: Floats, hosts: Hosts) -> Floats:
    """Give great-circle distances (km) by haversines; shape (places, hosts)."""
    lat, lon, to_lat, to_lon = (np.radians(a) for a in (lat, lon, hosts.lat, hosts.lon))
    half = np.sin((to_lat - lat) / 2) ** 2
    half = half + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    km: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


PROMISES: tuple[Promise, ...] = (floor_and_far_demand,)
