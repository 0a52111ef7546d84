"""Frontiers of the tiny scenario, whose plans are worked out in the README beside it."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest


def told_of(run, *arguments: object) -> dict:
    answer = run("frontier", *arguments, "--json", "--quiet")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def test_a_looser_budget_never_costs_more_and_its_ends_are_known(run, tiny):
    told = told_of(run, tiny, "--x", "budget", "--points", "4")
    costs = [point["cost"] for point in told["points"]]
    assert costs == sorted(costs)
    assert costs[0] == pytest.approx(28.4)
    assert told["points"][0]["x"] == pytest.approx(184)
    assert all(p["bound"] <= p["cost"] and p["gap"] <= 0.001 for p in told["points"])


def test_each_number_of_sites_is_a_point(run, tiny):
    told = told_of(run, tiny, "--x", "sites", "--from", "0", "--to", "3")
    assert [point["x"] for point in told["points"]] == [3, 2, 1, 0]
    # With none, all 21 MW IT stay unserved: 7 at 4 and 14 at 1.5.
    assert [p["cost"] for p in told["points"]] == pytest.approx([28.4, 28.4, 29.0, 49.0])
    assert told["slopes"][-1]["saved"] == pytest.approx(20.0)


def test_more_service_costs_more_until_there_is_no_plan(run, tiny):
    told = told_of(run, tiny, "--x", "served", "--from", "70", "--to", "100", "--points", "3")
    assert [p["status"] for p in told["points"]] == ["within gap", "within gap", "infeasible"]
    for point in told["points"][:2]:
        assert 100 * point["served_share"] >= point["x"] - 1e-6
    assert told["points"][0]["cost"] < told["points"][1]["cost"]


def test_one_bound_alone_can_move(run, tiny):
    told = told_of(run, tiny, "--x", "rtt", "--service", "far", "--from", "5", "--to", "7",
                   "--points", "2")  # fmt: skip
    assert [point["x"] for point in told["points"]] == [7, 5]
    assert told["points"][1]["cost"] == pytest.approx(28.4)


@pytest.fixture
def all_served(tiny):
    """Without Dune, which nobody reaches, and with all else to be served: 18 MW IT."""
    places = (tiny / "places.csv").read_text("utf-8").splitlines()
    kept = [line for line in places if "Dune" not in line]
    (tiny / "places.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return tiny / "no-price.yaml"


def test_the_least_capital_that_will_do_is_found(run, all_served):
    # Three blocks below Harbour, in West, and two in East: 120 + 88 + 5 + 15.
    told = told_of(run, all_served, "--x", "budget", "--from", "100", "--to", "300",
                   "--points", "3")  # fmt: skip
    assert [p["status"] for p in told["points"]] == ["within gap", "infeasible", "infeasible"]
    least, most = told["least_x"]
    assert least <= 228 * (1 + 1e-6)
    assert most == pytest.approx(228, rel=0.001)
    assert most - least <= 0.001 * most + 1e-6


def test_the_least_sites_that_will_do_are_told_in_words(run, all_served):
    answer = run("frontier", all_served, "--x", "sites", "--from", "1", "--to", "3")
    assert answer.code == 0, answer.err
    assert "No plan can be at 1 site, nor where more is asked for." in answer.out
    assert "No plan can be below 2 sites" in " ".join(answer.out.split())


def test_levels_of_resilience_are_points(run, copy_of):
    told = told_of(run, copy_of("tiny-n-1"), "--x", "resilience")
    costs = [point["cost"] for point in told["points"]]
    assert costs == sorted(costs)
    assert told["points"][0]["says"] == "nothing"


def test_three_files_are_written_and_a_second_run_replaces_them(run, tiny, tmp_path):
    for _ in range(2):
        told = told_of(run, tiny, "--x", "rtt", "--points", "3")
    folder = tmp_path / "frontiers" / "tiny-rtt"
    assert sorted(p.name for p in folder.iterdir()) == [
        "frontier.csv", "frontier.json", "frontier.svg",
    ]  # fmt: skip
    assert json.loads((folder / "frontier.json").read_text("utf-8"))["points"] == told["points"]
    table = (folder / "frontier.csv").read_text("utf-8")
    assert len(list(csv.DictReader(table.splitlines()))) == 3
    drawn = "".join(ET.parse(folder / "frontier.svg").getroot().itertext())
    assert "least cost (M USD a year)" in drawn
    assert "(ms)" in drawn
    assert [p.name for p in folder.parent.iterdir()] == ["tiny-rtt"]


def test_the_table_says_what_cannot_be(run, tiny):
    answer = run("frontier", tiny, "--x", "served", "--from", "70", "--to", "100", "--points", "2")
    assert answer.code == 0
    assert "No plan can be at 100 %" in answer.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--x", "colour"], "no frontier runs along colour"),
        (["--x", "resilience"], "survive no outage"),
        (["--x", "budget", "--service", "far"], "--service is for --x rtt"),
        (["--x", "rtt", "--service", "fra"], "no service fra"),
        (["--x", "budget", "--from", "9", "--to", "3"], "--from 9 lies above --to 3"),
        (["--x", "budget", "--from", "-9", "--to", "3"], "--from"),
        (["--x", "budget", "--points", "1"], "--points"),
    ],
)
def test_bad_options_are_told(run, tiny, options, says):
    answer = run("frontier", tiny, *options)
    assert answer.code == 2
    assert says in answer.err
    assert "Traceback" not in answer.err


def test_a_folder_that_holds_something_else_is_left_alone(run, tiny):
    answer = run("frontier", tiny, "--x", "sites", "--out", tiny)
    assert answer.code == 2
    assert (tiny / "scenario.yaml").exists()


def variant(folder, more: str):
    """Write a scenario beside another that asks for something else as well."""
    where = folder / "variant.yaml"
    where.write_text(f"extends: scenario.yaml\nname: variant\n{more}\n", "utf-8")
    return where


def test_the_most_that_is_served_along_capital(run, tiny):
    where = variant(tiny, "objective: most-served\nlimits: {max_sites: 2}")
    told = told_of(run, where, "--x", "budget", "--from", "92", "--to", "184", "--points", "3")
    assert told["least"] == {"of": "demand unserved", "unit": "MW IT"}
    # Of 21 MW IT; four blocks of 4 MW IT can be paid for, then three, then two.
    assert [p["cost"] for p in told["points"]] == pytest.approx([5, 9, 13], abs=1e-4)
    assert all(p["status"] == "within gap" for p in told["points"])
    assert told["points"][0]["mn_yr"] == pytest.approx(28.4)


def test_the_fewest_sites_along_a_mean_round_trip(run, copy_of):
    where = variant(copy_of("tiny-fewest"), "objective: [fewest-sites, least-mean-rtt]")
    answer = run("frontier", where, "--x", "mean-rtt", "--points", 2, "--quiet", "--out", "few")
    assert answer.code == 0, answer.err
    assert "the least number of new sites along mean-rtt, sites" in answer.out
    told = json.loads(Path("few/frontier.json").read_text("utf-8"))
    assert [p["cost"] for p in told["points"]] == [1, 2]
    assert [p["mn_yr"] for p in told["points"]] == pytest.approx([22, 22.8])


def test_a_mean_has_no_frontier_along_bounds(run, tiny):
    answer = run("frontier", variant(tiny, "limits: {mean_rtt_ms: 2}"), "--x", "rtt")
    assert answer.code == 2
    assert "variant states limits.mean_rtt_ms" in answer.err


def test_the_least_capital_that_will_do_counts_no_price_of_service(run, copy_of):
    told = told_of(run, copy_of("tiny-priced"), "--x", "budget", "--from", "100", "--points", "3")
    assert told["least_x"] == pytest.approx([170, 170], rel=1e-3)  # West alone, four blocks
