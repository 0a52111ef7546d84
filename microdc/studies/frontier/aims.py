"""What each point of a frontier is the least of: the first objective of its scenario."""

from typing import NamedTuple

from microdc.errors import UsageError
from microdc.placement.plan import Plan
from microdc.scenario import Scenario

COST = "cost"
_OF = {
    "most-served": ("demand unserved", "MW IT"),
    "fewest-sites": ("number of new sites", "sites"),
    "least-worst-rtt": ("worst round trip", "ms"),
    "least-mean-rtt": ("mean round trip", "ms"),
}


class Aim(NamedTuple):
    """What a frontier is of, and in what unit."""

    of: str
    unit: str


class Came(NamedTuple):
    """
    What a plan comes to by the first objective, and what no plan has less than.

    Gaps are shares of the distance from `zero`: of service, from all demand unserved.
    """

    value: float
    bound: float
    zero: float = 0.0


def aim_of(scenario: Scenario) -> Aim:
    """Say what the frontiers of a scenario are of."""
    first = scenario.objective[0]
    return Aim(*_OF.get(first, (COST, f"M {scenario.currency} a year")))


def came_to(plan: Plan) -> Came:
    """Say what a plan came to by the first of its objectives."""
    proven, first = plan.certificate, plan.objective.split(", ")[0]
    if first == "most-served":
        assert proven.unserved_bound_mw_it is not None
        wanted_mw_it = float(plan.service["mw_it"].sum())
        return Came(proven.unserved_mw_it, proven.unserved_bound_mw_it, wanted_mw_it)
    for one in proven.reached:
        if one.objective == first:
            return Came(one.value, one.bound)
    return Came(proven.cost_mn_yr, proven.bound_mn_yr)


def expect_aim(scenario: Scenario, along: str) -> None:
    """
    Refuse a mean round trip along bounds; raise UsageError.

    It counts what is reached, and what is unserved at its bound: longer ones may make it longer.
    """
    means = "objective: least-mean-rtt" if "least-mean-rtt" in scenario.objective else ""
    means = "limits.mean_rtt_ms" if scenario.limits.mean_rtt_ms is not None else means
    if means and along == "rtt":
        msg = f"{scenario.name} states {means}, and a mean counts unserved demand at its bound"
        hint = f"leave {means} out in a scenario that extends this one"
        raise UsageError(f"{msg}: with other bounds it is another mean", hint=hint)
