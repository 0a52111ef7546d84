"""Commands that search for plans."""

import typer

from microdc.cli.options import (
    AgainstFirm,
    Force,
    Gap,
    Json,
    Levels,
    Out,
    Quiet,
    Scenario,
    Threads,
    TimeLimit,
)
from microdc.cli.showing import console_of, tell, tell_json
from microdc.report.brief import in_brief
from microdc.report.tables import compared, plan_shown
from microdc.watching import ending_on_signal, watching


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
) -> None:
    """Plan a scenario: which sites, how many megawatts each, serving whom."""
    from microdc import workflow
    from microdc.solve.highs import Clock

    plan_it = workflow.plan_scenario
    if resilience_levels:
        from microdc.studies.levels import plan_levels as plan_it
    if against_firm:
        from microdc.studies.against import plan_against_firm as plan_it
    stated = {"gap": gap, "time_limit_s": time_limit, "threads": threads}
    overrides: dict[str, object] = {
        key: value for key, value in stated.items() if value is not None
    }
    clock = Clock(float("inf"))
    with watching(console_of(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        result = plan_it(path, out, force=force, overrides=overrides, watch=watch, clock=clock)
    brief = in_brief(result.plan.to_document())
    if as_json:
        tell_json({**brief, "folder": str(result.folder), **result.beside})
    else:
        shown = [*plan_shown(result.plan), *compared(result.beside, result.plan)]
        tell(*shown, f"Written to {result.folder}")
    if brief["status"] != "within gap":
        raise typer.Exit(6)
