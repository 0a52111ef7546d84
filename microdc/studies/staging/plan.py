"""All stages of a scenario planned together: what is built in one stays in the next."""

from dataclasses import dataclass, replace
from pathlib import Path

from microdc.errors import NoPlanError
from microdc.placement.parts.of_stage import OfStage
from microdc.placement.plan import Plan
from microdc.placement.stages import REGRET, Alone, Programme, StagePlan, write_programme
from microdc.placement.stages.programme import what_is_new
from microdc.report.geojson import write_geojson
from microdc.scenario import Scenario
from microdc.scenario.parts.stages.staged import discount_rate, spans
from microdc.solve.highs import Clock
from microdc.solve.outcome import Ended, Outcome, Watch, less_rounding
from microdc.studies.aims import expect_aims
from microdc.studies.staging.futures.following import least_in_each_future
from microdc.studies.staging.futures.known import best_in_each, best_knowing, in_futures
from microdc.studies.staging.futures.risk import bound_mn, narrowed, risk_of
from microdc.studies.staging.pilots import with_own_pilots
from microdc.studies.staging.problem import StageProblem, problems_of
from microdc.studies.staging.service import time_to_power
from microdc.studies.staging.whole import finished, searched
from microdc.workflow import begin, finish, search

_SHARE_FOR_RISK = 0.8  # of the time left: the rest is for futures that do not decide the risk


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeResult:
    """A verified programme and the folder it was written to."""

    programme: Programme
    folder: Path
    open_ended: bool = False
    """Whether time ran out before what was asked for beside the programme was found."""


def plan_programme(
    path: Path,
    out: Path | None,
    *,
    force: bool,
    overrides: dict[str, object],
    watch: Watch,
    clock: Clock,
) -> ProgrammeResult:
    """
    Plan all stages of a scenario together, verify them and write them to a folder.

    Raises as `plan_scenario` does.
    """
    scenario, folder = begin(path, out, force=force, overrides=overrides)
    programme, _ = _planned(scenario, watch, clock)
    write_programme(programme, folder, force=force, also=write_geojson)
    return ProgrammeResult(programme=programme, folder=folder)


def plan_against_alone(
    path: Path,
    out: Path | None,
    *,
    force: bool,
    overrides: dict[str, object],
    watch: Watch,
    clock: Clock,
) -> ProgrammeResult:
    """
    Plan all stages together, and each as though there were no other: the price of nestedness.

    Of several futures, each is planned as though it were sure, too; and where another risk than the
    expected cost is to be least, they alone: what is beside a tail or a regret is no price of
    nestedness. Each plan has the scenario's time limit for itself. Raises as `plan_scenario` does,
    and UsageError where most is to be served: then costs are not comparable.
    """
    scenario, folder = begin(path, out, force=force, overrides=overrides)
    expect_aims(scenario, "comparisons with stages planned alone")
    programme, problems = _planned(scenario, watch, clock)
    late = False
    if programme.risk == "expected":
        programme = _beside_stages_alone(programme, problems, watch, clock)
        late = any(stage.alone is None for stage in programme.stages)
    if programme.risk != REGRET:  # which was planned beside them
        try:
            best = {
                one.name: best_knowing(scenario, problems, one.name, watch, _own(scenario, clock))
                for one in scenario.futures
            }
            programme = replace(programme, futures=in_futures(scenario, programme, best))
        except NoPlanError:
            late = True
    write_programme(programme, folder, force=force, also=write_geojson)
    return ProgrammeResult(programme=programme, folder=folder, open_ended=late)


def _own(scenario: Scenario, clock: Clock) -> Clock:
    """Give the scenario's time limit once more, until the clock is interrupted."""
    return Clock(scenario.solve.time_limit_s, whole=clock)


def _planned(
    scenario: Scenario, watch: Watch, clock: Clock
) -> tuple[Programme, list[StageProblem]]:
    """Plan all stages of a scenario within its time limit; give their problems as they are, too."""
    problems = problems_of(scenario)
    limit = Clock(max(0.0, scenario.solve.time_limit_s - clock.seconds), whole=clock)
    asked, best = narrowed(scenario), {}
    if scenario.programme.risk == REGRET:
        best = best_in_each(asked, problems, watch, limit)
    begun = problems
    if scenario.programme.pilots == "first-stage":
        begun = with_own_pilots(problems, watch, limit)
    risk = risk_of(scenario, begun, best)
    if risk is None:
        found = searched(asked, begun, limit, watch)
        plans = finished(found, begun, limit)
    else:
        found = searched(asked, begun, limit.share(_SHARE_FOR_RISK), watch, risk)
        plans = least_in_each_future(asked, begun, found, watch, limit)
        found = replace(found, seconds=limit.seconds)  # that of all searches
    found = replace(found, bound=bound_mn(scenario, found, best))
    programme = _programme(scenario, found, plans, begun)
    if programme.risk != "expected":
        programme = replace(programme, futures=in_futures(scenario, programme, best))
    names = [scenario.stages[one.milestone.stage].name for one in begun]
    return _certified(programme, scenario.solve.gap, names), problems


def _beside_stages_alone(
    programme: Programme, problems: list[StageProblem], watch: Watch, clock: Clock
) -> Programme:
    """Plan each stage as though there were no other, too."""
    stages = (
        replace(stage, alone=_alone(one, watch, clock))
        for stage, one in zip(programme.stages, problems, strict=True)
    )
    return replace(programme, stages=tuple(stages))


def _alone(one: StageProblem, watch: Watch, clock: Clock) -> Alone | None:
    """Plan a stage as though there were no other; None if no plan was found in time."""
    limit = _own(one.scenario, clock)
    try:
        outcome = search(one.scenario, one.region, one.instance, limit, watch)
    except NoPlanError:
        return None
    proven = finish(one.scenario, one.region, one.instance, outcome, limit).certificate
    return Alone(
        cost_mn_yr=proven.cost_mn_yr,
        bound_mn_yr=proven.bound_mn_yr,
        gap=proven.gap,
        sites=len(outcome.sizes_mw),
    )


def _programme(
    scenario: Scenario,
    found: Outcome,
    plans: list[Plan],
    problems: list[StageProblem],
) -> Programme:
    """Put the stages together, each with its dates and what it adds."""
    stages: list[StagePlan] = []
    dates = spans(scenario)
    for one, plan in zip(problems, plans, strict=True):
        step = one.milestone
        before = stages[step.before] if step.before >= 0 else None
        added, grown = what_is_new(plan.sites, before.plan.sites if before else None)
        begins, ends = dates[step.stage]
        stage = StagePlan(
            name=step.name,
            begins=begins,
            ends=ends,
            weight_yr=one.weight_yr,
            plan=plan,
            added=added,
            grown=grown,
            future=step.future,
            probability=step.probability,
            before=before.name if before else None,
        )
        stages.append(stage)
    return Programme(
        name=scenario.name,
        currency=scenario.currency,
        status=str(found.ended),
        bound_mn=found.bound,
        seconds=found.seconds,
        discount_rate=discount_rate(scenario),
        pilots=scenario.programme.pilots,
        time_to_power=time_to_power(scenario, problems, plans, found),
        stages=tuple(stages),
        risk=scenario.programme.risk,
        cvar_level=scenario.programme.cvar_level,
    )


def _certified(programme: Programme, asked_gap: float, names: list[str]) -> Programme:
    """
    Judge a programme by its own cost, for which the bound holds too; let its plans say so.

    `names` are those of the scenario's stages that its stages are of.
    """
    programme = replace(programme, bound_mn=less_rounding(programme.bound_mn, programme.cost_mn))
    timed = programme.time_to_power
    gap = max(programme.gap, timed.gap if timed else 0.0)
    missed = gap > asked_gap and programme.status == Ended.WITHIN_GAP
    status = str(Ended.STALLED) if missed else programme.status
    by_name = {stage.name: stage for stage in programme.stages}
    stages: list[StagePlan] = []
    for stage, own in zip(programme.stages, names, strict=True):
        of_stage = OfStage(
            name=own,
            programme=programme.name,
            gap=programme.gap,
            kept=list(by_name[stage.before].plan.sites.index) if stage.before else [],
            future=stage.future,
        )
        plan = replace(stage.plan, status=status, stage=of_stage)
        stages.append(replace(stage, plan=plan))
    return replace(programme, status=status, stages=tuple(stages))
