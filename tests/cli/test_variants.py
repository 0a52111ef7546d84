"""Variants of tiny: planned, verified with all their files, told where they are wrong."""

import json
from pathlib import Path

import pytest

VARIANT = "schema: 1\nname: more\nextends: scenario.yaml\nreinforce: {harbour: 8.5}\n"


@pytest.fixture
def more(tiny):
    path = tiny / "more.yaml"
    path.write_text(VARIANT)
    return path


def test_without_the_supply_point_in_the_way_the_plan_is_that_of_the_hand(run, more):
    answer = run("plan", more, "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["cost"] == pytest.approx(27.0)
    document = json.loads(Path("plans/more/plan.json").read_text("utf-8"))
    assert [base["path"] for base in document["provenance"]["bases"]] == [
        "../../tiny/scenario.yaml"
    ]
    added = next(a for a in document["assumptions"] if a["key"] == "reinforce.harbour")
    assert (added["value"], added["unit"]) == (8.5, "MW")
    assert any("whose cost is not counted" in line for line in document["warnings"])
    assert run("verify", "plans/more").code == 0


def test_a_base_that_changed_or_went_is_told(run, more, tiny):
    assert run("plan", more).code == 0
    base = tiny / "scenario.yaml"
    base.write_text(base.read_text() + "# edited\n")
    answer = run("verify", "plans/more")
    assert answer.code == 7
    assert "a file that the scenario extends was changed since it was planned" in answer.err
    base.unlink()
    answer = run("verify", "plans/more")
    assert answer.code == 7
    assert "a file that the scenario extends is gone" in answer.err


def test_a_plan_that_leaves_its_base_out_is_found(run, more):
    assert run("plan", more).code == 0
    path = Path("plans/more/plan.json")
    document = json.loads(path.read_text("utf-8"))
    document["provenance"]["bases"] = []
    path.write_text(json.dumps(document), "utf-8")
    answer = run("verify", "plans/more")
    assert answer.code == 7
    assert "are not those that the plan names" in answer.err


def test_the_shipped_variant_cannot_be_served_in_full(run, tiny):
    answer = run("plan", tiny / "no-price.yaml")
    assert answer.code == 4
    assert "Dune" in answer.err


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("harbour", "harbor", "no substation or limit has this id"),
        ("8.5", "-1", "more.yaml: line 4, reinforce.harbour: is too small"),
        ("8.5", "lots", "line 4, reinforce.harbour: is not a number"),
        ("scenario.yaml", "../x", "line 3, extends: leads out of the scenario's folder"),
        ("scenario.yaml", "more.yaml", "in a circle: more.yaml -> more.yaml"),
    ],
)
def test_what_is_wrong_is_told(run, more, old, new, says):
    more.write_text(VARIANT.replace(old, new))
    answer = run("plan", more)
    assert answer.code == 3
    assert says in answer.err
    assert "Traceback" not in answer.err
