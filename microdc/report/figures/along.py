"""A frontier: the least cost, and its bound, along what is asked for."""

from typing import Any

from matplotlib.figure import Figure

from microdc.report.figures.paper import BOUND, COST, GREY, plain, sheet
from microdc.report.frontier.chart import least_of


def frontier_of(told: dict[str, Any]) -> Figure:
    """Draw the points of a frontier that have a plan, as `frontier.json` tells them."""
    figure = sheet(5.0, 3.2)
    ax, least = figure.add_subplot(), least_of(told)
    planned = [point for point in told["points"] if point["cost"] is not None]
    x = [point["x"] for point in planned]
    ax.plot(x, [point["cost"] for point in planned], "o-", color=COST, ms=4, lw=1.2,
            label=f"{least['of']} of a verified plan")  # fmt: skip
    ax.plot(x, [point["bound"] for point in planned], "--", color=BOUND, lw=1.2,
            label="bound: no plan has less")  # fmt: skip
    knee = told["knee"]
    if knee is not None:
        ax.annotate("knee", (knee["x"], knee["cost"]), xytext=(6, 8), textcoords="offset points",
                    color=GREY)  # fmt: skip
    unit = f" ({told['unit']})" if told["unit"] else ""
    ax.set_xlabel(plain(f"{told['title']}{unit}"))
    ax.set_ylabel(plain(f"least {least['of']} ({least['unit']})"))
    ax.set_title(plain(told["name"]), loc="left", fontsize=8)
    ax.legend(fontsize=7)
    return figure
