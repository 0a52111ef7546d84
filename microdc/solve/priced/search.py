"""The search where service has a price: pairs that matter first, others as they turn out to."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.floor import floor_mn_yr
from microdc.model.build import StandardForm
from microdc.solve.highs import Answer, Clock, Options, Program, Status, safe_bound
from microdc.solve.outcome import Counts, Outcome, Settings, Trail, Watch, ended_at, relative_gap
from microdc.solve.priced.auction import Auction, Ground
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.branching.helpers import search
from microdc.solve.priced.branching.tree import Tree
from microdc.solve.priced.climbing.ascent import Top
from microdc.solve.priced.core import Core, cheapest, shut, without
from microdc.solve.priced.trials.fleets import Fleets
from microdc.solve.priced.trials.start import climbed, good_sites

_PER_POINT = 10  # pairs to begin with
_MORE = 8  # pairs of each point that is served from far
_SHARE_TO_CLIMB = 0.25  # of the time
_SHARE_TO_TRY = 0.3  # of what is left then
_SHARE_TO_BRANCH = 0.9  # of what is left then
_SHARE_TO_RELAX = 0.4  # of the time, for the relaxation
_SHARE_TO_PLAN = 0.4  # of what is left, for an integer run among the sites that the bound uses
_SHARE_TO_PROVE = 0.8  # of what is left, for one among all
_SHARE_FOR_SEARCH = 0.9  # of the time; the rest is for who is served from where
_NOTHING_MW_IT = 1e-6
_SAME = 1e-9  # of the cost
_SAME_SHARE = 0.05  # of the gap asked for: a bound that rises by less is left to whole sites


class PricedSearch:
    """Looks for the cheapest plan where time has a price, and for a bound on any plan's cost."""

    def __init__(
        self,
        instance: Instance,
        settings: Settings,
        clock: Clock,
        watch: Watch,
        bidding: Instance | None = None,
    ) -> None:
        """Let sites bid as in `bidding`, an instance that relaxes this one; or as in this one."""
        self.instance, self.settings, self.watch = instance, settings, watch
        self.clock, self.whole = clock.share(_SHARE_FOR_SEARCH), clock
        self.auction = Auction(bidding or instance)
        self.core = Core(self.auction, instance)
        self.floor = self.bound = floor_mn_yr(instance)
        self.chosen: NDArray[np.bool_] = np.zeros(len(self.auction.point), dtype=bool)
        self.worth: Floats = np.zeros(self.core.sites)
        self.dearer: Floats = self.auction.paid
        self.best: Floats | None = None
        self.flow_mw_it: Floats = np.zeros(len(self.auction.point))
        self.cost = np.inf
        self.bids = Bids(self.auction)
        self.tree: Tree | None = None
        self.opening: Floats | None = None  # prices of demand to begin with
        self.infeasible = False
        self.rounds = self.nodes = self.rows = 0
        self.trail = Trail(self.clock, watch)

    def begin_with(self, pairs: NDArray[np.bool_], sites: Ints, bound: float) -> None:
        """Try the sites of a plan, over some pairs among others, with a bound that is known."""
        self._raise_bound(bound)
        self.chosen |= pairs
        self._build(sites)

    def run(self) -> Outcome:
        """Search until the gap or the time limit is reached."""
        used = np.empty(0, dtype=np.int64) if self.done else self._first_plans()
        if not self.done and self.tree is not None:  # sites are all there is to say of a plan
            search(self.tree, self.settings.threads, self._take_tree)
        if not self.done:
            self._prove(used)
        return self._outcome()

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do, or no time to do it."""
        return self.clock.expired or self.infeasible or self._within_gap

    @property
    def _within_gap(self) -> bool:
        found = bool(np.isfinite(self.cost))
        return found and relative_gap(self.cost, self.bound) <= self.settings.gap_at(self.cost)

    def _first_plans(self) -> Ints:
        """Price demand, and try the sites that prices speak for; give those that earn something."""
        auction = self.auction
        top, ground = climbed(
            self.bids, self.clock.share(_SHARE_TO_CLIMB), self.core.most_mn_yr, self.opening
        )
        self._raise_bound(auction.bound_mn_yr(top.bid, auction.given))
        self._mark("prices")
        self.worth = auction.worth_mn_per_mw_yr(top.bid)
        self.chosen |= auction.rank < 1
        self.dearer = self._dearer(top.bid.profit_mn_yr)
        if not self.done and self.instance.most_mean_rtt_ms is None:  # which trials do not know
            self._try(top, ground)
        return np.flatnonzero((top.bid.profit_mn_yr > 0) | auction.there)

    def _try(self, top: Top, ground: Ground) -> None:
        """Try the sites that prices speak for, and where that is all there is, plant a tree."""
        options = Options(threads=1, seed=self.settings.seed, gap=self.settings.gap)
        fleets = Fleets(self.core, ground, self.bids, options, self.clock.share(_SHARE_TO_TRY))
        best = good_sites(fleets, top)
        if best is None:
            return
        self.chosen[fleets.best_pairs] = True
        self._build(best)
        self._mark("plans")
        if fleets.free:
            fleets.clock = self.clock.share(_SHARE_TO_BRANCH)
            self.tree = Tree(fleets, ground, top, fleets.clock)

    def _take_tree(self) -> None:
        """Take what a tree of sites has found and proven so far."""
        assert self.tree is not None
        self._raise_bound(self.tree.bound_mn_yr)
        self._mark("sites")
        fleets = self.tree.fleets
        if fleets.best is not None and fleets.best_mn_yr < self.cost - _SAME * abs(self.cost):
            self.chosen[fleets.best_pairs] = True
            self._build(fleets.best)
            self._mark("plans")

    def _prove(self, used: Ints) -> None:
        """Search with the textbook model on pairs that matter, from sites that earn something."""
        used = self._relax(used)
        if not self.done:
            self.chosen |= self.core.nearest_among(used, self.worth)
            self._build(used)
        if not self.done:
            self._plan_among(used)
        while not self.done and self._prove_among(self._promising()):
            pass

    def _promising(self) -> Ints:
        """Give the sites of the best plan, and all that may be part of one better by the gap."""
        built = np.zeros(self.core.sites) if self.best is None else self.best[: self.core.sites]
        paying = self.bids.may_pay(self.settings.goal(self.cost))
        return np.flatnonzero(paying | self.auction.there | (built > 0.5))

    def _dearer(self, profit_mn_yr: Floats) -> Floats:
        """Price each pair with what the site's next MW is worth, and what a full site loses."""
        auction = self.auction
        lost = np.maximum(0.0, -profit_mn_yr) / np.maximum(auction.cap_mw, 1e-9)
        at_site = auction.pue * (self.worth + auction.per_mw + lost)
        dearer: Floats = auction.paid + at_site[auction.site]
        return dearer

    def _relax(self, used: Ints) -> Ints:
        """
        Take in pairs while that raises the relaxation's bound; give the sites it uses.

        Those are `used` if time ran out before it was solved once.
        """
        before, clock = self.floor, self.clock.share(_SHARE_TO_RELAX)
        self.chosen |= cheapest(self.auction.point, self.dearer, _PER_POINT)
        while not clock.expired:
            form = self._form()
            answer = self._program(self.core.relaxed(form), 0.0, clock).run()
            self.rounds += 1
            self.infeasible = self.best is None and answer.status is Status.INFEASIBLE
            if not answer.has_values:
                return used
            self._raise_bound(safe_bound(answer.objective, form))
            self._mark("pairs")
            used = np.flatnonzero(answer.values[: self.core.sites] > 1e-7)
            near = _SAME_SHARE * self.settings.gap * abs(answer.objective)
            settled = answer.objective - before <= near
            before = answer.objective
            self._take_prices(answer)  # before there are other rows
            if not self._take_in(answer.values, used) or settled:
                return used
        return used

    def _take_prices(self, answer: Answer) -> None:
        """Take what the relaxation pays for demand, and for another MW at each site."""
        demand, power = self.core.prices(answer)
        price = np.clip(demand, 0.0, self.auction.most_price)
        bid = self.auction.at(price, self.auction.everywhere.pairs)
        self.bids.add([bid])
        self._raise_bound(self.auction.bound_mn_yr(bid, self.auction.given))
        self.worth = np.maximum(0.0, power)

    def _take_in(self, values: Floats, built: Ints) -> bool:
        """Choose more pairs of those who are served from far; say if any is."""
        far = self.core.far_mw_it(values) > _NOTHING_MW_IT
        if not far.any():
            return False
        auction = self.auction
        dearer = auction.paid + (auction.pue * self.worth)[auction.site]
        dearer = np.where(far[auction.point] & ~self.chosen, dearer, np.inf)
        self.chosen |= cheapest(auction.point, dearer, _MORE)
        there = np.isin(auction.site, built)
        self.chosen |= cheapest(auction.point, np.where(there, dearer, np.inf), _MORE)
        return True

    def _plan_among(self, sites: Ints) -> None:
        """Take the plan that an integer run finds on some sites, over the pairs chosen."""
        far = self.core.columns(int(self.chosen.sum())).far
        form = without(self._among(sites), far)
        self._take_plan(self._run_whole(form, self.settings.gap / 4, _SHARE_TO_PLAN))

    def _prove_among(self, sites: Ints) -> bool:
        """Bound all plans by those on some sites, and what others cost; say if to go on."""
        form = self._among(sites)
        answer = self._run_whole(form, self.settings.gap / 2, _SHARE_TO_PROVE)
        if answer.status is Status.INFEASIBLE:
            self.infeasible = self.best is None
            return False
        self._raise_bound(min(safe_bound(answer.bound, form), self.bids.if_any_but(sites)))
        more = self._take_plan(answer)
        return more or (answer.has_values and answer.status is Status.STOPPED)

    def _among(self, sites: Ints) -> StandardForm:
        return shut(self._form(), np.setdiff1d(np.arange(self.core.sites), sites))

    def _run_whole(self, form: StandardForm, gap: float, share: float) -> Answer:
        """Run whole sites from the best plan, for a share of what time is left."""
        program = self._program(form, gap)
        if self.best is not None:
            program.start_from(self._start())
        answer = program.run(max(1.0, share * self.clock.left_s))
        self.rounds, self.nodes = self.rounds + 1, self.nodes + answer.nodes
        return answer

    def _take_plan(self, answer: Answer) -> bool:
        """Build the sites of an answer, if there is one; say if more pairs may help."""
        if not answer.has_values:
            return False
        built = np.flatnonzero(answer.values[: self.core.sites] > 0.5)
        self._build(built)
        self._mark("plans")
        return self._take_in(answer.values, built)

    def _build(self, built: Ints) -> None:
        """Take the cheapest plan with exactly these sites if it beats what there is."""
        pairs = self.chosen & np.isin(self.auction.site, built) | self.core.nearest_among(
            built, self.worth
        )
        form, at = self.core.on_sites(built, pairs), self.core.columns(int(pairs.sum()))
        answer = self._program(form, self.settings.gap / 8, self.whole).run()
        if answer.has_values and answer.objective < self.cost:
            self.cost, self.best = answer.objective, answer.values[: at.pairs]
            self.flow_mw_it[:] = 0.0
            self.flow_mw_it[pairs] = answer.values[at.pairs : at.far]
            self.chosen |= self.flow_mw_it > 0

    def _start(self) -> Floats:
        """Give the best plan in the columns of the core as it is."""
        assert self.best is not None
        nothing_far = np.zeros(self.core.points + self.core.sites)
        return np.concatenate([self.best, self.flow_mw_it[self.chosen], nothing_far])

    def _form(self) -> StandardForm:
        form = self.core.form(self.chosen, self.worth)
        self.rows = len(form.row_lower)
        return form

    def _program(self, form: StandardForm, gap: float, clock: Clock | None = None) -> Program:
        options = Options(threads=self.settings.threads, seed=self.settings.seed, gap=gap)
        return Program(form, options, clock or self.clock)

    def _raise_bound(self, bound: float) -> None:
        self.bound = max(self.bound, bound)
        self.infeasible |= bound > self.core.most_mn_yr

    def _mark(self, phase: str) -> None:
        self.trail.mark(phase, None if self.best is None else self.cost, self.bound)

    def _outcome(self) -> Outcome:
        n, m, ids = self.core.sites, self.core.points, self.instance.sites.index
        values = np.zeros(len(self.core.planners.cost)) if self.best is None else self.best
        built = values[:n] > 0.5
        unserved = self.instance.members @ values[2 * n : 2 * n + m]
        return Outcome(
            ended=ended_at(self.clock, infeasible=self.infeasible, within_gap=self._within_gap),
            sizes_mw=pd.Series(values[n : 2 * n][built], index=ids[built], name="mw"),
            unserved_mw_it=pd.Series(unserved, index=self.instance.groups.index),
            cost=None if self.best is None else self.cost,
            bound=np.inf if self.infeasible else self.bound,
            floor=self.floor,
            method="pairs",
            seconds=self.clock.seconds,
            counts=self._counts(),
            trail=tuple(self.trail.marks),
        )

    def _counts(self) -> Counts:
        pairs, nodes = self.instance.reach.pairs, self.nodes
        nodes += self.tree.looked_at if self.tree else 0
        return Counts(pairs=pairs, rows=self.rows, rounds=self.rounds, nodes=nodes)
