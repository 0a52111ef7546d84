"""
The parts of the benchmark: each gives records for the results file.

Every measurement is one fresh process. Nothing runs beside it but this parent, which waits.
"""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.names import GAPS, METHODS, SAMPLED, SURVIVING, percent
from benchmarks.processes import trail
from benchmarks.processes.run import ROOT, Process, run

Record = dict[str, Any]

_NEARLY = 0.99  # a solver asked for what was left of the time may end a little before

_KILLED = {
    int(signal.SIGALRM): "time limit, killed",
    int(signal.SIGKILL): "killed by the system",  # which does so where memory runs out
}

HAND_OVER = "benchmarks.methods.hand_over:measure"
HAND_OVER_RUNS = 3
OUTAGES_GAP = 0.005
SCENARIOS = ROOT / "benchmarks" / "scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to measure, and within which limits."""

    instances: Sequence[str] = ()
    """Those of the part, unless stated."""
    methods: Sequence[str] = ()
    gap: float = GAPS[-1]
    seconds: float = 600.0
    memory_gb: float | None = None
    seed: int = 0


def side_by_side(asked: Asked) -> Iterator[Record]:
    """Every method on the same instances: seconds to each gap, memory, counts."""
    for instance in asked.instances or ("texas", "stress-nation"):
        for method in asked.methods or METHODS:
            yield _solved(instance, method, METHODS[method], asked)


def hand_over(asked: Asked) -> Iterator[Record]:
    """The same Pyomo model compiled and passed as arrays, and handed over by appsi_highs."""
    for instance in asked.instances or ("texas",):
        for _ in range(HAND_OVER_RUNS):
            yield _solved(instance, "hand-over", HAND_OVER, asked)


def scaling(asked: Asked) -> Iterator[Record]:
    """Instances nested in one another, from a hundred sites to all of them."""
    for instance in asked.instances or (*SAMPLED, "headroom"):
        for method in asked.methods or ("microdc", "HiGHS strong"):
            yield _solved(instance, method, METHODS[method], asked)


def outages(asked: Asked) -> Iterator[Record]:
    """Any one site may be out; with flows the textbook model would have them once for each."""
    wider = replace(asked, gap=OUTAGES_GAP)
    for instance in asked.instances or SURVIVING:
        for method in asked.methods or ("microdc",):
            yield _solved(instance, method, METHODS[method], wider)


def whole_command(asked: Asked) -> Iterator[Record]:
    """`microdc plan` from start to end, and once more with its progress watched."""
    for instance in asked.instances or ("texas", "stress-nation"):
        yield _planned(instance, asked)
        yield _watched(instance, asked)


PARTS: dict[str, Callable[[Asked], Iterator[Record]]] = {
    "side-by-side": side_by_side,
    "hand-over": hand_over,
    "scaling": scaling,
    "outages": outages,
    "whole-command": whole_command,
}


def _solved(instance: str, method: str, function: str, asked: Asked) -> Record:
    """Solve in a process of its own."""
    numbers = (asked.gap, asked.seconds, asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trail.jsonl"
        process = _ours("benchmarks.processes.solve", (instance, function, path, *numbers), asked)
        told = trail.read(path)
    return {"instance": instance, "method": method, **_outcome(process, told, asked)}


def _planned(instance: str, asked: Asked) -> Record:
    """Run the command itself; its own answer tells cost, bound and gap."""
    options = ["--gap", str(asked.gap), "--time-limit", str(asked.seconds), "--quiet", "--json"]
    microdc = str(Path(sys.executable).with_name("microdc"))
    with tempfile.TemporaryDirectory() as folder:
        command = [microdc, "plan", str(SCENARIOS / instance), "--out", f"{folder}/plan"]
        process = run([*command, *options], asked.memory_gb)
    answer = json.loads(process.output or "{}")
    return {
        "instance": instance,
        "method": "microdc plan",
        "ended": answer.get("status", "failed"),
        **{key: answer.get(key) for key in ("cost", "bound", "gap")},
        **_spent(process),
    }


def _watched(instance: str, asked: Asked) -> Record:
    """Do what the command does, to learn when each gap was reached."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trail.jsonl"
        scenario, out = SCENARIOS / instance, Path(folder) / "plan"
        numbers = (asked.gap, asked.seconds, time.monotonic())
        process = _ours("benchmarks.processes.plan", (scenario, out, path, *numbers), asked)
        told = trail.read(path)
    return {
        "instance": instance,
        "method": "the same, watched",
        **_outcome(process, told, asked),
    }


def _ours(module: str, arguments: Sequence[object], asked: Asked) -> Process:
    """Run one of our modules, which leaves a trail."""
    return run([sys.executable, "-m", module, *map(str, arguments)], asked.memory_gb)


def _outcome(process: Process, told: trail.Trail, asked: Asked) -> Record:
    """Give what a trail tells, and what the process took."""
    last = told.marks[-1] if told.marks else trail.Mark(seconds=0, cost=None, bound=None)
    return {
        **told.facts,
        "ended": _ended(process, told, last.gap, asked),
        "limit_s": asked.seconds,
        "solve_s": told.end.get("ended_s"),
        "cost": last.cost,
        "bound": last.bound,
        "gap": last.gap,
        "seconds_to": {percent(gap): trail.seconds_to(told.marks, gap) for gap in GAPS},
        "counts": told.end.get("counts", {}),
        **_spent(process),
        "trail": [asdict(mark) for mark in told.marks],
    }


def _spent(process: Process) -> Record:
    return {"process_s": process.seconds, "peak_mb": process.peak_mb}


def _ended(process: Process, told: trail.Trail, gap: float | None, asked: Asked) -> str:
    """Say in a few words how a process ended."""
    # HiGHS stops a hair above the asked gap by our arithmetic, for it divides otherwise.
    if gap is not None and gap <= asked.gap * (1 + 1e-6):
        return "within gap"
    if "failed" in told.end:
        return str(told.end["failed"])
    if process.exit_code == 0:
        in_time = told.end.get("ended_s", 0.0) < _NEARLY * asked.seconds
        return "ended, no bound" if in_time else "time limit"
    if "bad_alloc" in process.complaint or "MemoryError" in process.complaint:
        return "out of memory"
    if -process.exit_code in _KILLED:
        return _KILLED[-process.exit_code]
    return f"failed: {(process.complaint.strip().splitlines() or ['no word'])[-1]}"
