"""
Plan many scenarios one after another in one process, as a worker does: it must not grow.

    python -m benchmarks.batch.memory [SCENARIOS] [tiny|texas]

Prints the memory that the process holds as it goes on (MB).
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psutil

from benchmarks.batch.variants import CHANGES, write_base, write_variants
from microdc.batch.key import code
from microdc.batch.out import claimed
from microdc.batch.workers.answer import Task, answer, key_now

WARM = 0.2
"""Share of the scenarios after which libraries are loaded and caches filled."""


def grown_mb(scenarios: int, base: str) -> tuple[float, float]:
    """Give the memory of this process (MB) once it is warm, and after all scenarios."""
    here, held_mb = psutil.Process(), []
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place) / "scenarios", Path(place) / "out"
        write_base(base, folder)
        files = write_variants(folder, scenarios, CHANGES[base])
        with claimed(out, folder, "resume") as mark:
            for file in files:
                task = Task(
                    name=file.stem,
                    file=file,
                    folder=folder,
                    out=out,
                    mark=mark,
                    key="",
                    code=code(),
                    solving={"threads": 1},
                    time_limit_s=60.0,
                )
                told = answer(replace(task, key=key_now(task)))
                assert told.result.has_plan, told
                held_mb.append(here.memory_info().rss / 1e6)
                if len(held_mb) % 10 == 1:
                    print(f"{len(held_mb):4} scenarios: {held_mb[-1]:.0f} MB", flush=True)
    return held_mb[int(WARM * scenarios)], held_mb[-1]


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    warm_mb, last_mb = grown_mb(count, sys.argv[2] if len(sys.argv) > 2 else "texas")
    print(f"{warm_mb:.0f} MB once warm, {last_mb:.0f} MB after {count} scenarios")
