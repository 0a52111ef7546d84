"""
The command line: parse, call, show.

Only this module prints, and only `main` catches our errors. Whatever is heavy is imported inside a
command, so that `microdc --help` answers at once. Typer carries its own Click: never import click.
"""

import json
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from microdc import __version__
from microdc.errors import (
    BrokenPromiseError,
    InfeasibleError,
    InputError,
    MicrodcError,
    NoPlanError,
    UsageError,
)
from microdc.report.brief import in_brief
from microdc.report.tables import compared, facts, fit, listed, plan_shown
from microdc.report.words import plain
from microdc.watching import ending_on_signal, watching

WIDTH = 100
"""Columns where nobody says how wide the output is, as in a pipe."""
STATUS = {
    UsageError: "usage",
    InputError: "bad input",
    InfeasibleError: "infeasible",
    NoPlanError: "no plan in time",
    BrokenPromiseError: "broken promise",
}

app = typer.Typer(
    help="Plan fleets of micro data centers at substations with stranded capacity.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """What a plan can be exported to."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    CSV = "csv"
    PARQUET = "parquet"
    KML = "kml"


class Starter(StrEnum):
    """What a new scenario can begin from."""

    TINY = "tiny"
    TEXAS = "texas"


Scenario = Annotated[
    Path, typer.Argument(metavar="PATH", help="A scenario file, or a folder with a scenario.yaml.")
]
PlanFolder = Annotated[Path, typer.Argument(metavar="PLAN", help="The folder of a plan.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Replace a plan that is there already.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
Gap = Annotated[
    float | None, typer.Option(min=0, help="Stop within this share of the bound, as 0.001.")
]
TimeLimit = Annotated[float | None, typer.Option(min=0, help="Stop after so many seconds.")]
FitLatency = Annotated[
    bool, typer.Option("--fit-latency", help="Fit the formula to the measured round trips.")
]
Bound = Annotated[
    bool, typer.Option("--bound", help="Prove the bound as well, from the prices the plan keeps.")
]
Levels = Annotated[
    bool,
    typer.Option("--resilience-levels", help="Plan also with less to survive; compare the costs."),
]
AgainstFirm = Annotated[
    bool,
    typer.Option("--against-firm", help="Plan also with firm connections; compare the two."),
]
Threads = Annotated[int | None, typer.Option(min=1, help="Threads of the solver.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; our errors become a message and an exit code, anything else is our bug."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal may lack the letters of a name
    as_json = "--json" in (sys.argv[1:] if arguments is None else arguments)
    try:
        app(args=arguments, prog_name="microdc")
    except MicrodcError as error:
        _tell(error, as_json=as_json)
        sys.exit(error.exit_code)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        _tell(UsageError(f"{error.filename}: {error.strerror}"), as_json=as_json)
        sys.exit(UsageError.exit_code)
    except Exception as error:
        traceback.print_exc()
        if as_json:
            _print_json({"status": "bug", "message": repr(error), "faults": []})
        sys.stderr.write(f"This is a bug in microdc {__version__}, not in your input.\n")
        sys.exit(MicrodcError.exit_code)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"microdc {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Print the version."),
    ] = False,
) -> None:
    """Plan fleets of micro data centers at substations with stranded capacity."""


@app.command()
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
        from microdc.levels import plan_levels as plan_it
    if against_firm:
        from microdc.against import plan_against_firm as plan_it
    stated = {"gap": gap, "time_limit_s": time_limit, "threads": threads}
    overrides: dict[str, object] = {
        key: value for key, value in stated.items() if value is not None
    }
    clock = Clock(float("inf"))
    with watching(_console(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        result = plan_it(path, out, force=force, overrides=overrides, watch=watch, clock=clock)
    brief = in_brief(result.plan.to_document())
    if as_json:
        _print_json({**brief, "folder": str(result.folder), **result.beside})
    else:
        shown = [*plan_shown(result.plan), *compared(result.beside, result.plan)]
        _print(*shown, f"Written to {result.folder}")
    if brief["status"] != "within gap":
        raise typer.Exit(6)


@app.command()
def check(path: Scenario, as_json: Json = False, fit_latency: FitLatency = False) -> None:
    """Read and judge all inputs of a scenario; solve nothing."""
    from microdc.checking import check_scenario

    result = check_scenario(path, fit_latency=fit_latency)
    if as_json:
        _print_json(
            {
                "status": "well",
                "summary": dict(result.summary),
                "warnings": list(result.warnings),
                "unreachable": list(result.unreachable),
                "exposed": list(result.exposed),
                "fit": asdict(result.fit) if result.fit else None,
            }
        )
    else:
        _print(
            facts(result.summary),
            listed("Warnings", result.warnings),
            listed("Out of everyone's reach", result.unreachable),
            listed("Not to be kept through every outage", result.exposed),
            *([fit(result.fit)] if result.fit else []),
            "No faults; nothing was solved.",
        )


@app.command()
def verify(plan: PlanFolder, as_json: Json = False, bound: Bound = False) -> None:
    """Recompute every promise of a plan from the raw inputs, with no solver."""
    from microdc.placement.verify import broken_promises, proven_by_prices
    from microdc.report.proof import kept
    from microdc.report.replayed import hardest

    broken = broken_promises(plan)
    if broken:
        raise BrokenPromiseError(broken)
    proven = proven_by_prices(plan) if bound else None
    if as_json:
        _print_json({"status": "kept", "broken": [], "bound": asdict(proven) if proven else None})
    else:
        _print(kept(plan, proven), *hardest(plan))


@app.command()
def export(
    plan: PlanFolder,
    to: Annotated[Format, typer.Option("--to", help="What to write.")],
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files in --out.")] = False,
    as_json: Json = False,
) -> None:
    """Write a plan for other programs, into its own folder unless --out says otherwise."""
    from microdc.report.export import export_plan

    written = export_plan(plan, to.value, out, force=force)
    if as_json:
        _print_json({"status": "written", "to": to, "files": [str(path) for path in written]})
    else:
        _print(*(f"Written to {path}" for path in written))


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="NAME", help="The folder to make.")],
    starter: Annotated[
        Starter, typer.Option("--from", help="Solved by hand, or a demonstration at full size.")
    ] = Starter.TINY,
    as_json: Json = False,
) -> None:
    """Make a scenario folder to begin from, with its data, that can be planned as it is."""
    from microdc.starters.write import write_starter

    scenario = write_starter(folder, starter.value)
    if as_json:
        _print_json({"status": "written", "from": starter, "scenario": str(scenario)})
    else:
        _print(f"Written to {folder}; plan it with: microdc plan {folder}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario.yaml, for editors."""
    from microdc.report.schema import scenario_schema

    typer.echo(json.dumps(scenario_schema(), indent=2))


def _tell(error: MicrodcError, *, as_json: bool) -> None:
    """Show what went wrong: as an object where one was asked for, as a message in any case."""
    if as_json:
        faults = [str(fault) for fault in getattr(error, "faults", ())]
        status = STATUS.get(type(error), "error")
        fields: dict[str, object] = {"status": status, "message": error.message, "faults": faults}
        if isinstance(error, BrokenPromiseError):
            fields["broken"] = list(error.broken)
        _print_json(fields)
    console = _console(stderr=True)
    console.print(plain(f"error: {error.message}"), soft_wrap=True)
    if error.hint:
        console.print(plain(f"hint: {error.hint}"), soft_wrap=True)


def _print(*shown: Any) -> None:
    console = _console(stderr=False)
    for renderable in shown:
        if isinstance(renderable, str):
            console.print(plain(renderable), soft_wrap=True)
        else:
            console.print(renderable)


def _print_json(fields: dict[str, Any]) -> None:
    typer.echo(json.dumps(fields, ensure_ascii=False, allow_nan=False))


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH
    return Console(stderr=stderr, width=width, markup=False, highlight=False, emoji=False)
