"""
Better plans of many sites, by looking around one site at a time while all else stays.

What the sites around it serve, and what is left there, is a small problem of its own: what is
limited for all is limited there to what others leave (Shaw 1998).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from microdc.instance import Instance, Ints, Reach
from microdc.solve.highs import Clock
from microdc.solve.priced.branching.counted import Flags
from microdc.solve.priced.core import Core
from microdc.solve.priced.trials.served import Served

_LEAST_MW_IT = 1e-9
_LEAST_RISE_SHARE = 2e-4  # of the cost: what a round must save for another one


@dataclass(frozen=True, slots=True)
class Part:
    """Some sites with what they serve as an instance: rows and pairs of the whole, and as now."""

    instance: Instance
    sites: Ints
    points: Ints
    pairs: Ints
    now: Served


Solve = Callable[[Instance, Served], Served | None]
"""Give a plan of an instance that costs no more than one that is known; None: there is no time."""


def divisible(instance: Instance) -> bool:
    """Say whether a part can be planned by itself: limits are on nodes, numbers and classes."""
    rules = (instance.budget_mn, instance.most_unserved_mw_it, instance.most_mean_rtt_ms)
    kinds = (instance.tiers, instance.projects, instance.stages, instance.hours, instance.outages)
    none = all(one is None for one in (*rules, *kinds, instance.risk)) and not instance.modules_mw
    return none and not instance.apart.shape[0] and not len(instance.elastic_nodes)


class Around:
    """Plans anew so `many` sites at a time, of those that are `likely` and those built."""

    def __init__(self, core: Core, likely: Flags, many: int, seed: int) -> None:
        self.core, self.likely, self.many = core, likely, many
        self.chance = np.random.default_rng(seed)

    def improved(self, plan: Served, solve: Solve, clock: Clock) -> Served:
        """Plan anew around each site, in an order of chance, round by round while that helps."""
        core = self.core
        cost = core.cost_mn_yr(plan.columns, plan.flow_mw_it)
        before = np.inf
        while before - cost > _LEAST_RISE_SHARE * abs(cost):
            before = cost
            for site in self.chance.permutation(np.flatnonzero(plan.built)):
                if clock.expired:
                    return plan
                part = _part(core, plan, self._near(plan, site))
                found = solve(part.instance, part.now) if len(part.points) else None
                if found is None:
                    continue
                changed = _with(plan, part, found, core)
                new = core.cost_mn_yr(changed.columns, changed.flow_mw_it)
                if new < cost:
                    plan, cost = changed, new
        return plan

    def _near(self, plan: Served, site: int) -> Ints:
        """Give a site with those that serve its largest point most cheaply; ascending."""
        core, auction = self.core, self.core.auction
        own = auction.pairs_of(np.array([site]))
        if not len(own):
            return np.array([site])
        point = auction.point[own[np.argmax(plan.flow_mw_it[own])]]
        first, last = core.instance.reach.start[point : point + 2]
        some = (self.likely | plan.built)[auction.site[first:last]]
        at = first + np.flatnonzero(some)
        nearest = at[np.argsort(core.paid[at], kind="stable")[: self.many]]
        return np.union1d(auction.site[nearest], [site])


def _part(core: Core, plan: Served, sites: Ints) -> Part:
    """Cut a part out of an instance: some sites, what they serve, and what is left around them."""
    whole, auction = core.instance, core.auction
    own = auction.pairs_of(sites)
    many = core.points
    served = np.bincount(auction.point[own], plan.flow_mw_it[own], many)
    near = np.bincount(auction.point[own], minlength=many) > 0
    left = np.where(near, plan.unserved_mw_it, 0.0)
    mw_it = served + left
    points = np.flatnonzero(mw_it > _LEAST_MW_IT)
    pairs, reach = _pairs(core, points, sites)
    cut = whole.with_points(points).with_sites(sites, reach, reach)
    others = np.ones(core.sites, dtype=bool)
    others[sites] = False
    grown_mw = plan.size_mw - whole.sites["existing_mw"].to_numpy(float)
    used_mw = whole.below @ np.where(others & plan.built, grown_mw, 0.0)
    open_there = whole.counted @ (others & plan.built) if len(whole.counts) else 0.0
    lost = np.bincount(
        whole.points["group"], plan.unserved_mw_it - left, minlength=len(whole.groups)
    )
    at_most = cut.groups["max_unserved_mw_it"].to_numpy(float) - lost
    touched = np.flatnonzero(np.diff(cut.below.indptr))
    limit_mw = cut.nodes["limit_mw"].to_numpy(float) - used_mw
    instance = replace(
        cut,
        points=cut.points.assign(mw_it=mw_it[points]),
        groups=cut.groups.assign(max_unserved_mw_it=np.maximum(at_most, 0.0)),
        nodes=cut.nodes.assign(limit_mw=limit_mw).iloc[touched],
        below=cut.below[touched],
        counts=cut.counts.assign(most=cut.counts["most"] - open_there),
        constant_mn_yr=0.0,
    )
    now = Served(plan.built[sites], plan.size_mw[sites], left[points], plan.flow_mw_it[pairs])
    return Part(instance, sites, points, pairs, now)


def _pairs(core: Core, points: Ints, sites: Ints) -> tuple[Ints, Reach]:
    """Give the pairs of some points and sites, in the whole and as a reach of their own."""
    place = np.full(core.sites, -1, dtype=np.int32)
    place[sites] = np.arange(len(sites))
    owner, pairs = core.instance.reach.of(points)
    here = place[core.auction.site[pairs]] >= 0
    owner, pairs = owner[here], pairs[here]
    many = np.bincount(owner, minlength=len(points))
    start = np.concatenate([[0], np.cumsum(many)])
    site = place[core.auction.site[pairs]]
    return pairs, Reach(start=start, site=site, mn_per_mw_it_yr=core.paid[pairs])


def _with(plan: Served, part: Part, found: Served, core: Core) -> Served:
    """Put a plan of a part in the place of what was there."""
    built, size_mw = plan.built.copy(), plan.size_mw.copy()
    unserved_mw_it, flow_mw_it = plan.unserved_mw_it.copy(), plan.flow_mw_it.copy()
    flow_mw_it[core.auction.pairs_of(part.sites)] = 0.0
    flow_mw_it[part.pairs] = found.flow_mw_it
    built[part.sites], size_mw[part.sites] = found.built, found.size_mw
    unserved_mw_it[part.points] = found.unserved_mw_it
    return Served(built, size_mw, unserved_mw_it, flow_mw_it)
