"""The door to figures: matplotlib is an extra, and asked for only where one is to be drawn."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

from microdc.errors import UsageError
from microdc.placement.plan import Plan

Picture = Literal["png", "svg", "pdf"]
PICTURES: tuple[str, ...] = get_args(Picture)


def plan_figures(kind: str, plan: Plan, folder: Path) -> list[Path]:
    """Draw a plan into a folder; raise UsageError if nothing can draw."""
    _expect_matplotlib()
    from microdc.report.figures import write_figures

    return write_figures(plan, kind, folder)


def frontier_figure(kind: str, told: dict[str, Any], folder: Path) -> list[Path]:
    """Draw a frontier into a folder; raise UsageError if nothing can draw."""
    _expect_matplotlib()
    from microdc.report.figures import write_frontier_figure

    return write_frontier_figure(told, kind, folder)


def _expect_matplotlib() -> None:
    if find_spec("matplotlib") is None:
        msg = "figures are drawn by matplotlib, which is not installed"
        raise UsageError(msg, hint="install it with: pip install 'microdc[picture]'")
