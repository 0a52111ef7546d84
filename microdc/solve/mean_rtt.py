"""
The search where the mean round trip is limited: waiting gets a price until plans keep the limit.

No plan within the limit costs more for being paid what it waits less than it may, so what is
proven with a price on waiting holds without it (a Lagrangian relaxation), and the plans so found
are short in the mean. The last step has the limit as a row.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from microdc.instance import Instance, Ints
from microdc.model.bound.floor import floor_mn_yr
from microdc.solve.highs import Clock
from microdc.solve.outcome import Ended, Outcome, Settings, Watch
from microdc.solve.priced.search import PricedSearch
from microdc.solve.priced.surviving import OutageRows, SurvivingSearch
from microdc.solve.priced.unpriced import without_prices

_SHARE_UNLIMITED = 0.15  # of the time, for the cheapest plan without the limit
_SHARE_PRICED = 0.5  # of what is left, for each price on waiting
_ROUNDING_SHARE = 1e-6  # of what is waited: what adding up may have changed
_SHARES_OF_COST = (0.01, 0.1, 1.0)  # that waiting as long as may be is priced at


class MeanSearch:
    """Looks for the cheapest plan within a mean round trip, and for a bound on any such."""

    def __init__(self, instance: Instance, settings: Settings, clock: Clock, watch: Watch) -> None:
        self.instance = replace(instance, reach=instance.reach.priced)
        self.settings, self.clock, self.watch = settings, clock, watch
        self.free = instance.reach.mn_per_mw_it_yr is None
        survives = instance.outages is not None
        self.outage_rows = OutageRows(instance, lambda: clock.expired) if survives else None
        self.bound = floor_mn_yr(instance)
        self.pairs: NDArray[np.bool_] = np.zeros(instance.reach.pairs, dtype=bool)
        worth = self._worth(_SHARES_OF_COST[0])  # so that near pairs are tried
        self.limited = self._limited(worth)

    def run(self, start: Ints | None) -> Outcome:
        """Search until the gap or the time limit is reached; `start` are the sites of a plan."""
        least_mw_ms, most_mw_ms = self.instance.least_wait_mw_ms, self.instance.most_wait_mw_ms
        if least_mw_ms > most_mw_ms + _ROUNDING_SHARE * least_mw_ms:
            self.limited.infeasible = True
            return self.limited.run()
        if start is not None:
            self._try(start)
        impossible = self._without_limit()
        if impossible is not None:
            return impossible
        for share in _SHARES_OF_COST:
            if self.limited.done or self._price(self._worth(share)):
                break
        return replace(self.limited.run(), seconds=self.clock.seconds)

    def _worth(self, share: float) -> float:
        """Price a MW IT and ms so that waiting as long as may be costs such a share of the cost."""
        return share * max(1.0, abs(self.bound)) / max(1e-9, self.instance.most_wait_mw_ms)

    def _without_limit(self) -> Outcome | None:
        """Plan without the limit, and see if it is kept; give the answer if no plan is at all."""
        if not (self.free or self.outage_rows) or self.limited.done:
            return None
        clock = self.clock.share(_SHARE_UNLIMITED)
        outcome = without_prices(self.instance, self.settings, clock, self.watch).run()
        if self.outage_rows is not None:
            self.outage_rows.take_over(outcome.known)
        if outcome.ended is Ended.INFEASIBLE:
            return outcome
        self.bound = max(self.bound, outcome.bound)
        if outcome.has_plan:
            self._try(self._rows(outcome))
        return None

    def _price(self, mn_per_mw_ms_yr: float) -> bool:
        """Plan with a price on waiting in place of the limit; say if the plan keeps it."""
        priced = with_waiting_priced(self.instance, mn_per_mw_ms_yr)
        clock = self.clock.share(_SHARE_PRICED)
        search = self._search(priced, clock)
        outcome = search.run()
        if outcome.ended is Ended.INFEASIBLE:
            return False
        self.bound = max(self.bound, outcome.bound)
        best = self.limited.best
        self.limited = self._limited(mn_per_mw_ms_yr)
        if best is not None:
            self._try(np.flatnonzero(best[: len(self.instance.sites)] > 0.5))
        if search.best is None:
            return False
        self.pairs |= search.flow_mw_it > 0
        self._try(self._rows(outcome))
        return self._keeps_limit(search)

    def _limited(self, mn_per_mw_ms_yr: float) -> PricedSearch:
        bidding = with_waiting_priced(self.instance, mn_per_mw_ms_yr)
        return self._search(self.instance, self.clock, bidding)

    def _search(
        self, instance: Instance, clock: Clock, bidding: Instance | None = None
    ) -> PricedSearch:
        settings, watch, rows = self.settings, self.watch, self.outage_rows
        if rows is None:
            return PricedSearch(instance, settings, clock, watch, bidding)
        return SurvivingSearch(instance, settings, clock, watch, bidding, rows)

    def _keeps_limit(self, search: PricedSearch) -> bool:
        """Tell whether the best plan of a search with a price on waiting waits no longer in all."""
        instance, n = self.instance, len(self.instance.sites)
        assert search.best is not None
        assert instance.reach.rtt_ms is not None
        left_mw_it = search.best[2 * n : 2 * n + len(instance.points)]
        left_ms = instance.unserved_ms * (instance.reach.sites_per_point > 0)
        waits_mw_ms = search.flow_mw_it @ instance.reach.rtt_ms + left_mw_it @ left_ms
        return bool(waits_mw_ms <= instance.most_wait_mw_ms)

    def _rows(self, outcome: Outcome) -> Ints:
        rows: Ints = self.instance.sites.index.get_indexer(outcome.sizes_mw.index)
        return rows

    def _try(self, sites: Ints) -> None:
        """See if a plan with these sites keeps the limit."""
        self.limited.begin_with(self.pairs, sites, self.bound)


def with_waiting_priced(instance: Instance, mn_per_mw_ms_yr: float) -> Instance:
    """
    Price what is waited beyond what may be (millions a year, per MW IT and ms), without the limit.

    What is waited less is paid back, so a plan within the limit costs no more than without.
    """
    reach = instance.reach
    assert reach.rtt_ms is not None
    assert reach.mn_per_mw_it_yr is not None
    price = instance.groups["unserved_mn_per_mw_yr"] + (
        mn_per_mw_ms_yr * instance.groups["rtt_bound_ms"]
    )
    paid_back = mn_per_mw_ms_yr * instance.most_wait_mw_ms
    return replace(
        instance,
        most_mean_rtt_ms=None,
        groups=instance.groups.assign(unserved_mn_per_mw_yr=price),
        reach=replace(
            reach, mn_per_mw_it_yr=reach.mn_per_mw_it_yr + mn_per_mw_ms_yr * reach.rtt_ms
        ),
        constant_mn_yr=instance.constant_mn_yr - paid_back,
    )
