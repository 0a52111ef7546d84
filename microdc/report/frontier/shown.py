"""A frontier as a table, and in words."""

from typing import Any

from rich.console import RenderableType

from microdc.placement.words.rounding import (
    figure_down,
    figure_up,
    money_down,
    ms_down,
    ms_up,
    percent_down,
    percent_up,
)
from microdc.report.tables.layout import add_row, new_table, under

_UNITS = {"ms": "ms", "sites": "new sites", "MW IT": "MW IT"}
"""Of what frontiers are of but cost, and the heading of each."""
_STATUS = {"within gap": "", "gap not reached": "gap not reached", "no plan in time": "no plan yet"}


def frontier_shown(told: dict[str, Any]) -> list[RenderableType]:
    """Give a table of the points of a frontier, as `to_document` tells it, and sentences."""
    table = new_table()
    left = (told["title"], "")
    least = told["least"]
    money = () if least["of"] == "cost" else (f"M {told['currency']}/yr", "at least")
    columns = ("at least", "gap", "sites", "MW", "served")
    if least["of"] == "cost":
        columns = ("bound", *columns[1:])
    for heading in (told["title"], _UNITS.get(least["unit"], "cost"), *columns, *money, ""):
        table.add_column(heading, justify="left" if heading in left else "right")
    for point in told["points"]:
        add_row(table, *_row(point, least["unit"]))
    heading = f"{told['name']}: the least {least['of']} along {told['axis']}, {least['unit']}"
    return [under(heading, table), *_words(told)]


def _row(point: dict[str, Any], unit: str) -> list[str]:
    bound = "" if point["bound"] is None else _down(point["bound"], unit)
    of_money = unit not in _UNITS
    if point["cost"] is None:
        status = "no plan can be" if point["status"] == "infeasible" else "no plan yet"
        return [point["says"], "", bound, *[""] * (4 if of_money else 6), status]
    return [
        point["says"],
        _up(point["cost"], unit),
        bound,
        percent_up(point["gap"]),
        str(point["sites"]),
        f"{point['mw']:,.1f}",
        percent_down(point["served_share"]),
        *([] if of_money else _money(point)),
        _STATUS[point["status"]],
    ]


def _money(point: dict[str, Any]) -> list[str]:
    """Write what the plan costs, and what no plan costs less than that comes to the same."""
    least = point["least_mn_yr"]
    return [f"{point['mn_yr']:,.2f}", "" if least is None else f"{money_down(least):,.2f}"]


def _up(value: float, unit: str) -> str:
    """Write what a plan comes to."""
    if unit == "ms":
        return ms_up(value)
    return f"{value:.0f}" if unit == "sites" else f"{value:,.2f}"


def _down(bound: float, unit: str) -> str:
    """Write what no plan has less than."""
    if unit == "ms":
        return ms_down(bound)
    return f"{bound:.0f}" if unit == "sites" else f"{money_down(bound):,.2f}"


def _words(told: dict[str, Any]) -> list[str]:
    words = []
    impossible = [p["says"] for p in told["points"] if p["status"] == "infeasible"]
    if impossible:
        words.append(f"No plan can be at {impossible[0]}, nor where more is asked for.")
    if told["least_x"] is not None:
        words.append(_least(told))
    if told["open_x"] is not None:
        tighter, looser = told["open_x"]
        limit, ends = "The least that will do", (tighter, looser)
        if not told["more_is_looser"]:
            limit, ends = "The most that can be had", (looser, tighter)
        words.append(f"{limit} lies between {ends[0]} and {ends[1]}.")
    if told["slopes"]:
        words.append(_steepest(told))
    if told["knee"] is not None:
        where = told["knee"]["says"]
        words.append(f"The knee is at {where}, farthest below the line between both ends.")
    if not told["complete"]:
        words.append("Ended early: points are missing.")
    return words


def _least(told: dict[str, Any]) -> str:
    """Say below what there is proven to be no plan, and for what one was found."""
    least, most = figure_down(told["least_x"][0], 5), figure_up(told["least_x"][1], 5)
    found = "for which there is one" if least == most else f"one was found for {most}"
    return f"No plan can be below {least} {told['unit']}, {found}."


def _steepest(told: dict[str, Any]) -> str:
    """Say where x is worth most, and how sure that is."""
    slope = max(told["slopes"], key=lambda slope: slope["saved"])
    way = "more" if told["more_is_looser"] else "less"
    between = f"{figure_down(slope['least'], 4)} to {figure_up(slope['most'], 4)}"
    return (
        f"Steepest from {slope['tighter_x']:,.5g} to {slope['looser_x']:,.5g} {told['unit']}: "
        f"there one {told['one']} {way} is worth {slope['saved']:,.4g} {told['least']['unit']} "
        f"(proven: {between})."
    )
