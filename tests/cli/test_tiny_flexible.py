"""Power that is not always there: every figure here stands in scenarios/tiny-flexible/README.md."""

import json
import re
from pathlib import Path

import pytest

TERM, SERVICE = "max_hours_per_yr: 2200", "(chat: {.*)}"
PROFILES = "(  profiles:\n)"


@pytest.fixture
def planned(run, copy_of):
    """Plan the scenario with a part of its text changed; give the cost, and the sites' sizes."""

    def plan(part, to, formulation="compact"):
        scenario = copy_of("tiny-flexible") / "scenario.yaml"
        text, found = re.subn(part, to, scenario.read_text("utf-8"))
        assert found == 1
        scenario.write_text(text + f"solve: {{formulation: {formulation}}}\n", "utf-8")
        answer = run("plan", scenario.parent, "--json")
        assert answer.code == 0, answer.err
        document = json.loads(Path("plans/tiny-flexible/plan.json").read_text("utf-8"))
        return json.loads(answer.out), {site["id"]: site["mw"] for site in document["sites"]}

    return plan


@pytest.mark.parametrize("formulation", ["auto", "compact"])
@pytest.mark.parametrize(
    ("part", "to", "cost", "sites"),
    [
        ("(?s)hours:\n.*", "", 8.5, {"west": 10}),
        ("connection: .*", "connection: firm", 44.5, {"west": 5}),
        (TERM, TERM, 13.5, {"west": 10, "middle": 5}),
        (TERM, "max_hours_per_yr: 1500", 14.0, {"west": 10, "east": 5}),
        (TERM, "max_mwh_per_mw_yr: 500", 15.0, {"west": 5, "middle": 5, "east": 5}),
        (TERM, "max_run_h: 3", 18.0, {"west": 5, "east": 5}),
        (PROFILES, r"\1    - harbour-by-hour.csv\n", 14.0, {"west": 10, "east": 5}),
        (SERVICE, r"\1, movable: false}", 15.0, {"west": 5, "middle": 5, "east": 5}),
        (SERVICE, r"\1, defer: {share: 0.5, hours: 1}}", 10.0, {"west": 5, "east": 5}),
    ],
)
def test_every_connection_and_service_costs_what_the_hand_says(
    planned, part, to, cost, sites, formulation
):
    told, sizes_mw = planned(part, to, formulation)
    assert told["cost"] == pytest.approx(cost, abs=1e-3)
    assert sizes_mw == pytest.approx(sites)


@pytest.mark.parametrize(
    ("term", "cost"),
    [
        ("max_hours_per_yr: 1460", 14.0),  # West's
        ("max_hours_per_yr: 1459", 18.0),
        ("max_mwh_per_mw_yr: 730", 13.5),  # West's with 10 MW
        ("max_mwh_per_mw_yr: 729", 15.0),
        ("max_run_h: 6", 13.5),  # Middle's
        ("max_run_h: 5", 14.0),
        ("max_run_h: 4", 14.0),  # West's
        ("max_hours_per_yr: 2200, max_run_h: 3", 18.0),  # the least of what each term allows
    ],
)
def test_a_term_is_met_to_the_hour_and_the_mwh(planned, term, cost):
    assert planned(TERM, term)[0]["cost"] == pytest.approx(cost, abs=1e-3)
