import logging
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from microdc.batch.progress import Following, Standing, told
from microdc.batch.result import Result, Status
from microdc.batch.workers import local
from microdc.batch.workers.answer import Answer
from microdc.solve.outcome import Mark


def shown(renderable):
    console = Console(width=160)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def result(status, reason="", **figures):
    plan = Path("a") if figures else None
    return Result(
        name="a", file=Path("a.yaml"), status=status, reason=reason, plan=plan,
        seconds=2.0, figures=figures,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (
            result(Status.PLANNED, cost=12.5, gap=0.0005),
            "a: planned, cost 12.50, gap 0.05 % (2.0 s)",
        ),
        (result(Status.INFEASIBLE, "Dune is too far"), "a: infeasible: Dune is too far (2.0 s)"),
        (
            result(Status.BAD_INPUT, "2 faults in the input:\n  - a.yaml: one\n  - a.yaml: two"),
            "a: bad input: 2 faults in the input: a.yaml: one ... (2.0 s)",
        ),
    ],
)
def test_what_became_of_a_scenario_is_one_line(ended, says):
    assert told(ended) == says


def test_the_head_counts_and_tells_how_long_it_will_take():
    standing = Standing(10, 4, started_s=0.0, counts=Counter({Status.PLANNED: 2}), worked=2)
    head = standing.head().plain
    assert head.startswith("6 of 10 done, 4 from before, 2 planned, about ")
    assert Standing(3, 3).left_s is None


def test_faults_that_are_seen_at_once_tell_nothing_of_the_time_left():
    follow = Following(Standing(9, 0), lambda *_: None, logging.getLogger("nowhere"))
    follow.ended(Answer(Result(name="bad", file=Path("bad.yaml"), status=Status.BAD_INPUT)))
    assert follow.standing.left_s is None
    follow.began("good")
    follow.ended(Answer(Result(name="good", file=Path("good.yaml"), status=Status.INFEASIBLE)))
    assert follow.standing.left_s is not None


def test_each_running_scenario_shows_its_phase_and_gap():
    mark = Mark(seconds=3.0, phase="cuts", cost=2.0, bound=1.0, cuts=7, time_left_s=57.0)
    said = shown(Standing(2, 0, running={"[a]": mark, "b": None}).shown())
    assert "[a]" in said
    assert "cuts" in said
    assert "50 %" in said
    assert "reading" in said


def test_there_are_no_more_workers_than_memory_has_room_for(monkeypatch):
    class Memory:
        available = 3e9

    monkeypatch.setattr(local.psutil, "virtual_memory", Memory)
    monkeypatch.setattr(local.psutil.Process, "cpu_affinity", lambda self: [0] * 8, raising=False)
    assert local.usual_count(0.4e9) == 3
    assert local.usual_count(9e9) == 1
    Memory.available = 1e12
    assert local.usual_count(0.4e9) == 8
