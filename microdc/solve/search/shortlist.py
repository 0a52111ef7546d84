"""
Which candidates the search looks at: few, and enough, since prices prove that no other pays.

Of tens of thousands of candidates a plan uses hundreds. The search begins with those that serve
some demand point most cheaply, and takes in others as they turn out to earn more than they cost.
"""

import numpy as np

from microdc.instance import Floats, Instance, Ints, Reach
from microdc.model.bound.market import Market

_FEW = 1_000  # candidates: so few are all looked at
_PAIRS_AT_ONCE = 2_000_000  # where no size holds anything up, all are looked at up to so many
_PER_POINT = 8
_PAYS_MN_YR = 1e-7  # a site that earns less is no help


def first_choice(instance: Instance, market: Market) -> Ints:
    """Give the rows of the candidates to begin with: for every point the cheapest in its reach."""
    sites = instance.sites
    easy = market.ample and instance.reach.pairs <= _PAIRS_AT_ONCE
    if len(sites) <= _FEW or easy:
        return np.arange(len(sites))
    pue, cap_mw = sites["pue"].to_numpy(), sites["cap_mw"].to_numpy()
    load_mw = np.minimum(cap_mw, pue * market.by_site.sums(instance.points["mw_it"].to_numpy()))
    size_mw = np.maximum(load_mw, np.minimum(sites["min_mw"].to_numpy(), cap_mw))
    cost_mn = sites["site_mn_yr"].to_numpy() + sites["size_mn_per_mw_yr"].to_numpy() * size_mw
    useful = load_mw > 0
    mn_per_mw_it = np.where(useful, cost_mn * pue / np.where(useful, load_mw, 1.0), np.inf)
    settled = (sites["standing"] | sites["forced"]).to_numpy()
    return np.union1d(best_per_point(instance.reach, mn_per_mw_it), np.flatnonzero(settled))


def paying(instance: Instance, profit_mn_yr: Floats, listed: Ints) -> Ints:
    """Give the best of the candidates that are not listed and earn more than they cost."""
    profit = profit_mn_yr.copy()
    profit[listed] = 0.0
    profit[instance.sites["forbidden"].to_numpy()] = 0.0
    if not (profit > _PAYS_MN_YR).any():
        return np.empty(0, dtype=np.int64)
    return best_in_any_state(instance, np.where(profit > _PAYS_MN_YR, -profit, np.inf))


def best_in_any_state(instance: Instance, score: Floats) -> Ints:
    """Give the sites of least finite score in some point's reach, in order or in an outage."""
    best, outages = best_per_point(instance.reach, score), instance.outages
    if outages is None or outages.reach is instance.reach:
        return best
    return np.union1d(best, best_per_point(outages.reach, score))


def best_per_point(reach: Reach, score: Floats) -> Ints:
    """Give the sites that are among the few of least finite score in some point's reach."""
    # Ties go to any: the first by name would stand in one corner of the map.
    shuffled = np.random.default_rng(0).permutation(len(score))
    order = shuffled[np.argsort(score[shuffled], kind="stable")]
    rank = np.empty(len(score), dtype=np.int32)
    rank[order] = np.arange(len(score), dtype=np.int32)
    ranked = rank[reach.site]
    chosen = np.zeros(len(score), dtype=bool)
    for first, last in zip(reach.start, reach.start[1:], strict=False):
        near = ranked[first:last]
        if len(near) > _PER_POINT:
            near = np.partition(near, _PER_POINT)[:_PER_POINT]
        chosen[near] = True
    return np.sort(order[chosen & np.isfinite(score[order])])


def in_every_stage(instance: Instance, rows: Ints) -> Ints:
    """Give some candidates with what they are in other stages of a programme; ascending."""
    return rows if instance.stages is None else instance.stages.together(rows)
