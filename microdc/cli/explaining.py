"""Commands that say why."""

from pathlib import Path
from typing import Annotated

import typer

from microdc.cli.options import Json, Out, TimeLimit
from microdc.cli.showing import tell, tell_json
from microdc.watching import ending_on_signal

Target = Annotated[
    Path,
    typer.Argument(metavar="TARGET", help="A scenario, its file or folder, or a plan's folder."),
]


def explain(
    target: Target, out: Out = None, as_json: Json = False, time_limit: TimeLimit = None
) -> None:
    """Say who is short of power in a scenario or a plan, by how much, and why."""
    from microdc.report.explained.bottlenecks import bottlenecks_shown, written
    from microdc.report.explained.maps import write_explanation
    from microdc.solve.highs import Clock
    from microdc.studies.explaining.bottlenecks import explain as explain_it

    clock = Clock(float("inf"))
    with ending_on_signal(clock):
        document = explain_it(target, time_limit_s=time_limit, clock=clock).to_document()
    files = [] if out is None else write_explanation(document, out)
    if as_json:
        tell_json({**document, "files": [str(path) for path in files]})
    else:
        tell(*bottlenecks_shown(document), *([written(files)] if files else []))
