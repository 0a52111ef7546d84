"""Scenarios of a matrix alone, without positions: from the check to the export."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

DRAWN = "no table states positions: those shown are drawn up"
PLAN = ("--out", "plan", "--force", "--quiet", "--time-limit", 60)


@pytest.fixture
def square(copy_of) -> Path:
    return copy_of("tiny-square")


def without(folder: Path, place: str = "", site: str = "") -> None:
    """Take all pairs of a place, or of a site, from the matrix."""
    file = folder / "distances.csv"
    table = pd.read_csv(file, index_col=0)
    if place:
        table.loc[place] = None
    if site:
        table[site] = None
    table.to_csv(file)


def test_check_and_plan_say_that_positions_are_drawn_up(run, square):
    told = json.loads(run("check", square / "p-center.yaml", "--json").out)
    assert any(text.startswith(DRAWN) for text in told["warnings"])
    assert run("plan", square / "p-center.yaml", *PLAN).code == 0
    plan = json.loads(Path("plan/plan.json").read_text("utf-8"))
    assert any(text.startswith(DRAWN) for text in plan["warnings"])
    assert max(abs(site[axis]) for site in plan["sites"] for axis in ("lat", "lon")) < 0.01


def test_a_plan_of_a_matrix_alone_is_verified_reported_and_exported(run, square):
    file = square / "set-covering.yaml"  # at a price for each site
    text = file.read_text("utf-8").replace("objective: fewest-sites\n", "")
    file.write_text(text.replace("site_mn: 0", "site_mn: 1"), "utf-8")
    assert run("plan", file, *PLAN).code == 0
    answer = run("verify", "plan", "--bound")
    assert answer.code == 0, answer.err
    assert run("report", "plan").code == 0
    assert DRAWN in Path("plan/report.html").read_text("utf-8")
    assert run("export", "plan", "--to", "geojson").code == 0
    assert run("explain", "plan").code == 0


def test_a_place_that_no_pair_names_cannot_be_served(run, square):
    without(square, place="p07")
    answer = run("plan", square / "p-center.yaml", *PLAN)
    assert answer.code == 4
    assert "p07 needs 9.00 MW IT of all, and no site lies within the latency bound" in answer.err
    assert "there is no candidate that may serve it" in answer.err


def test_the_nearest_that_may_serve_is_named_and_so_is_a_site_that_may_serve_nobody(run, square):
    without(square, site="s07")
    text = (square / "set-covering.yaml").read_text("utf-8").replace("rtt_ms: 3.5", "rtt_ms: 0.9")
    (square / "near.yaml").write_text(text, "utf-8")
    answer = run("explain", square / "near.yaml")
    assert answer.code == 0
    near = r"the nearest candidate, s\d\d, answers p\d\d in \d\.\d\d ms, and the bound is 0\.9 ms"
    assert re.search(near, " ".join(answer.out.split())), answer.out
    assert run("plan", square / "p-center.yaml", *PLAN).code == 0
    answer = run("explain", "plan", "--site", "s07")
    assert "none of the pairs that alone may serve is with it" in " ".join(answer.out.split())


def test_a_plan_that_serves_over_a_pair_that_is_gone_is_refused(run, square):
    assert run("plan", square / "p-median.yaml", *PLAN).code == 0
    served = pd.read_parquet("plan/service.parquet").iloc[0]
    file = square / "distances.csv"
    table = pd.read_csv(file, index_col=0)
    table.loc[served["place"], served["site"]] = None
    table.to_csv(file)
    answer = run("verify", "plan")
    assert answer.code == 7
    says = f"{served['place']}, all: served from {served['site']}, and no such pair may serve"
    assert says in answer.err


def test_the_formula_cannot_be_fitted_without_positions(run, square):
    answer = run("check", square / "p-center.yaml", "--fit-latency")
    assert (answer.code, "no table states positions" in answer.err) == (2, True)


def test_no_smallest_size_is_a_kilowatt_even_where_a_site_is_forced(run, square):
    file = square / "p-median.yaml"
    text = file.read_text("utf-8").replace("{max_sites: 3}", "{max_sites: 3, force: [s11]}")
    text = text.replace("facility_mn_per_mw_it: 0", "facility_mn_per_mw_it: 0.5")
    file.write_text(text, "utf-8")
    assert run("plan", file, *PLAN).code == 0
    assert run("verify", "plan").code == 0
    plan = json.loads(Path("plan/plan.json").read_text("utf-8"))
    (forced,) = [site for site in plan["sites"] if site["id"] == "s11"]
    assert forced["mw"] >= 0.001


def test_what_takes_positions_is_a_fault_without_them(run, square):
    file = square / "p-median.yaml"
    file.write_text(file.read_text("utf-8").replace("max_sites: 3", "separation_km: 1"), "utf-8")
    answer = run("check", file)
    assert answer.code == 3
    assert "limits.separation_km: needs positions, and no table states any" in answer.err


@pytest.mark.parametrize("along", ["mean-rtt", "rtt"])
def test_there_is_no_going_along_round_trips_that_are_drawn_up(run, square, along):
    answer = run("frontier", square / "p-median.yaml", "--x", along)
    assert answer.code == 2
    assert f"no round trips to go along --x {along}" in answer.err
    assert "measured with only: true" in answer.err


def test_positions_that_are_drawn_up_are_not_compared(run, square, tmp_path):
    for name, drop in (("all", False), ("fewer", True)):
        if drop:
            table = pd.read_csv(square / "sites.csv")
            table[table["id"] != "s03"].to_csv(square / "sites.csv", index=False)
            without(square, site="s03")
        assert run("plan", square / "p-center.yaml", *PLAN[2:], "--out", name).code == 0
    told = json.loads(run("compare", "all", "fewer", "--json").out)
    assert not {row["column"] for row in told["inputs"]["rows"]} & {"lat", "lon"}
