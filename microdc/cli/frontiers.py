"""The command that shows how cost changes with what is asked for."""

from pathlib import Path
from typing import Annotated

import typer

from microdc.cli.options import Gap, Json, Out, Quiet, Scenario, Threads, TimeLimit
from microdc.cli.showing import console_of, tell, tell_json
from microdc.watching import ending_on_signal, watching

Along = Annotated[
    str, typer.Option("--x", help="What changes: rtt, budget, sites, served or resilience.")
]
Points = Annotated[int, typer.Option("--points", min=2, max=100, help="How many points.")]
From = Annotated[float | None, typer.Option("--from", help="Smallest value of x.")]
To = Annotated[float | None, typer.Option("--to", help="Largest value of x.")]
OneService = Annotated[
    str | None, typer.Option("--service", help="For --x rtt: the one class whose bound changes.")
]


def frontier(
    path: Scenario,
    along: Along,
    points: Points = 8,
    first: From = None,
    last: To = None,
    service: OneService = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
    gap: Gap = None,
    time_limit: TimeLimit = None,
    threads: Threads = None,
) -> None:
    """Show how the least cost changes with a bound, a budget, a count or a promise."""
    from microdc.report.frontier.shown import frontier_shown
    from microdc.report.frontier.write import refuse_other, write_frontier
    from microdc.scenario import load_scenario
    from microdc.solve.highs import Clock
    from microdc.studies.frontier.run import Asked, frontier_of, to_document

    folder = Path("frontiers") / f"{load_scenario(path).name}-{along}" if out is None else out
    refuse_other(folder)
    stated = {"gap": gap, "time_limit_s": time_limit, "threads": threads}
    overrides: dict[str, object] = {
        key: value for key, value in stated.items() if value is not None
    }
    asked = Asked(along=along, points=points, first=first, last=last, service=service)
    clock = Clock(float("inf"))
    with watching(console_of(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        found = frontier_of(path, asked, overrides, watch, clock)
    told = to_document(found)
    write_frontier(told, folder)
    if as_json:
        tell_json({**told, "folder": str(folder)})
    else:
        tell(*frontier_shown(told), f"Written to {folder}")
    if not found.within_gap:
        raise typer.Exit(6)
