"""The search for a plan and for the proof of how good it is."""

from contextlib import suppress
from dataclasses import replace

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.floor import floor_mn_yr
from microdc.model.bound.market import Market
from microdc.oracles.base import OutOfTimeError, Sizes
from microdc.oracles.every import alone, oracle_of
from microdc.solve.highs import Clock, Options, Status
from microdc.solve.outcome import Counts, Outcome, Settings, Trail, Watch, ended_at, relative_gap
from microdc.solve.search.known import Known
from microdc.solve.search.master import Master
from microdc.solve.search.proof.leaving import below_cost_mw_it, near_their_price_mw_it
from microdc.solve.search.proof.told import Proof, prove
from microdc.solve.search.repair import Incumbent, repair
from microdc.solve.search.root import Root, cut_off, full_size, tighten
from microdc.solve.search.settled import settled
from microdc.solve.search.shortlist import first_choice, in_every_stage, paying

_SHARE_OF_TIME = 0.5  # of what is left, for one integer run
_BANDS = (0.3, 1.0)  # shares of the distance from bound to cost, by which the search widens
_GOOD_ENOUGH = 0.5  # of the gap asked for, where there are many searches
_NEAR_SHARE = 0.05  # of the gap asked for: a bound so near that of the shortlist will do


class Search:
    """
    Looks for the cheapest plan that delivers, and for a bound on what any plan must cost.

    It works on a shortlist of candidates. The relaxation's prices give the first bound and say
    which other candidates would pay; a search among the sites that the relaxation uses gives the
    first plans. The last search is among all sites that could still be part of a better plan.
    """

    def __init__(
        self,
        instance: Instance,
        settings: Settings,
        clock: Clock,
        watch: Watch,
        known: Known | None = None,
    ) -> None:
        self.instance = instance
        self.settings = settings
        self.clock = clock
        self.options = Options(threads=settings.threads, seed=settings.seed)
        self.market = Market(instance)
        self.incumbent: Incumbent | None = None
        self.floor = self.bound = floor_mn_yr(instance)
        self.proof: Proof | None = None
        self.infeasible = False
        self.rounds = self.nodes = 0
        self.trail = Trail(clock, watch)
        self.known = known
        self._take(known.candidates(instance) if known else first_choice(instance, self.market))
        if known is not None:
            self._raise_bound(known.least_mn_yr)
            self.master.take_over(*known.written_for(self.listed, self.oracle))

    def run(self, start: Ints | None = None) -> Outcome:
        """Search until the gap or the time limit is reached, with sites `start` to begin with."""
        with suppress(OutOfTimeError):
            self._search(start)
        return self._outcome()

    def _search(self, start: Ints | None) -> None:
        """Prove, then plan; but where much is known, see first if its plan will do."""
        if start is None and self.known is not None:
            start = self.known.plan(self.instance)
        if start is not None:
            self._widen(start)
            if self.known is not None:
                self._build(np.searchsorted(self.rows, start))
                start = None
        if not self._within_gap:
            self._prove_and_plan(start)

    def _prove_and_plan(self, start: Ints | None) -> None:
        root = self._relax()
        if start is not None and not self.infeasible:
            self._build(np.searchsorted(self.rows, start))
        if root is not None and not self.infeasible:
            promising = np.union1d(self.master.used(root.answer.values), self._known_plan)
            self._search_within(np.union1d(promising, self._built), self._gap / 4)
            for band in _BANDS:
                if not self.done:
                    self._search_within_band(band)

    def relaxes(self) -> bool:
        """Tell whether the relaxation has a solution, as far as time tells."""
        with suppress(OutOfTimeError):
            return self._relax() is not None
        return False

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do, or no time to do it."""
        return self.clock.expired or self.infeasible or self._within_gap

    @property
    def _within_gap(self) -> bool:
        plan = self.incumbent
        return plan is not None and relative_gap(plan.cost, self.bound) <= self._gap

    @property
    def _gap(self) -> float:
        return self.settings.gap_at(self._cost)

    @property
    def _cost(self) -> float:
        return np.inf if self.incumbent is None else self.incumbent.cost

    @property
    def _good_enough(self) -> float:
        """What a plan may cost that ends a search: one of many looks no further than that."""
        if self.known is None:
            return -np.inf
        return self.bound + _GOOD_ENOUGH * self._gap * abs(self.bound)

    @property
    def _known_plan(self) -> Ints:
        """Sites of the shortlist in the plan that the search began with; none if with none."""
        plan = np.empty(0) if self.known is None else self.known.plan(self.instance)
        return np.flatnonzero(np.isin(self.rows, plan))

    @property
    def _built(self) -> Ints:
        """Sites of the shortlist in the best plan so far; none if there is none."""
        return np.empty(0, dtype=np.int64) if self.incumbent is None else self.incumbent.built

    def _take(self, rows: Ints) -> None:
        """Begin on a shortlist: `rows` of the instance, ascending."""
        self.rows = in_every_stage(self.instance, rows)
        self.listed = self.market.listed(self.rows)
        self.master = Master(self.listed, self.options, self.clock)
        self.oracle = oracle_of(self.listed, self.market.counter, lambda: self.clock.expired)
        self.core: Sizes | None = None
        self.master.relaxation.keep(alone(self.oracle) if self.market.ample else [])

    def _widen(self, more: Ints) -> bool:
        """Take more candidates into the shortlist, with all that is known; say if any were new."""
        rows = in_every_stage(self.instance, np.union1d(self.rows, more))
        if len(rows) == len(self.rows):
            return False
        before, core, old = self.master, self.core, np.searchsorted(rows, self.rows)
        self._take(rows)
        self.master.take_over(
            self.oracle.carried_over(before.relaxation.found, old),
            self.oracle.carried_over(before.relaxation.in_full, old),
        )
        self.core = core and self.master.grown(core, before, old)
        if self.incumbent is not None:
            values = self.master.moved(self.incumbent.values, before, old)
            sizes = self.master.grown(self.incumbent.sizes, before, old)
            self.incumbent = replace(self.incumbent, values=values, sizes=sizes)
        return True

    def _relax(self) -> Root | None:
        """Tighten the relaxation until no candidate outside the shortlist would pay."""
        while True:
            opened = self.known.opened(self.listed) if self.known else np.arange(len(self.rows))
            core = self.core or full_size(self.listed, self.oracle, opened)
            root = tighten(self.master, self.oracle, core, self.settings.gap, self._relaxed)
            self.core = root.core
            self.rounds += root.rounds
            if root.status is Status.INFEASIBLE:
                self.infeasible = len(self.rows) == len(self.instance.sites)
                if self.infeasible or not self._widen(np.arange(len(self.instance.sites))):
                    return None
                continue
            if not root.answer.has_values:
                return None
            prices = self.master.prices(root.answer, root.rows)
            self.proof = prove(self.market, prices.of_all(self.rows, len(self.instance.sites)))
            self._raise_bound(self.proof.bound)
            self._mark("prices")
            left = root.answer.objective - self.proof.bound  # most that other candidates can lower
            near = left <= _NEAR_SHARE * self.settings.gap * abs(self.proof.bound)
            done = near or root.status is not Status.SOLVED
            if done or not self._widen(paying(self.instance, self.proof.profit_mn_yr, self.rows)):
                self.master.settle(root.answer.values, self.oracle)
                return root

    def _search_within_band(self, band: float) -> None:
        """
        Search the sites that may be part of a plan which lowers the cost by some of the gap.

        A band of 1 leaves out none that could be part of any better plan, so it proves.
        """
        if self.proof is None:
            self._search_within(np.arange(len(self.rows)), self._gap / 2)
            return
        limit = self.proof.bound + band * (self._cost - self.proof.bound)
        promising = np.flatnonzero(self.proof.bound - self.proof.profit_mn_yr <= limit)
        if self._widen(promising):
            self._relax()
        allowed = np.union1d(np.searchsorted(self.rows, promising), self._built)
        self._search_within(allowed, self._gap / 2, proves=band == 1.0)

    def _search_within(self, allowed: Ints, gap: float, *, proves: bool = False) -> None:
        """
        Search the plans that build only `allowed` sites, until the solver's best one delivers.

        If `proves`, no other site can be part of a better plan, and the solver's bound counts.
        """
        while not self.done:
            good_enough = -np.inf if proves else self._good_enough
            options = replace(self.options, gap=gap, good_enough=good_enough)
            unserved_mw_it = self._unserved_mw_it(proves=proves)
            program = self.master.integer(allowed, unserved_mw_it, options)
            if self.incumbent is not None:
                program.start_from(self.master.relaxation.given(self.incumbent.values))
            last = proves and self.incumbent is not None
            share = 1.0 if last else _SHARE_OF_TIME  # a first plan still has to be repaired
            answer = program.run(max(1.0, share * self.clock.left_s))
            self.rounds += 1
            self.nodes += answer.nodes
            if proves:
                self._conclude(answer.status, answer.bound)
            if not answer.has_values and proves and answer.status is Status.STOPPED:
                continue  # while time is left
            if not answer.has_values:
                return
            sizes = self.master.sizes(answer.values)
            short = cut_off(sizes, self.master, self.oracle)
            self._build(np.flatnonzero(sizes.built > 0.5))
            plan = self.incumbent
            if not short or (plan is not None and relative_gap(plan.cost, answer.bound) <= gap):
                return  # nothing much better is left where that bound holds

    def _unserved_mw_it(self, *, proves: bool) -> Floats:
        """Give how much of each point a plan may leave unserved (MW IT) and be worth a look."""
        if proves and self.proof is not None:
            return below_cost_mw_it(self.market, self.proof, self._cost)
        if self.proof is None or self.instance.projects is not None:  # prices do not know of these
            return self.instance.most_unserved_by_point_mw_it
        return near_their_price_mw_it(self.market, self.proof)

    def _build(self, sites: Ints) -> None:
        """Take the cheapest plan on these sites if it beats what there is."""
        found = repair(self.master, self.oracle, sites)
        if found is not None and (self.incumbent is None or found.cost < self.incumbent.cost):
            self.incumbent = found
        self._mark("plans")

    def _conclude(self, status: Status, bound: float) -> None:
        """Take in what an integer run proves; what it left out costs at least the incumbent."""
        if status is not Status.INFEASIBLE:
            self._raise_bound(min(self.master.safe(bound), self._cost))
        elif self.incumbent is None:
            self.infeasible = True
        else:
            self._raise_bound(self.master.safe(self._cost))

    def _raise_bound(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    def _relaxed(self, bound: float) -> None:
        if len(self.rows) == len(self.instance.sites):
            self._raise_bound(bound)
        self._mark("cuts")

    def _mark(self, phase: str) -> None:
        cost = None if self.incumbent is None else self.incumbent.cost
        self.trail.mark(phase, cost, self.bound, len(self.master.cuts))

    def _outcome(self) -> Outcome:
        plan = self.incumbent
        sites = settled(self.master, plan)
        return Outcome(
            **sites._asdict(),
            ended=ended_at(self.clock, infeasible=self.infeasible, within_gap=self._within_gap),
            cost=None if plan is None else plan.cost,
            bound=self.bound,
            floor=self.floor,
            proof=None if self.proof is None else self.proof.told(self.instance),
            seconds=self.clock.seconds,
            counts=Counts(
                pairs=self.instance.reach.pairs,
                rows=len(self.master.form.row_lower),
                cuts=len(self.master.cuts),
                rounds=self.rounds,
                nodes=self.nodes,
            ),
            trail=tuple(self.trail.marks),
            known=Known.of(self.listed, self.master.relaxation, sites.sizes_mw.index, self.core),
        )
