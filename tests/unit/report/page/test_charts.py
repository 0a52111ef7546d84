"""Charts show the numbers they are given, in words as well."""

import re

import pytest

from microdc.placement.store import read_plan
from microdc.report.page.charts import charts
from microdc.report.page.charts.bars import Bar, Chart, bars
from microdc.report.page.charts.convergence import convergence
from microdc.report.page.charts.histogram import Heap, histogram
from microdc.report.page.charts.hourly import by_hour
from microdc.report.page.charts.stack import stack
from microdc.report.page.data import block_of

CHART = Chart("Round trips", "MW IT by ms")
PROVEN = {"cost_mn_yr": 10.0, "bound_mn_yr": 9.0, "seconds": 4.0}


def document(objective: str = "least-cost", **proven: object) -> dict:
    items = {"facility": 6.0, "site": 4.0, "hubs": 0.0}
    named = {"objective": objective, "currency": "USD", "cost_mn_yr": items}
    return {**named, "certificate": {**PROVEN, **proven}}


def numbers(pattern: str, text: str) -> list[float]:
    return [float(found) for found in re.findall(pattern, text)]


def test_bars_are_as_long_as_their_values():
    drawn = bars(CHART, [Bar("a", 4, "4 MW"), Bar("b <", 2, "2 MW")])
    one, other = numbers(r'<rect[^>]* width="([\d.]+)"', drawn)
    assert one == pytest.approx(2 * other)
    assert "b &lt;: 2 MW" in drawn
    assert bars(CHART, []) is None


def test_what_takes_just_its_bound_stands_left_of_the_line():
    heap = Heap(unit="ms", of="MW IT", limit=2.0, most=2.0)
    drawn = histogram(CHART, [(2.0, 3.0), (0.0, 1.0)], heap)
    ends = [x + w for x, w in re.findall(r'<rect x="([\d.]+)"[^>]* width="([\d.]+)"', drawn)
            for x, w in [(float(x), float(w))]]  # fmt: skip
    (limit,) = numbers(r'<line x1="([\d.]+)"[^>]*class="limit"', drawn)
    assert max(ends) <= limit
    assert "1.90 to 2.00 ms: 3.0 MW IT" in drawn


def test_items_of_the_cost_fill_the_bar_and_the_bound_stands_in_it():
    drawn = stack(document())
    wide = [w for w in numbers(r'<rect[^>]* width="([\d.]+)"', drawn) if w > 11]
    assert wide == pytest.approx([216, 144])
    assert numbers(r'<line x1="([\d.]+)"', drawn) == pytest.approx([324])
    assert "no plan below 9.00" in drawn
    assert "no such plan below 9.00" in stack(document("most-served"))
    assert stack({**document(), "cost_mn_yr": {"facility": 0.0}}) is None


def test_cost_falls_and_bound_rises_as_they_did():
    trail = [[1.0, None, 5.0], [2.0, 12.0, 5.0], [3.0, 12.0, 9.0]]
    drawn = convergence(document(trail=trail))
    assert "cost: 12.00 after 2 s, 10.00 after 4 s" in drawn
    assert "bound: 5.00 after 1 s, 9.00 after 4 s" in drawn
    assert "bound: no plan costs less" in drawn
    assert "bound: no such plan costs less" in convergence(document("most-served", trail=trail))
    assert convergence(document()) is None


def test_every_chart_of_a_plan_is_there(planned):
    plan = read_plan(planned("tiny"))
    drawn = charts(plan.to_document(), block_of(plan, None))
    titles = re.findall("<figcaption><b>([^<]*)</b>", drawn)
    of_tiny = ["Cost", "Connections by site", "Round trips of near", "Round trips of far"]
    of_tiny += ["Unserved demand", "Utilisation of the sites", "Limits of the power tree"]
    assert set(of_tiny) <= set(titles)
    assert "Unserved demand, MW IT by place. Dune: 3.0 MW IT" in drawn


def test_hours_stand_side_by_side_and_what_is_unserved_shows():
    powers = {"demand_mw_it": [4, 4], "served_mw_it": [4, 2], "moved_mw_it": [0, 1],
              "draw_mw": [5, 2.5], "available_mw": [10, 2.5]}  # fmt: skip
    drawn = by_hour({"time": ["2026-01-01T00:00Z", "2026-07-01T00:00Z"], "day": [0, 181], **powers})
    areas = re.findall(r'points="([^"]*)" class="area (\w+)"', drawn)
    tops = {style: sorted({float(at.split(",")[1]) for at in points.split()})
            for points, style in areas[:2]}  # fmt: skip
    assert tops["unserved"] == [34.0, 146.0]  # all of the height, and the floor
    assert tops["served"] == [34.0, 90.0, 146.0]
    assert "at least 2.5 at 2026-07-01T00:00Z" in drawn
    assert ">2026-07-01<" in drawn
