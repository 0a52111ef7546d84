"""Commands that plan many scenarios: along an axis, or those of a folder."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from microdc.cli.options import Gap, Json, Out, Quiet, Scenario, Threads, TimeLimit
from microdc.cli.showing import console_of, tell, tell_json
from microdc.errors import UsageError
from microdc.watching import RESULTS_SO_FAR, ending_on_signal, watching, watching_batch

NOT_ALL_PLANNED = 8
"""Exit code of a batch in which not every scenario has a plan within the gap."""

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="A folder of scenario files, searched in depth.")
]
Glob = Annotated[
    list[str] | None,
    typer.Option("--glob", help="Which files are scenarios; all .yaml and .yml if unsaid."),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=256, help="Processes; as many as cores and memory allow if unsaid."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where a batch ended; so it does without this, too.")
]
Afresh = Annotated[
    bool, typer.Option("--force", help="Compute all again, and take over another batch's folder.")
]
Retry = Annotated[bool, typer.Option("--retry", help="Try again what has no plan within its gap.")]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Address of a Dask scheduler, such as tcp://host:8786, to do the work."),
]
Reuse = Annotated[
    bool,
    typer.Option(
        "--reuse",
        help="Begin each search with the cuts of the worker's last one of the same base: faster, "
        "but which plan within the gap is found then depends on what came before.",
    ),
]
Regret = Annotated[
    bool, typer.Option("--regret", help="Price the fleet of each scenario in all the others.")
]
EachTimeLimit = Annotated[
    float | None, typer.Option(min=0, help="Stop each search after so many seconds.")
]


Along = Annotated[
    str,
    typer.Option("--x", help="What changes: rtt, mean-rtt, budget, sites, served or resilience."),
]
Points = Annotated[int, typer.Option("--points", min=2, max=100, help="How many points.")]
From = Annotated[float | None, typer.Option("--from", help="Smallest value of x.")]
To = Annotated[float | None, typer.Option("--to", help="Largest value of x.")]
OneService = Annotated[
    str | None, typer.Option("--service", help="For --x rtt: the one class whose bound changes.")
]


def batch(
    folder: Folder,
    out: Out = None,
    glob: Glob = None,
    workers: Workers = None,
    resume: Resume = False,
    force: Afresh = False,
    retry: Retry = False,
    reuse: Reuse = False,
    regret: Regret = False,
    scheduler: Scheduler = None,
    time_limit: EachTimeLimit = None,
    gap: Gap = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plan every scenario in a folder, side by side; compute only what is not there yet."""
    from microdc.batch.folder import USUAL_GLOBS
    from microdc.batch.run import Asked, batch_of, local_workers, to_document
    from microdc.batch.shown import batch_shown
    from microdc.batch.workers.cluster import ClusterWorkers
    from microdc.solve.highs import Clock

    _refuse_both(resume, force, "--resume keeps what is there, and --force does not")
    _refuse_both(workers, scheduler, "--workers are processes here, and --scheduler has its own")
    asked = Asked(
        folder=folder,
        out=out,
        globs=glob or USUAL_GLOBS,
        workers=workers,
        solving=_stated(gap=gap, time_limit_s=time_limit),
        mode="force" if force else "resume",
        retry=retry,
        reuse=reuse,
        regret=regret,
    )
    hire = local_workers if scheduler is None else partial(ClusterWorkers.hired, scheduler)
    clock = Clock(float("inf"))
    with (
        watching_batch(console_of(stderr=True), quiet=quiet) as show,
        ending_on_signal(clock, RESULTS_SO_FAR),
    ):
        done, summary = batch_of(asked, show, clock, hire)
    if as_json:
        regrets = summary.to_document()["regret"]
        tell_json({**to_document(done), "regret": regrets, "folder": str(done.out)})
    else:
        tell(*summary.shown(), *batch_shown(done))
    if not (done.all_planned and summary.complete):
        raise typer.Exit(NOT_ALL_PLANNED)


def _stated(**options: object) -> dict[str, object]:
    """Give the options that were stated."""
    return {key: value for key, value in options.items() if value is not None}


def _refuse_both(one: object, other: object, says: str) -> None:
    if one and other:
        raise UsageError(says, hint="choose one")


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
    from microdc.studies.frontier.run import Asked, frontier_of
    from microdc.studies.frontier.told import to_document

    folder = Path("frontiers") / f"{load_scenario(path).name}-{along}" if out is None else out
    refuse_other(folder)
    overrides = _stated(gap=gap, time_limit_s=time_limit, threads=threads)
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
