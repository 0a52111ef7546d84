"""Sweeps over tiny and others: the files that are written, and what is refused."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from microdc.scenario import load_scenario

TWO_KEYS = ("--set", "services.near.rtt_ms=2,3", "--set", "sites.max_mw=10,20")


def rows_of(table):
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_variants_are_written_that_a_person_can_read_and_that_plan_as_the_hand_does(run, tiny):
    answer = run("sweep", tiny, *TWO_KEYS)
    assert answer.code == 0, answer.err
    folder = tiny / "sweep"
    assert f"4 variants of tiny written to {folder}" in answer.out
    assert (folder / "rtt_ms-2--max_mw-20.yaml").read_text("utf-8") == (
        "# tiny with services.near.rtt_ms = 2 and sites.max_mw = 20\n"
        "schema: 1\n"
        "name: tiny-rtt_ms-2--max_mw-20\n"
        "extends: _base.yaml\n"
        "services:\n"
        "  near: {rtt_ms: 2}\n"
        "sites: {max_mw: 20}\n"
    )
    planned = run("plan", folder / "rtt_ms-2--max_mw-20.yaml", "--json")
    assert json.loads(planned.out)["cost"] == pytest.approx(28.4)


def test_the_table_names_each_file_and_its_values_in_order(run, tiny):
    answer = run("sweep", tiny, *TWO_KEYS, "--json")
    told = json.loads(answer.out)
    rows = rows_of(tiny / "sweep" / "sweep.csv")
    assert [str(tiny / "sweep" / row["file"]) for row in rows] == told["files"]
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows)
    assert [(row["services.near.rtt_ms"], row["sites.max_mw"]) for row in rows] == [
        ("2", "10"),
        ("2", "20"),
        ("3", "10"),
        ("3", "20"),
    ]
    for row in rows:
        scenario = load_scenario(tiny / "sweep" / row["file"])
        assert scenario.name == row["name"]
        assert scenario.sites.max_mw == float(row["sites.max_mw"])


def test_values_that_a_spreadsheet_would_run_are_made_inert(run, tiny):
    assert run("sweep", tiny, "--set", "demand.source.title==1+1,b").code == 0
    rows = rows_of(tiny / "sweep" / "sweep.csv")
    assert [row["demand.source.title"] for row in rows] == ["'=1+1", "b"]
    first = load_scenario(tiny / "sweep" / rows[0]["file"])
    assert first.demand[0].source.title == "=1+1"


def test_letters_that_are_no_number_one_can_count_with_stay_what_was_typed(run, tiny):
    assert run("sweep", tiny, "--set", "substations.columns.headroom_mw=1e999,007").code == 0
    columns = [row["substations.columns.headroom_mw"] for row in rows_of(tiny / "sweep/sweep.csv")]
    assert columns == ["1e999", "007"]
    for row in rows_of(tiny / "sweep" / "sweep.csv"):
        scenario = load_scenario(tiny / "sweep" / row["file"])
        stated = scenario.substations[0].columns["headroom_mw"]
        assert row["substations.columns.headroom_mw"] in stated


def test_paths_hold_from_wherever_the_sweep_stands(run, copy_of):
    parcels = copy_of("parcels")
    away = Path("far") / "away"
    for out in (away, parcels / "study"):
        answer = run("sweep", parcels / "scenario.yaml", "--set", "sites.pue=1.2,1.3", "--out", out)
        assert answer.code == 0, answer.err
        for file in out.glob("pue*.yaml"):
            assert run("check", file).code == 0
    swept = load_scenario(away / "_base.yaml")
    assert (away / swept.demand[0].path).resolve() == (parcels / "places.csv").resolve()


def test_a_swept_path_is_relative_to_the_scenario_as_the_base_states_it(run, tiny):
    shutil.copy(tiny / "places.csv", tiny / "more.csv")
    assert run("sweep", tiny, "--set", "demand.path=places.csv,more.csv").code == 0
    files = [tiny / "sweep" / row["file"] for row in rows_of(tiny / "sweep" / "sweep.csv")]
    assert [run("check", file).code for file in files] == [0, 0]


def test_a_base_that_extends_another_is_written_whole(run, tiny):
    answer = run("sweep", tiny / "no-price.yaml", "--set", "sites.max_mw=10,20")
    assert answer.code == 0, answer.err
    base = load_scenario(tiny / "sweep" / "_base.yaml")
    assert base.extends is None
    assert base.services["near"].unserved_mn_per_mw_yr is None
    assert base.services["near"].rtt_ms == 2


def test_faults_of_all_variants_are_told_at_once_and_nothing_is_written(run, tiny):
    answer = run("sweep", tiny, "--set", "sites.max_mww=10,20", "--set", "services.near.rtt_ms=a,2")
    assert answer.code == 3
    assert "unknown key; did you mean max_mw?" in answer.err
    assert "is not a number; found 'a'" in answer.err
    assert answer.err.count("max_mww: unknown key") == 1
    assert not (tiny / "sweep").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--set", "sites.max_mw"], "is not KEY=VALUE"),
        (["--set", "sites.max_mw=5,10", "--set", "sites.pue=1.1", "--paired"], "as many values"),
        (["--set", "sites.max_mw=5,10,15", "--most", "2"], "3 variants, more than 2"),
        (["--set", "name=a,b"], "its own name"),
        ([], "--set"),
    ],
)
def test_what_cannot_be_swept_is_a_usage_error(run, tiny, arguments, says):
    answer = run("sweep", tiny, *arguments)
    assert answer.code == 2
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert not (tiny / "sweep").exists()


def test_a_sweep_is_replaced_only_by_force_and_only_whole(run, tiny):
    assert run("sweep", tiny, "--set", "sites.max_mw=10,20").code == 0
    again = run("sweep", tiny, "--set", "sites.max_mw=15")
    assert again.code == 2
    assert "--force" in again.err
    assert run("sweep", tiny, "--set", "sites.max_mw=15", "--force").code == 0
    present = sorted(path.name for path in (tiny / "sweep").iterdir())
    assert present == ["_base.yaml", "max_mw-15.yaml", "sweep.csv"]
    (tiny / "sweep" / "mine.txt").write_text("notes")
    refused = run("sweep", tiny, "--set", "sites.max_mw=15", "--force")
    assert refused.code == 2
    assert "mine.txt" in refused.err


def test_a_folder_that_cannot_be_written_is_told(run, tiny):
    (tiny / "taken").write_text("a file")
    for out in (tiny / "taken", tiny / "taken" / "below", tiny / ("x" * 300)):
        answer = run("sweep", tiny, "--set", "sites.max_mw=15", "--out", out)
        assert answer.code == 2
        assert "Traceback" not in answer.err


def test_the_folder_of_the_scenario_itself_is_never_swept_away(run, tiny):
    answer = run("sweep", tiny, "--set", "sites.max_mw=15", "--out", tiny, "--force")
    assert answer.code == 2
    assert (tiny / "places.csv").exists()


def test_a_sweep_is_planned_as_a_batch_and_its_fleets_are_priced_elsewhere(run, tiny):
    """West 10 and East 10 cost 28.8 wherever they may be; West 15 and East 5, 28.4."""
    assert run("sweep", tiny, "--set", "sites.max_mw=10,20").code == 0
    answer = run("batch", tiny / "sweep", "--out", "out", "--workers", "1", "--regret", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["scenarios"] == 2
    fleets = {row["fleet"]: row for row in told["regret"]}
    assert fleets["max_mw-10"]["in max_mw-20"] == pytest.approx(0.4, abs=1e-4)
    assert fleets["max_mw-20"]["in max_mw-20"] == 0
    assert fleets["max_mw-20"]["impossible_in"] == 1
    rows = rows_of(Path("out/summary.csv"))
    assert [(row["scenario"], row["sites.max_mw"]) for row in rows] == [
        ("max_mw-10", "10"),
        ("max_mw-20", "20"),
    ]
    assert [float(row["cost_mn_yr"]) for row in rows] == pytest.approx([28.8, 28.4])
    assert Path("out/batch.html").exists()
