"""The shortest round trip within which all classes with a promise can be held."""

from dataclasses import replace

import numpy as np

from microdc.instance import Floats, Instance
from microdc.solve.least_cost import ROUNDING_MW_IT
from microdc.solve.outcome import Ended, Outcome, Reached
from microdc.solve.turns.held import Means, Turn, costing, promised, within_rtt


def least_worst_rtt(instance: Instance, means: Means) -> Turn:
    """
    Find the shortest round trip within which there is a plan, then hold on to those plans.

    A plan's longest round trip is that of some pair, and to allow a longer one never makes a plan
    impossible: so the shortest is found by halving the list of all pairs' round trips.
    """
    free = costing(instance)  # any plan is as good as another
    longest = means.search(free, "round trips")
    steps_ms = _round_trips_ms(instance)
    if not longest.has_plan or not len(steps_ms):
        nothing = Reached(objective="least-worst-rtt", value=0.0, bound=0.0)
        return Turn(outcome=longest, held=instance, reached=nothing, ended=longest.ended)
    halving = _Halving(free, means, longest)
    value, bound = halving.shortest_ms(steps_ms)
    return Turn(
        outcome=replace(halving.outcome, bound_of_split=False),  # of no cost, not of round trips
        held=within_rtt(instance, value),
        reached=Reached(objective="least-worst-rtt", value=value, bound=bound),
        ended=Ended.WITHIN_GAP if bound == value else halving.ended,
    )


class _Halving:
    """Looks for the shortest round trip that leaves a plan; `outcome` has the best so far."""

    def __init__(self, instance: Instance, means: Means, longest: Outcome) -> None:
        self.instance = instance
        self.means = means
        self.outcome = longest
        self.ended = Ended.WITHIN_GAP
        """Why it was not told of some round trip whether it leaves a plan."""

    def shortest_ms(self, steps_ms: Floats) -> tuple[float, float]:
        """Give the first of some round trips with a plan, and the first not proven impossible."""
        impossible, low, high = -1, -1, len(steps_ms) - 1
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._within(float(steps_ms[middle]))
            if tried.has_plan:
                high, self.outcome = middle, tried
                continue
            low = middle
            if tried.ended is Ended.INFEASIBLE:
                impossible = middle
            else:
                self.ended = tried.ended
        return float(steps_ms[high]), float(steps_ms[impossible + 1])

    def _within(self, most_ms: float) -> Outcome:
        """Look for any plan within a round trip, from what the best so far taught."""
        means = replace(self.means, known=self.outcome.known, found=None)
        return means.search(within_rtt(self.instance, most_ms), "round trips")


def _round_trips_ms(instance: Instance) -> Floats:
    """
    Give every round trip (ms) that may be the longest of a plan, ascending.

    Of classes with a promise; none is shorter than that from each place, of which something must be
    served, to its nearest site.
    """
    rtt_ms, reach = instance.reach.rtt_ms, instance.reach
    if rtt_ms is None:
        msg = "least-worst-rtt needs the round trip of each pair"
        raise ValueError(msg)
    most_left = instance.groups["max_unserved_mw_it"].to_numpy()[instance.points["group"]]
    must = (most_left <= ROUNDING_MW_IT) & (instance.points["mw_it"].to_numpy() > 0)
    points = np.flatnonzero(must & (reach.sites_per_point > 0))
    if not len(points):
        return np.empty(0)
    owner, at = reach.of(points)
    nearest_ms = np.minimum.reduceat(rtt_ms[at], np.searchsorted(owner, np.arange(len(points))))
    steps_ms = np.unique(rtt_ms[np.repeat(promised(instance), reach.sites_per_point)])
    longer: Floats = steps_ms[steps_ms >= nearest_ms.max()]
    return longer
