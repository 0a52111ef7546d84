"""Commands that say why."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from microdc.cli.options import Force, Json, Out, Quiet, TimeLimit
from microdc.cli.showing import console_of, tell, tell_json
from microdc.errors import UsageError
from microdc.watching import ending_on_signal, watching

if TYPE_CHECKING:
    from microdc.studies.explaining.bottlenecks import Asked as Repairing
    from microdc.studies.explaining.plans import Asked

Target = Annotated[
    Path,
    typer.Argument(metavar="TARGET", help="A scenario, its file or folder, or a plan's folder."),
]
Sites = Annotated[
    list[str] | None,
    typer.Option(
        "--site",
        metavar="ID",
        help="Say why a substation or parcel is not in the plan, or what it is for.",
        show_default=False,
    ),
]
OfHeadroom = Annotated[
    bool, typer.Option("--headroom", help="Say where a MW more would help, and which to verify.")
]
Top = Annotated[int, typer.Option(min=1, help="Rows to solve for with --headroom.")]
Apply = Annotated[
    bool, typer.Option("--apply", help="Write the scenario with its cheapest repair as a variant.")
]
To = Annotated[
    Path | None,
    typer.Option("--apply-to", help="File of that variant [default: NAME-repaired.yaml]."),
]
Number = Annotated[
    int | None, typer.Option("--repair", min=1, help="Apply single repair N, not the cheapest mix.")
]
HeadroomPrice = Annotated[
    float | None, typer.Option(min=0, help="Price of headroom in repairs (millions a MW).")
]
UnservedPrice = Annotated[
    float | None,
    typer.Option(min=0, help="Price of a promise given up (millions a MW IT and year)."),
]


def explain(
    target: Target,
    site: Sites = None,
    headroom: OfHeadroom = False,
    top: Top = 5,
    apply: Apply = False,
    apply_to: To = None,
    repair: Number = None,
    headroom_price: HeadroomPrice = None,
    unserved_price: UnservedPrice = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    time_limit: TimeLimit = None,
) -> None:
    """Say who is short of power, why, and what cures it; or what a site or headroom is worth."""
    from microdc.studies.explaining.bottlenecks import Asked as Repairing
    from microdc.studies.explaining.plans import Asked

    repairs = (
        apply or apply_to or repair or headroom_price is not None or unserved_price is not None
    )
    if bool(site) + headroom + bool(repairs) > 1:
        hint = "ask with --site ID, with --headroom, or for repairs of a scenario"
        raise UsageError("two questions at once", hint=hint)
    if site or headroom:
        asked = Asked(folder=target, time_limit_s=time_limit, out=out, force=force)
        _tell_of_plan(asked, site or (), top, as_json=as_json, quiet=quiet)
        return
    repairing = Repairing(
        headroom_mn_per_mw=headroom_price,
        unserved_mn_per_mw_it_yr=unserved_price,
        write=apply or apply_to is not None or repair is not None,
        to=apply_to,
        number=repair,
        force=force,
    )
    _tell_bottlenecks(target, repairing, out, time_limit, as_json=as_json)


def _tell_bottlenecks(
    target: Path,
    repairing: "Repairing",
    out: Path | None,
    time_limit: float | None,
    *,
    as_json: bool,
) -> None:
    """Tell who is short of power in a scenario or a plan, and what cures it."""
    from microdc.report.explained.bottlenecks import bottlenecks_shown, written
    from microdc.report.explained.maps import write_explanation
    from microdc.report.explained.repairs import repairs_shown
    from microdc.solve.highs import Clock
    from microdc.studies.explaining.bottlenecks import explain as explain_it

    clock = Clock(math.inf)
    with ending_on_signal(clock):
        found = explain_it(target, time_limit_s=time_limit, clock=clock, asked=repairing)
    document = found.to_document()
    files = [] if out is None else write_explanation(document, out)
    files += [] if found.written is None else [found.written]
    if as_json:
        tell_json({**document, "files": [str(path) for path in files]})
    else:
        tell(*bottlenecks_shown(document), *repairs_shown(document))
        tell(*([written(files)] if files else []))
    if document["status"] == "not known":
        raise typer.Exit(6)


def _tell_of_plan(
    asked: "Asked", sites: Sequence[str], top: int, *, as_json: bool, quiet: bool
) -> None:
    """Tell of some sites of a plan, or, of none, what headroom is worth."""
    from microdc.report.explained.headroom import headroom_shown
    from microdc.report.explained.sites import sites_shown
    from microdc.solve.highs import Clock
    from microdc.studies.explaining.plans import explain_headroom, explain_sites

    clock = Clock(math.inf)
    with watching(console_of(stderr=True), quiet=quiet) as watch, ending_on_signal(clock):
        if sites:
            told = explain_sites(asked, sites, watch, clock)
        else:
            told = explain_headroom(asked, top, watch, clock)
    if as_json:
        tell_json(told)
    else:
        tell((sites_shown if sites else headroom_shown)(told))
        tell(*([f"Written to {told['layer']}"] if told["layer"] else []))
    if told["status"] != "explained":
        raise typer.Exit(6)
