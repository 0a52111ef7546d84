"""
Workers on this machine: processes that are started afresh, one scenario at a time each.

Each worker is a pool of one process: when that is lost, what it did is known, and the others go on.
A pipe leads to each. It brings news of the search, and its end tells the worker that nobody waits
for it any more: no worker outlives the process that started it, however that ended.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

import psutil

from microdc.batch.workers.answer import Answer, Task, answer
from microdc.batch.workers.telling import News, Telling
from microdc.processes import out_of_hearing
from microdc.solve.highs import Clock
from microdc.solve.outcome import Mark

T = TypeVar("T")
U = TypeVar("U")

SECONDS_BETWEEN_LOOKS = 0.1

WORKER_BYTES = 600e6
"""Memory of a worker beside its tables: 450 MB were measured after plans of Texas."""

_SPAWN = multiprocessing.get_context("spawn")  # forked processes and native threads do not mix


def usual_count(tables_bytes: float) -> int:
    """Give as many workers as there are cores, or as have room in memory, at least one."""
    here = psutil.Process()
    cores = len(here.cpu_affinity()) if hasattr(here, "cpu_affinity") else os.cpu_count() or 1
    room = psutil.virtual_memory().available / (WORKER_BYTES + tables_bytes)
    return max(1, min(cores, int(room)))


class LocalWorkers:
    """So many processes that answer tasks, with news of how each comes along."""

    def __init__(self, count: int) -> None:
        self.at_once = count
        self._workers = [_Worker() for _ in range(count)]

    def count(self) -> int:
        """Give how many workers there are."""
        return len(self._workers)

    def submit(self, task: Task) -> "Future[Answer]":
        """Give a task to a worker that is free; at most `at_once` are out at a time."""
        free = next(worker for worker in self._workers if worker.is_free)
        return free.submit(_answer, task)

    def marks(self) -> dict[str, Mark]:
        """Give the latest news of each search since the last call, by the scenario's name."""
        return dict(news for worker in self._workers for news in worker.news())

    def map(self, work: Callable[[T], U], items: Iterable[T], clock: Clock) -> Iterator[U]:
        """
        Do other work, and give what comes of it in order, until the clock is interrupted.

        What a worker was lost over is done once more; raises BrokenExecutor if that is lost, too.
        """
        waiting, out = deque(items), deque[_Errand[T, U]]()
        while (waiting or out) and not clock.interrupted:
            for worker in (worker for worker in self._workers if worker.is_free):
                lost = next((errand for errand in out if errand.is_lost), None)
                if lost is not None:
                    lost.future, lost.again = worker.submit(work, lost.item), True
                elif waiting:
                    item = waiting.popleft()
                    out.append(_Errand(item, worker.submit(work, item)))
            running = [errand.future for errand in out if not errand.future.done()]
            wait(running, timeout=SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
            while out and out[0].future.done() and not out[0].is_lost:
                yield out.popleft().future.result()

    def end(self) -> None:
        """End every worker at once, whatever it is doing."""
        for worker in self._workers:
            worker.hang_up()
        for worker in self._workers:
            worker.leave()


@dataclass(slots=True)
class _Errand(Generic[T, U]):
    """A piece of other work that is out, perhaps for the second time."""

    item: T
    future: "Future[U]"
    again: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether its first worker was lost, and it waits for another."""
        future = self.future
        return (
            not self.again and future.done() and isinstance(future.exception(), BrokenProcessPool)
        )


class _Worker:
    """A process that is started when it is first needed, and again when it was lost."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._line: Connection | None = None
        self._out: Future[Any] | None = None

    @property
    def is_free(self) -> bool:
        return self._out is None or self._out.done()

    def submit(self, work: Callable[[T], U], item: T) -> "Future[U]":
        with out_of_hearing():  # here the process is started
            try:
                submitted = self._started().submit(work, item)
            except BrokenProcessPool:  # lost since its last answer
                self.hang_up()
                submitted = self._started().submit(work, item)
        self._out = submitted
        return submitted

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None or self._is_lost():
            self.leave()
            self._line, theirs = _SPAWN.Pipe()
            self._pool = ProcessPoolExecutor(1, _SPAWN, _begin, (theirs,))
        return self._pool

    def _is_lost(self) -> bool:
        return self._line is None or (
            self._out is not None
            and self._out.done()
            and isinstance(self._out.exception(), BrokenProcessPool)
        )

    def news(self) -> list[News]:
        """Give what came through the pipe since the last time."""
        told = []
        with suppress(EOFError, OSError):
            while self._line is not None and self._line.poll():
                told.append(self._line.recv())
        return told

    def hang_up(self) -> None:
        """Close the pipe, whereupon the process ends itself."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def leave(self) -> None:
        """Let go of a process that has ended or is about to."""
        self.hang_up()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


_lines: list[Connection] = []
"""In a worker: the one pipe to the process that started it."""


def _begin(line: Connection) -> None:
    """Prepare a new worker: Ctrl-C is not for it, and it ends with the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _lines.append(line)
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()


def _end_with(line: Connection) -> None:
    with suppress(EOFError, OSError):
        line.recv()  # nothing is ever sent: it ends with the pipe
    os._exit(1)


def _answer(task: Task) -> Answer:
    return answer(task, Telling(task.name, _lines[-1].send))
