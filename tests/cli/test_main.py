"""What surrounds the commands: interruption, foreign errors, progress."""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from microdc.errors import InfeasibleError, NoPlanError
from microdc.report.progress import standing
from microdc.solve.outcome import Mark
from microdc.watching import ending_on_signal, watching

TINY = Path(__file__).parents[2] / "scenarios" / "tiny"


class Clock:
    def __init__(self):
        self.interrupted = False

    def interrupt(self):
        self.interrupted = True


def mark(seconds: float, phase: str = "cuts") -> Mark:
    return Mark(seconds=seconds, phase=phase, cost=None, bound=1.0, cuts=3, time_left_s=9.0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_and_the_second_would_abort(number, capsys):
    before, clock = signal.getsignal(number), Clock()
    with ending_on_signal(clock):
        os.kill(os.getpid(), number)
        assert clock.interrupted
        assert signal.getsignal(number) == signal.SIG_DFL
    assert signal.getsignal(number) == before
    assert "best plan so far" in capsys.readouterr().err


def test_progress_in_a_file_is_thinned(capsys):
    with watching(Console(stderr=True, width=100), quiet=False) as watch:
        for seconds in (0.0, 0.5, 1.0, 2.5):
            watch(mark(seconds))
        watch(mark(2.6, phase="integer model"))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "integer model" in lines[-1]
    assert "3 cuts" in lines[0]


def test_progress_on_a_terminal_is_one_live_line(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with watching(Console(stderr=True), quiet=False) as watch:
        watch(mark(0.0))
    assert "cuts" in capsys.readouterr().err


@pytest.fixture
def buggy(monkeypatch):
    def fail(path):
        raise ZeroDivisionError("a slip of ours")

    monkeypatch.setattr("microdc.placement.verify.broken_promises", fail)


def test_a_bug_keeps_its_traceback_and_says_it_is_ours(run, buggy):
    answer = run("verify", "plans/x", "--json")
    assert answer.code == 1
    assert "Traceback" in answer.err
    assert "bug in microdc" in answer.err
    assert json.loads(answer.out)["status"] == "bug"


def test_a_folder_that_may_not_be_written_is_no_bug(run, monkeypatch):
    def fail(path):
        raise PermissionError(13, "Permission denied", "plans")

    monkeypatch.setattr("microdc.placement.verify.broken_promises", fail)
    answer = run("verify", "plans/x")
    assert answer.code == 2
    assert "plans: Permission denied" in answer.err
    assert "Traceback" not in answer.err


def document(status: str) -> dict[str, object]:
    proven = {
        "cost_mn_yr": 2.0,
        "bound_mn_yr": 1.0,
        "gap": 0.5,
        "gap_avoidable": None,
        "seconds": 9,
    }
    named = {"status": status, "objective": "least-cost", "currency": "USD"}
    return {**named, "certificate": proven, "services": [], "sites": [], "hubs": []}


@pytest.fixture
def workflow(monkeypatch):
    stub = SimpleNamespace()
    monkeypatch.setitem(sys.modules, "microdc.workflow", stub)
    return stub


@pytest.mark.parametrize(
    ("status", "code"), [("within gap", 0), ("time limit", 6), ("interrupted", 6)]
)
def test_the_exit_code_says_whether_the_gap_was_reached(run, workflow, status, code):
    plan = SimpleNamespace(to_document=lambda: document(status))
    result = SimpleNamespace(plan=plan, folder="plans/x", beside={}, open_ended=False)
    workflow.plan_scenario = lambda path, out, **how: result
    answer = run("plan", TINY, "--json")
    assert answer.code == code
    told = json.loads(answer.out)
    assert (told["status"], told["cost"], told["bound"]) == (status, 2.0, 1.0)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (InfeasibleError("too little power", hint="raise a limit"), 4, "infeasible"),
        (NoPlanError("too little time", hint="wait longer"), 5, "no plan in time"),
    ],
)
def test_an_answer_without_a_plan_has_a_reason_and_a_hint(run, workflow, error, code, status):
    def fail(path, out, **how):
        raise error

    workflow.plan_scenario = fail
    answer = run("plan", TINY, "--json")
    assert answer.code == code
    assert error.message in answer.err
    assert f"hint: {error.hint}" in answer.err
    assert json.loads(answer.out)["status"] == status


def test_options_reach_the_search(run, workflow):
    heard = {}

    def hear(path, out, **how):
        heard.update(how, path=path, out=out)
        raise NoPlanError("enough heard")

    workflow.plan_scenario = hear
    limits = ("--gap", "0.01", "--time-limit", "5", "--threads", "1")
    run("plan", TINY, "--out", "y", "--force", *limits)
    assert heard["overrides"] == {"gap": 0.01, "time_limit_s": 5.0, "threads": 1}
    assert (str(heard["path"]), str(heard["out"]), heard["force"]) == (str(TINY), "y", True)
    run("plan", TINY)
    assert heard["overrides"] == {}


def test_progress_towards_most_service_is_told_in_megawatts_served():
    reached = replace(mark(1.0, "plans"), cost=-18.0, bound=-21.0, of="service")
    line = standing(reached).plain
    assert "served      18.00 MW IT  at most      21.00" in line
    assert "gap   16.7 %" in line
    assert "cost" not in line
    assert "18.00 MW-months" in standing(replace(reached, of="time to power")).plain
    assert "cost" in standing(replace(reached, of="cost")).plain
