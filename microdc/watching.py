"""While a search runs: what is shown of it, and how it is asked to end."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live

from microdc.report.progress import standing

if TYPE_CHECKING:
    from microdc.batch.progress import Standing
    from microdc.batch.result import Result
    from microdc.solve.highs import Clock
    from microdc.solve.outcome import Mark

SECONDS_BETWEEN_LINES = 2.0
"""Progress that goes to a file is thinned to a line in so many seconds and one a phase."""


BEST_SO_FAR = "Ending with the best plan so far"
RESULTS_SO_FAR = "Ending with the results that are there"


@contextmanager
def watching(console: Console, *, quiet: bool) -> Iterator[Callable[["Mark"], None]]:
    """Give what shows a search's progress: a live line on a terminal, a few lines elsewhere."""
    if quiet:
        yield lambda mark: None
    elif console.is_terminal:
        with Live(console=console, transient=True, refresh_per_second=8) as live:
            console.show_cursor(True)  # a second Ctrl-C ends the process with the line still up
            yield lambda mark: live.update(standing(mark))
    else:
        yield _Lines(lambda mark: console.print(standing(mark), soft_wrap=True))


class _Lines:
    """Shows the first mark of each phase, and then one every so often."""

    def __init__(self, show: Callable[["Mark"], None]) -> None:
        self.show = show
        self.phase = ""
        self.next_s = 0.0

    def __call__(self, mark: "Mark") -> None:
        if mark.phase != self.phase or mark.seconds >= self.next_s:
            self.phase, self.next_s = mark.phase, mark.seconds + SECONDS_BETWEEN_LINES
            self.show(mark)


@contextmanager
def ending_on_signal(clock: "Clock", says: str = BEST_SO_FAR) -> Iterator[None]:
    """Let Ctrl-C or SIGTERM ask for what there is by then; the same again ends the process."""

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # works even while the solver does not listen
        clock.interrupt()
        sys.stderr.write(f"\n{says}; once more aborts.\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def watching_batch(
    console: Console, *, quiet: bool
) -> Iterator[Callable[["Standing", "Result | None"], None]]:
    """Give what shows how a batch comes along: live on a terminal, a line a result elsewhere."""
    if quiet:
        yield lambda standing, result: None
    elif console.is_terminal:
        with Live(console=console, transient=True, refresh_per_second=8) as live:
            console.show_cursor(True)
            yield lambda standing, result: live.update(standing.shown())
    else:
        yield (
            lambda standing, result: (
                None if result is None else console.print(standing.line(result), soft_wrap=True)
            )
        )
