"""Tasks out to workers, answers in as they come; a worker that is lost costs nobody else's work."""

import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol, TypeVar

from microdc.batch.result import Result, Status
from microdc.batch.workers.answer import Answer, Task, answer
from microdc.solve.highs import Clock
from microdc.solve.outcome import Mark

T = TypeVar("T")
U = TypeVar("U")

SECONDS_BETWEEN_LOOKS = 0.1
MOST_LOSSES = 3
"""Workers that may be lost over one scenario, before it is given up."""


class Workers(Protocol):
    """Who answers tasks."""

    @property
    def at_once(self) -> int:
        """How many tasks may be out at a time."""

    def count(self) -> int:
        """Give how many workers there are at the time."""

    def submit(self, task: Task) -> "Future[Answer]":
        """Hand a task out; its future ends in BrokenExecutor if the worker is lost."""

    def marks(self) -> dict[str, Mark]:
        """Give the latest news of each search since the last call, by the scenario's name."""

    def map(self, work: Callable[[T], U], items: Iterable[T], clock: Clock) -> Iterator[U]:
        """Do other work, and give what comes of it in order, until the clock is interrupted."""

    def end(self) -> None:
        """End all workers at once, whatever they are doing."""


@dataclass(frozen=True, slots=True)
class OfExecutor:
    """Any executor as workers; there is no news of its searches."""

    executor: Executor
    at_once: int

    def count(self) -> int:
        """Give how many tasks it takes at a time."""
        return self.at_once

    def submit(self, task: Task) -> "Future[Answer]":
        """Hand a task to the executor."""
        return self.executor.submit(answer, task)

    def marks(self) -> dict[str, Mark]:
        """Give no news."""
        return {}

    def map(self, work: Callable[[T], U], items: Iterable[T], clock: Clock) -> Iterator[U]:
        """Do other work; an interrupt is seen when something comes of it."""
        return takewhile(lambda _: not clock.interrupted, self.executor.map(work, items))

    def end(self) -> None:
        """Cancel what is not begun, and wait for nothing."""
        self.executor.shutdown(wait=False, cancel_futures=True)


class Follow(Protocol):
    """Who is told how a batch comes along."""

    def began(self, name: str) -> None:
        """Say that a scenario was handed to a worker."""

    def ended(self, answer: Answer) -> None:
        """Say what became of a scenario."""

    def lost(self, name: str) -> None:
        """Say that the worker of a scenario was lost, and another gets it."""

    def looked(self, marks: dict[str, Mark]) -> None:
        """Say where searches stand; called several times a second."""


def collected(
    tasks: Sequence[Task], workers: Workers, follow: Follow, clock: Clock
) -> Iterator[Result]:
    """
    Give the results of tasks as they come, until all are there or the clock is interrupted.

    A task whose worker is lost goes to another one, up to MOST_LOSSES in all.
    """
    waiting, out = deque(tasks), dict[Future[Answer], Task]()
    losses: Counter[str] = Counter()
    while (waiting or out) and not clock.interrupted:
        while waiting and len(out) < workers.at_once:
            task = waiting.popleft()
            out[workers.submit(task)] = task
            follow.began(task.name)
        done, _ = wait(out, timeout=SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
        follow.looked(workers.marks())
        for future in done:
            task = out.pop(future)
            found = _answered(future, task)
            if found is None:
                losses[task.name] += 1
                found = _given_up(task) if losses[task.name] >= MOST_LOSSES else None
            if found is None:
                follow.lost(task.name)
                waiting.appendleft(task)
            else:
                follow.ended(found)
                yield found.result


def _answered(future: "Future[Answer]", task: Task) -> Answer | None:
    """Give an answer; None if its worker was lost."""
    if future.cancelled():  # by a scheduler that forgot it
        return None
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenExecutor):
        return None
    reason = f"{type(error).__name__}: {error}"
    return Answer(_failed(task, reason), "".join(traceback.format_exception(error)))


def _given_up(task: Task) -> Answer:
    reason = f"its worker was lost {MOST_LOSSES} times, perhaps for want of memory"
    return Answer(_failed(task, reason))


def _failed(task: Task, reason: str) -> Result:
    return Result(
        name=task.name,
        file=task.file,
        status=Status.FAILED,
        reason=reason,
        key=task.key,
        time_limit_s=task.time_limit_s,
    )
