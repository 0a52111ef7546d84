"""Commands about what goes in: judge it, vary it, begin from something, know the grammar."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microdc.cli.options import FitLatency, Force, Json, Out, Scenario, Starter
from microdc.cli.showing import tell, tell_json
from microdc.report.tables import facts, fit, listed

Changes = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="KEY=VALUE,VALUE",
        help="A key and its values, as services.rtt-5ms.rtt_ms=4,5,6; for several keys, again.",
    ),
]
Paired = Annotated[
    bool, typer.Option("--paired", help="The n-th value of each key together, not all with all.")
]
Most = Annotated[int, typer.Option("--most", min=1, help="Refuse to write more variants.")]


def check(path: Scenario, as_json: Json = False, fit_latency: FitLatency = False) -> None:
    """Read and judge all inputs of a scenario; solve nothing."""
    from microdc.checking import check_scenario

    result = check_scenario(path, fit_latency=fit_latency)
    if as_json:
        tell_json(
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
        tell(
            facts(result.summary),
            listed("Warnings", result.warnings),
            listed("Out of everyone's reach", result.unreachable),
            listed("Not to be kept through every outage", result.exposed),
            *([fit(result.fit)] if result.fit else []),
            "No faults; nothing was solved.",
        )


def sweep(
    path: Scenario,
    changes: Changes,
    paired: Paired = False,
    out: Out = None,
    most: Most = 1000,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write variants of a scenario, one for every combination of values, to plan in a batch."""
    from microdc.studies.sweeping.write import Asked, sweep

    asked = Asked(changes=changes, paired=paired, out=out, most=most, force=force)
    written = sweep(path, asked)
    if as_json:
        files = [str(file) for file in written.files]
        tell_json({"status": "written", "folder": str(written.folder), "files": files})
    else:
        tell(f"{len(written.files)} variants of {written.name} written to {written.folder}")
        tell(f"Plan them with: microdc batch {written.folder}")


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
        tell_json({"status": "written", "from": starter, "scenario": str(scenario)})
    else:
        tell(f"Written to {folder}; plan it with: microdc plan {folder}")


def schema() -> None:
    """Print the JSON Schema of scenario.yaml, for editors."""
    from microdc.report.schema import scenario_schema

    typer.echo(json.dumps(scenario_schema(), indent=2))
