"""
The search where service has a price and outages are survived.

What is paid is paid in order. In an outage everybody promised must be served within bound, whatever
that costs: so outages speak of sites, their sizes and what is left unserved alone, as they do where
service has no price. Their rows are added as plans break them. What sites bid knows nothing of
them, and so bounds plans that survive too.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.oracles.base import Cut, OutOfTimeError, Sizes
from microdc.oracles.outages.survival import Survival
from microdc.solve.forms import rows_of_cuts, with_rows
from microdc.solve.highs import Clock
from microdc.solve.outcome import Counts, Ended, Outcome, Settings, Watch
from microdc.solve.priced.auction import Ground
from microdc.solve.priced.climbing.ascent import Top
from microdc.solve.priced.search import PricedSearch
from microdc.solve.priced.unpriced import SHARE_UNPRICED, rough, without_prices
from microdc.solve.search.known import Known


class OutageRows:
    """Rows that outages put on the plans of an instance, as searches of it come to know them."""

    def __init__(self, instance: Instance, expired: Callable[[], bool]) -> None:
        assert instance.outages is not None
        self.instance = instance
        self.oracle = Survival(instance, instance.outages, "strong", expired)
        self.cuts: dict[int, Cut] = {}

    def take_over(self, known: Known | None) -> None:
        """Take over what a search without prices of service has learnt."""
        if known is not None:
            cuts, in_full = known.written_for(self.instance, self.oracle)
            self._take([*cuts, *in_full])

    def broken_by(self, sizes: Sizes) -> bool:
        """
        Take the rows that a point breaks; say if it breaks any.

        They are of sets known already, else of those that a max-flow finds. Raises OutOfTimeError.
        """
        known = list(self.cuts.values())
        broken = self.oracle.sharpened(known, sizes) or self.oracle.violated_by(sizes)
        self._take(broken)
        return bool(broken)

    def _take(self, cuts: list[Cut]) -> None:
        self.cuts |= {cut.key: cut for cut in cuts if cut.key not in self.cuts}


class SurvivingSearch(PricedSearch):
    """Looks for the cheapest plan that survives outages, where service has a price."""

    def __init__(
        self,
        instance: Instance,
        settings: Settings,
        clock: Clock,
        watch: Watch,
        bidding: Instance | None = None,
        rows: OutageRows | None = None,
    ) -> None:
        """Hold `rows` that other searches of these outages know; without them, find some first."""
        super().__init__(instance, settings, clock, watch, bidding)
        self.begun = rows is not None
        self.outage_rows = rows or OutageRows(instance, lambda: clock.expired)
        self.held = 0
        self._hold()

    def run(self) -> Outcome:
        """Search until the gap or the time limit is reached."""
        if not self.begun:
            self._begin()
        return super().run()

    def _begin(self) -> None:
        """Plan as though service had no price: no plan costs less, and sites survive alike."""
        clock, settings = self.clock.share(SHARE_UNPRICED), rough(self.settings)
        found = without_prices(self.instance, settings, clock, self.watch).run()
        self.outage_rows.take_over(found.known)
        self._hold()
        self.infeasible = found.ended is Ended.INFEASIBLE
        if found.has_plan:
            sites = self.instance.sites.index.get_indexer(found.sizes_mw.index)
            self.begin_with(self.chosen, np.sort(sites), found.bound)

    def _plan_among(self, sites: Ints) -> None:
        """Plan on some sites, again while rows are broken that no one knew."""
        before = -1
        while self.held > before and not self.done:
            before = self.held
            super()._plan_among(sites)

    def _build(self, built: Ints) -> None:
        """Take the cheapest plan with exactly these sites that survives, if it is the best."""
        while True:
            cost, best, flow_mw_it = self.cost, self.best, self.flow_mw_it.copy()
            super()._build(built)
            held = self.held
            if self.best is None or self.best is best or self._survives(self.best):
                return
            self.cost, self.best, self.flow_mw_it = cost, best, flow_mw_it
            if self.held == held:  # the solver leaves rows short by more than we do
                return

    def _try(self, top: Top, ground: Ground) -> None:
        """Leave sets of sites untried: what a trial costs says nothing of outages not yet known."""

    def _take_in(self, values: Floats, built: Ints) -> bool:
        """Hold the rows broken halfway to the best plan (in-out separation), and at the point."""
        held = self.held
        if self.best is not None:
            self._survives((values[: len(self.best)] + self.best) / 2)
        self._survives(values)
        return super()._take_in(values, built) or self.held > held

    def _counts(self) -> Counts:
        return replace(super()._counts(), cuts=self.held)

    def _survives(self, values: Floats) -> bool:
        """Tell whether a point is known to break no row of any outage; hold those it breaks."""
        n, m = self.core.sites, self.core.points
        most_mw_it = self.core.planners.upper[2 * n : 2 * n + m]
        point = Sizes(
            built=np.clip(values[:n], 0, 1),
            mw=np.maximum(values[n : 2 * n], 0),
            unserved_mw_it=np.clip(values[2 * n : 2 * n + m], 0, most_mw_it),
        )
        try:
            broken = self.outage_rows.broken_by(point)
        except OutOfTimeError:
            return False
        self._hold()
        return not broken

    def _hold(self) -> None:
        """Let all plans hold the rows that are known."""
        fresh = list(self.outage_rows.cuts.values())[self.held :]
        self.held += len(fresh)
        width, sites = len(self.core.planners.cost), self.core.sites
        rows = rows_of_cuts(fresh, sites, width, lambda power: sites + power)
        self.core.planners = with_rows(self.core.planners, *rows)
