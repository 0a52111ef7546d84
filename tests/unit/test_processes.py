"""Processes that work for another: none outlives it."""

import subprocess
import sys

_WORKER = "import sys, time; from microdc.processes import end_with; end_with({}); time.sleep(60)"
_SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_process_ends_with_the_one_that_it_works_for():
    employer = subprocess.Popen(_SLEEP)
    worker = subprocess.Popen([sys.executable, "-c", _WORKER.format(employer.pid)])
    try:
        assert worker.poll() is None
        employer.kill()
        employer.wait()
        assert worker.wait(timeout=20) == 1
    finally:
        employer.kill()
        worker.kill()


def test_a_process_whose_employer_is_gone_ends_at_once():
    employer = subprocess.Popen(_SLEEP)
    employer.kill()
    employer.wait()
    worker = subprocess.run(
        [sys.executable, "-c", _WORKER.format(employer.pid)], check=False, timeout=20
    )
    assert worker.returncode == 1
