"""What a page knows of the plans that were solved by hand."""

import json
import shutil
from pathlib import Path

import pytest

from microdc.cli import main
from microdc.placement.store import read_plan
from microdc.report.page.data import block_of
from microdc.report.page.inputs import inputs_of
from microdc.report.page.sections.proof import proof
from microdc.report.page.write import report_page
from microdc.studies.explaining.bottlenecks import in_brief

SCENARIOS = Path(__file__).parents[4] / "scenarios"


@pytest.fixture
def block(planned):
    """Give what a page knows of the plan of a scenario."""

    def known(name: str) -> dict:
        plan = read_plan(planned(name))
        return block_of(plan, inputs_of(plan)[0])

    return known


def served(block: dict) -> dict[tuple[str, str, str | None], float]:
    """Give MW IT by place, class and host."""
    rows = block["service"]
    hosts = [*(host["id"] for host in block["hosts"]), None]  # -1 is None
    return {
        (block["places"]["id"][p], block["classes"][k]["name"], hosts[h]): mw_it
        for p, k, h, mw_it in zip(
            rows["place"], rows["class"], rows["host"], rows["mw_it"], strict=True
        )
    }


def test_tiny_is_told_as_the_hand_solves_it(block):
    told = block("tiny")
    assert {host["id"]: host["mw"] for host in told["hosts"]} == {"west": 15, "east": 5}
    by_host: dict[str | None, float] = {}
    for (_, _, host), mw_it in served(told).items():
        by_host[host] = by_host.get(host, 0.0) + mw_it
    assert by_host == pytest.approx({"west": 12, "east": 4, None: 5})
    west = next(host for host in told["hosts"] if host["id"] == "west")
    assert sum(west["cost_mn_yr"].values()) == pytest.approx(12.5)
    assert [(limit["id"], limit["used_mw"], limit["full"]) for limit in west["path"]] == [
        ("harbour", 15, True)
    ]
    assert told["candidates"]["id"] == ["middle"]
    assert told["candidates"]["closed"] == [
        "no room left below Harbour supply point: 15.0 of 15.0 MW are used"
    ]


def test_what_nobody_else_reaches_is_named_where_the_inputs_are_there(block):
    told = {host["id"]: " ".join(host["why"]) for host in block("tiny")["hosts"]}
    assert "4.00 MW IT are in no other site's reach" in told["west"]  # near Ashby
    assert "2.00 MW IT are in no other site's reach" in told["east"]  # near Brook


def test_what_binds_and_what_the_proof_pays_are_told_of_each_site(block):
    hosts = {host["id"]: host for host in block("tiny")["hosts"]}
    west, east = (" ".join(hosts[key]["why"]) for key in ("west", "east"))
    assert "It cannot grow: Harbour supply point above it is full." in west
    assert hosts["west"]["path"][0]["price_mn_per_mw_yr"] == pytest.approx(0.146667, abs=1e-5)
    # 12 MW IT at 1.225: what it costs, and 15 MW of the supply point at their price.
    assert "what it serves is worth 14.70 M USD a year; it costs 12.50." in west
    assert "No limit on power keeps it from growing by 5.0 MW: 5.0 MW, the least" in east
    assert "In its reach are 14.00 MW IT of demand, 2.00 of them unserved." in east


def test_the_gap_is_told_as_what_it_is_a_share_of(planned):
    document = json.loads((planned("tiny") / "plan.json").read_text("utf-8"))
    assert "of the cost; asked: 0.1 %" in proof(document)


def test_without_its_inputs_a_plan_is_told_as_far_as_it_goes(planned, tmp_path):
    shutil.copytree(planned("tiny"), tmp_path / "alone")
    plan = read_plan(tmp_path / "alone")
    inputs, missing = inputs_of(plan)
    told = block_of(plan, inputs)
    assert inputs is None
    assert "can no longer be read" in missing
    assert told["candidates"] is None
    assert len(told["hosts"]) == 2


def test_a_changed_table_is_not_taken_for_what_was_planned(planned, tmp_path):
    for part in ("in", "plan"):
        shutil.copytree(planned("tiny").parent / part, tmp_path / part)
    with (tmp_path / "in/places.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    inputs, missing = inputs_of(read_plan(Path(tmp_path / "plan")))
    assert inputs is None
    assert "places.csv" in missing


def test_an_outage_names_who_is_out(block):
    told = block("tiny-n-1")
    ids = [host["id"] for host in told["hosts"]]
    assert [([ids[k] for k in row["out"]], row["lost_mw_it"]) for row in told["outages"]] == [
        (["east"], 4),
        (["west"], 4),
    ]


def test_an_hour_tells_what_is_served_from_elsewhere(block):
    told = block("tiny-flexible")["hours"]
    row = told["time"].index("2026-01-01T06:00Z")
    moved = [mw for at, mw in zip(told["moved"]["hour"], told["moved"]["mw_it"], strict=True)
             if at == row]  # fmt: skip
    assert sum(moved) == pytest.approx(8)
    assert told["binding"][row] == "site middle"
    assert all(told["told"])


def test_what_stays_unserved_is_told_with_its_area(planned):
    plan = read_plan(planned("tiny"))
    inputs = inputs_of(plan)[0]
    told = block_of(plan, inputs, in_brief(plan, inputs))
    (dune,) = told["unserved"]["bottlenecks"]
    assert [told["places"]["name"][row] for row in dune["places"]] == ["Dune"]
    assert (dune["short_mw_it"], dune["exact"], dune["in_reach"]) == (3, True, 0)
    (ring,) = dune["area"]
    assert all(abs(lat) < 0.1 and abs(lon + 25) < 0.1 for lat, lon in ring)  # 5 km around
    assert len(told["unserved"]["reasons"]) == 3


def test_why_is_asked_only_where_something_stays_unserved(planned):
    def asked(*_):
        raise AssertionError

    assert "What stays unserved" not in report_page(read_plan(planned("tiny-flexible")), asked)
    untold = report_page(read_plan(planned("tiny")))
    assert "5.00 of 21.0 MW IT stay unserved" in untold
    assert "not told on this page" in untold


def test_candidates_that_rules_close_say_by_which(tmp_path):
    scenario = shutil.copytree(SCENARIOS / "tiny", tmp_path / "in") / "scenario.yaml"
    rules = "limits: {forbid: [middle], separation_km: 500}\n"
    scenario.write_text(scenario.read_text("utf-8") + rules, "utf-8")
    with pytest.raises(SystemExit):
        main(["plan", str(tmp_path / "in"), "--out", str(tmp_path / "plan"), "--quiet"])
    plan = read_plan(tmp_path / "plan")
    inputs = inputs_of(plan)[0]
    told = block_of(plan, inputs)["candidates"]
    closed = dict(zip(told["id"], told["closed"], strict=True))
    assert closed.pop("middle") == "ruled out by limits.forbid"
    assert all("limits.separation_km asks for 500 km" in why for why in closed.values())
    assert len(closed) == 2 - len(plan.sites)
