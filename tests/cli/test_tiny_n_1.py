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
    """Plan it with another `resilience`, by the textbook model; give the brief answer."""

    def planned(resilience):
        scenario = tiny_n_1 / "scenario.yaml"
        text = re.sub(r"resilience: .*\n", f"resilience: {resilience}\n", scenario.read_text())
        if "zone" not in resilience:
            text = text[: text.index("zones:")]
        if resilience == "off":
            text = text.replace(", outage: {served: 1, rtt_ms: 4}", "")
        scenario.write_text(text + "solve: {formulation: compact}\n", "utf-8")
        answer = run("plan", tiny_n_1, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    return planned


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
def test_every_kind_of_outage_costs_what_the_hand_says(surviving, resilience, cost, sites):
    assert surviving(resilience)["cost"] == pytest.approx(cost, abs=1e-3)
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
