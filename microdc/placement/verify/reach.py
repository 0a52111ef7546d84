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
    told,
)
from microdc.placement.verify.hours.terms import bearers
from microdc.placement.verify.money import per_year, size_mn_per_mw_yr
from microdc.placement.verify.proof.near import answered, bounds_in_order
from microdc.placement.verify.sites import least_limit_mw, smallest_mw

_WATTS_MW = 1e-5  # a candidate so near the smallest size may count or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Hubs, existing sites, and whoever bears the smallest site, for certain or by a hair."""

    where: pd.DataFrame
    """`lat`, `lon`, `processing_ms` by id."""
    mn_per_mw_it_yr: Floats
    existing_mw_it: Floats
    surely: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """
    What lies within bound.

    `mn_per_mw_it_yr` is the cheapest price of each demand row (infinity: nobody is within its
    bound), `near_existing` whether an existing site is; `existing_mw_it` is what exists of each
    host, and `near_mw_it` the demand of each class within its bound, hosts x classes.
    """

    mn_per_mw_it_yr: Floats
    near_existing: NDArray[np.bool_]
    existing_mw_it: Floats
    near_mw_it: Floats


def floor_and_far_demand(facts: Facts) -> list[str]:
    """
    The cost that no plan avoids, and the demand that nobody reaches, are as stated.

    All demand pays its cheapest price per MW within its bound, or that of leaving it, but for what
    existing sites carry: that is paid, and so is their energy. Pairs at the very bound may count or
    not.
    """
    generous, strict = _reached(facts, _hosts(facts))
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
    """Give the most that any hour asks for; without hours, what the peaks of all classes do."""
    asked = (_asked_mn_yr(facts, reached, share) for share in _shares_at_once(facts))
    return max(asked) + _far_mn_yr(facts, reached) + _energy(facts)


def _far_mn_yr(facts: Facts, reached: Reached) -> float:
    """Give what demand costs that nobody reaches (millions a year): it is left in every hour."""
    names = facts.demand.index.get_level_values("service")
    price = [facts.scenario.services[name].unserved_mn_per_mw_yr or 0.0 for name in names]
    far = np.isinf(reached.mn_per_mw_it_yr)
    return float(facts.demand["mw_it"].to_numpy()[far] @ np.array(price)[far])


def _shares_at_once(facts: Facts) -> Floats:
    """Give the share of its peak that each class demands and cannot put off; hours x classes."""
    services = facts.scenario.services
    if facts.hourly is None:
        return np.ones((1, len(services)))
    at, year = facts.hourly.hours["at"].to_numpy(), facts.hourly.year
    waits = {name: stated.defer.share if stated.defer else 0.0 for name, stated in services.items()}
    shares = [year.share(name)[at] * (1 - waits[name]) for name in services]
    return np.unique(np.column_stack(shares), axis=0)


def _asked_mn_yr(facts: Facts, reached: Reached, share: Floats) -> float:
    """Give what demand in reach pays at such shares of each class's peak (millions a year)."""
    services = facts.scenario.services
    number = {name: row for row, name in enumerate(services)}
    names = facts.demand.index.get_level_values("service")
    stated, of_peak = [services[name] for name in names], share[[number[name] for name in names]]
    promised = np.array([service.floor for service in stated])
    price = np.array([service.unserved_mn_per_mw_yr or 0.0 for service in stated])
    # A MW IT that is left of the peak spares only a share of a MW IT in this hour.
    left = np.divide(price, of_peak, out=np.full(len(price), np.inf), where=of_peak > 0)
    near = np.isfinite(reached.mn_per_mw_it_yr)
    cheapest = np.where(near, reached.mn_per_mw_it_yr, 0.0)
    mw_it = np.where(near, facts.demand["mw_it"].to_numpy() * of_peak, 0.0)
    parts = pd.DataFrame(
        {
            "mw_it": np.concatenate([mw_it * promised, mw_it * (1 - promised)]),
            "price": np.concatenate([cheapest, np.minimum(left, cheapest)]),
            "near_existing": np.tile(reached.near_existing, 2),
        }
    )
    parts = parts[parts["mw_it"] > 0]
    carried_mw_it = np.minimum(reached.existing_mw_it, reached.near_mw_it @ share).sum()
    everything = float((parts["mw_it"] * parts["price"]).sum())
    return everything - _carried_mn_yr(parts, float(carried_mw_it))


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
    rules = facts.scenario.sites
    least_mw = np.asarray(smallest_mw(rules, rows["min_mw"]), np.float64)
    maybe, surely = _bears(facts, least_mw - _WATTS_MW), _bears(facts, least_mw)
    annuity = per_year(facts.scenario.costs.annuity)
    connection = min((tier.connection_mn_per_mw for tier in rules.tiers), default=0.0) * annuity
    per_mw = size_mn_per_mw_yr(facts).sum(axis=1)
    per_mw_it = (per_mw + connection * (rows["existing_mw"] == 0)) * rows["pue"]
    where = ["lat", "lon", "processing_ms"]
    columns = ["mn_per_mw_it_yr", "existing_mw_it", "surely"]
    at_substations = rows.assign(
        mn_per_mw_it_yr=per_mw_it,
        existing_mw_it=rows["existing_mw"] / rows["pue"],
        surely=surely,
    )[maybe]
    at_hubs = hubs.assign(
        processing_ms=hubs["processing_ms"].fillna(facts.scenario.latency.processing_ms),
        existing_mw_it=0.0,
        surely=True,
    )
    parts = [at_substations, *([at_hubs] if len(hubs) else [])]
    hosts = pd.concat([part[[*where, *columns]] for part in parts])
    return Hosts(where=hosts[where], **{column: hosts[column].to_numpy() for column in columns})


def _bears(facts: Facts, mw: Floats) -> NDArray[np.bool_]:
    """Tell which substations bear a site of some MW: by headroom, or by terms of connections."""
    rows = facts.substations
    allowed = rows["candidate"] & (rows["max_mw"].fillna(facts.scenario.sites.max_mw) >= mw)
    if facts.hourly is None:
        bears = least_limit_mw(facts, rows) >= mw
    else:
        bears = allowed.to_numpy(copy=True)
        bears[allowed] = bearers(facts, facts.hourly.year, rows[allowed], mw[allowed])
    return np.asarray((rows["existing_mw"] > 0) | (allowed & bears), dtype=bool)


def _reached(facts: Facts, hosts: Hosts) -> tuple[Reached, Reached]:
    """Look who is within each demand row's bound: whoever may count, and whoever surely does."""
    demands, exists = len(facts.demand), hosts.existing_mw_it > 0
    price = (hosts.mn_per_mw_it_yr, np.where(hosts.surely, hosts.mn_per_mw_it_yr, np.inf))
    cheapest = tuple(np.full(demands, np.inf) for _ in price)
    near = tuple(np.zeros(demands, bool) for _ in price)
    of_class = _by_class_mw_it(facts)
    near_mw_it = tuple(np.zeros((len(exists), of_class.shape[1])) for _ in price)
    bound_ms = bounds_in_order(facts)
    for some, ways in answered(facts, hosts.where, bound_ms, (RTT_MS, -RTT_MS)):
        for way, within in enumerate(ways):
            of_each = np.where(within, price[way][some, None], np.inf).min(axis=0)
            np.minimum(cheapest[way], of_each, out=cheapest[way])
            by_existing = within[exists[some]]
            near[way][:] |= by_existing.any(axis=0)
            near_mw_it[way][some][exists[some]] = by_existing @ of_class
    generous, strict = (
        Reached(
            mn_per_mw_it_yr=cheapest[way],
            near_existing=near[way],
            existing_mw_it=hosts.existing_mw_it,
            near_mw_it=near_mw_it[way],
        )
        for way in range(len(price))
    )
    return generous, strict


def _by_class_mw_it(facts: Facts) -> Floats:
    """Give the demand of each row in the column of its class (MW IT); rows x classes."""
    service = facts.demand.index.get_level_values("service").to_numpy()
    mine = service[:, None] == np.array(list(facts.scenario.services), dtype=object)
    of_class: Floats = mine * facts.demand["mw_it"].to_numpy()[:, None]
    return of_class


PROMISES: tuple[Promise, ...] = (floor_and_far_demand,)
