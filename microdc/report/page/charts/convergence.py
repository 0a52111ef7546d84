"""How the search came to its cost and bound."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from microdc.placement.words.aims import no_plan
from microdc.placement.words.rounding import money_down
from microdc.report.page.charts.bars import WIDTH, Chart, figure
from microdc.report.page.markup import Html, joined, tag
from microdc.report.words import number

_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 190, 64, 14, 30, 34

Steps = Sequence[tuple[float, float]]
"""Seconds and millions a year, each holding until the next."""


class _Paper(NamedTuple):
    """Which values the picture spans: seconds from 0, millions a year from the lowest known."""

    seconds: float
    low: float
    high: float

    def at(self, seconds: float, mn_yr: float) -> tuple[float, float]:
        across = seconds / self.seconds * (WIDTH - _LEFT - _RIGHT)
        up = (mn_yr - self.low) / (self.high - self.low) * (_HEIGHT - _TOP - _BOTTOM)
        return round(_LEFT + across, 1), round(_HEIGHT - _BOTTOM - up, 1)


def convergence(document: dict[str, Any]) -> Html | None:
    """Draw cost and bound over the time of the search; None where its trail was not kept."""
    proven = document["certificate"]
    trail = [(s, cost, bound) for s, cost, bound in proven.get("trail") or ()]
    trail.append((proven["seconds"], proven["cost_mn_yr"], proven["bound_mn_yr"]))
    costs = [(s, cost) for s, cost, _ in trail if cost is not None]
    bounds = [(s, bound) for s, _, bound in trail if bound is not None]
    if len(trail) < 3 or not proven["seconds"]:
        return None
    paper = _paper(costs, bounds, proven["seconds"])
    drawn = joined(
        *_axes(paper),
        _line(paper, bounds, "bound"),
        _line(paper, costs, "cost"),
        tag("text", "cost of the best plan so far", x=WIDTH - _RIGHT, y=11, text_anchor="end",
            class_="cost"),
        tag("text", f"bound: {no_plan(document)} costs less", x=WIDTH - _RIGHT, y=25,
            text_anchor="end", class_="bound"),
    )  # fmt: skip
    chart = Chart("Convergence", f"M {document['currency']} a year over the seconds of the search")
    return figure(chart, _HEIGHT, drawn, list(_told(costs, bounds)))


def _paper(costs: Steps, bounds: Steps, seconds: float) -> _Paper:
    values = [mn_yr for _, mn_yr in (*costs, *bounds)]
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 0.5
    return _Paper(seconds, low - room, high + room)


def _line(paper: _Paper, steps: Steps, what: str) -> Html:
    """Draw what holds from each step to the next, as stairs."""
    ends = [*(s for s, _ in steps[1:]), paper.seconds]
    corners = [
        paper.at(min(second, paper.seconds), mn_yr)
        for (begin, mn_yr), end in zip(steps, ends, strict=True)
        for second in (begin, end)
    ]
    path = " ".join(f"{x},{y}" for x, y in corners)
    return tag("polyline", points=path, class_=f"line {what}")


def _axes(paper: _Paper) -> Iterator[Html]:
    (left, bottom), (right, top) = paper.at(0, paper.low), paper.at(paper.seconds, paper.high)
    yield tag("polyline", points=f"{left},{top} {left},{bottom} {right},{bottom}", class_="axis")
    for seconds in (0.0, paper.seconds / 2, paper.seconds):
        x, _ = paper.at(seconds, paper.low)
        anchor = "end" if seconds == paper.seconds else "middle"
        yield tag("text", f"{seconds:.3g}", x=x, y=bottom + 15, text_anchor=anchor)
    yield tag("text", "s", x=right, y=bottom + 29, text_anchor="end")
    for part in (0.05, 0.5, 0.95):
        mn_yr = paper.low + part * (paper.high - paper.low)
        _, y = paper.at(0, mn_yr)
        yield tag("text", f"{mn_yr:,.5g}", x=_LEFT - 6, y=y + 4, text_anchor="end")


def _told(costs: Steps, bounds: Steps) -> Iterator[str]:
    for what, steps in (("cost", costs), ("bound", bounds)):
        (begin, first), (end, last) = steps[0], steps[-1]
        if what == "bound":
            first, last = money_down(first), money_down(last)
        yield f"{what}: {number(first)} after {begin:.3g} s, {number(last)} after {end:.3g} s"
