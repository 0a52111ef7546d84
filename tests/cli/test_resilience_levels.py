"""The price of resilience, by hand."""

import json
import re
from pathlib import Path

import pytest

from microdc.placement.verify import broken_promises


@pytest.fixture
def surviving(tiny: Path) -> Path:
    """
    scenarios/tiny, all of `near` kept within the bound of `far` when a site or a node is out.

    Plain, West has 15 MW and East 5: without West, East keeps 4 of 6 MW IT of `near`. With 10 MW
    each, which costs 0.4 more a year, either keeps all 6: 28.4 and 28.8.
    """
    scenario = tiny / "scenario.yaml"
    text = scenario.read_text("utf-8")
    text = text.replace("near: {", "near: {outage: {served: 1, rtt_ms: 5}, ")
    scenario.write_text(f"{text}resilience: {{survive: [site, node]}}\n", "utf-8")
    return tiny


def test_each_level_tells_what_it_costs_and_what_its_worst_outage_would_do(run, surviving):
    answer = run("plan", surviving, "--resilience-levels", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    levels = told["levels"]
    assert [level["survive"] for level in levels] == [[], ["site"], ["site", "node"]]
    assert [level["cost"] for level in levels] == pytest.approx([28.4, 28.8, 28.8])
    assert [level["broken_mw_it"] for level in levels] == pytest.approx([2, 0, 0])
    assert levels[0]["worst_outage"] == "site west"
    assert levels[0]["lost_mw_it"] == pytest.approx(12)
    assert told["cost"] == levels[-1]["cost"]
    assert told["lost_mw_it"] == pytest.approx(8)


def test_the_plan_written_is_that_of_all_levels(run, surviving):
    run("plan", surviving, "--resilience-levels")
    document = json.loads(Path("plans/tiny/plan.json").read_text("utf-8"))
    assert document["outages"]["survive"] == ["site", "node"]
    assert broken_promises(Path("plans/tiny")) == []
    assert [path.name for path in Path("plans").iterdir()] == ["tiny"]


def test_the_table_stands_below_the_plan(run, surviving):
    out = run("plan", surviving, "--resilience-levels").out
    table = out[out.index("The price of resilience") :]
    assert "nothing" in table
    assert "site, node" in table
    told = " ".join(table.split())
    assert "The plan that survives it all costs 0.40 M USD a year more (1.41 %);" in told
    assert "is proven to lie between 0.39 and 0.41 M." in told


def test_where_most_is_served_to_survive_may_cost_less(run, surviving):
    """What is kept in an outage may be less than can be served, and serving less costs less."""
    scenario = surviving / "scenario.yaml"
    more = "objective: most-served\nlimits: {max_sites: 1}\n"
    text = scenario.read_text("utf-8").replace("survive: [site, node]", "survive: [site]")
    scenario.write_text(f"{text}{more}", "utf-8")
    answer = run("plan", surviving, "--resilience-levels")
    assert answer.code == 0, answer.err
    told = " ".join(answer.out.split())
    least, most = map(float, re.search(r"lie between (\S+) and (\S+) M", told).groups())
    assert least <= most


def test_two_at_once_are_the_last_level(run, surviving):
    scenario = surviving / "scenario.yaml"
    text = scenario.read_text("utf-8").replace("[site, node]", "site, at_once: 2")
    scenario.write_text(text.replace("served: 1", "served: 0.5"), "utf-8")
    told = json.loads(run("plan", surviving, "--resilience-levels", "--json").out)
    assert [level["at_once"] for level in told["levels"]] == [0, 1, 2]
    costs = [level["cost"] for level in told["levels"]]
    assert costs == sorted(costs)
    assert " and site " in told["worst_outage"]


def test_a_scenario_that_survives_nothing_has_no_levels(run, tiny):
    answer = run("plan", tiny, "--resilience-levels")
    assert answer.code == 2
    assert "resilience: {survive: [site]}" in answer.err


def test_the_plan_says_what_may_be_out_and_what_is_not_checked(run, surviving):
    out = " ".join(run("plan", surviving).out.split())
    assert "Any one site or any one node of the power tree may be out: every class with a" in out
    assert "8.0 MW IT are lost, none of them promised." in out
    assert "Outages beyond any one site or any one node of the power tree" in out
    drawn = json.loads(Path("plans/tiny/sites.geojson").read_text("utf-8"))["features"]
    assert [f["properties"]["lost_mw_it_when_out"] for f in drawn] == pytest.approx([8, 8])
