"""The command that plans a folder of scenarios."""

from pathlib import Path
from typing import Annotated

import typer

from microdc.cli.options import Gap, Json, Out, Quiet
from microdc.cli.showing import console_of, tell, tell_json
from microdc.errors import UsageError
from microdc.watching import RESULTS_SO_FAR, ending_on_signal, watching_batch

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
TimeLimit = Annotated[
    float | None, typer.Option(min=0, help="Stop each search after so many seconds.")
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
    time_limit: TimeLimit = None,
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

    if workers is not None and scheduler is not None:
        raise UsageError("--workers counts processes here, --scheduler has its own")
    if resume and force:
        raise UsageError("--resume keeps what is there and --force does not", hint="choose one")
    stated = {"gap": gap, "time_limit_s": time_limit}
    asked = Asked(
        folder=folder,
        out=out,
        globs=glob or USUAL_GLOBS,
        workers=workers,
        solving={key: value for key, value in stated.items() if value is not None},
        mode="force" if force else "resume",
        retry=retry,
        reuse=reuse,
        regret=regret,
    )
    hire = local_workers
    if scheduler is not None:
        hire = lambda *_: ClusterWorkers(scheduler)  # noqa: E731
    clock = Clock(float("inf"))
    with (
        watching_batch(console_of(stderr=True), quiet=quiet) as show,
        ending_on_signal(clock, RESULTS_SO_FAR),
    ):
        done, summary = batch_of(asked, show, clock, hire)
    if as_json:
        told = {"regret": summary.to_document()["regret"], "folder": str(done.out)}
        tell_json({**to_document(done), **told})
    else:
        tell(*summary.shown(), *batch_shown(done))
    if not (done.all_planned and summary.complete):
        raise typer.Exit(NOT_ALL_PLANNED)
