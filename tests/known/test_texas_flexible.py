"""What scenarios/texas-flexible/README.md says of candidates, hours and the file beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from microdc.assembly import assemble
from microdc.checking import check_scenario
from microdc.inputs.read import read_region
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.studies.against import plan_against_firm

HERE = Path(__file__).parents[2] / "scenarios" / "texas-flexible"
TEXAS = HERE.parent / "texas"
FIRM = HERE / "firm.yaml"


def without(scenario: Scenario, *fields: str) -> dict[str, Any]:
    """Give what a scenario asks for, but for its name and some fields."""
    return {
        field: getattr(scenario, field)
        for field in type(scenario).model_fields
        if field not in ("name", *fields)
    }


def test_the_firm_scenario_differs_in_nothing_but_its_connections():
    flexible, firm = load_scenario(HERE), load_scenario(FIRM)
    assert (flexible.connection.type, firm.connection.type) == ("flexible", "firm")
    assert without(flexible, "connection") == without(firm, "connection")


def test_it_is_the_problem_of_texas_but_for_hours_connections_and_which_substations():
    own = ("hours", "connection", "substations")
    assert without(load_scenario(HERE), *own) == without(load_scenario(TEXAS), *own)


@pytest.mark.parametrize(("scenario", "candidates"), [(HERE, 431), (FIRM, 37)])
def test_flexible_connections_make_candidates_of_many(scenario, candidates):
    summary = dict(check_scenario(scenario).summary)
    assert summary["candidates that bear the smallest site"] == candidates


def test_few_hours_of_the_year_are_in_force():
    scenario = load_scenario(HERE)
    every = scenario.hours.model_copy(update={"use": "all"})
    all_year = scenario.model_copy(update={"hours": every})
    assert len(assemble(all_year, read_region(all_year)).hours.what) == 38


@pytest.mark.slow
def test_what_flexible_connections_unlock_is_worked_out_again_from_the_two_plans(tmp_path):
    result = plan_against_firm(
        HERE, tmp_path / "plan", force=False, overrides={}, watch=lambda _: None, clock=Clock(300)
    )
    flexible, firm = (
        json.loads((tmp_path / name / "plan.json").read_text("utf-8"))
        for name in ("plan", "plan-firm")
    )
    for said, document in ((157.5, firm), (221.7, flexible)):
        assert document["hours"]["firm_service_mw_it"] == pytest.approx(said, abs=0.2)
    more_mw_it = flexible["hours"]["firm_service_mw_it"] - firm["hours"]["firm_service_mw_it"]
    unlocked = result.beside["unlocked"]
    assert unlocked["firm_service_mw_it"] == pytest.approx(more_mw_it)
    cost = [document["certificate"]["cost_mn_yr"] for document in (firm, flexible)]
    bound = [document["certificate"]["bound_mn_yr"] for document in (firm, flexible)]
    assert unlocked["saved_mn_yr"] == pytest.approx(cost[0] - cost[1])
    proven = unlocked["least_saved_mn_yr"], unlocked["most_saved_mn_yr"]
    assert proven == pytest.approx((bound[0] - cost[1], cost[0] - bound[1]))
    assert proven[0] <= 169.46  # as the README has it: none of the two proves the other wrong
    assert proven[1] >= 169.15
