"""The search where service has a price and sites are too many to weigh all exchanges: by parts."""

from dataclasses import replace
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from microdc.instance import Floats, Instance, Ints
from microdc.solve.highs import Clock, Options
from microdc.solve.outcome import Settings, Watch
from microdc.solve.priced.auction import Ground
from microdc.solve.priced.branching.counted import Flags
from microdc.solve.priced.climbing.ascent import Ascent, Goal, Top
from microdc.solve.priced.search import PricedSearch
from microdc.solve.priced.trials.around import Around, divisible
from microdc.solve.priced.trials.dive import dived
from microdc.solve.priced.trials.fleets import nothing_but_counts
from microdc.solve.priced.trials.served import Served, Serving
from microdc.solve.priced.unpriced import SHARE_UNPRICED, rough, without_prices

_MANY_SITES = 2_000
_SHARE_TO_DIVE = 0.25  # of what is left then
_SHARE_TO_LOOK = 0.85  # of what is left then; the rest to raise the bound
_PARTS = ((150, 2.0), (300, 5.0))  # sites in a part, and seconds for one
_LIKELY = 8  # times as many sites as are open
_ROUNDS = 3
_SHARE_TO_CLIMB_ON, _STEPS_TO_CLIMB_ON = 0.8, 10_000  # of what is left then


def large(instance: Instance) -> bool:
    """Say whether an instance has very many sites, and is best planned part by part."""
    many = len(instance.sites) > _MANY_SITES
    return many and divisible(instance) and not nothing_but_counts(instance)


class LargeSearch(PricedSearch):
    """Serves all that pays from the sites of a plan, and improves it around each site in turn."""

    top: Top | None = None

    def begin_with(self, pairs: NDArray[np.bool_], sites: Ints, bound: float) -> None:
        """Serve all that pays from the sites of a plan, with a bound that is known."""
        self._raise_bound(bound)
        self.chosen |= pairs
        self._serve(sites)
        self._mark("plans")

    def _try(self, top: Top, ground: Ground) -> None:
        """Try one set of sites, which prices lead to: each trial takes seconds."""
        self.top, clock = top, self.clock.share(_SHARE_TO_DIVE)
        self._serve(dived(self.auction, ground, top, clock))
        self._mark("plans")

    @cached_property
    def _likely(self) -> Flags:
        """Sites that earn most at prices, many times as many as are open there; all without any."""
        if self.top is None:
            return np.ones(self.core.sites, dtype=bool)
        many = _LIKELY * int(self.top.open_share.sum()) + 1
        likely = np.zeros(self.core.sites, dtype=bool)
        likely[np.argsort(-self.top.bid.profit_mn_yr, kind="stable")[:many]] = True
        return likely

    def _improve(self) -> None:
        """Plan anew around each site, and then who is served from where by all of them."""
        clock = self.clock.share(_SHARE_TO_LOOK)
        for sites, seconds in _PARTS:
            plan = served(self)
            if plan is None or clock.expired:
                return
            around = Around(self.core, self._likely, sites, self.settings.seed)
            plan = around.improved(plan, partial(self._solved_part, seconds), clock)
            self._take(plan, self.core.cost_mn_yr(plan.columns, plan.flow_mw_it))
            self._mark("parts")
            self._serve(np.flatnonzero(plan.built))
            self._mark("plans")

    def _prove(self, used: Ints) -> None:
        """Improve the plan, raise the bound by prices, and only then by the textbook model."""
        self._improve()
        if self.done:
            return
        assert self.top is not None
        auction, ground = self.auction, self.auction.everywhere
        ascent = Ascent(auction, ground, auction.given, self.top.bids, self.top.length)
        clock = self.clock.share(_SHARE_TO_CLIMB_ON)
        top = ascent.rise(Goal(_STEPS_TO_CLIMB_ON, clock, self.settings.goal(self.cost)))
        self._raise_bound(auction.bound_mn_yr(top.bid, auction.given))
        self._mark("prices")
        if not self.done:
            super()._prove(used)

    def _solved_part(self, seconds: float, part: Instance, now: Served) -> Served | None:
        """Plan a part in a few seconds, from what it is now."""
        clock = self.clock.share(min(1.0, seconds / max(1e-9, self.clock.left_s)))
        search = PricedSearch(part, replace(self.settings, threads=1), clock, lambda _: None)
        search.begin_with(now.flow_mw_it > 0, np.flatnonzero(now.built), search.floor)
        search.run()
        return served(search)

    def _serve(self, sites: Ints) -> None:
        """Serve everybody from exactly these sites, as cheaply as some rounds find."""
        serving = Serving(self.core, sites, self.chosen)
        options = Options(threads=1, seed=self.settings.seed, presolve=False)
        answer = serving.solved(options, self.clock, _ROUNDS)
        if answer.has_values and answer.objective < self.cost:
            self._take(serving.plan(answer), answer.objective)

    def _take(self, plan: Served, cost: float) -> None:
        self.cost, self.best = cost, plan.columns
        self.flow_mw_it[:] = plan.flow_mw_it
        self.chosen |= plan.flow_mw_it > 0


def served(search: PricedSearch) -> Served | None:
    """Give the best plan of a search; None if it has none."""
    if search.best is None:
        return None
    n = search.core.sites
    z, x, v = np.split(search.best, [n, 2 * n])
    return Served(z > 0.5, x, v, search.flow_mw_it.copy())


def begun_unpriced(
    instance: Instance, settings: Settings, clock: Clock, watch: Watch
) -> LargeSearch:
    """
    Begin with the plan as if service had no price, which no plan with one undercuts.

    What it pays for demand and at limits of the power tree is where prices begin.
    """
    unpriced = without_prices(instance, rough(settings), clock.share(SHARE_UNPRICED), watch)
    found = unpriced.run(None)
    if unpriced.proof is None:
        return LargeSearch(instance, settings, clock, watch)
    prices = unpriced.proof.prices
    search = LargeSearch(instance, settings, clock, watch, _paying_limits(instance, prices.node))
    nearest = np.full(search.core.points, np.inf)
    np.minimum.at(nearest, search.auction.point, search.auction.paid)
    search.opening = np.minimum(prices.point + nearest, search.auction.most_price)
    sites = np.sort(instance.sites.index.get_indexer(found.sizes_mw.index))
    search.begin_with(search.chosen, sites, max(found.bound, search.floor))
    return search


def _paying_limits(instance: Instance, node_mn_per_mw_yr: Floats) -> Instance:
    """
    Give an instance in which sites pay for the limits above them and none holds.

    Whatever the prices, no plan costs less there (Lagrange).
    """
    pays = instance.below.T @ node_mn_per_mw_yr if len(node_mn_per_mw_yr) else 0.0
    limit_mw = instance.nodes["limit_mw"].to_numpy(float)
    some = node_mn_per_mw_yr > 0
    sites = instance.sites
    return replace(
        instance,
        sites=sites.assign(
            size_mn_per_mw_yr=sites["size_mn_per_mw_yr"] + pays,
            site_mn_yr=sites["site_mn_yr"] - pays * sites["existing_mw"],
        ),
        constant_mn_yr=instance.constant_mn_yr - float(node_mn_per_mw_yr[some] @ limit_mw[some]),
    )
