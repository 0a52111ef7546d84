"""A batch from the command line, with worker processes of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.batch.killed import Moment, killed_and_resumed
from benchmarks.batch.variants import of_tiny, write_base, write_variants
from microdc.placement.verify import broken_promises

BATCH = [sys.executable, "-c", "from microdc.cli import main; main()", "batch"]
HARD = "solve: {gap: 0, time_limit_s: 600}\nsites: {max_mw: 14}\n"  # takes long on Texas


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("batch") / "scenarios"
    write_base("tiny", folder)
    write_variants(folder, 2, of_tiny)
    own = "schema: 1\nname: all\nextends: _base.yaml\n"
    in_full = "services: {near: {unserved_mn_per_mw_yr: null}}\n"
    (folder / "impossible.yaml").write_text(own + in_full)
    (folder / "misspelt.yaml").write_text(f"{own}sites: {{max_mv: 10}}\n")
    (folder / "no-table.yaml").write_text(f"{own}demand: {{path: place.csv}}\n")
    return folder


@pytest.fixture(scope="module")
def first(folder) -> dict:
    command = [*BATCH, folder.name, "--json", "--workers", "2"]
    ended = subprocess.run(
        command, check=False, cwd=folder.parent, capture_output=True, encoding="utf-8"
    )
    assert ended.returncode == 8
    assert "Traceback" not in ended.stderr
    assert "[5/5]" in ended.stderr
    return json.loads(ended.stdout)


def by_name(told):
    return {row["name"]: row for row in told["results"]}


def test_every_scenario_ends_in_one_of_the_ways_that_are_told(first):
    rows = by_name(first)
    assert {name: row["status"] for name, row in rows.items()} == {
        "impossible": "infeasible",
        "misspelt": "bad input",
        "no-table": "bad input",
        "variant-000": "planned",
        "variant-001": "planned",
    }
    assert "Dune needs" in rows["impossible"]["reason"]
    assert "misspelt.yaml: line 4, sites.max_mv" in rows["misspelt"]["reason"]
    assert "did you mean places.csv?" in rows["no-table"]["reason"]
    assert first["counts"]["planned"] == 2


def test_plans_are_those_of_single_runs(first, folder, run, tmp_path, monkeypatch):
    monkeypatch.chdir(folder.parent)
    for name in ("variant-000", "variant-001"):
        alone = json.loads(
            run("plan", folder / f"{name}.yaml", "--out", tmp_path / name, "--json").out
        )
        figures = by_name(first)[name]["figures"]
        assert figures["cost"] == pytest.approx(alone["cost"], rel=1e-3)
        assert broken_promises(folder.parent / first["folder"] / name) == []


def test_a_re_run_computes_nothing_and_starts_nobody(first, folder, run, monkeypatch):
    monkeypatch.chdir(folder.parent)
    again = run("batch", folder.name, "--resume", "--json")
    assert again.code == 8
    told = json.loads(again.out)
    assert told["from_before"] == 4  # the faults of a scenario file are read again
    strip = [{**row, "seconds": 0} for row in told["results"]]
    assert strip == [{**row, "seconds": 0} for row in first["results"]]


def test_the_answer_in_words(first, folder, run, monkeypatch):
    monkeypatch.chdir(folder.parent)
    said = run("batch", folder.name, "--quiet").out
    assert "5 scenarios: 2 planned, 1 infeasible, 2 bad input" in said
    assert "4 as they were before" in said
    assert "Written to" in said


def test_a_batch_that_is_all_planned_ends_well(first, folder, run, monkeypatch):
    monkeypatch.chdir(folder.parent)
    assert run("batch", folder.name, "--glob", "variant*.yaml", "--quiet").code == 0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--resume", "--force"], "choose one"),
        (["--glob", "*.yam"], "no scenario files"),
        (["--out", "scenarios"], "something else than a batch"),
        (["--workers", "0"], "Invalid value"),
    ],
)
def test_what_cannot_be_done_is_a_matter_of_usage(first, folder, run, monkeypatch, more, says):
    monkeypatch.chdir(folder.parent)
    ended = run("batch", folder.name, *more)
    assert ended.code == 2
    assert says in ended.err
    assert "Traceback" not in ended.err


@pytest.fixture
def hard(tmp_path) -> Path:
    folder = tmp_path / "scenarios"
    write_base("texas", folder)
    write_variants(
        folder, 3, lambda number: f"{HARD}services: {{rtt-5ms: {{rtt_ms: {number + 4}}}}}\n"
    )
    return folder


def begun(folder: Path, *more: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [*BATCH, folder.name, "--workers", "2", *more],
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    log = folder.parent / "plans" / folder.name / "batch.log"
    until(lambda: log.exists() and log.read_text().count("begun") == 2)
    return process


def until(true, seconds: float = 180.0) -> None:
    deadline_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def workers_of(process) -> list[psutil.Process]:
    """Give the worker processes, once they have loaded what they need."""
    found = []

    def are_there():
        found[:] = [
            child
            for child in psutil.Process(process.pid).children()
            if "spawn_main" in " ".join(child.cmdline()) and child.memory_info().rss > 200e6
        ]
        return len(found) == 2

    until(are_there)
    return found


@pytest.mark.slow
def test_ctrl_c_ends_at_once_and_a_second_batch_is_refused_until_then(hard, run, monkeypatch):
    process = begun(hard)
    workers = workers_of(process)
    monkeypatch.chdir(hard.parent)
    other = run("batch", hard.name)
    assert other.code == 2
    assert "another batch is writing" in other.err
    started_s = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    said, _ = process.communicate(timeout=120)
    assert time.monotonic() - started_s < 30
    assert process.returncode == 8
    assert "Ended before 3 scenarios had a result" in said
    assert "Traceback" not in said
    psutil.wait_procs(workers, timeout=30)
    assert not any(worker.is_running() for worker in workers)


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nobody_elses_work(hard):
    process = begun(hard, "--time-limit", "8")  # a plan is there by then, also where it is slow
    victim, other = workers_of(process)
    victim.kill()
    said, _ = process.communicate(timeout=300)
    log = (hard.parent / "plans" / hard.name / "batch.log").read_text()
    assert log.count("its worker was lost") == 1
    assert "failed" not in said
    assert process.returncode == 8  # a gap of 0 is not reached
    assert len(list((hard.parent / "plans" / hard.name).glob("[!.]*/result.json"))) == 3
    assert not other.is_running()


@pytest.mark.slow
def test_a_batch_that_is_killed_goes_on_and_loses_only_the_work_in_flight(tmp_path):
    folder = tmp_path / "scenarios"
    write_base("tiny", folder)
    write_variants(folder, 4, of_tiny)
    for number, moment in enumerate([Moment(1, 0.1, False), Moment(2, 0.3, True)]):
        killed_and_resumed(folder, tmp_path / f"out-{number}", moment)
