"""
Every error that microdc raises on purpose, and the exit code it ends with.

* MicrodcError             1  base; never raised itself
  + UsageError             2  the command line asks for something that cannot be done
  + InputError             3  scenario.yaml or an input table does not say what it should
  + InfeasibleError        4  no plan satisfies the scenario, and that is proven
  + NoPlanError            5  the clock ran out before any plan was found
  + BrokenPromiseError     7  `verify` found a plan that does not keep what it says

Anything else keeps its traceback, because it is our bug. Some commands end with 6 where a gap was
not reached, and a batch with 8 where not every scenario has a plan within the gap.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class MicrodcError(Exception):
    """Base of all errors with a message for the user and an exit code."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MicrodcError):
    """The command line asks for something that cannot be done."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with the input: where, what was found, what is allowed."""

    file: str
    at: str = ""
    """Row (`row 12, id B7`) or key (`services.rtt-2ms.rtt_ms`)."""
    column: str = ""
    says: str
    """What is wrong, in words."""
    found: str = ""
    allowed: str = ""
    nearest: str = ""
    """The nearest right word, where there is one."""

    def __str__(self) -> str:
        column = f"column {self.column}" if self.column else ""
        place = ", ".join(part for part in (self.at, column) if part)
        text = f"{self.file}: {place}: {self.says}" if place else f"{self.file}: {self.says}"
        if self.found:
            text += f"; found {self.found}"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.nearest:
            text += f"; did you mean {self.nearest}?"
        return text


class InputError(MicrodcError):
    """The scenario or its tables have faults; all of them are told at once."""

    exit_code = 3

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the input:\n{lines}")


class InfeasibleError(MicrodcError):
    """No plan satisfies the scenario; the message says whom and what it fails."""

    exit_code = 4


class NoPlanError(MicrodcError):
    """Time ran out before any plan was found; what no plan can cost less than is known."""

    exit_code = 5

    def __init__(self, message: str, *, hint: str = "", bound: float = float("-inf")) -> None:
        super().__init__(message, hint=hint)
        self.bound = bound


class BrokenPromiseError(MicrodcError):
    """A plan does not keep what it promises; every broken promise is listed."""

    exit_code = 7

    def __init__(self, broken: Iterable[str]) -> None:
        self.broken = tuple(broken)
        lines = "\n".join(f"  - {promise}" for promise in self.broken)
        super().__init__(f"{len(self.broken)} broken promise(s):\n{lines}")
