"""What commands take: each argument and option once, with its help."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from microdc.errors import UsageError


class Format(StrEnum):
    """What a plan can be exported to."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    CSV = "csv"
    PARQUET = "parquet"
    KML = "kml"
    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


class Starter(StrEnum):
    """What a new scenario can begin from."""

    TINY = "tiny"
    TEXAS = "texas"


Scenario = Annotated[
    Path, typer.Argument(metavar="PATH", help="A scenario file, or a folder with a scenario.yaml.")
]
PlanFolder = Annotated[Path, typer.Argument(metavar="PLAN", help="The folder of a plan.")]
FirstPlan = Annotated[Path, typer.Argument(metavar="A", help="The folder of a plan.")]
OtherPlan = Annotated[Path, typer.Argument(metavar="B", help="The folder of another plan.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write.", show_default=False)]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there already.")]
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
AgainstAlone = Annotated[
    bool,
    typer.Option(
        "--against-alone", help="Plan each stage alone too; show what it costs that sites stay."
    ),
]
Alternatives = Annotated[
    int | None,
    typer.Option(min=1, help="Find so many more fleets that cost nearly as little."),
]
Within = Annotated[
    str | None, typer.Option(help="How near the best cost, with --alternatives: 1% or 0.01.")
]
Differ = Annotated[
    int | None,
    typer.Option(
        min=1, help="Sites of each fleet before that an alternative leaves out; a tenth if unsaid."
    ),
]
Report = Annotated[
    bool, typer.Option("--report", help="Write report.html as well, a page for any browser.")
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of the solver, and processes that search.")
]


def share_of(text: str) -> float:
    """Read a share, stated as `1%` or `0.01`; raise UsageError if it is none."""
    number, percent = text.removesuffix("%"), text.endswith("%")
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        share = float("nan")
    if not 0 <= share <= 1:
        msg = f"--within is no share of the cost: {text}"
        raise UsageError(msg, hint="state it as 1% or 0.01, from 0 to 1")
    return share
