"""What follows the first stage in each future, at least cost: a risk sees the worst alone."""

from microdc.errors import InfeasibleError, NoPlanError
from microdc.placement.plan import Plan
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Outcome, Watch
from microdc.studies.staging.pilots import with_pilots
from microdc.studies.staging.problem import StageProblem, outcomes_of
from microdc.studies.staging.whole import finished, searched


def least_in_each_future(
    scenario: Scenario, problems: list[StageProblem], found: Outcome, watch: Watch, clock: Clock
) -> list[Plan]:
    """
    Make the plan of each stage of what was found, futures planned anew on the same first stage.

    Once that is settled no future depends on another, so each has the cheaper of both plans, and
    what was found where time is over.
    """
    plans = finished(found, problems, clock)
    pilots_mw = outcomes_of(found, problems)[0].sizes_mw
    settled = with_pilots(problems, pilots_mw)
    try:
        again = finished(searched(scenario, settled, clock, watch), settled, clock)
    except (NoPlanError, InfeasibleError):  # by the solver's tolerances: there is one
        return plans
    cheaper = {
        future
        for future in {one.milestone.future for one in problems} - {None}
        if _cost_mn(problems, again, future) < _cost_mn(problems, plans, future)
    }
    return [
        new if one.milestone.future in cheaper else old
        for one, old, new in zip(problems, plans, again, strict=True)
    ]


def _cost_mn(problems: list[StageProblem], plans: list[Plan], future: str | None) -> float:
    """Give what a future's own stages cost, times how likely it is (millions)."""
    return sum(
        one.weight_yr * plan.certificate.cost_mn_yr
        for one, plan in zip(problems, plans, strict=True)
        if one.milestone.future == future
    )
