"""Workers that are lost, as an executor tells it."""

from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import pytest

from microdc.batch.collect import MOST_LOSSES, OfExecutor, collected
from microdc.batch.result import Result, Status
from microdc.batch.workers.answer import Answer, Task
from microdc.solve.highs import Clock


class Fated(Executor):
    """Loses the worker of each task as often as it is fated to."""

    def __init__(self, losses):
        self.losses, self.most_at_once, self.running = dict(losses), 0, 0

    def submit(self, call, task):
        future = Future()
        if self.losses.get(task.name, 0) > 0:
            self.losses[task.name] -= 1
            future.set_exception(BrokenExecutor("killed"))
        elif task.name == "bug":
            future.set_exception(ValueError("cannot be pickled"))
        else:
            file = task.file
            future.set_result(Answer(Result(name=task.name, file=file, status=Status.PLANNED)))
        return future


class Silent:
    def __init__(self):
        self.told = []

    def began(self, name):
        self.told.append(f"{name} began")

    def ended(self, answer):
        self.told.append(f"{answer.result.name} {answer.result.status}")
        self.trace = answer.trace

    def lost(self, name):
        self.told.append(f"{name} lost")

    def looked(self, marks):
        assert marks == {}


def task(name):
    here = Path("/nowhere")
    return Task(
        name=name, file=here / f"{name}.yaml", folder=here, out=here, mark="", key="k",
        code="", solving={}, time_limit_s=1.0,
    )  # fmt: skip


@pytest.fixture
def follow():
    return Silent()


def statuses(losses, follow, *names, clock=None):
    workers = OfExecutor(Fated(losses), 1)
    clock = clock or Clock(float("inf"))
    results = collected([task(name) for name in names], workers, follow, clock)
    return {result.name: (result.status, result.reason) for result in results}


def test_a_scenario_whose_worker_is_lost_goes_to_another(follow):
    assert statuses({"a": 2}, follow, "a", "b")["a"] == (Status.PLANNED, "")
    assert follow.told.count("a lost") == 2


def test_a_scenario_that_costs_every_worker_is_given_up_and_the_others_go_on(follow):
    told = statuses({"a": 99}, follow, "a", "b")
    assert told["a"][0] is Status.FAILED
    assert f"lost {MOST_LOSSES} times" in told["a"][1]
    assert told["b"][0] is Status.PLANNED


def test_an_answer_that_does_not_come_is_our_bug(follow):
    assert statuses({}, follow, "bug")["bug"][0] is Status.FAILED
    assert "cannot be pickled" in follow.trace


def test_an_interrupt_ends_at_once(follow):
    clock = Clock(float("inf"))
    clock.interrupt()
    assert statuses({}, follow, "a", clock=clock) == {}
