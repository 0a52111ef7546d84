"""Figures as files."""

from pathlib import Path
from typing import Any

from microdc.placement.plan import Plan
from microdc.report.figures.along import frontier_of
from microdc.report.figures.convergence import convergence_of
from microdc.report.figures.fleet import map_of
from microdc.report.figures.paper import save, style


def write_figures(plan: Plan, kind: str, folder: Path) -> list[Path]:
    """
    Write `map` and, where the plan has a trail, `convergence`; the same plan gives the same bytes.

    `kind` is png, svg or pdf. Gives the paths.
    """
    with style():
        written = [save(map_of(plan), folder / f"map.{kind}")]
        if plan.certificate.trail:
            written.append(save(convergence_of(plan), folder / f"convergence.{kind}"))
    return written


def write_frontier_figure(told: dict[str, Any], kind: str, folder: Path) -> list[Path]:
    """Write `frontier`, as `frontier.json` tells it; give the path."""
    with style():
        return [save(frontier_of(told), folder / f"frontier.{kind}")]
