"""What each stage of a scenario asks for by itself: an ordinary scenario."""

from itertools import pairwise
from typing import NamedTuple

from microdc.errors import UsageError
from microdc.scenario.grammar import Scenario
from microdc.scenario.parts.stages.months import (
    discounted_years,
    later_by,
    months_between,
    years_between,
)


class Milestone(NamedTuple):
    """A stage in a future; the first is the same in all."""

    name: str
    """Of the stage, and of the future if it is in one: the folder of its plan."""
    stage: int
    """Number of the stage."""
    future: str | None
    before: int
    """Number of the milestone that it comes after; -1: none."""
    probability: float


def milestones(scenario: Scenario) -> list[Milestone]:
    """List every stage of a scenario, and from the second on in every future, in order."""
    first, *others = scenario.stages
    found = [Milestone(first.name, 0, None, -1, 1.0)]
    ways: list[tuple[str | None, float]] = [(one.name, one.probability) for one in scenario.futures]
    for future, probability in ways or [(None, 1.0)]:
        before = 0
        for number, stage in enumerate(others, start=1):
            name = stage.name if future is None else f"{stage.name}-{future}"
            found.append(Milestone(name, number, future, before, probability))
            before = len(found) - 1
    return found


def scenario_of_stage(scenario: Scenario, stage: int | str, future: str | None = None) -> Scenario:
    """
    Give the scenario of one stage, by number or name, as though there were no other.

    Its limits, shares to be served, demand and headroom are those of its date, and of a future by
    name. Raises UsageError where the scenario has no such stage or future.
    """
    stages = dict(enumerate(scenario.stages)) | {one.name: one for one in scenario.stages}
    futures = {one.name: one for one in scenario.futures}
    if stage not in stages or (future is not None and future not in futures):
        raise UsageError(f"{scenario.name} has no stage {stage}{f' in {future}' if future else ''}")
    one = stages[stage]
    limits = {
        key: value for key in ("max_sites", "budget_mn") if (value := getattr(one, key)) is not None
    }
    services = {
        name: service.model_copy(update={"min_served": one.min_served[name]})
        if name in one.min_served
        else service
        for name, service in scenario.services.items()
    }
    changed = {
        "name": "-".join([scenario.name, one.name, *([future] if future else [])]),
        "limits": scenario.limits.model_copy(update=limits),
        "services": services,
    }
    alone = scenario.model_copy(update=changed)
    alone._stage = one
    alone._future = futures[future] if future else None
    return alone


def spans(scenario: Scenario) -> list[tuple[str, str]]:
    """Give the month in which each stage begins, and that in which the next one does."""
    begins = [stage.by for stage in scenario.stages]
    end = later_by(begins[-1], 12 * scenario.programme.horizon_years)
    return list(pairwise([*begins, end]))


def served_before(scenario: Scenario) -> str:
    """Give the month before which service counts: the one stated, or the end of the horizon."""
    end = spans(scenario)[-1][1]
    return min(end, scenario.programme.served_before or end)


def months_that_count(scenario: Scenario) -> list[int]:
    """Give the months of each stage that lie before the one until which service counts."""
    before = served_before(scenario)
    return [months_between(begin, min(end, before)) for begin, end in spans(scenario)]


def discount_rate(scenario: Scenario) -> float:
    """Give the yearly interest at which costs of later stages count less."""
    stated = scenario.programme.discount_rate
    return scenario.costs.annuity.rate if stated is None else stated


def weights_yr(scenario: Scenario) -> list[float]:
    """Give the years of each stage, discounted to the month of the first."""
    first, rate = scenario.stages[0].by, discount_rate(scenario)
    return [
        discounted_years(years_between(first, begin), years_between(first, end), rate)
        for begin, end in spans(scenario)
    ]
