"""What became of one scenario of a batch, as a value and as a file."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

RESULT = "result.json"
"""The file that holds a result, in the scenario's folder below that of the batch."""


class Status(StrEnum):
    """How a scenario of a batch ended."""

    PLANNED = "planned"
    """A plan within the gap."""
    STOPPED = "stopped"
    """A plan with its bound; the gap was not reached in time."""
    INFEASIBLE = "infeasible"
    """Proven: no plan satisfies it."""
    NO_PLAN = "no plan"
    """Time ran out before any plan was found; there is a bound."""
    BAD_INPUT = "bad input"
    """The scenario or its tables do not say what they should."""
    FAILED = "failed"
    """A bug of ours, or a worker that was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    What became of one scenario.

    `reason` is empty for a plan within the gap; else it says why, in as many lines as it takes.
    `plan` is the plan's folder relative to that of the batch; None where there is no plan.
    `figures` are those of `report.brief.in_brief` where there is a plan, `bound` (millions a
    year) and `currency` where time ran out before one was found, and nothing else.
    """

    name: str
    """What it is called in the batch: the path of its file below the folder, without the ending."""
    file: Path
    """The scenario file, absolute."""
    status: Status
    reason: str = ""
    plan: Path | None = None
    seconds: float = 0.0
    """From reading the scenario to having its answer, in the worker (s)."""
    key: str = ""
    """Content address of all that the result follows from."""
    time_limit_s: float = 0.0
    """How long the search might take (s); the key does not count it."""
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan, within the gap or not."""
        return self.plan is not None

    def to_document(self, out: Path) -> dict[str, Any]:
        """Give what a file says of it; paths are relative to the batch's folder `out`."""
        return {
            "name": self.name,
            "file": _relative(self.file, out),
            "status": self.status.value,
            "reason": self.reason,
            "plan": None if self.plan is None else self.plan.as_posix(),
            "seconds": self.seconds,
            "key": self.key,
            "time_limit_s": self.time_limit_s,
            "figures": dict(self.figures),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any], out: Path) -> "Result":
        """Read one back; raise KeyError, TypeError or ValueError if the document holds none."""
        plan = document["plan"]
        return cls(
            name=str(document["name"]),
            file=Path(os.path.normpath(out.resolve() / document["file"])),
            status=Status(document["status"]),
            reason=str(document["reason"]),
            plan=None if plan is None else Path(plan),
            seconds=float(document["seconds"]),
            key=str(document["key"]),
            time_limit_s=float(document["time_limit_s"]),
            figures=dict(document["figures"]),
        )


def write_result(result: Result, folder: Path, out: Path) -> Path:
    """Write a result into a folder, which is or will be the scenario's below `out`."""
    path = folder / RESULT
    told = json.dumps(result.to_document(out), ensure_ascii=False, allow_nan=False, indent=1)
    path.write_text(told + "\n", encoding="utf-8")
    return path


def read_result(folder: Path, out: Path) -> Result | None:
    """Read the result in a scenario's folder; None if there is none, or none that can be read."""
    try:
        document = json.loads((folder / RESULT).read_bytes())
        return Result.from_document(document, out)
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _relative(file: Path, out: Path) -> str:
    try:
        return Path(os.path.relpath(file, out.resolve())).as_posix()
    except ValueError:  # it stands on another drive
        return file.as_posix()
