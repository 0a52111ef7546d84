"""Size classes that change what a connection costs, from the command line."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import Run

SCENARIO = Path(__file__).parents[2] / "scenarios" / "tiny-tiers"


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCENARIO, tmp_path / "tiny-tiers"))


def changed(scenario: Path, *changes: tuple[str, str]) -> Path:
    file = scenario / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    return scenario


def planned(run: Run, scenario: Path) -> dict:
    out = scenario.parent / "plan"
    answer = run("plan", scenario, "--out", out, "--force", "--quiet", "--time-limit", 60)
    assert answer.code == 0, answer.err
    return json.loads((out / "plan.json").read_text(encoding="utf-8"))


def test_two_small_connections_beat_a_large_one_and_9_9_mw_beat_12(run, scenario):
    plan = planned(run, scenario)
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(25.98, abs=1e-3)
    sites = {site["id"]: site for site in plan["sites"]}
    assert sites["cedar"]["mw"] == pytest.approx(9.9, abs=1e-4)
    assert sites["alder"]["mw"] + sites["birch"]["mw"] == pytest.approx(15, abs=1e-4)
    assert {site["tier"] for site in plan["sites"]} == {"distribution"}
    assert {(site["months"], site["connection_kv"]) for site in plan["sites"]} == {(12, 20)}
    verified = run("verify", scenario.parent / "plan", "--bound")
    assert verified.code == 0
    assert "Every promise is kept" in verified.out


def test_dearer_shortage_makes_the_large_connection_pay(run, scenario):
    plan = planned(run, changed(scenario, ("yr: 2}", "yr: 3}")))
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(27.4, abs=1e-3)
    cedar = next(site for site in plan["sites"] if site["id"] == "cedar")
    assert cedar["mw"] == pytest.approx(12, abs=1e-4)
    assert (cedar["tier"], cedar["months"], cedar["connection_kv"]) == ("transmission", 48, 138)
    assert cedar["connection_mn_yr"] == pytest.approx(3.5)


def test_a_connection_may_cost_by_its_mw_and_by_its_voltage(run, scenario):
    """Above 9.9 MW at 138 kV: 1.66 as by voltage, 5 of deposit, 0.2 for each of 12 MW."""
    by_mw = ("connection_mn: 30, deposit", "connection_mn_per_mw: 0.2, deposit")
    plan = planned(run, changed(scenario, by_mw, ("yr: 2}", "yr: 3}")))
    cedar = next(site for site in plan["sites"] if site["id"] == "cedar")
    assert cedar["connection_mn_yr"] == pytest.approx((1.66 + 5 + 0.2 * 12) / 10)
    assert any("over 100 to 180 kV" in told["key"] for told in plan["assumptions"])
    assert run("verify", scenario.parent / "plan", "--bound").code == 0


def test_what_all_connections_cost_counts_against_the_budget(run, scenario):
    """With all served at 27.4 a year the capital is 274: at 270, Fern has 9.9 MW."""
    plan = planned(
        run, changed(scenario, ("yr: 2}", "yr: 3}"), ("costs:", "limits: {budget_mn: 270}\ncosts:"))
    )
    assert plan["capital_mn"] <= 270
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(13.8 + 13.86, abs=1e-3)


@pytest.mark.parametrize(
    ("site", "says"),
    [
        ({"tier": "transmission"}, "of the size class distribution, stated is transmission"),
        ({"months": 6}, "months is stated as 6, it is 12"),
        ({"connection_mn_yr": 3.5}, "connection is stated as 3.500000"),
    ],
)
def test_verify_tells_a_wrong_size_class(run, scenario, site, says):
    plan = planned(run, scenario)
    plan["sites"][0] |= site
    file = scenario.parent / "plan" / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    answer = run("verify", file.parent)
    assert answer.code == 7
    assert says in " ".join((answer.out + answer.err).split())


def test_size_classes_go_with_a_price_on_time(run, scenario):
    """A price so low moves nobody: 0.001 a MW IT and ms, on what is served from where it was."""
    dearer = ("share: 1,", "share: 1, rtt_price: {mn_per_mw_ms_yr: 0.001},")
    plan = planned(run, changed(scenario, dearer))
    waits = plan["cost_mn_yr"]["latency"]
    assert waits > 0
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(25.98 + waits, abs=4e-3)
    assert {site["tier"] for site in plan["sites"]} == {"distribution"}
    assert run("verify", scenario.parent / "plan").code == 0


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("- {name: distribution", "- {above_mw: 3, name: distribution", "does not begin at 0"),
        ("above_mw: 9.9", "above_mw: 0", "does not rise from tier to tier"),
        ("above_mw: 9.9", "above_mw: 9.9004", "is not in whole kW"),
    ],
)
def test_tiers_that_make_no_sense_are_refused_by_name(run, scenario, before, after, says):
    answer = run("plan", changed(scenario, (before, after)))
    assert answer.code == 3
    assert "sites.tiers" in answer.err
    assert says in " ".join(answer.err.split())
