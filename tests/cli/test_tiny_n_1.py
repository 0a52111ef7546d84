"""Surviving outages: every figure here stands in scenarios/tiny-n-1/README.md."""

import json
import re
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2] / "scenarios" / "tiny-n-1"


@pytest.fixture
def tiny_n_1(tmp_path, monkeypatch):
    """Give a copy of scenarios/tiny-n-1 to change, in an empty working folder."""
    shutil.copytree(HERE, tmp_path / "tiny-n-1")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "tiny-n-1"


@pytest.fixture
def surviving(run, tiny_n_1):
    """Plan it with another `resilience`; give the brief answer."""

    def planned(resilience, formulation="auto"):
        scenario = tiny_n_1 / "scenario.yaml"
        text = re.sub(r"resilience: .*\n", f"resilience: {resilience}\n", scenario.read_text())
        if "zone" not in resilience:
            text = text[: text.index("zones:")]
        if resilience == "off":
            text = text.replace(", outage: {served: 1, rtt_ms: 4}", "")
        scenario.write_text(text + f"solve: {{formulation: {formulation}}}\n", "utf-8")
        answer = run("plan", tiny_n_1, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    return planned


def test_zones_in_which_no_site_lies_take_none_out(surviving, tiny_n_1):
    zones = tiny_n_1 / "storms.geojson"
    text = zones.read_text("utf-8")
    pair = r"\[\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*\]"
    moved = re.sub(pair, lambda at: f"[{at[1]}, {float(at[2]) + 50}]", text)
    zones.write_text(moved, "utf-8")
    assert surviving("{survive: [zone]}")["cost"] == pytest.approx(8.5, abs=1e-3)


@pytest.mark.parametrize("formulation", ["auto", "compact"])
@pytest.mark.parametrize(
    ("resilience", "cost", "sites"),
    [
        ("off", 8.5, {"middle": 10}),
        ("{survive: [site]}", 9.5, {"west": 5, "middle": 5}),
        ("{survive: [site, node]}", 10.0, {"middle": 5, "east": 5}),
        ("{survive: [node]}", 10.0, {"middle": 5, "east": 5}),
        ("{survive: [zone]}", 9.0, {"west": 10}),
        ("{survive: [site, node, zone]}", 10.5, {"west": 5, "east": 5}),
        ("{survive: [site, node], at_once: 2}", 20.5, {"middle": 5}),
        ("{survive: [site, node, zone], at_once: 2}", 20.5, {"middle": 5}),
    ],
)
def test_every_kind_of_outage_costs_what_the_hand_says(
    surviving, resilience, cost, sites, formulation
):
    assert surviving(resilience, formulation)["cost"] == pytest.approx(cost, abs=1e-3)
    document = json.loads(Path("plans/tiny-n-1/plan.json").read_text("utf-8"))
    assert {site["id"]: site["mw"] for site in document["sites"]} == pytest.approx(sites)


def test_everything_is_served_in_order_and_the_promised_class_from_nearby(surviving):
    told = surviving("{survive: [site, node, zone]}")
    assert (told["served_share"], told["sites"]) == pytest.approx((1, 2))
    document = json.loads(Path("plans/tiny-n-1/plan.json").read_text("utf-8"))
    assert document["capital_mn"] == pytest.approx(105)
    near, far = document["services"]
    assert (near["served_mw_it"], far["served_mw_it"]) == pytest.approx((4, 4))
    titles = [line.partition(",")[0] for line in document["attributions"]]
    assert titles == ["Made up to be solved by hand"]
    assert "storms.geojson" in [Path(i["path"]).name for i in document["provenance"]["inputs"]]


def checked(run, folder, **changes):
    scenario = folder / "scenario.yaml"
    text = scenario.read_text("utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    scenario.write_text(text, "utf-8")
    answer = run("check", folder, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


TWO = ("zone]}", "zone], at_once: 2}")


def test_check_counts_outages_and_tells_what_each_class_keeps(run, tiny_n_1):
    told = checked(run, tiny_n_1)
    assert told["exposed"] == []
    outages = [(kind, told["summary"][f"outages to survive: {kind}"]) for kind in ("site", "zone")]
    assert outages == [("site", 3), ("zone", 1)]
    assert told["summary"]["outages to survive: node"] == 4
    assert told["summary"]["of them within no other, and so in force"] == 2
    assert told["summary"]["kept of near in every outage"] == "100 % within 4 ms"
    assert not any("far" in label for label in told["summary"])


def test_check_tells_beforehand_who_cannot_be_kept(run, tiny_n_1):
    told = checked(run, tiny_n_1, two=TWO)
    assert told["summary"]["how many of these at once"] == 2
    assert told["exposed"] == [
        "near: 4.00 MW IT at 1 place(s), such as Ashby, whose 3 site(s) in reach are out with "
        "node harbour and zone storm"
    ]
    assert "Not to be kept through every outage" in run("check", tiny_n_1).out


def test_a_bound_that_does_not_relax_leaves_ashby_to_harbour(run, tiny_n_1):
    told = checked(run, tiny_n_1, same=(", rtt_ms: 4}", "}"))
    assert told["exposed"][0].endswith("whose 2 site(s) in reach are out with node harbour")


def test_check_warns_where_what_must_be_served_cannot_be_kept(run, tiny_n_1):
    told = checked(run, tiny_n_1, two=TWO, must=("unserved_mn_per_mw_yr: 4, ", ""))
    assert told["exposed"] == []
    [warning] = [text for text in told["warnings"] if "no plan is possible" in text]
    assert "what must be served: near: 4.00 MW IT" in warning


def test_a_part_that_must_be_served_is_told_apart(run, tiny_n_1):
    floor = ("outage: {served: 1,", "min_served: 0.25, outage: {served: 1,")
    told = checked(run, tiny_n_1, two=TWO, floor=floor)
    assert told["exposed"][0].startswith("near: 3.00 MW IT")
    assert any("near: 1.00 MW IT" in text for text in told["warnings"])


def test_verify_names_the_worst_outage(run, tiny_n_1):
    assert run("plan", tiny_n_1).code == 0
    answer = run("verify", "plans/tiny-n-1")
    assert answer.code == 0
    assert "outage(s) are survived as promised; the worst, " in answer.out


@pytest.mark.parametrize("formulation", ["auto", "compact"])
def test_a_mean_is_that_of_the_plan_in_order_and_all_outages_are_survived(
    run, tiny_n_1, formulation
):
    soon = tiny_n_1 / "soon.yaml"
    soon.write_text(soon.read_text("utf-8") + f"solve: {{formulation: {formulation}}}\n", "utf-8")
    answer = run("plan", soon, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["cost"] == pytest.approx(14.5, abs=1e-3)
    assert told["mean_rtt_ms"] == pytest.approx(1.335, abs=1e-3)
    document = json.loads(Path("plans/tiny-n-1-soon/plan.json").read_text("utf-8"))
    assert {site["id"]: site["mw"] for site in document["sites"]} == {"west": 10, "east": 5}
    assert run("verify", "plans/tiny-n-1-soon").code == 0
    assert run("report", "plans/tiny-n-1-soon").code == 0
    page = Path("plans/tiny-n-1-soon/report.html").read_text("utf-8")
    assert "Mean round trip" in page
    assert "ms, of 1.5 allowed" in page
    east = run("explain", "plans/tiny-n-1-soon", "--site", "east", "--quiet")
    assert "It serves nobody in this plan with all in order, and costs 5.50" in east.out
