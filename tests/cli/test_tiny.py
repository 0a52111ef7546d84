"""The program and the hand agree: every figure here stands in scenarios/tiny/README.md."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def document(tiny_plan):
    return json.loads((tiny_plan / "plan.json").read_text("utf-8"))


def test_the_brief_answer_is_that_of_the_hand(run, tiny):
    answer = run("plan", tiny, "--json")
    assert answer.code == 0, answer.err
    planned = json.loads(answer.out)
    assert planned["status"] == "within gap"
    assert planned["cost"] == pytest.approx(28.4)
    assert planned["bound"] == pytest.approx(28.4, rel=1e-4)
    assert planned["sites"] == 2
    assert planned["mw"] == pytest.approx(20)
    assert planned["served_share"] == pytest.approx(16 / 21)
    assert planned["worst_rtt_ms"] == pytest.approx(1.3349, abs=1e-4)
    assert {"gap", "gap_avoidable", "seconds", "folder", "currency"} <= set(planned)


def test_the_shared_limit_forces_the_dear_site(document):
    assert {site["id"]: site["mw"] for site in document["sites"]} == pytest.approx(
        {"west": 15, "east": 5}
    )


def test_every_cost_line_is_that_of_the_hand(document):
    hand = {"facility": 16.4, "site": 0.5, "connection": 0.8, "feeder": 0.5, "fibre": 0.2}
    assert document["cost_mn_yr"] == pytest.approx({**hand, "energy": 0, "hubs": 0, "unserved": 10})
    assert document["capital_mn"] == pytest.approx(184)
    assert document["certificate"]["floor_mn_yr"] == pytest.approx(25)


def test_the_trail_of_the_search_ends_at_cost_and_bound(document):
    proven = document["certificate"]
    seconds, costs, bounds = zip(*proven["trail"], strict=True)
    assert list(seconds) == sorted(seconds)
    assert costs[-1] == pytest.approx(proven["cost_mn_yr"])
    assert bounds[-1] == pytest.approx(proven["bound_mn_yr"])
    assert [bound for bound in bounds if bound is not None] == sorted(
        bound for bound in bounds if bound is not None
    )


def test_every_class_is_served_as_by_hand(document):
    near, far = document["services"]
    assert (near["service"], far["service"]) == ("near", "far")
    assert (near["demand_mw_it"], near["served_mw_it"], near["out_of_reach_mw_it"]) == (7, 6, 1)
    assert far["demand_mw_it"] == pytest.approx(14)
    assert far["served_mw_it"] == pytest.approx(10)
    assert far["out_of_reach_mw_it"] == pytest.approx(2)


def test_the_over_promise_is_that_of_the_hand(document):
    report = document["over_promise"]
    assert (report["nodes"], report["binding"]) == (1, 1)
    assert (report["sum_mw"], report["allowed_mw"]) == pytest.approx((35, 15))


def test_without_the_supply_point_one_site_does(run, tiny):
    table = tiny / "substations.csv"
    table.write_text(table.read_text("utf-8").replace(",15,,false", ",100,,false"), "utf-8")
    answer = json.loads(run("plan", tiny, "--json").out)
    assert (answer["cost"], answer["sites"], answer["mw"]) == pytest.approx((27.0, 1, 20))


@pytest.mark.parametrize(("km", "cost", "sites"), [(222, 28.4, 2), (223, 29.0, 1)])
@pytest.mark.parametrize("formulation", ["auto", "compact"])
def test_where_sites_exclude_each_other_three_blocks_stand_in_middle(
    run, tiny, km, cost, sites, formulation
):
    """West and East are 222.6 km apart: further than 222 km; at 223 km only one site is left."""
    scenario = tiny / "scenario.yaml"
    more = f"limits: {{separation_km: {km}}}\nsolve: {{formulation: {formulation}}}\n"
    scenario.write_text(scenario.read_text("utf-8") + more, "utf-8")
    answer = json.loads(run("plan", tiny, "--json").out)
    assert (answer["cost"], answer["sites"]) == pytest.approx((cost, sites))


def test_the_textbook_model_agrees_with_the_hand(run, tiny):
    scenario = tiny / "scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8") + "solve: {formulation: compact}\n", "utf-8")
    assert json.loads(run("plan", tiny, "--json").out)["cost"] == pytest.approx(28.4)


def test_the_terminal_tells_what_a_planner_needs(run, tiny):
    answer = run("plan", tiny)
    assert answer.code == 0
    for told in ("28.40", "gap on the avoidable cost", "west West", "15.0", "76.1 %", "1.33",
                 "35.0", "Not checked", "Made up to be solved by hand"):  # fmt: skip
        assert told in answer.out
    assert "optimal" not in answer.out


def test_progress_goes_to_standard_error_and_quiet_stops_it(run, tiny):
    assert "cuts" in run("plan", tiny).err
    assert run("plan", tiny, "--force", "--quiet").err == ""


def test_progress_of_a_plan_that_serves_most_begins_in_megawatts_and_ends_in_cost(run, tiny):
    scenario = tiny / "scenario.yaml"
    most = "objective: most-served\nlimits: {max_sites: 1}\n"
    scenario.write_text(scenario.read_text("utf-8") + most, "utf-8")
    told = run("plan", tiny).err
    assert "MW IT  at most" in told
    assert "cost -" not in told


def test_a_plan_that_is_there_is_not_replaced_unasked(run, tiny, tiny_plan):
    before = (tiny_plan / "plan.json").read_bytes()
    answer = run("plan", tiny)
    assert answer.code == 2
    assert "--force" in answer.err
    assert (tiny_plan / "plan.json").read_bytes() == before
    assert run("plan", tiny, "--force").code == 0


def test_a_finished_plan_verifies(run, tiny_plan):
    answer = run("verify", tiny_plan)
    assert answer.code == 0
    assert json.loads(run("verify", tiny_plan, "--json").out)["status"] == "kept"


def test_a_finished_plan_proves_its_bound_from_its_prices(run, tiny_plan):
    """By hand the prices prove 27.35: tests/unit/placement/test_verify_bound.py."""
    assert "--bound proves it" in run("verify", tiny_plan).out
    answer = run("verify", tiny_plan, "--bound")
    assert answer.code == 0, answer.err
    assert "The prices alone prove 27.3" in answer.out
    told = json.loads(run("verify", tiny_plan, "--bound", "--json").out)
    assert told["bound"]["by_prices_mn_yr"] == pytest.approx(27.35)
    assert told["bound"]["claimed_mn_yr"] == pytest.approx(28.4, rel=1e-4)


def test_prices_that_prove_less_than_stated_are_a_broken_promise(run, tiny_plan):
    document = json.loads((tiny_plan / "plan.json").read_text("utf-8"))
    document["certificate"]["prices"]["bound_mn_yr"] = 28.0
    (tiny_plan / "plan.json").write_text(json.dumps(document), "utf-8")
    assert run("verify", tiny_plan).code == 0
    answer = run("verify", tiny_plan, "--bound", "--json")
    assert answer.code == 7
    assert json.loads(answer.out)["broken"][0].startswith("the prices are said to prove 28.0000")


def test_a_plan_without_prices_proves_no_bound(run, tiny):
    scenario = tiny / "scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8") + "solve: {formulation: compact}\n", "utf-8")
    assert run("plan", tiny).code == 0
    assert "verify does not solve" in run("verify", "plans/tiny").out
    answer = run("verify", "plans/tiny", "--bound")
    assert (answer.code, "keeps no prices" in answer.err) == (2, True)
    assert "Traceback" not in answer.err


def test_a_plan_whose_input_changed_does_not_verify(run, tiny, tiny_plan):
    table = tiny / "substations.csv"
    table.write_text(table.read_text("utf-8").replace("west,West,0,-30,15", "west,West,0,-30,10"))
    answer = run("verify", tiny_plan, "--json")
    assert answer.code == 7
    assert json.loads(answer.out)["status"] == "broken promise"
    assert any("west" in promise for promise in json.loads(answer.out)["broken"])
    assert "Traceback" not in answer.err


def test_an_export_opens_as_geojson(run, tiny_plan):
    answer = run("export", tiny_plan, "--to", "geojson", "--out", "map", "--json")
    assert answer.code == 0, answer.err
    for path in json.loads(answer.out)["files"]:
        assert json.loads(Path(path).read_text("utf-8"))["type"] == "FeatureCollection"


def test_check_finds_no_fault_and_names_who_is_out_of_reach(run, tiny):
    answer = run("check", tiny)
    assert answer.code == 0, answer.err
    assert "dune" in answer.out.lower()
    told = json.loads(run("check", tiny, "--json").out)
    assert told["status"] == "well"
    assert told["unreachable"]
    assert not (tiny.parent / "plans").exists()


def test_access_may_differ_between_the_classes_of_a_place(run, tiny):
    (tiny / "places.csv").write_text(
        "id,name,lat,lon,service,mw_it,access_ms\n"
        "ashby,Ashby,0,-29.5,near,4,0.5\n"
        "ashby,Ashby,0,-29.5,far,8,0.9\n",
        "utf-8",
    )
    scenario = tiny / "scenario.yaml"
    text = scenario.read_text("utf-8").replace("kw_it_per_1000_people: 4, ", "")
    scenario.write_text(text.replace("kw_it_per_1000_people: 8, ", ""), "utf-8")
    told = json.loads(run("plan", tiny, "--json").out)
    assert told["worst_rtt_ms"] == pytest.approx(0.9 + 0.015 * 55.66, abs=1e-3)
