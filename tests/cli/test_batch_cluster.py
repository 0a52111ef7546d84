"""A batch through a Dask scheduler and workers that Dask's own command line starts."""

import json
import subprocess
import sys
import time

import pytest

from benchmarks.batch.variants import of_tiny, write_base, write_variants
from microdc.placement.verify import broken_promises

pytest.importorskip("distributed")

DASK = [sys.executable, "-m", "dask"]
BATCH = [sys.executable, "-c", "from microdc.cli import main; main()", "batch"]


def until(true, seconds: float = 300.0) -> None:
    deadline_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path):
    """Start a scheduler and two workers; give its address and the workers."""
    told = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = subprocess.Popen(
        [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
         "--scheduler-file", told], **quiet,
    )  # fmt: skip
    until(told.exists)
    address = json.loads(told.read_text())["address"]
    more = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", tmp_path]
    workers = [subprocess.Popen([*DASK, "worker", address, *more], **quiet) for _ in range(2)]
    try:
        yield address, workers
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_worker_that_is_killed_midway_changes_no_result(cluster, tmp_path, run):
    address, workers = cluster
    folder = tmp_path / "scenarios"
    write_base("tiny", folder)
    write_variants(folder, 4, of_tiny)
    batch = subprocess.Popen(
        [*BATCH, folder, "--out", tmp_path / "out", "--scheduler", address, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        until(lambda: len(list((tmp_path / "out").glob("[!.]*/result.json"))) >= 2)
        workers[0].kill()
        out, err = batch.communicate(timeout=300)
    finally:
        batch.kill()
        batch.wait()
    assert batch.returncode == 0, err
    assert "Traceback" not in err
    told = json.loads(out)
    assert told["counts"]["planned"] == 4
    alone = run("batch", folder, "--out", tmp_path / "alone", "--json", "--quiet", "--workers", 1)
    costs = {row["name"]: row["figures"]["cost"] for row in told["results"]}
    for row in json.loads(alone.out)["results"]:
        assert costs[row["name"]] == pytest.approx(row["figures"]["cost"], rel=1e-3)
        assert broken_promises(tmp_path / "out" / row["name"]) == []


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_a_scheduler_that_does_not_answer_is_a_matter_of_usage(tmp_path, run, monkeypatch, address):
    monkeypatch.setattr("microdc.batch.workers.cluster.SECONDS_TO_ANSWER", 0.5)
    folder = tmp_path / "scenarios"
    write_base("tiny", folder)
    write_variants(folder, 1, of_tiny)
    ended = run("batch", folder, "--out", tmp_path / "out", "--scheduler", address)
    assert ended.code == 2
    assert f"no Dask scheduler answers at {address}" in ended.err
    assert "Traceback" not in ended.err
