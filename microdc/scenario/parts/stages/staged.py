"""What each stage of a scenario asks for by itself: an ordinary scenario."""

from itertools import pairwise

from microdc.errors import UsageError
from microdc.scenario.grammar import Scenario
from microdc.scenario.parts.stages.months import discounted_years, later_by, years_between


def scenario_of_stage(scenario: Scenario, stage: int | str) -> Scenario:
    """
    Give the scenario of one stage, by number or name, as though there were no other.

    Its limits, shares to be served, demand and headroom are those of its date. Raises UsageError
    where the scenario has no such stage.
    """
    names = [one.name for one in scenario.stages]
    number = names.index(stage) if stage in names else stage
    if not isinstance(number, int):
        raise UsageError(f"{scenario.name} has no stage {stage}")
    one = scenario.stages[number]
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
        "name": f"{scenario.name}-{one.name}",
        "limits": scenario.limits.model_copy(update=limits),
        "services": services,
    }
    alone = scenario.model_copy(update=changed)
    alone._stage = one
    return alone


def spans(scenario: Scenario) -> list[tuple[str, str]]:
    """Give the month in which each stage begins, and that in which the next one does."""
    begins = [stage.by for stage in scenario.stages]
    end = later_by(begins[-1], 12 * scenario.programme.horizon_years)
    return list(pairwise([*begins, end]))


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
