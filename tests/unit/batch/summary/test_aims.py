"""What plans came to before cost stands in a summary, and of which plans bounds on cost hold."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from microdc.batch.result import Result, Status
from microdc.batch.summary.aims import WORDS
from microdc.batch.summary.fleets import sites_table
from microdc.batch.summary.page.charts import cost_chart
from microdc.batch.summary.page.page import page
from microdc.batch.summary.shown import summary_shown
from microdc.batch.summary.table import summary_table
from microdc.batch.summary.told import Told
from microdc.placement.parts.records import records


def told(name: str, objective: str, **figures: object) -> Told:
    known = {
        "currency": "USD", "cost": 20.0, "bound": 19.999, "gap": 5e-5, "sites": 3, "mw": 15.0,
        "served_share": 1.0, "worst_rtt_ms": 1.335, "mean_rtt_ms": 1.2, "objective": objective,
    }  # fmt: skip
    figures = {**known, **figures}
    result = Result(name=name, file=Path(name), status=Status.PLANNED, figures=figures)
    return Told(result=result, varied={"sites.max_mw": 20})


COST = told("cost", "least-cost", reached=[], unserved_bound_mw_it=None, most_mean_rtt_ms=None)
FEW = told(
    "few",
    "fewest-sites, least-mean-rtt",
    reached=[
        {"objective": "fewest-sites", "value": 3.0, "bound": 2.0},
        {"objective": "least-mean-rtt", "value": 1.2, "bound": 1.1},
    ],
)
MOST = told("most", "most-served", reached=[], unserved_mw_it=6.0, unserved_bound_mw_it=5.94)
OLD = told("old", "least-mean-rtt")
"""As an older version wrote it."""


def shown(scenarios: list[Told]) -> str:
    console = Console(width=100, file=StringIO())
    for part in summary_shown(scenarios):
        console.print(part)
    return console.file.getvalue()


def page_of(scenarios: list[Told]) -> str:
    return page(scenarios, summary_table(scenarios), sites_table(scenarios), None)


def test_a_batch_for_least_cost_has_no_more_columns():
    assert set(WORDS).isdisjoint(summary_table([COST]))
    assert "no plan can cost less than the bound of its scenario" in page_of([COST])
    assert "At least:" not in shown([COST])


def test_what_was_reached_and_is_proven_has_columns_where_some_scenario_has_it():
    table = summary_table([COST, FEW, MOST])
    cost, few, most = records(table)
    assert (few["new_sites"], few["least_new_sites"]) == (3, 2)
    assert (few["mean_rtt_ms"], few["least_mean_rtt_ms"]) == (1.2, 1.1)
    assert (most["unserved_mw_it"], most["least_unserved_mw_it"]) == (6.0, 5.94)
    assert cost["new_sites"] is None
    assert cost["mean_rtt_ms"] == 1.2
    assert "promised_rtt_ms" not in table


def test_a_limit_on_the_mean_brings_the_mean():
    table = summary_table([COST, told("limited", "least-cost", most_mean_rtt_ms=1.5)])
    assert table["mean_rtt_ms"].tolist() == [1.2, 1.2]
    assert "least_mean_rtt_ms" not in table


def test_the_page_has_the_columns_and_says_of_which_plans_bounds_hold():
    text = page_of([COST, FEW, MOST])
    for heading in ("new sites, at least", "mean ms, at least", "unserved MW IT"):
        assert heading in text
    assert ">5.9<" in text  # a bound is rounded down
    assert "no plan that is as good by its objectives before cost can cost less" in text


@pytest.mark.parametrize(
    ("one", "of_which"),
    [
        (COST, ""),
        (FEW, " that builds as few sites and answers in 1.2 ms in the mean"),
        (MOST, " that serves as much"),
        (OLD, " that is as good by its objectives before cost"),
    ],
)
def test_a_chart_says_of_each_bound_of_which_plans_it_holds(one, of_which):
    drawn = cost_chart([one], "sites.max_mw", "M USD a year")
    assert f"cost 20.00, no plan{of_which} costs less than 19.99" in drawn


def test_the_terminal_tells_what_the_first_objective_came_to():
    text = shown([COST, FEW])
    assert "new sites" in text
    assert "mean ms" not in text
    assert "At least: no plan that is as good by its objectives before cost costs less." in text
    assert "new sites" not in shown([COST, FEW, MOST])  # they differ in what comes first
    assert "mean ms" in shown([COST, FEW, MOST])


def test_a_result_of_an_older_version_is_told_as_far_as_it_goes():
    assert set(WORDS).isdisjoint(summary_table([OLD]))
    assert "At least: no plan that is as good" in shown([OLD])
