"""Where a search stands, in one line."""

from typing import TYPE_CHECKING

from rich.text import Text

from microdc.placement.words.rounding import money_down, money_up, ms_down
from microdc.report.words import NONE, number, percent

if TYPE_CHECKING:
    from microdc.solve.outcome import Mark


def standing(mark: "Mark") -> Text:
    """Give phase, cost and bound (millions a year) or what is served, gap, cuts, time left (s)."""
    parts = [
        f"{mark.seconds:6.1f} s",
        f"{mark.phase:<24}",
        *_reached(mark),
        f"gap {percent(mark.gap):>8}",
        f"{mark.cuts} cuts",
        f"{mark.time_left_s:.0f} s left",
    ]
    return Text("  ".join(parts), no_wrap=True, overflow="ellipsis")


def _reached(mark: "Mark") -> list[str]:
    """Say what is found and what is proven, in the unit of what is looked for."""
    least = number(None if mark.bound is None else money_down(mark.bound))
    if mark.of == "cost":
        return [f"cost {number(mark.cost):>10}", f"bound {least:>10}"]
    if mark.of == "sites":
        return [f"sites {number(mark.cost, 0):>10}", f"at least {least:>10}"]
    if mark.of == "mean round trip":
        least = NONE if mark.bound is None else ms_down(mark.bound)
        return [f"mean {number(mark.cost, 3):>10} ms", f"at least {least:>10}"]
    if mark.of == "round trips":
        return ["any plan within a round trip"]
    served, most = (None if x is None else -x for x in (mark.cost, mark.bound))
    unit = "MW IT" if mark.of == "service" else "MW-months"
    above = number(None if most is None else money_up(most))
    return [f"served {number(served):>10} {unit}", f"at most {above:>10}"]
