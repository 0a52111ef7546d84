"""What is said to be used up in an hour, and what demand out of reach costs: tiny-flexible."""

import json
from pathlib import Path

import pandas as pd
import pytest

PLAN = Path("plans/tiny-flexible")


@pytest.fixture
def flexible(copy_of) -> Path:
    """West and Middle below the harbour; Ashby demands 4 MW IT at night, 8 from 06:00 to 22:00."""
    return copy_of("tiny-flexible")


def with_rows(scenario: Path, table: str, value: str, by_hour: list[float], **whose: str) -> None:
    """Write the 24 hours of someone, in place of those stated."""
    path, [(column, name)] = scenario / table, whose.items()
    stated = pd.read_csv(path)
    new = {"time": sorted(stated["time"].unique()), column: name, value: by_hour, "weight_h": 365}
    pd.concat([stated[stated[column] != name], pd.DataFrame(new)]).to_csv(path, index=False)


def with_headroom(scenario: Path, name: str, by_hour: list[float]) -> None:
    with_rows(scenario, "substations-by-hour.csv", "headroom_mw", by_hour, id=name)


def binding(run, scenario: Path) -> list[str]:
    """Plan a scenario; say what is used up in each hour."""
    answer = run("plan", scenario)
    assert answer.code == 0, answer.err
    return pd.read_parquet(PLAN / "hours.parquet")["binding"].tolist()


def test_a_limit_is_not_used_up_where_all_that_is_connected_below_it_is_drawn(run, flexible):
    """Terms allow the 10 MW that all but six hours have; by day 10 MW are drawn, of 12 mostly."""
    with_headroom(flexible, "west", [5.0] * 24)
    with_headroom(flexible, "middle", [5.0] * 24)
    with_headroom(flexible, "harbour", [5.0] * 6 + [10.0] + [12.0] * 17)
    used_up = binding(run, flexible)
    assert used_up == ["limit harbour"] * 6 + [""] * 18


def test_where_a_limit_has_nothing_the_sites_below_it_are_used_up(run, flexible):
    with_headroom(flexible, "harbour", [0.0] + [20.0] * 23)
    share = [0.0] + [0.5] * 5 + [1.0] * 18
    with_rows(flexible, "services-by-hour.csv", "demand_share", share, service="chat")
    assert binding(run, flexible)[0] == "site middle; site west"


def test_who_nobody_reaches_costs_the_same_in_hours_that_want_nothing_of_them(run, flexible):
    """Dune, where nobody is, wants 1 MW IT of chat as Ashby does, and 1 MW IT by night alone."""
    with (flexible / "places.csv").open("a") as places:
        places.write("dune,Dune,0,-9,125000\n")
    night = "  night: {rtt_ms: 5, kw_it_per_1000_people: 8, unserved_mn_per_mw_yr: 3}\n"
    path = flexible / "scenario.yaml"
    path.write_text(path.read_text("utf-8").replace("latency:", night + "latency:"), "utf-8")
    share = [0.1] * 6 + [0.0] * 18
    with_rows(flexible, "services-by-hour.csv", "demand_share", share, service="night")
    answer = run("plan", flexible, "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["cost"] == pytest.approx(13.5 + 10 + 3)
