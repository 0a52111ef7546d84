"""
The least that must be added: headroom at one node, capital, sites, or the cheapest mix.

A search like any other, with another objective: sites and megawatts are free, and what goes beyond
a limit has a price.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.explain.bottlenecks.bottleneck import in_reach
from microdc.explain.repairs.feasible import free_of_cost
from microdc.explain.repairs.prices import RepairPrices
from microdc.instance import Floats, Instance, rows_of
from microdc.solve.highs import Clock
from microdc.solve.least_cost import ROUNDING_MW_IT, set_aside
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.search.loop import Search

GAP = 1e-5
"""Of what is missing: amounts are told more finely than a cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What was added beyond limits, with a proven least cost of it (in the prices given)."""

    headroom_mw: "pd.Series[float]"
    """By node id, those above zero."""
    budget_mn: float
    unserved_mw_it: Floats
    """Of what must be served, by point of the instance."""
    cost: float
    bound: float
    within_gap: bool


def least_headroom_mw(
    instance: Instance, node: str, settings: Settings, clock: Clock
) -> Bought | None:
    """Find the least headroom (MW) at a node alone that makes room for a plan; None: none found."""
    price = pd.Series(0.0, index=instance.nodes.index)
    price[node] = 1.0
    return _bought(with_headroom_at(instance, price), settings, clock)


def least_budget_mn(instance: Instance, settings: Settings, clock: Clock) -> Bought | None:
    """Find the least capital (millions) beyond the budget that makes room for a plan."""
    return _bought(replace(instance, more_budget_mn_yr=1.0), settings, clock)


def fewest_sites(
    instance: Instance, kind: str, settings: Settings, clock: Clock
) -> tuple[int, bool] | None:
    """
    Find the fewest sites of a kind (name in `counts`) with which there is a plan; None: none found.

    Says also whether it is proven that fewer would not do.
    """
    within, _ = set_aside(counting_sites(instance, kind))
    if (within.groups["max_unserved_mw_it"] < 0).any():
        return None
    stated = max(1.0, float(instance.counts["most"][kind]))
    near_enough = replace(settings, gap=0.5 / stated)  # below one site, up to twice as many
    outcome = Search(in_reach(within), near_enough, clock, lambda _: None).run()
    if outcome.cost is None:
        return None
    fewest = round(outcome.cost)
    return fewest, outcome.bound > fewest - 1 + 1e-6


def counting_sites(instance: Instance, kind: str) -> Instance:
    """Let the cost be the number of sites of a kind (name in `counts`), which is not limited."""
    mine = instance.counts.index == kind
    others = np.flatnonzero(~mine)
    free = free_of_cost(instance)
    counted = instance.counted[np.flatnonzero(mine)].toarray()[0]
    return replace(
        free,
        sites=free.sites.assign(site_mn_yr=counted),
        counts=instance.counts.iloc[others],
        counted=csr_array(instance.counted[others]),
    )


def cheapest_mix(
    instance: Instance,
    elastic: pd.Index,
    prices: RepairPrices,
    settings: Settings,
    clock: Clock,
) -> Bought | None:
    """
    Find the cheapest mix of headroom at some nodes, capital, and demand promised no longer.

    `elastic` are ids of the nodes at which headroom may be added. The cost is in millions a year.
    """
    per_mw = pd.Series(0.0, index=instance.nodes.index)
    per_mw[elastic] = prices.headroom_mn_per_mw_yr
    priced = with_headroom_at(instance, per_mw)
    return _bought(
        replace(priced, more_budget_mn_yr=prices.annuity),
        settings,
        clock,
        prices.unserved_mn_per_mw_it_yr,
    )


def with_headroom_at(instance: Instance, price: "pd.Series[float]") -> Instance:
    """Let more headroom be had at the nodes that have a price, as much as sites below could use."""
    room_mw = (instance.sites["cap_mw"] - instance.sites["existing_mw"]).to_numpy()
    most_mw = np.array([room_mw[below].sum() for below in rows_of(instance.below)])
    more_mw = np.maximum(0.0, most_mw - instance.nodes["limit_mw"].to_numpy())
    nodes = instance.nodes.assign(
        most_more_mw=np.where(price > 0, more_mw, 0.0), more_mn_per_mw_yr=price.to_numpy()
    )
    return replace(instance, nodes=nodes)


def _bought(
    instance: Instance, settings: Settings, clock: Clock, unserved: float | None = None
) -> Bought | None:
    """Search for the least price of what goes beyond; with a price, demand may stay unserved."""
    free = free_of_cost(instance)
    if unserved is not None:
        free = _going_short(free, unserved)
    within, _ = set_aside(free)
    if (within.groups["max_unserved_mw_it"] < 0).any():
        return None
    within = in_reach(within)
    search = Search(within, replace(settings, gap=GAP), clock, lambda _: None)
    outcome = search.run()
    if search.incumbent is None or outcome.cost is None:
        return None
    return _read(instance, within, search, outcome)


def _read(instance: Instance, within: Instance, search: Search, outcome: Outcome) -> Bought:
    """Read what is had beyond limits out of a search with a plan."""
    assert search.incumbent is not None
    master, nodes = search.master, within.elastic_nodes.index
    beyond = search.incumbent.values[master.first_more : master.first_load]
    headroom_mw = pd.Series(beyond[: len(nodes)], index=nodes, dtype=float)
    unserved_mw_it = instance.points["mw_it"].to_numpy(dtype=float).copy()
    unserved_mw_it[instance.reach.sites_per_point > 0] = search.incumbent.sizes.unserved_mw_it
    must = instance.groups["max_unserved_mw_it"].to_numpy()[instance.points["group"]]
    return Bought(
        headroom_mw=headroom_mw[headroom_mw > 1e-9],
        budget_mn=float(beyond[-1]) if instance.elastic_budget else 0.0,
        unserved_mw_it=np.where(must <= ROUNDING_MW_IT, unserved_mw_it, 0.0),
        cost=search.incumbent.cost,
        bound=outcome.bound,
        within_gap=outcome.ended is Ended.WITHIN_GAP,
    )


def _going_short(instance: Instance, price: float) -> Instance:
    """Let what must be served go short at a price; what may be left anyway stays free."""
    must = instance.groups["max_unserved_mw_it"] <= ROUNDING_MW_IT
    groups = instance.groups.assign(
        unserved_mn_per_mw_yr=np.where(must, price, 0.0),
        max_unserved_mw_it=np.where(
            must, instance.demand_by_group_mw_it, instance.groups["max_unserved_mw_it"]
        ),
    )
    return replace(instance, groups=groups)
