"""
Workers of a Dask cluster: who does what, and what happens when a machine is lost, is Dask's affair.

Scenarios, their tables and the results' folder lie on a file system that all machines share under
the same paths. A worker process takes one scenario at a time, however many threads it has.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from itertools import takewhile
from typing import Any, TypeVar

from microdc.batch.workers.answer import Answer, Task, answer
from microdc.batch.workers.telling import News, Telling
from microdc.errors import UsageError
from microdc.solve.highs import Clock
from microdc.solve.outcome import Mark

T = TypeVar("T")
U = TypeVar("U")

SECONDS_TO_ANSWER = 10.0
"""How long a scheduler may take to answer at first."""
SECONDS_BETWEEN_COUNTS = 2.0
SPARE = 2
"""Tasks that wait at the scheduler, so that no worker waits for this process."""

_ONE_AT_A_TIME = threading.Lock()
"""HiGHS keeps one scheduler of threads for a whole process."""


class ClusterWorkers:
    """The workers of a Dask scheduler, as many as there are at the time."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = _client(address)
        self._executor = self._client.get_executor(pure=False)
        self._topic = ""
        self._marks: dict[str, Mark] = {}
        self._count, self._counted_s = 0, float("-inf")

    @classmethod
    def hired(cls, address: str, *_: object) -> "ClusterWorkers":
        """Give the workers of a scheduler, whatever there is to do."""
        return cls(address)

    @property
    def at_once(self) -> int:
        """As many tasks as there are workers, and a few to spare."""
        return self.count() + SPARE

    def count(self) -> int:
        """Give how many workers the scheduler has; raise UsageError if it is gone."""
        now_s = time.monotonic()
        if now_s - self._counted_s > SECONDS_BETWEEN_COUNTS:
            try:
                self._count = len(self._client.nthreads())
            except OSError:
                msg = f"the Dask scheduler at {self._address} does not answer any more"
                hint = "every finished result is kept: start it, and give the same command again"
                raise UsageError(msg, hint=hint) from None
            self._counted_s = now_s
        return self._count

    def submit(self, task: Task) -> "Future[Answer]":
        """Hand a task to the scheduler, which gives it to another worker where one is lost."""
        if task.mark != self._topic:
            self._topic = task.mark
            self._client.subscribe_topic(task.mark, self._told)
        submitted: Future[Answer] = self._executor.submit(_answer, task)
        return submitted

    def _told(self, event: tuple[float, Any]) -> None:
        name, mark = event[1]
        self._marks[name] = Mark(**mark)

    def marks(self) -> dict[str, Mark]:
        """Give the latest news of each search since the last call, by the scenario's name."""
        marks, self._marks = self._marks, {}
        return marks

    def map(self, work: Callable[[T], U], items: Iterable[T], clock: Clock) -> Iterator[U]:
        """Do other work; an interrupt is seen when something comes of it."""
        done = self._executor.map(partial(_alone, work), items)
        return takewhile(lambda _: not clock.interrupted, done)

    def end(self) -> None:
        """Cancel what is not begun, and leave; what a worker has begun it may finish."""
        self._executor.shutdown(wait=False)
        self._client.close(timeout=SECONDS_TO_ANSWER)


def _client(address: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415  an optional extra
        from distributed.comm import get_address_host_port  # noqa: PLC0415
    except ImportError:
        msg = "a cluster takes dask.distributed, which is not installed"
        raise UsageError(msg, hint="pip install 'microdc[cluster]', on every machine") from None
    try:
        get_address_host_port(address)  # a client of no address is long in closing, and loud
        return Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        msg = f"no Dask scheduler answers at {address}: {str(error).splitlines()[0]}"
        raise UsageError(msg, hint="start one with dask scheduler; it prints its address") from None


def _alone(work: Callable[[T], U], item: T) -> U:
    with _ONE_AT_A_TIME:
        return work(item)


def _answer(task: Task) -> Answer:
    from distributed import get_worker  # noqa: PLC0415  an optional extra

    worker = get_worker()

    def send(news: News) -> None:
        name, mark = news
        worker.log_event(task.mark, (name, asdict(mark)))

    with _ONE_AT_A_TIME:
        return answer(task, Telling(task.name, send))
