"""What measured sizes lead to expect of one that was not measured."""

from collections.abc import Sequence
from math import log
from typing import Any

from benchmarks.names import percent

Point = tuple[float, float]

GAP = 0.001

SITES = 1_000_000
"""The size asked about: a million sites before the places of the largest measured instance."""


def beyond(records: Sequence[dict[str, Any]]) -> list[dict[str, float]]:
    """
    Extrapolate from the two largest sizes; empty where microdc did not bring both to 0.1 %.

    Pairs grow with the sites, for the places stay the same; seconds grow as a power of the pairs,
    memory as a straight line. Two points promise nothing: they say what would give way first.
    """
    ours = sorted((r for r in records if r["method"] == "microdc"), key=lambda r: r["pairs"])[-2:]
    solved = [r | {"seconds": r["seconds_to"][percent(GAP)]} for r in ours]
    if len(solved) < 2 or None in (solved[0]["seconds"], solved[1]["seconds"]):
        return []
    small, large = solved
    grown = all(large[key] > small[key] for key in ("pairs", "seconds", "peak_mb"))
    if not grown or large["sites"] >= SITES:
        return []
    pairs = large["pairs"] * SITES / large["sites"]
    seconds, peak_mb = (
        ((small["pairs"], small[key]), (large["pairs"], large[key]))
        for key in ("seconds", "peak_mb")
    )
    return [
        {
            "sites": SITES,
            "points": large["points"],
            "pairs": pairs,
            "seconds": power_law(*seconds, at=pairs),
            "peak_mb": straight_line(*peak_mb, at=pairs),
        }
    ]


def power_law(one: Point, other: Point, at: float) -> float:
    """Give y at x = `at` of the curve y = a * x**b through two points (x, y)."""
    exponent = log(other[1] / one[1]) / log(other[0] / one[0])
    return float(other[1] * (at / other[0]) ** exponent)


def straight_line(one: Point, other: Point, at: float) -> float:
    """Give y at x = `at` of the straight line through two points (x, y)."""
    return float(other[1] + (at - other[0]) * (other[1] - one[1]) / (other[0] - one[0]))
