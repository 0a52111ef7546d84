"""Each future planned as though it were sure: what not knowing costs, and who is in all plans."""

from collections.abc import Mapping
from dataclasses import replace

from microdc.errors import NoPlanError
from microdc.placement.stages import BestKnowing, InFuture, Programme
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch, less_rounding
from microdc.studies.staging.problem import StageProblem
from microdc.studies.staging.whole import finished, searched

Best = Mapping[str, BestKnowing]
"""The best programme of each future, by its name."""


def best_in_each(
    scenario: Scenario, problems: list[StageProblem], watch: Watch, clock: Clock
) -> dict[str, BestKnowing]:
    """
    Plan each future as though it were sure, all before a part of the clock's time is over.

    Raises NoPlanError with the name of a future that none was found for, and else as `searched`.
    """
    best: dict[str, BestKnowing] = {}
    for done, future in enumerate(scenario.futures):
        limit = clock.share(1.0 / (1 + len(scenario.futures) - done))
        try:
            best[future.name] = best_knowing(scenario, problems, future.name, watch, limit)
        except NoPlanError as error:
            msg = f"future {future.name}, as though it were sure: {error.message}"
            raise NoPlanError(msg, hint=error.hint, bound=error.bound) from None
    return best


def best_knowing(
    scenario: Scenario, problems: list[StageProblem], future: str, watch: Watch, clock: Clock
) -> BestKnowing:
    """Plan a future (by name) as though it were sure. Raises as `searched` does."""
    sure = _if_sure(problems, future)
    found = searched(scenario, sure, clock, watch)
    plans = finished(found, sure, clock)
    cost_mn = sum(
        one.weight_yr * plan.certificate.cost_mn_yr for one, plan in zip(sure, plans, strict=True)
    )
    return BestKnowing(
        cost_mn=cost_mn,
        bound_mn=less_rounding(found.bound, cost_mn),
        first=tuple(map(str, plans[0].sites.index)),
        last=tuple(map(str, plans[-1].sites.index)),
    )


def in_futures(scenario: Scenario, programme: Programme, best: Best) -> tuple[InFuture, ...]:
    """Give what the programme costs in each future, beside the best that is known."""
    return tuple(
        InFuture(
            name=future.name,
            probability=future.probability,
            cost_mn=programme.cost_in_mn(future.name),
            best=best.get(future.name),
        )
        for future in scenario.futures
    )


def _if_sure(problems: list[StageProblem], future: str) -> list[StageProblem]:
    """Give the stages of one future, one after the other, as though it were sure."""
    those = [one for one in problems if one.milestone.future in (None, future)]
    return [
        replace(
            one,
            milestone=one.milestone._replace(before=number - 1, probability=1.0),
            weight_yr=one.weight_yr / one.milestone.probability,
            months=one.months / one.milestone.probability,
        )
        for number, one in enumerate(those)
    ]
