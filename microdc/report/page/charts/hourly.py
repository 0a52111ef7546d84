"""What is wanted, served and drawn in every hour, beside what there is then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from microdc.report.page.charts.bars import WIDTH, Chart, figure
from microdc.report.page.markup import Html, joined, tag
from microdc.report.words import number

_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 170, 50, 10, 34, 24
_MOST_DATES = 4


@dataclass(frozen=True, slots=True)
class _Series:
    """An amount in every hour: its name, whether it is an area or a line, its class of style."""

    name: str
    mw: Sequence[float]
    shape: str
    style: str


@dataclass(frozen=True, slots=True)
class _Paper:
    """Which values a picture spans: so many hours, and MW from 0 to the most."""

    hours: int
    most_mw: float

    def x(self, hour: float) -> float:
        return round(_LEFT + hour / self.hours * (WIDTH - _LEFT - _RIGHT), 2)

    def y(self, mw: float) -> float:
        return round(_HEIGHT - _BOTTOM - mw / self.most_mw * (_HEIGHT - _TOP - _BOTTOM), 1)


def by_hour(hours: dict[str, Any]) -> Html:
    """
    Draw service beside demand (MW IT), and draw beside what sites may draw (MW), hour by hour.

    `hours` is what `block_of` holds. A line with the class `now` stands for the hour that is looked
    at: the page's scripts move it.
    """
    wanted = [
        _Series("demand, unserved where it shows", hours["demand_mw_it"], "area", "unserved"),
        _Series("served", hours["served_mw_it"], "area", "served"),
        _Series("of that from elsewhere", hours["moved_mw_it"], "line", "moved"),
    ]
    power = [
        _Series("drawn by the sites", hours["draw_mw"], "area", "served"),
        _Series("what they may draw: connection or headroom", hours["available_mw"], "line", "of"),
    ]
    return tag(
        "div",
        _picture(Chart("Load by hour", "MW IT"), wanted, hours),
        _picture(Chart("Power by hour", "MW, grid side"), power, hours),
        class_="charts by-hour",
    )


def _picture(chart: Chart, shown: list[_Series], hours: dict[str, Any]) -> Html:
    most_mw = max((max(one.mw, default=0.0) for one in shown), default=0.0) or 1.0
    paper = _Paper(len(hours["time"]), most_mw)
    drawn = joined(
        *(_drawn(paper, one) for one in shown),
        *_axes(paper, hours),
        *(_key(k, one) for k, one in enumerate(shown)),
        tag("line", x1=_LEFT, x2=_LEFT, y1=_TOP, y2=_HEIGHT - _BOTTOM, class_="now",
            data_left=_LEFT, data_right=WIDTH - _RIGHT, data_hours=paper.hours,
            visibility="hidden"),
    )  # fmt: skip
    return figure(chart, _HEIGHT, drawn, [_told(one, hours["time"]) for one in shown])


def _drawn(paper: _Paper, one: _Series) -> Html:
    """Draw stairs, each step as long as the amount stays the same."""
    starts = [k for k in range(paper.hours) if k == 0 or one.mw[k] != one.mw[k - 1]]
    steps = [
        f"{paper.x(hour)},{paper.y(one.mw[start])}"
        for start, end in pairwise([*starts, paper.hours])
        for hour in (start, end)
    ]
    if one.shape == "line":
        return tag("polyline", points=" ".join(steps), class_=f"line {one.style}")
    floor = paper.y(0)
    ends = [f"{paper.x(0)},{floor}", *steps, f"{paper.x(paper.hours)},{floor}"]
    return tag("polyline", points=" ".join(ends), class_=f"area {one.style}")


def _axes(paper: _Paper, hours: dict[str, Any]) -> Iterator[Html]:
    left, right, bottom = paper.x(0), paper.x(paper.hours), paper.y(0)
    yield tag("line", x1=left, y1=bottom, x2=right, y2=bottom, class_="axis")
    for mw in (0.0, paper.most_mw):
        yield tag("text", f"{mw:,.3g}", x=_LEFT - 6, y=paper.y(mw) + 4, text_anchor="end")
    days = [k for k, day in enumerate(hours["day"]) if k == 0 or day != hours["day"][k - 1]]
    for hour in days[1:]:
        at = paper.x(hour)
        yield tag("line", x1=at, y1=_TOP, x2=at, y2=bottom, class_="day")
    every = -(-len(days) // _MOST_DATES)
    for hour in days[::every]:
        yield tag("text", hours["time"][hour][:10], x=paper.x(hour), y=bottom + 16)


def _key(k: int, one: _Series) -> Html:
    return tag("text", one.name, x=_LEFT, y=9 + 11 * k, class_=f"key {one.style}")


def _told(one: _Series, times: Sequence[str]) -> str:
    most = max(range(len(times)), key=one.mw.__getitem__)
    least = min(range(len(times)), key=one.mw.__getitem__)
    return (
        f"{one.name}: at most {number(one.mw[most], 1)} at {times[most]}, at least "
        f"{number(one.mw[least], 1)} at {times[least]}"
    )
