"""How a search came to its cost and its bound, and the gap between them."""

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from microdc.placement.certificate import Certificate, Step
from microdc.placement.plan import Plan
from microdc.placement.words.aims import no_plan
from microdc.placement.words.rounding import percent_up
from microdc.report.figures.paper import BOUND, COST, GREY, INK, plain, sheet
from microdc.solve.outcome import relative_gap

_LEAST_GAP = 1e-7
"""A gap of nothing still has a place on a logarithmic axis."""


def convergence_of(plan: Plan) -> Figure:
    """Draw cost and bound over the seconds of the search, and below them the gap."""
    proven = plan.certificate
    steps = _ended(proven)
    figure = sheet(5.0, 3.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    seconds = [step.seconds for step in steps]
    costs = [math.nan if step.cost_mn_yr is None else step.cost_mn_yr for step in steps]
    bounds = [math.nan if step.bound_mn_yr is None else step.bound_mn_yr for step in steps]
    above.step(seconds, costs, where="post", color=COST, label="cost of the best plan so far")
    least = f"bound: {no_plan(plan.to_document())} costs less"
    above.step(seconds, bounds, where="post", color=BOUND, ls="--", label=least)
    above.plot(seconds[-1], costs[-1], "o", color=COST, ms=3)
    above.set_ylabel(plain(f"M {plan.currency} a year"))
    above.legend(loc="center right", fontsize=7)
    above.set_title(plain(f"{plan.name}: ended with a gap of {percent_up(proven.gap)}"), loc="left",
                    fontsize=8)  # fmt: skip
    _draw_gap(below, steps, proven.asked_gap)
    return figure


def _ended(proven: Certificate) -> list[Step]:
    """Give the steps of the trail, and where the finished plan ended."""
    return [*proven.trail, Step(proven.seconds, proven.cost_mn_yr, proven.bound_mn_yr)]


def _draw_gap(ax: Axes, steps: list[Step], asked: float) -> None:
    known = [
        (step.seconds, 100 * max(relative_gap(step.cost_mn_yr, step.bound_mn_yr), _LEAST_GAP))
        for step in steps
        if step.cost_mn_yr is not None and step.bound_mn_yr is not None
    ]
    ax.step(*zip(*known, strict=True), where="post", color=INK)
    ax.plot(*known[-1], "o", color=INK, ms=3)
    if asked > 0:
        ax.axhline(100 * asked, color=GREY, lw=0.8, ls=":")
        ax.annotate("asked", (1, 100 * asked), xycoords=("axes fraction", "data"), color=GREY,
                    ha="right", va="bottom")  # fmt: skip
    ax.set(yscale="log", ylabel="gap (%)", xlabel="seconds of the search")
