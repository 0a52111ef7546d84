"""Sites that are built together as projects, from the command line."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import Run

SCENARIO = Path(__file__).parents[2] / "scenarios" / "tiny-projects"
RULE = "{within_km: 30, min_mw: 15, max_owners: 2}"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCENARIO, tmp_path / "tiny-projects"))


def with_rule(scenario: Path, rule: str) -> Path:
    file = scenario / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    assert RULE in text
    file.write_text(text.replace(RULE, rule), encoding="utf-8")
    return scenario


def planned(run: Run, scenario: Path) -> dict:
    out = scenario.parent / "plan"
    answer = run("plan", scenario, "--out", out, "--force", "--quiet", "--time-limit", 60)
    assert answer.code == 0, answer.err
    return json.loads((out / "plan.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("rule", "cost", "sites"),
    [
        ("null", 13.9, {"plum", "quince", "sloe"}),
        (RULE, 14.3, {"plum", "quince", "rowan"}),
        ("{within_rtt_ms: 0.45, min_mw: 15}", 14.3, {"plum", "quince", "rowan"}),
        ("{within_rtt_ms: 0.3, min_mw: 15}", 48.0, set()),
        ("{within_km: 30, min_mw: 15, max_owners: 1}", 48.0, set()),
        ("{within_km: 30, min_mw: 10, max_owners: 1}", 25.4, {"plum", "quince"}),
    ],
)
def test_projects_are_those_found_by_hand(run, scenario, rule, cost, sites):
    plan = planned(run, with_rule(scenario, rule))
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(cost, abs=2e-3)
    assert {site["id"] for site in plan["sites"]} == sites
    assert run("verify", scenario.parent / "plan", "--bound").code == 0


def test_a_plan_tells_the_centre_of_each_site_s_project(run, scenario):
    plan = planned(run, scenario)
    assert {site["project"] for site in plan["sites"]} == {"quince"}


def test_the_textbook_model_keeps_projects_together(run, scenario):
    out = scenario.parent / "plan"
    file = scenario / "scenario.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}solve: {{formulation: compact}}\n")
    assert run("plan", scenario, "--out", out, "--quiet").code == 0
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(14.3, abs=2e-3)
    assert {site["project"] for site in plan["sites"]} == {"quince"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("share: 1,", "share: 1, rtt_price: {mn_per_mw_ms_yr: 0.0001},"),
        ("limits:", "limits:\n  mean_rtt_ms: 1.9"),
    ],
)
def test_projects_go_with_a_price_on_time_and_with_a_limit_in_the_mean(
    run, scenario, before, after
):
    file = scenario / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    plan = planned(run, scenario)
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(14.3, abs=4e-3)
    assert {site["project"] for site in plan["sites"]} == {"quince"}
    assert run("verify", scenario.parent / "plan").code == 0


def test_a_site_that_no_project_can_have_is_told_so(run, scenario):
    planned(run, scenario)
    answer = run("explain", scenario.parent / "plan", "--site", "sloe", "--quiet")
    assert answer.code == 0
    assert "no project of 15 MW can be drawn around it" in " ".join(answer.out.split())


def test_promises_that_only_projects_stand_in_the_way_of_are_told_so(run, scenario):
    alone = with_rule(scenario, "{within_km: 30, min_mw: 15, max_owners: 1}") / "scenario.yaml"
    text = alone.read_text(encoding="utf-8")
    alone.write_text(text.replace("share: 1,", "share: 1, min_served: 0.5,"), encoding="utf-8")
    answer = run("plan", scenario, "--out", scenario.parent / "plan", "--time-limit", 60)
    assert answer.code == 4
    told = " ".join(answer.err.split())
    assert "there would be plans without the projects that sites are built in" in told


@pytest.mark.parametrize(
    ("of", "project", "says"),
    [
        ("rowan", "rowan", "project of rowan: 5.0000 MW, at least 15 MW are allowed"),
        ("rowan", None, "rowan (Rowan): belongs to no project"),
        ("rowan", "sloe", "sloe, its project's centre, is not of it"),
        ("quince", "plum", "quince, its project's centre, is not of it"),
        ("all", "plum", "rowan (Rowan): 44.528 km from plum, the centre of its project"),
    ],
)
def test_verify_tells_what_is_no_project(run, scenario, of, project, says):
    plan = planned(run, scenario)
    for site in plan["sites"]:
        site["project"] = project if of in ("all", site["id"]) else site["project"]
    file = scenario.parent / "plan" / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    answer = run("verify", file.parent)
    assert answer.code == 7
    assert says in " ".join((answer.out + answer.err).split())


def test_verify_counts_the_owners_of_a_project(run, scenario):
    planned(run, scenario)
    table = scenario / "substations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("30,5,Northern", "30,5,"))
    answer = run("verify", scenario.parent / "plan")
    assert answer.code == 7
    assert "project of quince: 3 owners, at most 2 are allowed" in " ".join(answer.err.split())


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("{min_mw: 15}", "need one way to say how far they reach"),
        ("{within_km: 30, within_rtt_ms: 1}", "need one way to say how far they reach"),
        ("{within_km: 30, max_owners: 0}", "max_owners"),
    ],
)
def test_projects_that_make_no_sense_are_refused_by_name(run, scenario, rule, says):
    answer = run("plan", with_rule(scenario, rule))
    assert answer.code == 3
    assert "limits.projects" in answer.err
    assert says in " ".join(answer.err.split())
