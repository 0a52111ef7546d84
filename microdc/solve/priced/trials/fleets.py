"""What the best plan on given sites costs: a small transport problem for each."""

from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.solve.highs import Clock, Options, Status
from microdc.solve.priced.auction import Ground, Pairs
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.branching.counted import Fixed, Flags
from microdc.solve.priced.climbing.ascent import Top
from microdc.solve.priced.core import Core
from microdc.solve.priced.trials.nearest import Nearest
from microdc.solve.priced.trials.served import Serving
from microdc.solve.priced.trials.shaking import Until, shaken

_ROUNDING_SHARE = 1e-9
_LEAST_SHARE = 1e-9  # of the cost, that a bound is
_WITHIN = 0.999  # of the gap: what rounding may not take


class Trial(NamedTuple):
    """What a plan costs, prices of demand that prove it, and the pairs it serves over."""

    cost_mn_yr: float
    prices: list[Floats]
    pairs: Ints


class Fleets:
    """
    Plans on sets of sites: each is tried once, and the best is kept.

    What demand is worth in a plan goes into the bids, and so tells of other sets. Where sizes are
    sums of modules, a trial takes any size between, and costs are no more than estimates.
    """

    def __init__(
        self, core: Core, ground: Ground, bids: Bids, options: Options, clock: Clock
    ) -> None:
        self.core, self.ground, self.bids, self.auction = core, ground, bids, core.auction
        self.options, self.clock = replace(options, presolve=False), clock
        must = np.isinf(self.auction.most_price)
        self.need_mw_it = float(self.auction.demand_mw_it[must].sum())
        self.free = nothing_but_counts(core.instance)
        self.costs: dict[bytes, float] = {}
        self.impossible: set[bytes] = set()
        self.best: Ints | None = None
        self.best_pairs: Ints = np.zeros(0, dtype=np.int64)
        self.best_mn_yr = np.inf

    def tried(self, sites: Ints) -> bool:
        """Whether a set of sites was tried before."""
        return sites.tobytes() in self.costs

    def cost_mn_yr(self, sites: Ints) -> float:
        """Give what the best plan on exactly these sites, ascending, costs; infinite: none seen."""
        key = sites.tobytes()
        if key not in self.costs:
            cost, prices, pairs = self._nearest(sites) or self._solved(sites)
            if cost == np.inf and self.clock.expired:  # not tried to the end
                return cost
            self.costs[key] = cost
            prices = [np.clip(price, 0.0, self.ground.ceiling) for price in prices]
            self.bids.add([self.auction.at(price, self.ground.pairs).bare for price in prices])
            if cost < self.best_mn_yr:
                self.best, self.best_mn_yr, self.best_pairs = sites, cost, pairs
        return self.costs[key]

    @property
    def goal_mn_yr(self) -> float:
        """The bound that shows the best plan to be within the gap asked for."""
        cost = self.best_mn_yr
        return cost - _WITHIN * self.options.gap * abs(cost) if cost < np.inf else np.inf

    def bound_mn_yr(self, sites: Ints) -> float:
        """
        Give what no plan on exactly these sites, ascending, costs less than; infinite: none.

        That is what the best plan costs, to rounding: over all pairs that they have.
        """
        _, prices, _ = self._nearest(sites) or self._solved(sites)
        if sites.tobytes() in self.impossible:
            return np.inf
        auction = self.auction
        at = auction.pairs_of(sites)
        pairs = Pairs(auction.point[at], auction.site[at], auction.paid[at])
        bids = [auction.at(np.clip(price, 0.0, auction.most_price), pairs) for price in prices]
        proven = (bid.demand_mn_yr - float(bid.profit_mn_yr[sites].sum()) for bid in bids)
        return max(proven, default=-np.inf)

    def shake(self, ground: Ground, fixed: Fixed, top: Top, in_vain: int) -> None:
        """Try what exchanges shaken at random find over some pairs; only where all have room."""
        share = max(_LEAST_SHARE, 1 - self.options.gap)
        goal = top.bound_mn_yr / share - self.auction.constant_mn_yr
        until = Until(goal, in_vain, self.clock, self.options.seed)
        nearest, sites = Nearest.of(self.auction, ground), self.filled(fixed, top)
        self.cost_mn_yr(shaken(nearest, sites, self.auction.given.shut, top.open_share, until))

    @cached_property
    def nearest(self) -> Nearest:
        """Who is nearest to whom; only where everybody may be."""
        return Nearest.of(self.auction, self.ground)

    @cached_property
    def roomy(self) -> bool:
        """Whether everybody may be served from where that is cheapest, whatever sites are open."""
        auction = self.auction
        load_mw_it = np.bincount(auction.site, auction.demand_mw_it[auction.point], self.core.sites)
        ample = load_mw_it * auction.pue <= auction.cap_mw * (1 + _ROUNDING_SHARE)
        all_or_none = auction.counted.all() or not auction.counted.any()
        return self.free and bool(ample.all() and all_or_none)

    def exchanged(self, sites: Ints, allowed: Flags) -> Ints:
        """Exchange sites of a set as long as everybody is served from where that is cheapest."""
        if self._nearest(sites) is None:
            return sites
        return self.nearest.improved(sites, allowed, self.clock)

    def filled(self, fixed: Fixed, top: Top) -> Ints:
        """
        Choose sites, ascending: the most open in a climb, then who earns most, as needed.

        What must be served is needed, and what is worth less than it costs to leave it.
        """
        auction, bid = self.auction, top.bid
        order = np.lexsort((-bid.profit_mn_yr, -np.round(top.open_share, 1), ~fixed.open))
        order = order[~fixed.shut[order]]
        counted = auction.counted[order]
        order = order[~counted | (np.cumsum(counted) <= auction.most)]
        room = np.cumsum((auction.cap_mw / auction.pue)[order])
        worth_serving = bid.price < auction.most_price
        enough = int(np.searchsorted(room, auction.demand_mw_it[worth_serving].sum())) + 1
        many = max(enough, round(float(top.open_share.sum())), int(fixed.open.sum()))
        return np.sort(order[:many])

    def _nearest(self, sites: Ints) -> Trial | None:
        """
        Serve every point from where that is cheapest; None if that is too much for some site.

        Demand is then worth what that costs, up to what the next best costs.
        """
        auction = self.auction
        lacks = auction.there.sum() > auction.there[sites].sum()
        too_many = auction.counted[sites].sum() > auction.most
        if not self.free or not len(sites) or lacks or too_many:
            return None
        at = auction.pairs_of(sites)
        paid = self.core.paid[at] + (auction.pue * auction.per_mw)[auction.site[at]]
        order = np.lexsort((paid, auction.point[at]))
        at, paid = at[order], paid[order]
        points = np.arange(self.core.points)
        first = np.searchsorted(auction.point[at], points)
        many = np.bincount(auction.point[at], minlength=len(points))
        if not many.all():
            return None
        best, load = paid[first], auction.demand_mw_it * auction.pue[auction.site[at[first]]]
        drawn = np.bincount(auction.site[at[first]], load, self.core.sites)
        if (drawn > auction.cap_mw).any() or (best > auction.most_price).any():
            return None
        next_best = paid[first + np.minimum(many - 1, 1)]
        fixed = auction.constant_mn_yr + auction.fixed_mn_yr[sites].sum()
        cost = float(best @ auction.demand_mw_it + fixed)
        return Trial(cost, [best, next_best], at[first])

    def _solved(self, sites: Ints) -> Trial:
        """Solve the transport problem on these sites."""
        nothing = Trial(np.inf, [], np.zeros(0, dtype=np.int64))
        room = (self.auction.cap_mw / self.auction.pue)[sites].sum()
        if room < self.need_mw_it * (1 - _ROUNDING_SHARE):
            self.impossible.add(sites.tobytes())
            return nothing
        serving = Serving(self.core, sites)
        answer = serving.solved(self.options, self.clock)
        if answer.status is Status.INFEASIBLE:
            self.impossible.add(sites.tobytes())
        if not answer.has_values:
            return nothing
        used = np.flatnonzero(serving.plan(answer).flow_mw_it)
        return Trial(answer.objective, [self.core.prices(answer)[0]], used)


def nothing_but_counts(instance: Instance) -> bool:
    """Whether no rule but one on the number of sites may keep a point from the cheapest site."""
    unlimited = not np.isfinite(instance.nodes["limit_mw"].to_numpy(float)).any()
    rules = (instance.budget_mn, instance.most_unserved_mw_it, instance.most_mean_rtt_ms)
    kinds = (instance.tiers, instance.projects, instance.stages, instance.hours, instance.outages)
    none = all(one is None for one in (*rules, *kinds, instance.risk))
    none = none and not instance.apart.shape[0]
    none = none and not instance.modules_mw and len(instance.counts) <= 1
    sites = instance.sites
    paid_for_nothing = (sites["min_mw"] * sites["size_mn_per_mw_yr"]).any()
    return bool(unlimited and none and not paid_for_nothing and not sites["existing_mw"].any())
