"""The two commands, on the smallest instances."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import RESULTS, ROOT, measure
from benchmarks.machine import circumstances
from benchmarks.names import GAPS, percent
from benchmarks.parts import Asked
from benchmarks.show import tables
from benchmarks.show.extrapolate import beyond, power_law
from benchmarks.show.pages import MARKED, PAGES, filled

PAGE = "# Page\n\n<!-- benchmark: {} -->\n<!-- /benchmark -->\n\nAfter.\n"
NAMES = ("summary", "side-by-side", "gap-chart", "hand-over", "scaling", "scaling-chart",
         "outages", "whole-command")  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """Measure what takes a moment, from a parent as small as memory figures need."""
    path = tmp_path_factory.mktemp("benchmarks") / "results.json"
    smallest = ["--part", "side-by-side", "--instance", "headroom-100", "--method", "microdc"]
    command = [sys.executable, "-m", "benchmarks", "run", *smallest, "--results", str(path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    measure(["whole-command"], Asked(instances=[str(ROOT / "scenarios" / "tiny")]), path)
    measured = json.loads(path.read_text("utf-8"))
    once = measured["side-by-side"]
    steps = {"build_s": 2.0, "compile_s": 1.0, "pass_s": 0.5, "appsi_s": 6.0}
    handed_over = [record | {"counts": steps} for record in once["records"]]
    measured |= {"scaling": once, "outages": once, "hand-over": once | {"records": handed_over}}
    path.write_text(json.dumps(measured), "utf-8")
    return path


def test_who_never_came_to_a_gap_counts_as_no_longer_than_it_ran():
    told = [("a", "microdc", 2.0, 0.001), ("a", "strong", 10.0, 0.000499),
            ("b", "microdc", 4.0, 0.001), ("b", "strong", 8.0, 0.3)]  # fmt: skip
    keys = ("problem", "method", "seconds", "gap")
    records = [dict(zip(keys, one, strict=True)) for one in told]
    text = tables.ratios({**circumstances(), "seed": 0, "records": records})
    assert "| a | 2.0 | 0.1 % | strong | 10.0 | 0.0499 % | 5.0 |" in text
    assert "| b | 4.0 | 0.1 % | strong | 8.0 | 30 % | more than 2.0 |" in text
    assert "The median of 2: at least 3.5 times as long." in text


def test_the_process_that_waits_loads_nothing_large():
    code = "import sys, benchmarks.__main__; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)
    loaded = set(ended.stdout.decode().split())
    assert loaded.isdisjoint({"numpy", "pandas", "pyomo", "highspy", "matplotlib"})


def test_results_tell_when_where_and_with_what_they_were_measured(results):
    for part in json.loads(results.read_text("utf-8")).values():
        assert {"date", "processor", "cores", "memory_gb", "versions", "seed"} <= set(part)
        assert {"microdc", "highspy", "pyomo"} <= set(part["versions"])


def test_a_method_reaches_its_gap_and_tells_time_memory_and_work(results):
    (record,) = json.loads(results.read_text("utf-8"))["side-by-side"]["records"]
    assert record["ended"] == "within gap"
    assert record["gap"] <= GAPS[-1]
    assert record["seconds_to"][percent(0.01)] <= record["seconds_to"][percent(GAPS[-1])]
    assert record["peak_mb"] > record["loaded_mb"] > 10
    assert (record["sites"], record["pairs"]) == (100, 252)
    assert record["counts"]["rows"] > 0


def test_both_ways_into_the_solver_are_compared(results):
    measured = json.loads(results.read_text("utf-8"))
    assert filled(PAGE.format("hand-over"), measured).count("| 1.00 | 0.50 | 6.00 | 0.25 |") == 1


def test_the_whole_command_is_measured_as_it_is_and_watched(results):
    plain, watched = json.loads(results.read_text("utf-8"))["whole-command"]["records"]
    assert plain["ended"] == watched["ended"] == "within gap"
    assert plain["cost"] == pytest.approx(watched["cost"])
    assert watched["seconds_to"][percent(GAPS[-1])] <= watched["process_s"]


@pytest.mark.parametrize("name", NAMES)
def test_every_block_is_filled_and_filled_again_alike(results, name):
    measured = json.loads(results.read_text("utf-8"))
    once = filled(PAGE.format(name), measured)
    assert len(once.splitlines()) > len(PAGE.splitlines())
    assert once.endswith("<!-- /benchmark -->\n\nAfter.\n")
    assert filled(once, measured) == once


def test_what_was_not_measured_stays_empty():
    assert filled(PAGE.format("scaling"), {}) == PAGE.format("scaling")


def test_show_writes_pages_and_charts(results, tmp_path):
    (tmp_path / "docs").mkdir()
    for page in PAGES:
        (tmp_path / page).write_text((ROOT / page).read_text("utf-8"), "utf-8")
    command = [sys.executable, "-m", "benchmarks", "show", "--results", str(results)]
    subprocess.run([*command, "--root", str(tmp_path)], check=True, cwd=ROOT)
    page = (tmp_path / "docs" / "benchmarks.md").read_text("utf-8")
    assert "| microdc |" in page
    for chart in ("gap-chart", "scaling-chart"):
        assert f"(benchmark-{chart}.svg)" in page
        assert (tmp_path / "docs" / f"benchmark-{chart}.svg").stat().st_size > 1000


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_the_results_that_are_kept(page):
    measured = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    text = (ROOT / page).read_text("utf-8")
    assert MARKED.search(text)
    assert filled(text, measured) == text


def test_a_power_law_goes_through_both_points():
    assert power_law((10, 1), (100, 10), at=1000) == pytest.approx(100)
    assert power_law((10, 1), (100, 100), at=1000) == pytest.approx(10_000)


def test_a_million_sites_are_extrapolated_from_the_two_largest():
    sizes = [(100, 10), (10_000, 100_000), (50_000, 500_000)]
    records = [
        {"method": "microdc", "sites": sites, "points": 9, "pairs": pairs,
         "seconds_to": {"0.1 %": pairs / 1000}, "peak_mb": 200 + pairs / 1000}
        for sites, pairs in sizes
    ]  # fmt: skip
    (expected,) = beyond(records)
    assert expected["pairs"] == pytest.approx(10_000_000)
    assert expected["seconds"] == pytest.approx(10_000)
    assert expected["peak_mb"] == pytest.approx(10_200)
    assert beyond(records[:1]) == []
    assert beyond([*records, records[-1] | {"pairs": 10**6, "seconds_to": {"0.1 %": None}}]) == []
