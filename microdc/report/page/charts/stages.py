"""What a programme connects, serves and costs, stage by stage along the calendar."""

from collections.abc import Iterator, Sequence
from typing import Any

from microdc.placement.stages import Programme, StagePlan, roads_of
from microdc.report.page.charts.bars import Chart, figure
from microdc.report.page.charts.stairs import (
    HEIGHT,
    TOP,
    Paper,
    Series,
    key,
    paper_for,
    scale,
    stairs,
)
from microdc.report.page.markup import Html, joined, section, tag
from microdc.report.words import number
from microdc.scenario.parts.stages.months import years_between

_LABEL = 52
"""Width of a month as it is written below the picture."""


Stage = dict[str, Any]
"""What `stages.json` says of a stage."""


def by_date(programme: Programme) -> Html:
    """Draw connections (MW), service beside demand (MW IT) and cost a year, future by future."""
    drawn = (chart for road in roads_of(programme) for chart in _of_road(road, programme.currency))
    return section("charts", "By date", tag("div", *drawn, class_="charts"))


def _of_road(road: Sequence[StagePlan], currency: str) -> Iterator[Html]:
    stages = [stage.to_document() for stage in road]
    future = f", {road[-1].future}" if road[-1].future else ""
    power = [_series(stages, "connections of all sites", "mw", "served")]
    wanted = [
        _series(stages, "demand, unserved where it shows", "demand_mw_it", "unserved"),
        _series(stages, "served", "served_mw_it", "served"),
    ]
    cost = [_series(stages, "cost of a year in the stage", "cost_mn_yr", "served")]
    yield _picture(Chart(f"Power by date{future}", "MW, grid side"), power, stages)
    yield _picture(Chart(f"Service by date{future}", "MW IT"), wanted, stages)
    yield _picture(Chart(f"Cost by date{future}", f"M {currency} a year"), cost, stages)


def _series(stages: Sequence[Stage], name: str, amount: str, style: str) -> Series:
    """Give an amount of the stages month by month."""
    amounts = [
        one[amount] for one in stages for _ in range(_months_between(one["from"], one["to"]))
    ]
    return Series(name, amounts, "area", style)


def _months_between(first: str, last: str) -> int:
    return round(12 * years_between(first, last))


def _picture(chart: Chart, shown: list[Series], stages: Sequence[Stage]) -> Html:
    first, last = stages[0]["from"], stages[-1]["to"]
    starts = [_months_between(first, one["from"]) for one in stages]
    paper = paper_for(_months_between(first, last), shown)
    drawn = joined(
        *(stairs(paper, one) for one in shown),
        *scale(paper),
        *_dates(paper, starts, stages),
        *(key(k, one) for k, one in enumerate(shown)),
    )
    told = [
        f"{one.name}: "
        + ", ".join(
            f"{number(one.amounts[start], 1)} from {stage['from']} ({stage['name']})"
            for stage, start in zip(stages, starts, strict=True)
        )
        for one in shown
    ]
    return figure(chart, HEIGHT, drawn, told)


def _dates(paper: Paper, starts: Sequence[int], stages: Sequence[Stage]) -> Iterator[Html]:
    """Draw where each stage begins; its month where there is room for it."""
    free_from, bottom = 0.0, paper.y(0)
    for start, stage in zip(starts, stages, strict=True):
        at = paper.x(start)
        yield tag("line", x1=at, y1=TOP, x2=at, y2=bottom, class_="day")
        if at >= free_from:
            yield tag("text", stage["from"], x=at, y=bottom + 16)
            free_from = at + _LABEL
