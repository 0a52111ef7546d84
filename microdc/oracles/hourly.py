"""
Can what is wanted in every hour be served then? A max-flow for each hour knows, or for each day.

A set of demand points that is short in one hour is often short in others: so each set found is
tried in all of them by sums over its row, and hours that are known to be short need no max-flow.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np

from microdc.instance import Floats, Hours, Instance, Ints
from microdc.instance.loads import Loads, loads_of, most_held_mw
from microdc.instance.periods import Period, periods_of
from microdc.oracles.base import MOST_CUTS, Cut, OutOfTimeError, Sizes
from microdc.oracles.delivery import Delivery
from microdc.oracles.hall import Delivering, Hall, Linking

_PERIODS_OF_A_SET = 3  # that are written down in one round


class Hourly:
    """Finds periods in which sets of demand find too little power, and who holds too little."""

    def __init__(
        self,
        instance: Instance,
        hours: Hours,
        expired: Callable[[], bool] = lambda: False,
        linking: Linking = "strong",
    ) -> None:
        self._expired = expired
        loads = loads_of(instance)
        states = [_in_period(instance, hours, loads, period) for period in periods_of(hours)] + [
            _held(instance, hours, loads, row) for row in np.unique(loads.service)
        ]
        self.asked = [
            Delivery(Hall(instance, state, linking, number)) for number, state in enumerate(states)
        ]
        self._alike = [state.point.tobytes() for state in states]
        """Where this is the same, sets of wants are sets of the same points."""
        self._order = list(range(len(self.asked)))
        """Of asking: those found short last come first."""

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give rows of the periods found short; those that a row shows are not asked again."""
        found: dict[int, Cut] = {}
        short: set[int] = set()
        for number in list(self._order):
            cuts = [] if number in short else self._ask(number).violated_by(sizes)
            if not cuts:
                continue
            elsewhere = self._elsewhere(cuts, number, sizes)
            short |= set(elsewhere)
            found |= {cut.key: cut for cut in [*cuts, *_worst(elsewhere, sizes)]}
            self._order.remove(number)
            self._order.insert(0, number)
            if len(found) >= MOST_CUTS:
                break
        return list(found.values())

    def sharpened(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write cuts anew for other sizes; give those that are broken then. Needs no max-flow."""
        by_period = self._sorted(cuts)
        return [
            cut for k, mine in by_period.items() for cut in self.asked[k].sharpened(mine, sizes)
        ]

    def rewritten(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write cuts anew, as tight as they can be at other sizes."""
        by_period = self._sorted(cuts)
        return [
            cut for k, mine in by_period.items() for cut in self.asked[k].rewritten(mine, sizes)
        ]

    def delivers(self, sizes: Sizes) -> bool:
        """Tell whether every hour is served."""
        return all(self._ask(number).delivers(sizes) for number in self._order)

    def missing_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each point must leave of its peak (MW IT) for every hour to be served."""
        missing_mw_it: Floats = np.zeros_like(sizes.unserved_mw_it)
        for number in self._order:
            missing_mw_it += self._ask(number).missing_mw_it(sizes.leaving(missing_mw_it))
        return missing_mw_it

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[Cut]:
        """Write cuts of fewer sites again, now over all; `old` are the rows of those before."""
        by_period = self._sorted(cuts)
        return [
            cut for k, mine in by_period.items() for cut in self.asked[k].carried_over(mine, old)
        ]

    def _ask(self, number: int) -> Delivery:
        if self._expired():
            raise OutOfTimeError
        return self.asked[number]

    def _elsewhere(self, cuts: list[Cut], number: int, sizes: Sizes) -> dict[int, list[Cut]]:
        """Try sets that are short in one period in all like it; give the broken rows by period."""
        sets, same = [cut.wants for cut in cuts], self._alike[number]
        likewise = [k for k, points in enumerate(self._alike) if points == same and k != number]
        broken = {k: self.asked[k].short_of(sets, sizes) for k in likewise}
        return {k: rows for k, rows in broken.items() if rows}

    def _sorted(self, cuts: list[Cut]) -> dict[int, list[Cut]]:
        by_period: dict[int, list[Cut]] = {}
        for cut in cuts:
            if cut.situation.period is not None:
                by_period.setdefault(cut.situation.period, []).append(cut)
        return by_period


def _worst(by_period: dict[int, list[Cut]], sizes: Sizes) -> list[Cut]:
    """Give of each set the rows of the few periods in which it is shortest."""
    rows = [cut for cuts in by_period.values() for cut in cuts]
    short_mw_it = np.array([cut.shortfall_mw_it(sizes) for cut in rows])
    count: Counter[bytes] = Counter()
    kept = []
    for k in np.argsort(-short_mw_it, kind="stable"):
        count[rows[k].wants.tobytes()] += 1
        if count[rows[k].wants.tobytes()] <= _PERIODS_OF_A_SET:
            kept.append(rows[k])
    return kept


def _in_period(instance: Instance, hours: Hours, loads: Loads, period: Period) -> Delivering:
    """Let sites give in each hour what they draw, to all that services which move want."""
    sites = len(instance.sites)
    place = loads.place(len(hours.what), sites)[period.hours].ravel()
    decided = place >= 0
    site = np.tile(np.arange(sites), len(period.hours))
    pue, cap_mw = (instance.sites[c].to_numpy()[site] for c in ("pue", "cap_mw"))
    available_mw = hours.available_mw[period.hours].ravel()
    most_mw = np.minimum(cap_mw, available_mw)
    held = (available_mw < cap_mw) & ~decided
    return Delivering(
        point=period.point,
        share=period.share,
        site=site,
        power=np.where(decided, sites + place, site),
        full_mw_it=np.where(decided, most_mw, cap_mw) / pue,
        most_mw_it=np.where(held, most_mw / pue, np.inf),
        reach=period.reach(instance.reach, sites),
    )


def _held(instance: Instance, hours: Hours, loads: Loads, service: int) -> Delivering:
    """Let sites give what they hold for a service that does not move to the peak of its points."""
    sites = np.arange(len(instance.sites))
    points = np.flatnonzero(hours.service == service)
    return Delivering(
        point=points,
        share=np.ones(len(points)),
        site=sites,
        power=len(sites) + (held := loads.held_by(service)),
        full_mw_it=most_held_mw(instance, loads)[held - len(loads.hour)]
        / instance.sites["pue"].to_numpy(),
        most_mw_it=np.full(len(sites), np.inf),
        reach=instance.reach.keep(points),
    )
