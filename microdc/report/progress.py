"""Where a search stands, in one line."""

from typing import TYPE_CHECKING

from rich.text import Text

from microdc.report.words import number, percent

if TYPE_CHECKING:
    from microdc.solve.outcome import Mark


def standing(mark: "Mark") -> Text:
    """Give phase, cost, bound (millions a year), gap, cuts and time left (s)."""
    parts = [
        f"{mark.seconds:6.1f} s",
        f"{mark.phase:<24}",
        f"cost {number(mark.cost):>10}",
        f"bound {number(mark.bound):>10}",
        f"gap {percent(mark.gap):>8}",
        f"{mark.cuts} cuts",
        f"{mark.time_left_s:.0f} s left",
    ]
    return Text("  ".join(parts), no_wrap=True, overflow="ellipsis")
