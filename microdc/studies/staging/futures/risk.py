"""What a programme's costs in several futures come to, as the search has it, and as it is told."""

import numpy as np

from microdc.instance.stages.risk import Floats, Risk
from microdc.placement.stages import REGRET
from microdc.scenario import Scenario
from microdc.solve.outcome import Outcome
from microdc.studies.staging.futures.known import Best
from microdc.studies.staging.problem import StageProblem, future_numbers

_SHARE_OF_GAP = 0.4
"""Of the gap asked for: a regret is as uncertain as two searches, of what is and what was best."""


def risk_of(scenario: Scenario, problems: list[StageProblem], best: Best) -> Risk | None:
    """
    Say what is to be least over the futures; None: the expected cost.

    A regret is searched for as what a future costs beyond its best, and the best in the mean: it
    is then a cost among others, and the expected cost is a bound on it.
    """
    asked = scenario.programme.risk
    if asked == "expected":
        return None
    likely = _likely(scenario)
    level = scenario.programme.cvar_level or 0.0
    most = likely / (1.0 - level) if asked == "cvar" else np.ones(len(likely))
    best_mn = _least_mn(scenario, best) if asked == REGRET else np.zeros(len(likely))
    groups = [len(one.instance.groups) for one in problems]
    return Risk(
        probability=likely,
        most=np.minimum(1.0, most),
        less_mn=best_mn - likely @ best_mn,
        future=future_numbers(problems),
        of_group=np.repeat(np.arange(len(problems)), groups),
        constant_mn=np.array([one.weight_yr * one.instance.constant_mn_yr for one in problems]),
    )


def narrowed(scenario: Scenario) -> Scenario:
    """Give the scenario as its searches are to end, so that together they are within its gap."""
    if scenario.programme.risk != REGRET:
        return scenario
    gap = _SHARE_OF_GAP * scenario.solve.gap
    return scenario.model_copy(update={"solve": scenario.solve.model_copy(update={"gap": gap})})


def bound_mn(scenario: Scenario, found: Outcome, best: Best) -> float:
    """
    Give what no programme comes to less than (millions), by what the search proved.

    It held futures against bounds. Against the best found, which no best exceeds, every future is
    regretted less, by no more than the widest gap between the two.
    """
    if scenario.programme.risk != REGRET:
        return found.bound
    least_mn = _least_mn(scenario, best)
    open_mn = max(one.cost_mn - one.bound_mn for one in best.values())
    return max(0.0, found.bound - float(_likely(scenario) @ least_mn) - open_mn)


def _likely(scenario: Scenario) -> Floats:
    return np.array([future.probability for future in scenario.futures])


def _least_mn(scenario: Scenario, best: Best) -> Floats:
    return np.array([best[future.name].bound_mn for future in scenario.futures])
