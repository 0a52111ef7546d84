"""What a plan costs, item by item, in one bar, with the bound."""

from typing import Any

from microdc.placement.words.aims import no_plan
from microdc.placement.words.rounding import money_down
from microdc.report.page.charts.bars import WIDTH, Chart, figure
from microdc.report.page.markup import Html, joined, tag
from microdc.report.words import number

_BAR, _TOP, _ROW = 26, 24, 18
COLOURS = 8
"""Colours that the page's style has for parts of a whole."""


def stack(document: dict[str, Any]) -> Html | None:
    """Draw the items of the cost one after another (millions a year); None where it is nothing."""
    bound_mn_yr = document["certificate"]["bound_mn_yr"]
    items = [(item, mn) for item, mn in document["cost_mn_yr"].items() if mn > 0]
    total = sum(mn for _, mn in items)
    if not total:
        return None
    parts, at = [], 0.0
    for k, (item, mn) in enumerate(items):
        width, left = mn / total * WIDTH, at / total * WIDTH
        colour = f"fill-{k % COLOURS}"
        down = _TOP + _BAR + 12 + _ROW * k
        parts += [
            tag(
                "rect", x=round(left, 1), y=_TOP, width=round(width, 1), height=_BAR, class_=colour
            ),
            tag("rect", x=0, y=down, width=11, height=11, class_=colour),
            tag("text", f"{item}  {number(mn)} ({100 * mn / total:.1f} %)", x=18, y=down + 10),
        ]
        at += mn
    bound = min(1.0, bound_mn_yr / total)
    at_bound = round(bound * WIDTH - (1 if bound == 1 else 0), 1)
    parts.append(tag("line", x1=at_bound, y1=_TOP - 6, x2=at_bound, y2=_TOP + _BAR + 6,
                     class_="limit"))  # fmt: skip
    least = f"{no_plan(document)} below {number(money_down(bound_mn_yr))}"
    parts.append(tag("text", least, x=at_bound - 2, y=_TOP - 10, text_anchor="end"))
    height = _TOP + _BAR + 16 + _ROW * len(items)
    told = [*(f"{item} {number(mn)}" for item, mn in items), least]
    return figure(Chart("Cost", f"M {document['currency']} a year"), height, joined(*parts), told)
