"""Workers on this machine do other work than scenarios, in order, and end with what they do."""

import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from microdc.batch.workers.local import LocalWorkers
from microdc.solve.highs import Clock


@pytest.fixture
def workers() -> Iterator[LocalWorkers]:
    workers = LocalWorkers(2)
    yield workers
    workers.end()


def test_what_comes_of_it_is_in_order(workers):
    assert list(workers.map(abs, [-3, -2, -1], Clock(float("inf")))) == [3, 2, 1]


def test_an_interrupted_clock_ends_it(workers):
    clock = Clock(float("inf"))
    clock.interrupt()
    assert list(workers.map(abs, [-3, -2, -1], clock)) == []


def die_once(file: Path) -> str:
    if file.exists():
        return "done"
    file.touch()
    os._exit(1)


def test_what_a_worker_was_lost_over_is_done_once_more_and_in_order(workers, tmp_path):
    files = [tmp_path / name for name in "abc"]
    files[2].touch()
    assert list(workers.map(die_once, files, Clock(float("inf")))) == ["done"] * 3


def test_a_worker_lost_twice_over_the_same_is_an_error_and_the_next_work_is_done(workers):
    clock = Clock(float("inf"))
    with pytest.raises(BrokenExecutor):
        list(workers.map(os._exit, [1], clock))
    assert list(workers.map(abs, [-1], clock)) == [1]
