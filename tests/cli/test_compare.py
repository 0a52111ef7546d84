"""Two plans of scenarios/tiny side by side, by hand."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ONE, OTHER = Path("plans/tiny"), Path("plans/other")


@pytest.fixture
def planned(run, tiny: Path) -> Callable[[dict[str, tuple[str, str]]], dict]:
    """
    Plan tiny and a changed copy of it, and compare them.

    Tiny builds 15 MW in West and 5 in East, for 28.4.
    """

    def compared(changes: dict[str, tuple[str, str]]) -> dict:
        other = Path(shutil.copytree(tiny, tiny.parent / "other"))
        for name, (old, new) in changes.items():
            text = (other / name).read_text("utf-8")
            assert old in text
            (other / name).write_text(text.replace(old, new), "utf-8")
        for path, folder in ((tiny, ONE), (other, OTHER)):
            answer = run("plan", path, "--out", folder)
            assert answer.code == 0, answer.err
        answer = run("compare", ONE, OTHER, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    return compared


WITHOUT_HARBOUR = {"substations.csv": ("-29.5,15,", "-29.5,35,")}
"""Four blocks in Middle: 16.0 + 1.0 + 3.0 + 7.0 = 27.0."""


def test_what_moved_and_why_the_cost_changed(planned):
    told = planned(WITHOUT_HARBOUR)
    fates = {row["id"]: (row["fate"], row["before_mw"], row["after_mw"]) for row in told["hosts"]}
    assert fates == {
        "east": ("dropped", 5, 0),
        "middle": ("added", 0, 20),
        "west": ("dropped", 15, 0),
    }
    moved = {row["service"]: row["moved_mw_it"] for row in told["classes"]}
    assert moved["near"] == pytest.approx(6)
    assert 8 - 1e-6 <= moved["far"] <= 10 + 1e-6  # 2 of 12 stay unserved in either, anywhere
    items = {row["item"]: row["difference_mn_yr"] for row in told["cost_items"]}
    assert items == pytest.approx(
        {
            "facility": -0.4,
            "site": 0.1,
            "connection": -0.4,
            "feeder": -0.5,
            "fibre": -0.2,
            "energy": 0,
            "hubs": 0,
            "unserved": 0,
        }
    )
    assert sum(items.values()) == pytest.approx(told["difference_mn_yr"], abs=1e-12)
    assert told["difference_mn_yr"] == pytest.approx(-1.4)


def test_inputs_that_differ_are_named_first(planned):
    told = planned(WITHOUT_HARBOUR)["inputs"]
    assert told["files"] == [{"file": "substations.csv", "fate": "changed"}]
    assert told["rows"] == [
        {"table": "substations", "column": "headroom_mw", "count": 1, "ids": ["harbour"]}
    ]
    assert told["keys"] == told["untold"] == []


def test_a_key_that_differs_has_both_values(planned, run):
    told = planned({"scenario.yaml": ("rtt_ms: 2,", "rtt_ms: 1.9,")})
    assert told["inputs"]["keys"] == [{"key": "services.near.rtt_ms", "before": 2.0, "after": 1.9}]
    assert "services.near.rtt_ms: 2.0 → 1.9" in run("compare", ONE, OTHER).out
    assert told["proven"] == "open"
    assert told["least_difference_mn_yr"] < 0 < told["most_difference_mn_yr"]


def test_what_is_proven_cheaper_one_way_is_proven_dearer_the_other(planned, run):
    told = planned(WITHOUT_HARBOUR)
    assert told["proven"] == "cheaper"
    assert told["least_difference_mn_yr"] <= -1.4 <= told["most_difference_mn_yr"] < 0
    back = json.loads(run("compare", OTHER, ONE, "--json").out)
    assert back["proven"] == "dearer"
    assert {row["fate"] for row in back["hosts"]} == {"added", "dropped"}


def test_what_can_no_longer_be_compared_is_said(planned, run):
    planned(WITHOUT_HARBOUR)
    with Path("other/scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed since\n")
    out = run("compare", ONE, OTHER).out
    assert "the scenario of the other plan was changed since: its keys are not compared" in out
    Path("tiny/scenario.yaml").unlink()
    assert "the scenario of the first plan is gone" in run("compare", ONE, OTHER).out


def test_a_table_that_is_gone_is_said(planned, run):
    planned(WITHOUT_HARBOUR)
    Path("other/places.csv").unlink()
    told = json.loads(run("compare", ONE, OTHER, "--json").out)["inputs"]
    assert told["untold"] == ["places.csv of the other plan is gone: rows are not compared"]
    assert told["rows"] == []


def test_files_are_written_and_kept(planned, run):
    planned(WITHOUT_HARBOUR)
    assert run("compare", ONE, OTHER, "--out", "both").code == 0
    drawn = json.loads(Path("both/comparison.geojson").read_text("utf-8"))["features"]
    kinds = [feature["properties"]["kind"] for feature in drawn]
    assert kinds == ["site"] * 3 + ["place"] * 4
    assert json.loads(Path("both/comparison.json").read_text("utf-8"))["proven"] == "cheaper"
    assert run("compare", ONE, OTHER, "--out", "both").code == 2
    assert run("compare", ONE, OTHER, "--out", "both", "--force").code == 0


def test_a_plan_is_the_same_as_itself(run, tiny):
    run("plan", tiny)
    told = json.loads(run("compare", ONE, ONE, "--json").out)
    assert {row["fate"] for row in told["hosts"]} == {"same"}
    assert told["places"] == []
    assert told["difference_mn_yr"] == 0
    assert told["proven"] == "open"


def test_an_alternative_s_bound_is_told_to_hold_of_those_that_differ(run, tiny):
    run("plan", tiny, "--alternatives", 1, "--within", "3%")
    out = " ".join(run("compare", ONE, "plans/tiny-alternative-2").out.split())
    assert "no plan of the other scenario that leaves out at least 1 site(s) of fleet 1" in out


def test_where_there_is_no_plan_that_is_told(run, tiny):
    answer = run("compare", "nowhere", "plans")
    assert answer.code == 3
    assert "there is no such file" in answer.err
    assert "Traceback" not in answer.err


def test_other_currencies_do_not_compare(planned, run):
    planned(WITHOUT_HARBOUR)
    path = OTHER / "plan.json"
    path.write_text(
        path.read_text("utf-8").replace('"currency": "USD"', '"currency": "EUR"'), "utf-8"
    )
    assert run("compare", ONE, OTHER).code == 2


CENTER = """\
schema: 1
name: center
currency: USD
substations: {path: substations.csv}
demand: {path: places.csv}
services: {all: {rtt_ms: 20, share: 1}}
latency: {access_ms: 0.5, route_factor: 1.5, km_per_ms: 200}
sites: {min_mw: 0.001, max_mw: 1000, pue: 1}
costs: {facility_mn_per_mw_it: 0, site_mn: 0, connection_mn: 0, feeder_mn_per_km: 0,
  fibre_mn_per_km: 0, energy_per_mwh: 0}
"""


@pytest.fixture
def centers(run, tmp_path, monkeypatch) -> Callable[..., tuple[dict, str]]:
    """
    Plan places of 4, 3 and 2 MW IT on a line twice, for nothing, and compare the plans.

    Each has a site of its own, half a degree (0.835 ms) from the next.
    """
    monkeypatch.chdir(tmp_path)
    rows = [("a", 0, 4), ("b", 0.5, 3), ("c", 1, 2)]
    places = "".join(f"{name},0,{lon},{mw}\n" for name, lon, mw in rows)
    sites = "".join(f"s{name},0,{lon},1000\n" for name, lon, _ in rows)
    Path("places.csv").write_text(f"id,lat,lon,mw_it\n{places}", "utf-8")
    Path("substations.csv").write_text(f"id,lat,lon,headroom_mw\n{sites}", "utf-8")

    def compared(*aims: str) -> tuple[dict, str]:
        for aim, folder in zip(aims, (ONE, OTHER), strict=True):
            Path("scenario.yaml").write_text(f"{CENTER}{aim}\n", "utf-8")
            assert run("plan", "scenario.yaml", "--out", folder, "--quiet").code == 0
        told = json.loads(run("compare", ONE, OTHER, "--json").out)
        return told, " ".join(run("compare", ONE, OTHER).out.split())

    return compared


def soonest(sites: int, *objectives: str) -> str:
    return f"objective: [{', '.join(objectives)}]\nlimits: {{max_sites: {sites}}}"


def test_what_was_optimised_is_compared_and_equal_costs_are_told_as_such(centers):
    told, says = centers(soonest(1, "least-worst-rtt"), soonest(3, "least-worst-rtt"))
    worst = [told[which]["worst_rtt_ms"] for which in ("before", "after")]
    assert worst == pytest.approx([1.335, 0.5], abs=1e-3)
    mean = [told[which]["mean_rtt_ms"] for which in ("before", "after")]
    assert mean == pytest.approx([0.5 + 6 / 9 * 0.835, 0.5], abs=1e-3)
    assert [told[which]["served_mw_it"] for which in ("before", "after")] == pytest.approx([9, 9])
    (row,) = told["objectives"]
    assert (row["objective"], row["better"]) == ("least-worst-rtt", "after")
    assert row["before"]["bound"] == row["before"]["value"] == pytest.approx(1.335, abs=1e-3)
    assert "the other plan has a shorter worst round trip than any plan of the first scenario" in (
        says
    )
    assert told["proven"] == "equal"
    assert "Proven: the two least costs are equal." in says
    one, other = (f"a plan that answers within {ms} ms" for ms in ("1.334896", "0.5"))
    assert f"The one is the least cost of {one}, the other that of {other}." in says


def test_the_better_plan_by_an_objective_may_be_the_first(centers):
    three, one = soonest(3, "least-mean-rtt"), soonest(1, "fewest-sites", "least-mean-rtt")
    told, says = centers(three, one)
    rows = {row["objective"]: row for row in told["objectives"]}
    assert rows["fewest-sites"]["before"] is None
    assert rows["fewest-sites"]["better"] is None
    mean = rows["least-mean-rtt"]
    assert mean["better"] == "before"
    assert mean["after"]["as_good"] == " that builds as few sites"
    assert (
        "the first plan has a shorter mean round trip than any plan of the other scenario that "
        "builds as few sites."
    ) in says


def test_the_same_by_an_objective_is_told_as_such(centers):
    told, says = centers(soonest(3, "least-worst-rtt"), soonest(3, "least-worst-rtt"))
    assert told["objectives"][0]["better"] == "same"
    assert "Proven: by least-worst-rtt the two are the same" in says
    assert "Each is the least cost of a plan that answers within 0.5 ms." in says


def test_what_stays_unserved_in_reach_is_said_to_count_in_the_mean(run, tiny):
    """2 MW IT of `far` at Brook are left, though East reaches them."""
    run("plan", tiny)
    told = json.loads(run("compare", ONE, ONE, "--json").out)
    assert told["objectives"] == []
    assert told["before"]["left_in_reach_mw_it"] == pytest.approx(2, abs=1e-3)
    out = " ".join(run("compare", ONE, ONE).out.split())
    assert "What is left within reach counts in the mean at the bound of its class." in out
    assert "Neither of the two least costs is proven to be lower: they lie within the gaps" in out
    assert "Objectives before cost" not in out
