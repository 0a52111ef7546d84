"""`microdc explain PLAN --headroom`: the hand's figures, and plans of changed tables as a check."""

import json
import math
import shutil
from pathlib import Path

import pytest

from microdc.solve.highs import Clock
from microdc.studies.explaining.plans import Asked, explain_headroom
from microdc.workflow import plan_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def planned(tmp_path_factory) -> Path:
    """Give the folder of a plan of scenarios/tiny."""
    folder = tmp_path_factory.mktemp("explained")
    shutil.copytree(SCENARIOS / "tiny", folder / "tiny")
    asked = {"force": False, "overrides": {}, "watch": lambda mark: None, "clock": Clock(math.inf)}
    plan_scenario(folder / "tiny", folder / "plan", **asked)
    return folder / "plan"


@pytest.fixture(scope="module")
def told(planned):
    return explain_headroom(Asked(folder=planned), 5, lambda mark: None, Clock(math.inf))


def cost_with(run, folder: Path, harbour_mw: float) -> float:
    """Plan tiny with another limit at Harbour, from the changed table."""
    table = folder / "substations.csv"
    rows = table.read_text("utf-8").replace("-29.5,15,", f"-29.5,{harbour_mw:g},")
    table.write_text(rows, encoding="utf-8")
    answer = run("plan", folder, "--out", "other", "--force", "--json", "--quiet")
    return json.loads(answer.out)["cost"]


@pytest.mark.parametrize(
    ("kind", "step", "harbour_mw"),
    [
        ("more", "+1 MW", 16),
        ("more", "+5 MW", 20),
        ("less", "-1 MW", 14),
        ("less", "-5 MW", 10),
        ("less", "-10 %", 13.5),
    ],
)
def test_a_change_at_harbour_is_that_of_a_plan_of_its_own(run, tiny, told, kind, step, harbour_mw):
    (harbour,) = (row for row in told[kind] if row["id"] == "harbour")
    change = harbour["changes"][step]
    independent = cost_with(run, tiny, harbour_mw) - 28.4
    assert change["exactness"] == "exact"
    assert change["least_mn_yr"] - 1e-3 <= independent <= change["most_mn_yr"] + 1e-3


def test_five_more_at_harbour_save_what_the_hand_says_the_limit_costs(told):
    first = told["more"][0]
    assert (first["id"], first["headroom_mw"], first["used_mw"]) == ("harbour", 15, 15)
    assert first["changes"]["+5 MW"]["found_mn_yr"] == pytest.approx(-1.4, abs=1e-4)


def test_numbers_to_verify_are_those_that_the_plan_leans_on(told):
    assert [row["id"] for row in told["less"]] == ["harbour", "west"]  # East keeps 5 MW to spare
    assert told["less"][0]["as_of"] == "2026-01-01"
    assert told["less"][0]["source"] == "Made up to be solved by hand"


def test_the_tables_tell_savings_and_costs(run, planned):
    answer = run("explain", planned, "--headroom", "--top", 1, "--quiet")
    assert answer.code == 0
    assert "What more headroom saves" in answer.out
    assert "= 1.40" in answer.out
    assert "verify first" in answer.out
    assert "1 more were ranked lower" in answer.out


def test_a_forced_site_without_its_headroom_leaves_no_plan(run, tiny):
    scenario = tiny / "scenario.yaml"
    text = scenario.read_text("utf-8") + "limits: {force: [west]}\n"
    scenario.write_text(text, encoding="utf-8")
    table = tiny / "substations.csv"
    rows = table.read_text("utf-8").replace("west,West,0,-30,15", "west,West,0,-30,5")
    table.write_text(rows, encoding="utf-8")
    assert run("plan", tiny, "--out", "plan", "--quiet").code == 0
    answer = run("explain", "plan", "--headroom", "--json", "--quiet")
    west = next(row for row in json.loads(answer.out)["less"] if row["id"] == "west")
    assert west["changes"]["-1 MW"]["exactness"] == "impossible"


@pytest.mark.parametrize("name", ["tiny-n-1", "tiny-flexible", "parcels"])
def test_other_plans_have_their_headroom_valued(run, copy_of, name):
    assert run("plan", copy_of(name), "--out", "plan", "--quiet").code == 0
    answer = run("explain", "plan", "--headroom", "--top", 1, "--json", "--quiet")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    for row in told["more"]:
        assert all(change["most_mn_yr"] <= 0 for change in row["changes"].values())
    for row in told["less"]:
        assert all(change["least_mn_yr"] is None or change["least_mn_yr"] >= 0
                   for change in row["changes"].values())  # fmt: skip
