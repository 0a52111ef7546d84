"""One site for each place, on scenarios/tiny-unsplit, solved by hand in its README."""

import json
from pathlib import Path

import pyarrow.parquet
import pytest

from microdc.solve.unsplit import search


def planned(run, where, *options, code=0):
    answer = run("plan", where, "--out", "plan", "--force", "--quiet", *options)
    assert answer.code == code, answer.err
    assert run("verify", "plan").code == 0
    return json.loads(Path("plan/plan.json").read_text("utf-8"))


@pytest.fixture
def folder(copy_of) -> Path:
    return copy_of("tiny-unsplit")


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_each_place_has_one_site_or_none(run, folder):
    plan = planned(run, folder)
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(19.0)
    assert plan["certificate"]["bound_mn_yr"] == pytest.approx(19.0, rel=1e-4)
    assert plan["status"] == "within gap"
    assert not plan["certificate"]["bound_of_split"]
    assert [site["mw"] for site in plan["sites"]] == pytest.approx([3, 3], abs=1e-5)
    rows = pyarrow.parquet.read_table("plan/service.parquet").to_pydict()
    assert sorted(rows["place"]) == ["ashby", "brook", "cove"]
    assert rows["mw_it"] == pytest.approx([3, 3, 3])
    near = dict(zip(rows["place"], rows["site"], strict=True))  # nobody is served from afar
    assert near == {"ashby": "west", "brook": None, "cove": "east"}
    headroom = json.loads(run("explain", "plan", "--headroom", "--json", "--quiet").out)
    assert {row["id"] for row in headroom["more"]} == {"east", "west"}
    assert "it has one site or none" in " ".join(run("explain", "plan").out.split())
    rises = json.loads(run("explain", "plan", "--site", "west", "--json", "--quiet").out)
    assert rises["sites"][0]["change"]["most_mn_yr"] == pytest.approx(8.5, abs=0.01)


def test_that_it_cannot_be_is_told_and_why(run, folder):
    answer = run("plan", folder / "whole.yaml", "--out", "plan", "--quiet")
    assert answer.code == 4
    assert "split between sites it could be served" in " ".join(answer.err.split())
    told = json.loads(run("explain", folder / "whole.yaml", "--json").out)
    assert told["status"] == "infeasible"
    assert [one["kind"] for one in told["bottlenecks"]] == ["whole places"]
    assert run("explain", folder / "whole.yaml", "--apply").code == 2


def test_a_place_larger_than_any_site_is_named_with_the_largest_in_reach(run, folder):
    changed(folder / "places.csv", "brook,Brook,0,-29.5,3", "brook,Brook,0,-29.5,6")
    answer = run("plan", folder / "whole.yaml", "--out", "plan", "--quiet")
    assert answer.code == 4
    said = " ".join(answer.err.split())
    assert "Brook needs 6.00 MW IT of chat from one site" in said
    assert "the largest in reach has 5.00 MW IT" in said
    plan = planned(run, folder)
    assert plan["certificate"]["unserved_mw_it"] == pytest.approx(6)
    assert plan["services"][0]["out_of_reach_mw_it"] == 0
    assert "larger than any site in reach" in " ".join(run("explain", "plan").out.split())


def test_a_mean_round_trip_may_be_limited_too(run, folder):
    """Who is left counts at 5 ms: two at home and one left are 2 ms in the mean."""
    file = folder / "scenario.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"{text}limits: {{mean_rtt_ms: 1.9}}\n", "utf-8")
    answer = run("plan", folder, "--out", "plan", "--force", "--quiet")
    assert answer.code == 4
    assert "2.000 ms can be had" in " ".join(answer.err.split())


def test_a_place_that_fits_no_site_counts_in_the_mean_as_well(run, folder):
    """Brook is left at 5 ms, the others are at home: (6 x 0.5 + 6 x 5) / 12 = 2.75 ms."""
    changed(folder / "places.csv", "brook,Brook,0,-29.5,3", "brook,Brook,0,-29.5,6")
    file = folder / "scenario.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"{text}limits: {{mean_rtt_ms: 2.5}}\n", "utf-8")
    answer = run("plan", folder, "--out", "plan", "--force", "--quiet")
    assert answer.code == 4
    assert "2.750 ms can be had" in " ".join(answer.err.split())
    file.write_text(f"{text}limits: {{mean_rtt_ms: 2.8}}\n", "utf-8")
    assert planned(run, folder)["certificate"]["cost_mn_yr"] == pytest.approx(31)


def test_the_most_is_served_beside_a_place_that_fits_no_site(run, folder):
    changed(folder / "places.csv", "brook,Brook,0,-29.5,3", "brook,Brook,0,-29.5,6")
    file = folder / "scenario.yaml"
    changed(file, "unserved_mn_per_mw_yr: 4", "unserved_mn_per_mw_yr: 0.1")
    text = file.read_text("utf-8")
    file.write_text(f"{text}objective: most-served\nlimits: {{max_sites: 1}}\n", "utf-8")
    plan = planned(run, folder)
    assert plan["services"][0]["served_mw_it"] == pytest.approx(3)


def test_a_bound_of_split_service_is_told_as_such_and_the_gap_as_missed(run, folder, monkeypatch):
    monkeypatch.setattr(search, "MOST_WHOLE_PAIRS", 0)
    plan = planned(run, folder, code=6)
    assert plan["status"] == "stalled"
    assert plan["certificate"]["bound_of_split"]
    assert plan["certificate"]["bound_mn_yr"] == pytest.approx(10.0, rel=1e-4)
    assert "than that of plans that split places between sites" in plan["verdict"]


def test_the_same_is_told_of_an_objective_before_cost(run, folder, monkeypatch):
    """Split, two sites serve all 9 MW IT; the 6 that they serve whole are all that is found."""
    monkeypatch.setattr(search, "MOST_WHOLE_PAIRS", 0)
    file = folder / "scenario.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"{text}objective: most-served\nlimits: {{max_sites: 2}}\n", "utf-8")
    plan = planned(run, folder, code=6)
    assert plan["certificate"]["unserved_mw_it"] == pytest.approx(3, abs=1e-4)
    assert plan["certificate"]["reached_of_split"] == ["most-served"]
    assert "can serve (9.00 MW IT; no better bound is known than that of" in plan["verdict"]
    assert "tolerances" not in plan["verdict"]


def test_a_place_in_two_parts_is_a_broken_promise(run, folder):
    split = planned(run, folder / "split.yaml")
    assert split["certificate"]["cost_mn_yr"] == pytest.approx(10.0)
    changed(folder / "split.yaml", "split: true", "split: false")
    answer = run("verify", "plan")
    assert answer.code == 7
    assert "may not be split, and is in 2 parts" in " ".join(answer.err.split())


@pytest.mark.parametrize(
    ("more", "beside"),
    [
        ("resilience: {survive: [site]}", "resilience"),
        ("stages: [{name: one, by: 2027-01}]", "stages"),
    ],
)
def test_what_it_does_not_go_with_is_refused_by_name(run, folder, more, beside):
    file = folder / "scenario.yaml"
    file.write_text(f"{file.read_text('utf-8')}{more}\n", "utf-8")
    answer = run("check", folder)
    assert answer.code == 3
    said = " ".join(answer.err.split())
    assert f"split: is not supported yet together with {beside}" in said


def test_another_fleet_has_one_site_for_each_place_too(run, folder):
    answer = run("plan", folder, "--out", "plan", "--alternatives", "1", "--within", "50%",
                 "--json", "--quiet")  # fmt: skip
    assert answer.code == 0, answer.err
    _, other = json.loads(answer.out)["alternatives"]["fleets"]
    assert other["cost"] == pytest.approx(27.5)
    assert run("verify", other["folder"]).code == 0


def test_the_frontier_runs_along_numbers_of_sites(run, folder):
    answer = run("frontier", folder, "--x", "sites", "--from", "1", "--to", "2", "--points", "2",
                 "--json", "--quiet")  # fmt: skip
    assert answer.code == 0, answer.err
    points = json.loads(answer.out)["points"]
    assert [point["cost"] for point in points] == pytest.approx([19.0, 27.5])
