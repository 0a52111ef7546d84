"""Amounts that hold from one step to the next, as stairs: by the hour, or by the month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from microdc.report.page.charts.bars import WIDTH
from microdc.report.page.markup import Html, tag

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 170, 50, 10, 34, 24


@dataclass(frozen=True, slots=True)
class Series:
    """An amount in every step: its name, whether it is an area or a line, its class of style."""

    name: str
    amounts: Sequence[float]
    shape: str
    style: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Which values a picture spans: so many steps, and amounts from 0 to the most."""

    steps: int
    most: float

    def x(self, step: float) -> float:
        """Give how far to the right a step begins."""
        return round(LEFT + step / self.steps * (WIDTH - LEFT - RIGHT), 2)

    def y(self, amount: float) -> float:
        """Give how far down an amount lies."""
        return round(HEIGHT - BOTTOM - amount / self.most * (HEIGHT - TOP - BOTTOM), 1)


def paper_for(steps: int, shown: Sequence[Series]) -> Paper:
    """Give a picture that all of some series fit into."""
    most = max((max(one.amounts, default=0.0) for one in shown), default=0.0)
    return Paper(steps, most or 1.0)


def stairs(paper: Paper, one: Series) -> Html:
    """Draw stairs, each step as long as the amount stays the same."""
    starts = [k for k in range(paper.steps) if k == 0 or one.amounts[k] != one.amounts[k - 1]]
    steps = [
        f"{paper.x(step)},{paper.y(one.amounts[start])}"
        for start, end in pairwise([*starts, paper.steps])
        for step in (start, end)
    ]
    if one.shape == "line":
        return tag("polyline", points=" ".join(steps), class_=f"line {one.style}")
    floor = paper.y(0)
    ends = [f"{paper.x(0)},{floor}", *steps, f"{paper.x(paper.steps)},{floor}"]
    return tag("polyline", points=" ".join(ends), class_=f"area {one.style}")


def key(k: int, one: Series) -> Html:
    """Name a series above the picture, in its colour; `k` counts from the top."""
    return tag("text", one.name, x=LEFT, y=9 + 11 * k, class_=f"key {one.style}")


def scale(paper: Paper) -> Iterator[Html]:
    """Draw the floor, and say how much lies there and at the top."""
    left, right, bottom = paper.x(0), paper.x(paper.steps), paper.y(0)
    yield tag("line", x1=left, y1=bottom, x2=right, y2=bottom, class_="axis")
    for amount in (0.0, paper.most):
        yield tag("text", f"{amount:,.3g}", x=LEFT - 6, y=paper.y(amount) + 4, text_anchor="end")
