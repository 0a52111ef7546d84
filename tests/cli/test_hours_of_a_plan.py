"""What a plan says of its hours, and what flexible connections unlock: scenarios/tiny-flexible."""

import json
from pathlib import Path

import pandas as pd
import pytest

from microdc.placement.store import read_plan
from microdc.placement.verify import broken_promises

PLAN, FIRM = Path("plans/tiny-flexible"), Path("plans/tiny-flexible-firm")


@pytest.fixture
def flexible(copy_of) -> Path:
    """Give a copy of the scenario: West with 10 MW and Middle with 5 are best, at 13.5 a year."""
    return copy_of("tiny-flexible")


def changed(scenario: Path, old: str, new: str) -> Path:
    path = scenario / "scenario.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return scenario


def test_the_plan_says_what_is_firm_and_what_is_served_with_it(run, flexible):
    out = " ".join(run("plan", flexible).out.split())
    assert "These 2 sites with 9.0 MW firm between them give 8.0 MW IT of firm service" in out
    assert "promised in 24 hour(s) of 1 day(s)" in out
    assert "They serve 8.0 of 8.0 MW IT of demand, each class at its peak (100 %)" in out
    assert "Years with other hours than the profiles'" in out
    document = json.loads((PLAN / "plan.json").read_text("utf-8"))
    sites = {site["id"]: site for site in document["sites"]}
    told = ("firm_mw", "curtailed_h_per_yr", "curtailed_mwh_per_mw_yr")
    assert [sites["west"][key] for key in told] == pytest.approx([5, 1460, 730])
    assert [sites["middle"][key] for key in told] == pytest.approx([4, 2190, 438])
    drawn = json.loads((PLAN / "sites.geojson").read_text("utf-8"))["features"]
    assert {f["properties"]["firm_mw"] for f in drawn} == {5, 4}


def test_every_hour_is_told_and_what_is_not_from_home_in_it(run, flexible):
    run("plan", flexible)
    hours = pd.read_parquet(PLAN / "hours.parquet").set_index("time")
    assert len(hours) == 24
    evening, night = hours.loc["2026-01-01T20:00Z"], hours.loc["2026-01-01T02:00Z"]
    assert evening[["served_mw_it", "draw_mw", "curtailed_mw"]].tolist() == pytest.approx(
        [8, 10, 5]
    )
    assert evening["binding"] == "site west"
    assert night[["served_mw_it", "curtailed_mw"]].tolist() == pytest.approx([4, 0])
    moved = pd.read_parquet(PLAN / "hourly_service.parquet")
    by_hour = moved.groupby("time")["mw_it"].sum()
    assert by_hour.to_numpy() == pytest.approx(8)
    assert (moved["time"] == moved["for_time"]).all()


def test_a_plan_with_hours_comes_back_from_its_folder(run, flexible):
    run("plan", flexible)
    plan = read_plan(PLAN)
    assert plan.to_document()["hours"] == json.loads((PLAN / "plan.json").read_text())["hours"]
    assert len(plan.hours.tables.hours) == 24
    assert run("export", PLAN, "--to", "csv").code == 0
    assert "firm_mw" in (PLAN / "sites.csv").read_text("utf-8-sig")


def test_load_that_waits_is_told_with_the_hour_that_it_is_of(run, flexible):
    changed(flexible, "chat: {", "chat: {defer: {share: 0.5, hours: 1}, ")
    assert json.loads(run("plan", flexible, "--json").out)["cost"] == pytest.approx(10)
    hours = pd.read_parquet(PLAN / "hours.parquet")
    assert hours["deferred_mw_it"].sum() > 0.1
    moved = pd.read_parquet(PLAN / "hourly_service.parquet")
    late = moved[moved["time"] > moved["for_time"]]
    assert late["mw_it"].sum() == pytest.approx(hours["deferred_mw_it"].sum())


def test_where_nothing_is_built_every_hour_is_told_all_the_same(run, flexible):
    changed(flexible, "unserved_mn_per_mw_yr: 10", "unserved_mn_per_mw_yr: 0.1")
    out = " ".join(run("plan", flexible).out.split())
    assert "No site is built. None of 8.0 MW IT of demand is served." in out
    assert "all of it is served from home in each of them" in out
    assert pd.read_parquet(PLAN / "hours.parquet")["served_mw_it"].sum() == 0


def test_what_flexible_connections_unlock_is_told_and_both_plans_are_written(run, flexible):
    answer = run("plan", flexible, "--against-firm", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert (told["cost"], told["firm"]["cost"]) == pytest.approx((13.5, 44.5))
    assert (told["sites"], told["firm"]["sites"]) == (2, 1)
    assert (told["firm_mw"], told["firm"]["firm_mw"]) == pytest.approx((9, 5))
    unlocked = told["unlocked"]
    assert unlocked["firm_service_mw_it"] == pytest.approx(4)
    assert unlocked["saved_mn_yr"] == pytest.approx(31)
    assert unlocked["least_saved_mn_yr"] <= 31 <= unlocked["most_saved_mn_yr"]
    both = [json.loads((f / "plan.json").read_text("utf-8")) for f in (PLAN, FIRM)]
    assert [plan["name"] for plan in both] == ["tiny-flexible", "tiny-flexible-firm"]
    assert [plan["hours"]["connection"] for plan in both] == ["flexible", "firm"]
    costs = [plan["certificate"]["cost_mn_yr"] for plan in both]
    assert costs[1] - costs[0] == pytest.approx(unlocked["saved_mn_yr"])
    assert broken_promises(PLAN) == broken_promises(FIRM) == []


def test_the_two_stand_side_by_side_below_the_plan(run, flexible):
    out = run("plan", flexible, "--against-firm").out
    table = " ".join(out[out.index("What flexible connections unlock") :].split())
    assert "give 4.0 MW IT more of firm service and save 31.00 M USD a year" in table
    assert "firm 1 5.0 5.0 4.0 44.50" in table
    assert "as asked 2 15.0 9.0 8.0 13.50" in table


def test_where_firm_connections_allow_no_plan_that_is_said(run, flexible):
    """All of the demand must be served, for which 5 MW do not do."""
    changed(flexible, ", unserved_mn_per_mw_yr: 10", "")
    told = json.loads(run("plan", flexible, "--against-firm", "--json").out)
    assert told["firm"]["status"] == "infeasible"
    assert told["unlocked"] is None
    assert told["cost"] == pytest.approx(13.5)
    assert not FIRM.exists()
    out = run("plan", flexible, "--against-firm", "--force").out
    assert "With firm connections no plan can satisfy this scenario" in " ".join(out.split())


def test_a_scenario_of_firm_connections_has_nothing_to_compare(run, tiny):
    answer = run("plan", tiny, "--against-firm")
    assert answer.code == 2
    assert "connection: {type: flexible, ...}" in answer.err


def test_a_folder_in_the_way_of_the_firm_plan_is_told_before_the_search(run, flexible):
    FIRM.mkdir(parents=True)
    (FIRM / "notes.txt").write_text("mine", encoding="utf-8")
    answer = run("plan", flexible, "--against-firm")
    assert answer.code == 2
    assert "tiny-flexible-firm" in answer.err
    assert not PLAN.exists()
