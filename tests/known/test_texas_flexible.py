"""What scenarios/texas-flexible/README.md says of candidates, hours and the file beside it."""

from pathlib import Path
from typing import Any

import pytest

from microdc.assembly import assemble
from microdc.checking import check_scenario
from microdc.inputs.read import read_region
from microdc.scenario import Scenario, load_scenario

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


def test_it_is_the_problem_of_texas_but_for_hours_and_connections():
    own = ("hours", "connection")
    assert without(load_scenario(HERE), *own) == without(load_scenario(TEXAS), *own)


@pytest.mark.parametrize(("scenario", "candidates"), [(HERE, 810), (FIRM, 416)])
def test_a_flexible_connection_doubles_the_candidates(scenario, candidates):
    summary = dict(check_scenario(scenario).summary)
    assert summary["candidates that bear the smallest site"] == candidates


def test_few_hours_of_the_year_are_in_force():
    scenario = load_scenario(HERE)
    every = scenario.hours.model_copy(update={"use": "all"})
    all_year = scenario.model_copy(update={"hours": every})
    assert len(assemble(all_year, read_region(all_year)).hours.what) == 38
