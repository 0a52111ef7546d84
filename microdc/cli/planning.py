"""Commands that search for plans."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from microdc.cli.options import (
    AgainstFirm,
    Alternatives,
    Differ,
    Force,
    Gap,
    Json,
    Levels,
    Out,
    Quiet,
    Report,
    Scenario,
    Threads,
    TimeLimit,
    Within,
    share_of,
)
from microdc.cli.showing import console_of, tell, tell_json
from microdc.errors import UsageError
from microdc.report.brief import in_brief
from microdc.report.tables import compared, plan_shown
from microdc.watching import ending_on_signal, watching

if TYPE_CHECKING:
    from microdc.workflow import PlanResult


def plan(
    path: Scenario,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
    resilience_levels: Levels = False,
    against_firm: AgainstFirm = False,
    alternatives: Alternatives = None,
    within: Within = None,
    differ: Differ = None,
    report: Report = False,
) -> None:
    """Plan a scenario: which sites, how many megawatts each, serving whom."""
    from microdc import workflow
    from microdc.solve.highs import Clock

    plan_it = workflow.plan_scenario
    if resilience_levels:
        from microdc.studies.levels import plan_levels as plan_it
    if against_firm:
        from microdc.studies.against import plan_against_firm as plan_it
    if (alternatives, within, differ) != (None, None, None):
        if resilience_levels or against_firm:
            raise UsageError("alternatives are searched for on their own, not beside other plans")
        plan_it = _with_alternatives(alternatives, within, differ)
    stated = {"gap": gap, "time_limit_s": time_limit, "threads": threads}
    overrides: dict[str, object] = {
        key: value for key, value in stated.items() if value is not None
    }
    clock = Clock(float("inf"))
    with watching(console_of(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        result = plan_it(path, out, force=force, overrides=overrides, watch=watch, clock=clock)
    if report:
        from microdc.report.page import write_report
        from microdc.studies.explaining.bottlenecks import in_brief as why

        write_report(result.folder, why=why)
    brief = in_brief(result.plan.to_document())
    if as_json:
        tell_json({**brief, "folder": str(result.folder), **result.beside})
    else:
        shown = [*plan_shown(result.plan), *compared(result.beside, result.plan)]
        tell(*shown, f"Written to {result.folder}")
    if brief["status"] != "within gap" or result.open_ended:
        raise typer.Exit(6)


def _with_alternatives(
    count: int | None, within: str | None, differ: int | None
) -> "Callable[..., PlanResult]":
    """Give what plans a scenario with so many alternatives."""
    from microdc.studies.alternatives import Asked

    if count is None:
        raise UsageError(
            "--within and --differ say which alternatives are wanted, not how many",
            hint="ask for some, such as --alternatives 5",
        )
    return Asked(
        count=count, within=share_of("1%" if within is None else within), leaves_out=differ
    ).plan
