"""The search for a plan and for the proof of how good it is."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.instance import Instance, Ints, floor_mn_yr
from microdc.oracles.delivery import Delivery
from microdc.solve.highs import Clock, Options, Status
from microdc.solve.master import Master
from microdc.solve.outcome import Counts, Ended, Mark, Outcome, Settings, Watch, relative_gap
from microdc.solve.repair import Incumbent, repair
from microdc.solve.root import Root, tighten

_FIRST_GAP = 0.02  # good enough for a first plan
_SHARE_OF_TIME = 0.5  # of what is left, for one integer run


class Search:
    """
    Looks for the cheapest plan that delivers, and for a bound on what any plan must cost.

    The relaxation gives the first bound; a search among the sites it uses, the first plans. The
    last search is among all sites that could still be part of a better plan.
    """

    def __init__(self, instance: Instance, settings: Settings, clock: Clock, watch: Watch) -> None:
        self.instance = instance
        self.settings = settings
        self.clock = clock
        self.watch = watch
        self.options = Options(threads=settings.threads, seed=settings.seed)
        self.master = Master(instance, self.options, clock)
        self.delivery = Delivery(instance, "strong")
        self.incumbent: Incumbent | None = None
        self.bound = floor_mn_yr(instance)
        self.infeasible = False
        self.rounds = self.nodes = 0
        self.trail: list[Mark] = []

    def run(self, start: Ints | None = None) -> Outcome:
        """Search until the gap or the time limit is reached, with sites `start` to begin with."""
        root = tighten(self.master, self.instance, self.settings.gap, self._relaxation_moved)
        self._raise_bound(root.bound)
        self.infeasible = root.status is Status.INFEASIBLE
        if start is not None:
            self._build(start)
        if root.sizes is not None and not self.infeasible:
            self.master.rest(root.values)
            self._search_within(root.support, max(_FIRST_GAP, self.settings.gap))
            self._search_within(root.support, self.settings.gap / 2)
            self._search_within(self._promising(root), self.settings.gap / 2, proves=True)
        return self._outcome()

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do, or no time to do it."""
        return self.clock.expired or self.infeasible or self._within_gap

    @property
    def _within_gap(self) -> bool:
        if self.incumbent is None:
            return False
        return relative_gap(self.incumbent.cost, self.bound) <= self.settings.gap

    def _search_within(self, allowed: Ints, gap: float, *, proves: bool = False) -> None:
        """
        Search the plans that build only `allowed` sites, until the solver's best one delivers.

        If `proves`, no other site can be part of a better plan, and the solver's bound counts.
        """
        options = replace(self.options, gap=gap)
        while not self.done:
            program = self.master.integer(allowed, options)
            if self.incumbent is not None:
                program.start_from(self.incumbent.values)
            last = proves and self.incumbent is not None
            share = 1.0 if last else _SHARE_OF_TIME  # a first plan still has to be repaired
            answer = program.run(max(1.0, share * self.clock.left_s))
            self.rounds += 1
            self.nodes += answer.nodes
            if proves:
                self._conclude(answer.status, answer.bound)
            if not answer.has_values:
                if proves and answer.status is Status.STOPPED:
                    continue  # while time is left
                return
            sizes = self.master.sizes(answer.values)
            short = self.master.add(self.delivery.violated_by(sizes))
            short += self.master.wake(answer.values)
            self._build(np.flatnonzero(sizes.built > 0.5))
            if not short:
                return

    def _build(self, sites: Ints) -> None:
        """Take the cheapest plan on these sites if it beats what there is."""
        found = repair(self.master, self.instance, sites)
        if found is not None and (self.incumbent is None or found.cost < self.incumbent.cost):
            self.incumbent = found
        self._mark("plans")

    def _conclude(self, status: Status, bound: float) -> None:
        """Take in what an integer run proves; what it left out costs at least the incumbent."""
        cost = np.inf if self.incumbent is None else self.incumbent.cost
        if status is not Status.INFEASIBLE:
            self._raise_bound(min(self.master.safe(bound), cost))
        elif self.incumbent is None:
            self.infeasible = True
        else:
            self._raise_bound(self.master.safe(cost))

    def _raise_bound(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    def _promising(self, root: Root) -> Ints:
        """Sites that could be part of a plan cheaper than the incumbent, by reduced cost."""
        everything = np.arange(self.master.sites)
        if self.incumbent is None or not len(root.reduced_cost):
            return everything
        least_with = root.bound + root.reduced_cost[: self.master.sites]
        unused = np.setdiff1d(everything, self.incumbent.built)
        return np.setdiff1d(everything, unused[least_with[unused] > self.incumbent.cost])

    def _relaxation_moved(self, phase: str, bound: float) -> None:
        self._raise_bound(bound)
        self._mark(phase)

    def _mark(self, phase: str) -> None:
        mark = Mark(
            seconds=self.clock.seconds,
            phase=phase,
            cost=None if self.incumbent is None else self.incumbent.cost,
            bound=self.bound,
            cuts=self.master.cuts,
            time_left_s=self.clock.left_s,
        )
        self.trail.append(mark)
        self.watch(mark)

    def _outcome(self) -> Outcome:
        sites, plan = self.instance.sites.index, self.incumbent
        built = np.empty(0, dtype=np.int64) if plan is None else plan.built
        mw = np.empty(0) if plan is None else plan.sizes.mw[built]
        unserved = np.zeros(self.master.groups) if plan is None else plan.sizes.unserved_mw_it
        return Outcome(
            ended=self._ended(),
            sizes_mw=pd.Series(mw, index=sites[built], name="mw"),
            unserved_mw_it=pd.Series(unserved, index=self.instance.groups.index),
            cost=None if plan is None else plan.cost,
            bound=self.bound,
            floor=floor_mn_yr(self.instance),
            seconds=self.clock.seconds,
            counts=Counts(
                pairs=self.instance.reach.pairs,
                rows=len(self.master.form.row_lower),
                cuts=self.master.cuts,
                rounds=self.rounds,
                nodes=self.nodes,
            ),
            trail=tuple(self.trail),
        )

    def _ended(self) -> Ended:
        if self.infeasible:
            return Ended.INFEASIBLE
        if self._within_gap:
            return Ended.WITHIN_GAP
        if self.clock.interrupted:
            return Ended.INTERRUPTED
        return Ended.TIME_LIMIT if self.clock.expired else Ended.STALLED
