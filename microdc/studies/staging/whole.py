"""Several stages searched as one, and the plans that come of it."""

from microdc.errors import InfeasibleError, NoPlanError
from microdc.instance.stages.risk import Risk
from microdc.placement.plan import Plan
from microdc.placement.words.rounding import money_down
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Watch
from microdc.studies.staging.problem import StageProblem, outcomes_of, whole_of
from microdc.workflow import finish, search, settings_of


def searched(
    scenario: Scenario,
    problems: list[StageProblem],
    clock: Clock,
    watch: Watch,
    risk: Risk | None = None,
) -> Outcome:
    """Search for the best programme; where there is none, say which stage is to blame."""
    settings = settings_of(scenario)
    outcome = solve(whole_of(problems, risk), scenario.objective, settings, clock, watch)
    if outcome.ended is Ended.INFEASIBLE:
        raise InfeasibleError(_why(problems, clock, watch))
    if not outcome.has_plan:
        msg = f"no programme was found ({outcome.ended} after {outcome.seconds:.0f} s)"
        if risk is None:
            least = f"{money_down(outcome.bound):.2f} M {scenario.currency}"
            msg += f"; bound proven: {least}, net present"
        hint = "raise solve.time_limit_s or --time-limit"
        raise NoPlanError(msg, hint=hint, bound=outcome.bound)
    return outcome


def _why(problems: list[StageProblem], clock: Clock, watch: Watch) -> str:
    """Name the first stage that has no plan of its own, and why; else that none stays."""
    for one in problems:
        try:
            search(one.scenario, one.region, one.instance, clock, watch)
        except InfeasibleError as error:
            return f"stage {one.milestone.name}: {error.message}"
        except NoPlanError:
            continue
    return (
        "no programme can satisfy this scenario: as far as was found, each stage has a plan of its "
        "own, but what one builds cannot stay in the next"
    )


def finished(found: Outcome, problems: list[StageProblem], clock: Clock) -> list[Plan]:
    """Make the plan of each stage of what a search of all found."""
    return [
        finish(one.scenario, one.region, one.instance, outcome, clock)
        for one, outcome in zip(problems, outcomes_of(found, problems), strict=True)
    ]
