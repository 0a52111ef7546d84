"""How much the stages found serve before a date, and the most that any could."""

from microdc.placement.plan import Plan
from microdc.placement.stages import TimeToPower
from microdc.scenario import Scenario
from microdc.scenario.parts.stages.staged import served_before
from microdc.solve.outcome import Outcome
from microdc.studies.staging.problem import StageProblem


def time_to_power(
    scenario: Scenario, problems: list[StageProblem], plans: list[Plan], found: Outcome
) -> TimeToPower | None:
    """Give what plans of all stages serve, in MW-months; None unless they are to serve most."""
    if found.unserved_bound_mw_it is None:
        return None
    served, wanted = (
        sum(
            one.months * float(plan.services[column].sum())
            for one, plan in zip(problems, plans, strict=True)
        )
        for column in ("served_mw_it", "demand_mw_it")
    )
    return TimeToPower(
        before=served_before(scenario),
        served_mw_months=served,
        at_most_mw_months=max(served, wanted - found.unserved_bound_mw_it),
    )
