"""Each future planned as though it were sure: what not knowing costs, and who is in all plans."""

from collections.abc import Iterator
from dataclasses import replace

from microdc.placement.stages import BestKnowing, InFuture, Programme
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.studies.staging.problem import StageProblem
from microdc.studies.staging.whole import finished, searched


def futures_known(
    scenario: Scenario,
    programme: Programme,
    problems: list[StageProblem],
    watch: Watch,
    clock: Clock,
) -> Iterator[InFuture]:
    """
    Plan each future as though it were sure, within the scenario's time limit for itself.

    Gives what the programme costs in it, too. Raises as `searched` does.
    """
    for future in scenario.futures:
        sure = _if_sure(problems, future.name)
        limit = Clock(scenario.solve.time_limit_s, whole=clock)
        found = searched(scenario, sure, limit, watch)
        plans = finished(found, sure, limit)
        best_mn = sum(
            one.weight_yr * plan.certificate.cost_mn_yr
            for one, plan in zip(sure, plans, strict=True)
        )
        yield InFuture(
            name=future.name,
            probability=future.probability,
            cost_mn=programme.cost_in_mn(future.name),
            best=BestKnowing(
                cost_mn=best_mn,
                bound_mn=min(found.bound, best_mn),
                first=tuple(map(str, plans[0].sites.index)),
                last=tuple(map(str, plans[-1].sites.index)),
            ),
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
