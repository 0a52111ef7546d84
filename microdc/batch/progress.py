"""Where a batch stands: what is done, what is running and how far it is, how long it will take."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Group
from rich.text import Text

from microdc.batch.result import Result, Status
from microdc.batch.workers.answer import Answer
from microdc.report.progress import standing
from microdc.report.words import number, percent, plain
from microdc.solve.outcome import Mark

LOG = "batch.log"


@dataclass(slots=True)
class Standing:
    """Where a batch stands; `before` counts results that were there already."""

    total: int
    before: int
    counts: Counter[Status] = field(default_factory=Counter)
    running: dict[str, Mark | None] = field(default_factory=dict)
    worked: int = 0
    """Scenarios that a worker answered in this run; in the others faults were seen at once."""
    priced: tuple[int, int] | None = None
    """In how many scenarios of how many all fleets are priced, once that has begun."""
    started_s: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Scenarios that have a result by now."""
        return self.before + self.counts.total()

    @property
    def left_s(self) -> float | None:
        """Seconds left if the rest takes as long as what was worked on; None: unknown."""
        passed_s = time.monotonic() - self.started_s
        return passed_s / self.worked * (self.total - self.done) if self.worked else None

    def head(self) -> Text:
        """Give how many are done, how they ended, and the time left."""
        parts = [f"{self.done} of {self.total} done"]
        parts += [f"{self.before} from before"] if self.before else []
        parts += [f"{count} {status}" for status, count in sorted(self.counts.items())]
        parts += [f"about {_long(self.left_s)} left"] if self.left_s else []
        parts += ["fleets priced in {} of {}".format(*self.priced)] if self.priced else []
        return Text(", ".join(parts))

    def shown(self) -> Group:
        """Give the same, and each running scenario with the phase and gap of its search."""
        lines = []
        for name, mark in self.running.items():
            where = Text("reading") if mark is None else standing(mark)
            lines.append(Text.assemble("  ", plain(name), "  ", where, no_wrap=True))
        return Group(self.head(), *lines)

    def line(self, result: Result) -> Text:
        """Tell in one line what became of a scenario, and how many are done."""
        left = "" if not self.left_s else f", about {_long(self.left_s)} left"
        return Text(f"[{self.done}/{self.total}{left}] ").append_text(plain(told(result)))


def told(result: Result) -> str:
    """Tell what became of a scenario in one line."""
    text = f"{result.name}: {result.status}"
    if result.has_plan:
        text += f", cost {number(result.figures['cost'])}, gap {percent(result.figures['gap'])}"
    elif result.reason:
        first, *more = [line.strip().removeprefix("- ") for line in result.reason.split("\n")]
        if first.endswith(":") and more:  # it only counts what follows
            first = f"{first} {more.pop(0)}"
        text += f": {first}{' ...' if more else ''}"
    return f"{text} ({result.seconds:.1f} s)"


def _long(seconds: float) -> str:
    """Give a time as people say it."""
    for unit, length in (("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


Show = Callable[[Standing, Result | None], None]
"""Called when something changed, with the result that is new, if one is."""


class Following:
    """Keeps a batch's standing, shows it, and writes what happens to the log."""

    def __init__(self, standing: Standing, show: Show, log: logging.Logger) -> None:
        self.standing, self._show, self._log = standing, show, log

    def began(self, name: str) -> None:
        """Note that a scenario was handed to a worker."""
        self.standing.running[name] = None
        self._log.info("%s: begun", name)

    def ended(self, answer: Answer) -> None:
        """Note what became of a scenario."""
        result = answer.result
        self.standing.worked += result.name in self.standing.running
        self.standing.running.pop(result.name, None)
        self.standing.counts[result.status] += 1
        level = logging.ERROR if result.status is Status.FAILED else logging.INFO
        self._log.log(level, "%s", told(result))
        for text in (result.reason if "\n" in result.reason else "", answer.trace):
            if text:
                self._log.log(level, "%s:\n%s", result.name, text)
        self._show(self.standing, result)

    def lost(self, name: str) -> None:
        """Note that a worker was lost, and another gets its scenario."""
        self.standing.running.pop(name, None)
        self._log.warning("%s: its worker was lost; another gets it", name)

    def priced(self, done: int, of: int) -> None:
        """Note in how many scenarios of how many all fleets are priced."""
        self.standing.priced = (done, of)
        self._show(self.standing, None)

    def looked(self, marks: dict[str, Mark]) -> None:
        """Note where searches stand."""
        running = self.standing.running
        running.update({name: mark for name, mark in marks.items() if name in running})
        self._show(self.standing, None)


@contextmanager
def logged(out: Path) -> Iterator[logging.Logger]:
    """Give what writes to a batch's log, after what is there already."""
    log = logging.getLogger("microdc.batch")
    handler = logging.FileHandler(out / LOG, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield log
    finally:
        log.removeHandler(handler)
        handler.close()
