"""Commands about plans that are there."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from microdc.cli.options import Bound, FirstPlan, Format, Json, OtherPlan, Out, PlanFolder
from microdc.cli.showing import tell, tell_json
from microdc.errors import BrokenPromiseError, UsageError


def verify(plan: PlanFolder, as_json: Json = False, bound: Bound = False) -> None:
    """Recompute every promise of a plan from the raw inputs, with no solver."""
    from microdc.placement.verify import broken_promises, proven_by_prices
    from microdc.placement.verify.stages import is_programme
    from microdc.report.proof import kept
    from microdc.report.replayed import hardest

    if is_programme(plan):
        _verify_programme(plan, as_json=as_json, bound=bound)
        return
    broken = broken_promises(plan)
    if broken:
        raise BrokenPromiseError(broken)
    proven = proven_by_prices(plan) if bound else None
    if as_json:
        tell_json({"status": "kept", "broken": [], "bound": asdict(proven) if proven else None})
    else:
        tell(kept(plan, proven), *hardest(plan))


def _verify_programme(folder: Path, *, as_json: bool, bound: bool) -> None:
    """Recompute every promise of every stage, and those that they keep together."""
    from microdc.placement.verify.stages import broken_programme

    if bound:
        msg = "the bound of a programme is the solver's claim: it keeps no prices that prove it"
        raise UsageError(msg, hint="leave out --bound")
    broken = broken_programme(folder)
    if broken:
        raise BrokenPromiseError(broken)
    if as_json:
        tell_json({"status": "kept", "broken": [], "bound": None})
    else:
        tell("Every promise of every stage is kept. The bound is the solver's claim.")


def export(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="The folder of a plan, or of a frontier to draw.")
    ],
    to: Annotated[Format, typer.Option("--to", help="What to write.")],
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files in --out.")] = False,
    as_json: Json = False,
) -> None:
    """Write a plan for other programs, or draw it, into its own folder or into --out."""
    from microdc.report.export import export_plan

    written = export_plan(plan, to.value, out, force=force)
    if as_json:
        tell_json({"status": "written", "to": to, "files": [str(path) for path in written]})
    else:
        tell(*(f"Written to {path}" for path in written))


def report(
    plan: PlanFolder,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A file; the plan's own report.html if unsaid."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file in --out.")] = False,
    as_json: Json = False,
) -> None:
    """Write a plan as one page for a browser: map, tables, charts, proof; it works offline."""
    from microdc.report.page import write_report
    from microdc.studies.explaining.bottlenecks import in_brief

    written = write_report(plan, out, force=force, why=in_brief)
    if as_json:
        tell_json({"status": "written", "file": str(written)})
    else:
        tell(f"Written to {written}")


def compare(
    before: FirstPlan,
    after: OtherPlan,
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files in --out.")] = False,
    as_json: Json = False,
) -> None:
    """Lay two plans side by side: inputs, what moved, how soon both answer, and the cost."""
    from microdc.placement.compare import compare as compare_plans
    from microdc.report.compared.tables import comparison_shown
    from microdc.report.compared.write import write_comparison

    found = compare_plans(before, after)
    written = write_comparison(found, out, force=force) if out else []
    told = found.to_document()
    if as_json:
        tell_json({"status": "compared", **told, "files": [str(path) for path in written]})
    else:
        tell(*comparison_shown(told), *(f"Written to {path}" for path in written))
