"""
The search where points are served whole: first as though they could be split, then on its sites.

What is proven of split service holds of service from one site, which is split service of a kind.
The assignment is an integer program on few sites: those of the plan with split service, then others
near, each begun with the best plan so far. At last come all sites that may be part of a plan that
is better by the gap, if they have few pairs; then the solver's own bound counts where it is better.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.instance import Floats, Instance, Ints
from microdc.solve.highs import Clock
from microdc.solve.outcome import Ended, Outcome, Settings, Trail, Watch, ended_at, relative_gap
from microdc.solve.search.shortlist import best_per_point
from microdc.solve.textbook import Start, served_whole_if_split, textbook
from microdc.solve.unsplit.packing import packed

MOST_WHOLE_PAIRS = 30_000
"""So many pairs are handed to the solver at once: more take it minutes for no better bound."""

_FEW_PAIRS = 1_000  # which the solver takes in soon enough without more to begin with
_MOST_PAIRS = 4_000  # at once: in so many the solver finds better plans soon
_LEAST_PER_POINT = 2  # sites, however many pairs that makes
_TURNS = 3  # where there are too many pairs: each looks at others
_NOISE = 0.5  # by which a price may be dearer from turn to turn
_SHARE_OF_GAP = 0.5  # what is split is to leave room for what must not be
_SHARE_TO_SPLIT = 0.25  # of the time
_SHARE_TO_ASSIGN = 0.35  # of what is left, for each list of sites

Split = Callable[[Settings, Clock, Watch], tuple[Outcome, Floats]]
"""
Searches for a plan in which every point may be split.

Gives also what any such plan with each site costs at least (millions a year); shape (sites,).
"""


class UnsplitSearch:
    """Looks for the cheapest plan in which some points have one site each."""

    def __init__(self, instance: Instance, settings: Settings, clock: Clock, watch: Watch) -> None:
        self.instance, self.settings, self.clock, self.watch = instance, settings, clock, watch
        self.best: Outcome | None = None
        self.first: Start | None = None
        self.turn = 0
        self.bound = -np.inf
        self.trail = Trail(clock, watch)

    def run(self, split: Split) -> Outcome:
        """Search until the gap or the time limit is reached, or nothing is left to try."""
        sharper = replace(self.settings, gap=_SHARE_OF_GAP * self.settings.gap)
        clock = self.clock.share(_SHARE_TO_SPLIT)
        first, with_site_mn_yr = split(
            sharper, clock, lambda mark: self.watch(replace(mark, cost=None))
        )
        if first.ended is Ended.INFEASIBLE or not np.isfinite(first.bound):
            return first
        self.bound = first.bound
        self.trail.marks += [replace(mark, cost=None) for mark in first.trail]
        self._mark("split")
        for sites in self._lists(first, with_site_mn_yr):
            if not self.clock.expired and not self._within_gap:
                self._assign(sites)
        infeasible = not self._within_gap and self._prove(with_site_mn_yr)
        return self._outcome(first, infeasible=infeasible)

    @property
    def _cost(self) -> float:
        return np.inf if self.best is None or self.best.cost is None else self.best.cost

    @property
    def _within_gap(self) -> bool:
        gap = relative_gap(self._cost, self.bound) if self._cost < np.inf else np.inf
        return gap <= self.settings.gap_at(self._cost)

    def _lists(self, split: Outcome, with_site_mn_yr: Floats) -> Iterator[Ints]:
        """List sites to assign points to: those of a plan, then some that are cheap as well."""
        sites = self.instance.sites
        there = (sites["standing"] | sites["forced"]).to_numpy(dtype=bool)
        chosen = np.flatnonzero(sites.index.isin(split.sizes_mw.index) | there)
        self.first = packed(self.instance, chosen, self._whole_anyway(chosen))
        yield np.union1d(chosen, np.flatnonzero(self.first.built))
        few = self.instance.reach.pairs <= _FEW_PAIRS and not self._many
        for self.turn in range(1, 1 if few else _TURNS):
            more = self._cheap if self._many else np.argsort(with_site_mn_yr)[: len(chosen)]
            yield np.union1d(self._rows_of_best, np.union1d(chosen, more))

    @property
    def _many(self) -> bool:
        return self.instance.reach.pairs > MOST_WHOLE_PAIRS

    @property
    def _cheap(self) -> Ints:
        """The few sites in each point's reach that cost least for a MW IT, built in full."""
        sites = self.instance.sites
        cap_mw = np.maximum(sites["cap_mw"].to_numpy(), 1e-9)
        per_mw = sites["size_mn_per_mw_yr"].to_numpy() + sites["site_mn_yr"].to_numpy() / cap_mw
        return best_per_point(self.instance.reach, per_mw * sites["pue"].to_numpy())

    def _whole_anyway(self, sites: Ints) -> Ints:
        """Find who is served by one site alone where all may be split; the site (row), or -1."""
        pairs = np.isin(self.instance.reach.site, sites)
        few = on_sites(self.instance, sites, pairs)
        whole = served_whole_if_split(few, self.clock.share(_SHARE_TO_ASSIGN))
        return np.append(sites, -1)[whole]

    def _assign(self, sites: Ints) -> None:
        """Look for the best plan on some sites."""
        clock = self.clock.share(_SHARE_TO_ASSIGN)
        self._search(sites, self._pairs(sites), clock)

    def _prove(self, with_site_mn_yr: Floats) -> bool:
        """
        Search all that may be better by the gap, if it is little; say if no plan is proven to be.

        Plans with any other site cost at least what those prove who could do with less.
        """
        may_pay = with_site_mn_yr <= self.settings.goal(self._cost)
        may_pay[self._rows_of_best] = True
        there = may_pay[self.instance.reach.site]
        if there.sum() > MOST_WHOLE_PAIRS:
            return False
        found = self._search(np.flatnonzero(may_pay), there, self.clock)
        others = float(with_site_mn_yr[~may_pay].min(initial=np.inf))
        self.bound = max(self.bound, min(found.bound, others, self._cost))
        self._mark("one site each")
        return self.best is None and found.ended is Ended.INFEASIBLE

    def _search(self, sites: Ints, pairs: NDArray[np.bool_], clock: Clock) -> Outcome:
        """Hand over some sites and pairs, with the best plan so far; take a better one."""
        sites = np.union1d(sites, self._rows_of_best)
        start = self.first if self.best is None else _begun(self.best, self.instance)
        start = start and _among(start, sites)
        found = textbook(on_sites(self.instance, sites, pairs), self.settings, clock, start)
        self._take(found, sites)
        self._mark("one site each")
        return found

    @property
    def _rows_of_best(self) -> Ints:
        """The sites of the best plan; none if there is none."""
        built = pd.Index([]) if self.best is None else self.best.sizes_mw.index
        return np.flatnonzero(self.instance.sites.index.isin(built))

    def _take(self, found: Outcome, sites: Ints) -> None:
        """Take a plan on some sites if it is the best."""
        if found.cost is None or found.cost >= self._cost:
            return
        assert found.served_by is not None
        rows = np.append(sites, -1)
        self.best = replace(found, served_by=rows[found.served_by])

    def _pairs(self, sites: Ints) -> NDArray[np.bool_]:
        """Choose pairs with some sites: all, or the cheapest few of each point, and the plan's."""
        reach = self.instance.reach
        there = np.isin(reach.site, sites)
        if there.sum() <= _MOST_PAIRS:
            return there
        point = np.repeat(np.arange(len(self.instance.points)), reach.sites_per_point)
        start = self.first if self.best is None else _begun(self.best, self.instance)
        own = np.full(len(there), -1) if start is None else start.served_by[point]
        each = max(_LEAST_PER_POINT, _MOST_PAIRS // len(self.instance.points))
        order = np.lexsort((self._dearness, point))
        order = order[there[order]]
        first = np.searchsorted(point[order], point[order])
        chosen: NDArray[np.bool_] = there & (
            (own == reach.site) | (own < 0)
        )  # who is left may come from anywhere
        chosen[order[np.arange(len(order)) - first < each]] = True
        return chosen

    @property
    def _dearness(self) -> Floats:
        """Order pairs by price, differently at each turn; those of one price at random."""
        reach = self.instance.reach
        at_random = np.random.default_rng([self.settings.seed, self.turn]).random(reach.pairs)
        if reach.mn_per_mw_it_yr is None:
            return at_random
        dearer = 1 + _NOISE * at_random * (self.turn > 0)
        return np.asarray(reach.mn_per_mw_it_yr * dearer + 1e-9 * at_random, dtype=float)

    def _mark(self, phase: str) -> None:
        self.trail.mark(phase, None if self.best is None else self.best.cost, self.bound)

    def _outcome(self, split: Outcome, *, infeasible: bool) -> Outcome:
        """Give the best plan, with the better of what is proven of it and of split service."""
        nothing = replace(split, cost=None, sizes_mw=split.sizes_mw[:0], method="assignment")
        found = self.best or nothing
        ended = ended_at(self.clock, infeasible=infeasible, within_gap=self._within_gap)
        return replace(
            found,
            ended=ended,
            bound=np.inf if infeasible else self.bound,
            bound_of_split=self.bound <= split.bound,
            floor=split.floor,
            proof=split.proof,
            method="assignment",
            seconds=self.clock.seconds,
            counts=replace(found.counts, pairs=self.instance.reach.pairs),
            trail=tuple(self.trail.marks),
            known=split.known,
        )


def on_sites(instance: Instance, sites: Ints, pairs: NDArray[np.bool_]) -> Instance:
    """Give the instance with some of its sites (rows, ascending) and of its pairs with them."""
    reach = instance.reach.only(pairs)
    number = np.full(len(instance.sites), -1, dtype=np.int32)
    number[sites] = np.arange(len(sites))
    few = replace(reach, site=number[reach.site])
    return instance.with_sites(sites, few, few)


def _begun(plan: Outcome, instance: Instance) -> Start:
    assert plan.served_by is not None
    built = instance.sites.index.isin(plan.sizes_mw.index)
    return Start(built=built, served_by=plan.served_by)


def _among(start: Start, sites: Ints) -> Start:
    """Tell a start in the rows of some sites; who is with others is with none."""
    number = np.full(len(start.built) + 1, -1)
    number[sites] = np.arange(len(sites))
    return Start(built=start.built[sites], served_by=number[start.served_by])
