"""What is wanted, served and drawn in every hour, beside what there is then."""

from collections.abc import Iterator, Sequence
from typing import Any

from microdc.report.page.charts.bars import WIDTH, Chart, figure
from microdc.report.page.charts.stairs import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    Paper,
    Series,
    key,
    paper_for,
    scale,
    stairs,
)
from microdc.report.page.markup import Html, joined, tag
from microdc.report.words import number

_MOST_DATES = 4


def by_hour(hours: dict[str, Any]) -> Html:
    """
    Draw service beside demand (MW IT), and draw beside what sites may draw (MW), hour by hour.

    `hours` is what `block_of` holds. A line with the class `now` stands for the hour that is looked
    at: the page's scripts move it.
    """
    wanted = [
        Series("demand, unserved where it shows", hours["demand_mw_it"], "area", "unserved"),
        Series("served", hours["served_mw_it"], "area", "served"),
        Series("of that from elsewhere", hours["moved_mw_it"], "line", "moved"),
    ]
    power = [
        Series("drawn by the sites", hours["draw_mw"], "area", "served"),
        Series("what they may draw: connection or headroom", hours["available_mw"], "line", "of"),
    ]
    return tag(
        "div",
        _picture(Chart("Load by hour", "MW IT"), wanted, hours),
        _picture(Chart("Power by hour", "MW, grid side"), power, hours),
        class_="charts by-hour",
    )


def _picture(chart: Chart, shown: list[Series], hours: dict[str, Any]) -> Html:
    paper = paper_for(len(hours["time"]), shown)
    drawn = joined(
        *(stairs(paper, one) for one in shown),
        *_axes(paper, hours),
        *(key(k, one) for k, one in enumerate(shown)),
        tag("line", x1=LEFT, x2=LEFT, y1=TOP, y2=HEIGHT - BOTTOM, class_="now",
            data_left=LEFT, data_right=WIDTH - RIGHT, data_hours=paper.steps,
            visibility="hidden"),
    )  # fmt: skip
    return figure(chart, HEIGHT, drawn, [_told(one, hours["time"]) for one in shown])


def _axes(paper: Paper, hours: dict[str, Any]) -> Iterator[Html]:
    bottom = paper.y(0)
    yield from scale(paper)
    days = [k for k, day in enumerate(hours["day"]) if k == 0 or day != hours["day"][k - 1]]
    for hour in days[1:]:
        at = paper.x(hour)
        yield tag("line", x1=at, y1=TOP, x2=at, y2=bottom, class_="day")
    every = -(-len(days) // _MOST_DATES)
    for hour in days[::every]:
        yield tag("text", hours["time"][hour][:10], x=paper.x(hour), y=bottom + 16)


def _told(one: Series, times: Sequence[str]) -> str:
    most = max(range(len(times)), key=one.amounts.__getitem__)
    least = min(range(len(times)), key=one.amounts.__getitem__)
    return (
        f"{one.name}: at most {number(one.amounts[most], 1)} at {times[most]}, at least "
        f"{number(one.amounts[least], 1)} at {times[least]}"
    )
