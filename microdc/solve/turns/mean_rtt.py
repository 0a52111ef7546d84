"""The shortest mean round trip of any plan."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from microdc.instance import Floats, Instance
from microdc.solve.outcome import Mark, Outcome, Reached, Watch, less_rounding
from microdc.solve.turns.held import Means, Turn, costing, within_mean_rtt


def least_mean_rtt(instance: Instance, means: Means) -> Turn:
    """Answer in the shortest mean, then hold on to the plans that take no longer."""
    value, bound, outcome = shortest_mean_ms(instance, means)
    return Turn(
        outcome=outcome,
        held=within_mean_rtt(instance, value) if outcome.has_plan else instance,
        reached=Reached(objective="least-mean-rtt", value=value, bound=less_rounding(bound, value)),
        ended=outcome.ended,
    )


def shortest_mean_ms(instance: Instance, means: Means) -> tuple[float, float, Outcome]:
    """
    Search for the shortest mean round trip (ms), and a bound below which none is.

    The mean is over the demand that some site reaches, and over that `beyond`, as
    `Instance.most_mean_rtt_ms` has it; that of nothing is 0, and where no plan was found it is
    infinite. Of a plan that the search did not find itself, it is no longer than the mean of all
    bounds. What was found is told too.
    """
    mw_it = max(instance.reached_mw_it + instance.beyond.mw_it, 1e-9)
    in_ms = replace(means, watch=_in_ms(means.watch, mw_it))
    outcome = in_ms.search(_waiting(instance), "mean round trip")
    waits_mw_ms = np.inf if outcome.cost is None else outcome.cost
    if np.isnan(waits_mw_ms):
        waits_mw_ms = _at_bounds_mw_ms(instance)
    return waits_mw_ms / mw_it, max(0.0, outcome.bound / mw_it), outcome


def _at_bounds_mw_ms(instance: Instance) -> float:
    """Give what all demand that counts waits together if each is answered at its bound."""
    mw_it: Floats = instance.points["mw_it"].to_numpy(dtype=float)
    reached = instance.reach.sites_per_point > 0
    return float(mw_it[reached] @ instance.unserved_ms[reached]) + instance.beyond.waits_mw_ms


def _waiting(instance: Instance) -> Instance:
    """Give the instance whose cost is the time that all demand that counts waits (MW IT x ms)."""
    rtt_ms = instance.reach.rtt_ms
    if rtt_ms is None:
        msg = "a mean round trip needs that of each pair"
        raise ValueError(msg)
    mw_it: Floats = instance.points["mw_it"].to_numpy(dtype=float)
    far = instance.reach.sites_per_point == 0
    not_counted = float(instance.unserved_ms[far] @ mw_it[far])
    constant = instance.beyond.waits_mw_ms - not_counted
    timed = costing(
        instance, unserved=instance.groups["rtt_bound_ms"].to_numpy(), constant=constant
    )
    return replace(timed, reach=replace(timed.reach, mn_per_mw_it_yr=np.nan_to_num(rtt_ms)))


def _in_ms(watch: Watch, mw_it: float) -> Callable[[Mark], None]:
    """Tell of a mean what the search tells of all that is waited."""

    def mean(total: float | None) -> float | None:
        return None if total is None else total / mw_it

    return lambda mark: watch(replace(mark, cost=mean(mark.cost), bound=mean(mark.bound)))
