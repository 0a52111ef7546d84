import json
import subprocess
import sys
import time

from benchmarks.processes.run import ROOT, run
from benchmarks.processes.trail import Mark, Recorder, read, seconds_to


def test_only_what_is_better_is_written(tmp_path):
    path = tmp_path / "trail.jsonl"
    recorder = Recorder(path, {"pairs": 7})
    for cost, bound in [(None, 5.0), (10.0, 5.0), (11.0, 4.0), (10.0, 9.0)]:
        recorder.watch(cost, bound)
    recorder.end({"counts": {"nodes": 1}})
    trail = read(path)
    assert trail.facts == {"pairs": 7}
    assert [(mark.cost, mark.bound) for mark in trail.marks] == [(None, 5), (10, 5), (10, 9)]
    assert trail.end["counts"] == {"nodes": 1}


def test_a_killed_process_still_tells_what_it_had(tmp_path):
    path = tmp_path / "trail.jsonl"
    Recorder(path, {}).watch(10.0, 5.0)
    with path.open("a") as file:
        file.write('{"seconds": 3.0, "co')
    assert [mark.gap for mark in read(path).marks] == [0.5]


def test_a_process_that_never_began_has_no_trail(tmp_path):
    assert read(tmp_path / "none").marks == []


def test_the_first_moment_within_a_gap_counts():
    marks = [
        Mark(seconds=1, cost=None, bound=90),
        Mark(seconds=2, cost=100, bound=90),
        Mark(seconds=3, cost=100, bound=99),
        Mark(seconds=4, cost=100, bound=100),
    ]
    assert [seconds_to(marks, gap) for gap in (0.1, 0.02, 0.001)] == [2, 3, 4]
    assert seconds_to(marks[:3], 0.001) is None


def test_time_and_memory_are_those_of_the_process_alone():
    code = "import time; b = b'x' * 10**8; time.sleep(0.2); print(len(b))"
    small_parent = (
        "import dataclasses, json, sys; from benchmarks.processes.run import run;"
        "print(json.dumps(dataclasses.asdict(run([sys.executable, '-c', sys.argv[1]]))))"
    )
    command = [sys.executable, "-c", small_parent, code]
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    busy = json.loads(ended.stdout)
    assert busy["exit_code"] == 0
    assert busy["output"].strip() == "100000000"
    assert busy["seconds"] >= 0.2
    assert 95 < busy["peak_mb"] < 150


def test_a_process_that_fails_leaves_its_last_words():
    ended = run([sys.executable, "-c", "import sys; sys.exit('no such thing')"])
    assert ended.exit_code == 1
    assert "no such thing" in ended.complaint


def test_a_clock_may_have_begun_before(tmp_path):
    recorder = Recorder(tmp_path / "trail.jsonl", {}, started_s=time.monotonic() - 5)
    assert recorder.seconds >= 5
