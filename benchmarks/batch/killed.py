"""
Kill a batch at random moments, go on with it, and see that nothing was lost, halved or left over.

    python -m benchmarks.batch.killed [MOMENTS] [SCENARIOS]

Every other time the whole process tree is killed at once, and in between only the process that was
started by hand, whose workers must then end by themselves.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.batch.variants import of_tiny, write_base, write_variants
from microdc.batch.result import RESULT, read_result
from microdc.placement.verify import broken_promises

COMMAND = [sys.executable, "-c", "from microdc.cli import main; main()", "batch", "--quiet"]
SECONDS_TO_VANISH = 30.0
"""How long workers may take to notice that their parent is gone, on a busy machine."""


def main(moments: int, scenarios: int, seed: int = 0) -> None:
    """Kill, go on, and check, so many times; raise AssertionError where a promise is broken."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "scenarios"
        write_base("tiny", folder)
        write_variants(folder, scenarios, of_tiny)
        for number in range(moments):
            moment = Moment(rng.randrange(scenarios), rng.uniform(0.0, 2.0), number % 2 == 0)
            killed_and_resumed(folder, Path(place) / f"out-{number}", moment)


class Moment(NamedTuple):
    """When to kill: after so many results and some seconds more; all processes, or the first."""

    results: int
    seconds: float
    everybody: bool


def killed_and_resumed(folder: Path, out: Path, moment: Moment) -> None:
    """Kill a batch of `folder` at a moment, go on with it, and raise if anything is not well."""
    process = subprocess.Popen(
        [*COMMAND, str(folder), "--out", str(out), "--workers", "2"],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and len(list(out.glob(f"[!.]*/{RESULT}"))) < moment.results:
        time.sleep(0.01)
    time.sleep(moment.seconds)
    _kill(process, everybody=moment.everybody)
    before = _whole_results(out)
    told = _resumed(folder, out)
    after = _whole_results(out)
    kept = sum(after[name] == stamp for name, stamp in before.items())
    print(f"killed at {moment}: {len(before)} were done, {kept} kept", flush=True)
    assert kept == len(before) == told["from_before"], "something finished was computed again"
    assert len(after) == told["scenarios"], "a result is missing"
    left = [path for path in out.rglob(".*") if path.name.endswith((".part", ".old"))]
    assert not left, f"these were left over: {left}"
    for result in out.rglob(RESULT):
        assert broken_promises(result.parent) == []


def _kill(process: "subprocess.Popen[bytes]", *, everybody: bool) -> None:
    """Kill a batch, and see that none of its processes is left."""
    if process.poll() is not None:
        return
    family = psutil.Process(process.pid).children(recursive=True)
    if everybody:
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    _, strays = psutil.wait_procs(family, SECONDS_TO_VANISH)
    assert not strays, f"these outlived the batch: {strays}"


def _resumed(folder: Path, out: Path) -> dict[str, int]:
    resume = [
        *COMMAND,
        str(folder),
        "--out",
        str(out),
        "--resume",
        "--quiet",
        "--json",
        "--workers",
        "2",
    ]
    ended = subprocess.run(resume, check=True, capture_output=True, encoding="utf-8")
    told: dict[str, int] = json.loads(ended.stdout)
    return told


def _whole_results(out: Path) -> dict[str, tuple[int, int]]:
    """Give the time and place on the disk of every result, each of which must be whole."""
    stamps = {}
    for file in out.rglob(RESULT):
        if not any(part.startswith(".") for part in file.relative_to(out).parts):
            result = read_result(file.parent, out)
            assert result is not None, f"{file} is half written"
            assert result.has_plan, f"{file} has no plan"
            stamps[result.name] = (file.stat().st_mtime_ns, file.stat().st_ino)
    return stamps


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(*(asked or [20, 12]))
