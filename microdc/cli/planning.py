"""Commands that search for plans."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from microdc.cli.options import (
    AgainstAlone,
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
    from microdc.studies.staging.plan import ProgrammeResult
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
    against_alone: AgainstAlone = False,
    alternatives: Alternatives = None,
    within: Within = None,
    differ: Differ = None,
    report: Report = False,
) -> None:
    """Plan a scenario: which sites, how many megawatts each, serving whom."""
    from microdc.scenario import load_scenario
    from microdc.solve.highs import Clock

    stated = {"gap": gap, "time_limit_s": time_limit, "threads": threads}
    overrides = {key: value for key, value in stated.items() if value is not None}
    asked = {
        "--resilience-levels": resilience_levels,
        "--against-firm": against_firm,
        "--alternatives": (alternatives, within, differ) != (None, None, None),
    }
    if load_scenario(path).stages:
        _refuse_beside_stages(asked)
        how = {"path": path, "out": out, "force": force, "overrides": overrides}
        staged = _plan_stages(how, against_alone=against_alone, quiet=quiet, report=report)
        _tell_programme(staged, as_json=as_json)
        return
    if against_alone:
        raise UsageError("--against-alone is for a scenario with stages, and this one has none")
    plan_it = _planner(asked, alternatives, within, differ)
    clock = Clock(float("inf"))
    with watching(console_of(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        result = plan_it(path, out, force=force, overrides=overrides, watch=watch, clock=clock)
    if report:
        _write_report(result.folder)
    brief = in_brief(result.plan.to_document())
    if as_json:
        tell_json({**brief, "folder": str(result.folder), **result.beside})
    else:
        shown = [*plan_shown(result.plan), *compared(result.beside, result.plan)]
        tell(*shown, f"Written to {result.folder}")
    if brief["status"] != "within gap" or result.open_ended:
        raise typer.Exit(6)


def _write_report(folder: Path) -> None:
    from microdc.report.page import write_report
    from microdc.studies.explaining.bottlenecks import in_brief as why

    write_report(folder, why=why)


def _planner(
    asked: dict[str, bool], alternatives: int | None, within: str | None, differ: int | None
) -> "Callable[..., PlanResult]":
    """Give what plans a scenario with all that is asked for beside its plan."""
    if asked["--alternatives"]:
        if asked["--resilience-levels"] or asked["--against-firm"]:
            raise UsageError("alternatives are searched for on their own, not beside other plans")
        return _with_alternatives(alternatives, within, differ)
    if asked["--against-firm"]:
        from microdc.studies.against import plan_against_firm

        return plan_against_firm
    if asked["--resilience-levels"]:
        from microdc.studies.levels import plan_levels

        return plan_levels
    from microdc.workflow import plan_scenario

    return plan_scenario


def _refuse_beside_stages(asked: dict[str, bool]) -> None:
    """Refuse what is made beside a single plan, and not beside a programme."""
    for option in [option for option, wanted in asked.items() if wanted]:
        hint = "plan the stages first; then microdc report and others take a stage's folder"
        raise UsageError(f"{option} is not for a scenario with stages yet", hint=hint)


def _plan_stages(
    how: dict[str, Any], *, against_alone: bool, quiet: bool, report: bool
) -> "ProgrammeResult":
    """Plan all stages of a scenario, with a page if asked for; `how` is as `plan_programme`."""
    from microdc.solve.highs import Clock
    from microdc.studies.staging import plan_against_alone, plan_programme

    plan_it = plan_against_alone if against_alone else plan_programme
    clock = Clock(float("inf"))
    with watching(console_of(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        result = plan_it(**how, watch=watch, clock=clock)
    if report:
        _write_report(result.folder)
    return result


def _tell_programme(result: "ProgrammeResult", *, as_json: bool) -> None:
    """Show what the stages of a programme come to."""
    from microdc.report.staged.shown import programme_shown

    told = result.programme.to_document()
    if as_json:
        tell_json({**told, "folder": str(result.folder)})
    else:
        tell(*programme_shown(told), f"Written to {result.folder}")
    if told["status"] != "within gap" or result.open_ended:
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
