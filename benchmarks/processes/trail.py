"""
What a measured process writes down while it runs, line by line, so that a killed one still tells.

The first line says what is measured, the last how it ended; between them stand seconds since the
clock began, cost and bound whenever one of them has become better.
"""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The best cost and bound known at a moment (millions a year); None: none yet."""

    seconds: float
    cost: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost, at least 0."""
        if self.cost is None or self.bound is None or self.cost == 0:
            return None
        return max(0.0, (self.cost - self.bound) / abs(self.cost))


class Recorder:
    """Writes a trail; its clock begins when it is made, or at a moment that is given."""

    def __init__(self, path: Path, facts: dict[str, Any], started_s: float | None = None) -> None:
        self.started_s = time.monotonic() if started_s is None else started_s
        self._path = path
        path.write_text("", "utf-8")
        self._cost: float | None = None
        self._bound: float | None = None
        self._write(facts)

    def watch(self, cost: float | None, bound: float | None) -> None:
        """Take what is known now; what is no better than before is not written."""
        better_cost = cost is not None and (self._cost is None or cost < self._cost)
        better_bound = bound is not None and (self._bound is None or bound > self._bound)
        if better_cost or better_bound:
            self._cost = cost if better_cost else self._cost
            self._bound = bound if better_bound else self._bound
            self._write({"seconds": self.seconds, "cost": self._cost, "bound": self._bound})

    def end(self, facts: dict[str, Any]) -> None:
        """Write how it ended."""
        self._write({"ended_s": self.seconds, **facts})

    @property
    def seconds(self) -> float:
        """Seconds since the clock began."""
        return time.monotonic() - self.started_s

    def _write(self, line: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A trail as it was read: facts of the first and last line, and the marks between them."""

    facts: dict[str, Any] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    end: dict[str, Any] = field(default_factory=dict)


def read(path: Path) -> Trail:
    """Read a trail; a process that never began has none, one that was killed has no end."""
    if not path.exists():
        return Trail()
    whole = [line for line in path.read_text("utf-8").splitlines(keepends=True) if "\n" in line]
    lines = [json.loads(line) for line in whole]
    marks = [Mark(**line) for line in lines if "seconds" in line]
    end = [line for line in lines if "ended_s" in line]
    return Trail(facts=lines[0] if lines else {}, marks=marks, end=end[0] if end else {})


def seconds_to(marks: list[Mark], gap: float) -> float | None:
    """Give the first moment at which cost and bound were within a relative gap; None: never."""
    return next((m.seconds for m in marks if m.gap is not None and m.gap <= gap), None)
