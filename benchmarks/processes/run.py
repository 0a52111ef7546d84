"""
A command in a fresh process: its wall time and its peak memory.

Only the standard library is imported here: Linux counts as a child's peak what its parent held
when it was forked, so the parent stays small.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
_BYTES = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
_TAIL = 400  # characters of a failed process's last words


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """How a process ended."""

    exit_code: int
    """As of `subprocess`: negative for the signal that killed it."""
    seconds: float
    peak_mb: float
    output: str
    complaint: str
    """The end of what it wrote to standard error."""


def run(command: Sequence[str], memory_gb: float | None = None) -> Process:
    """Run a command from the repository's root; its address space is limited where it can be."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaint:
        started_s = time.monotonic()
        child = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=complaint)
        if memory_gb is not None and hasattr(resource, "prlimit"):
            most = int(memory_gb * 2**30)
            resource.prlimit(child.pid, resource.RLIMIT_AS, (most, most))
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started_s
        child.returncode = os.waitstatus_to_exitcode(status)
        return Process(
            exit_code=child.returncode,
            seconds=seconds,
            peak_mb=usage.ru_maxrss * _BYTES / 2**20,
            output=_text(output),
            complaint=_text(complaint)[-_TAIL:],
        )


def peak_mb() -> float:
    """Give the peak memory of this process so far (MB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES / 2**20


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
