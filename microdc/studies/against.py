"""What flexible connections are worth: a scenario planned with firm ones first, then as it asks."""

from math import inf
from pathlib import Path
from typing import Any

from microdc.errors import InfeasibleError, UsageError
from microdc.inputs.read import read_region
from microdc.placement.store import refuse_existing, write_plan
from microdc.report.brief import in_brief
from microdc.report.geojson import write_geojson
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.studies.aims import expect_aims
from microdc.workflow import PlanResult, begin, plan_of

_INFEASIBLE = "infeasible"


def plan_against_firm(
    path: Path,
    out: Path | None,
    *,
    force: bool,
    overrides: dict[str, object],
    watch: Watch,
    clock: Clock,
) -> PlanResult:
    """
    Plan a scenario with firm connections, then as it asks; verify and write both.

    The firm plan goes to a folder beside the other, named `...-firm`; each plan has the scenario's
    time limit for itself. Beside the plan, `firm` sums the firm one up, with its `folder`, and
    `unlocked` says what flexibility gives, as the function has it; where there is no firm plan,
    `status` is infeasible, `message` says why, and `unlocked` is None. Raises as `plan_scenario`
    does, and UsageError where connections are firm already, or another objective than least cost or
    most service comes first.
    """
    scenario, folder = begin(path, out, force=force, overrides=overrides)
    if scenario.connection.type == "firm":
        msg = f"{scenario.name} has firm connections: there is nothing to compare"
        raise UsageError(msg, hint="state what is flexible: connection: {type: flexible, ...}")
    expect_aims(scenario, "comparisons with firm", allowed=("least-cost", "most-served"))
    beside = folder.with_name(f"{folder.name}-firm")
    refuse_existing(beside, force=force)
    firm = _firm_in_brief(scenario.with_firm_connections(), beside, force, watch, clock)
    limit = Clock(scenario.solve.time_limit_s, whole=clock)
    plan = plan_of(scenario, read_region(scenario), watch, limit)
    write_plan(plan, folder, force=force, also=write_geojson)
    gained = None if firm["status"] == _INFEASIBLE else unlocked(firm, in_brief(plan.to_document()))
    return PlanResult(plan=plan, folder=folder, beside={"firm": firm, "unlocked": gained})


def _firm_in_brief(
    scenario: Scenario, folder: Path, force: bool, watch: Watch, clock: Clock
) -> dict[str, Any]:
    """Plan and write what firm connections give, and sum it up."""
    limit = Clock(scenario.solve.time_limit_s, whole=clock)
    try:
        plan = plan_of(scenario, read_region(scenario), watch, limit)
    except InfeasibleError as error:
        return {"status": _INFEASIBLE, "message": error.message}
    write_plan(plan, folder, force=force, also=write_geojson)
    return {**in_brief(plan.to_document()), "folder": str(folder)}


def unlocked(firm: dict[str, Any], asked: dict[str, Any]) -> dict[str, float]:
    """
    Say what a plan gives beyond one with firm connections, both in brief.

    `firm_service_mw_it` more (MW IT), `saved_mn_yr` (millions a year, unserved demand counted), and
    between what two figures the most that flexibility can save is proven to lie: no firm plan
    costs less than the one's bound, no plan at all less than the other's. Where most is to be
    served, flexibility may also cost more, and what is saved is less than nothing.
    """
    least_mn_yr = 0.0 if asked["objective"] == "least-cost" else -inf
    return {
        "firm_service_mw_it": asked["firm_service_mw_it"] - firm["firm_service_mw_it"],
        "saved_mn_yr": firm["cost"] - asked["cost"],
        "least_saved_mn_yr": max(least_mn_yr, firm["bound"] - asked["cost"]),
        "most_saved_mn_yr": firm["cost"] - asked["bound"],
    }
