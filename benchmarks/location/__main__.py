"""
How many times as long HiGHS takes as microdc: capacitated location, many draws.

`python -m benchmarks.location 300` draws 300 sites and 300 points for each ratio of capacity to
demand, and each seed; microdc has 600 seconds for 0.1 %, with two threads, and each of the two
textbook models then five times what microdc took, or 200 seconds if that is less, but no less than
microdc. The two run side by side, each on a core. `300 1000 r=5 r=10` measures two sizes at two
ratios alone. What came of a problem takes the place of what was known of it in
`benchmarks/results.json`; `python -m benchmarks show` makes the table of it.
"""

import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np

from benchmarks.literature.cflp import by_microdc
from benchmarks.literature.drawn import Capacitated, capacitated
from benchmarks.literature.textbook import Links, textbook
from benchmarks.literature.told import Record, Told, alone, record
from benchmarks.machine import circumstances
from benchmarks.methods import Limits
from benchmarks.results import RESULTS, keep

GAP, LIMIT_S = 1e-3, 600.0
RATIOS, SEEDS = (3, 5, 10, 20), (0, 1, 2)
TIMES, MOST_S = 5.0, 200.0
MODELS: tuple[Links, ...] = ("strong", "aggregated")


def main(*words: str) -> None:
    """Measure, and add to what was measured before."""
    ratios = [int(word[2:]) for word in words if word.startswith("r=")] or list(RATIOS)
    for size in (int(word) for word in words if not word.startswith("r=")):
        for both in _measured(size, ratios):
            print(*both, sep="\n", flush=True)
            _keep(both)


def _keep(both: tuple[Record, Record]) -> None:
    """Put what two methods came to in the place of what was known of a problem."""
    before = json.loads(RESULTS.read_text("utf-8")).get("location", {"records": []})
    others = [one for one in before["records"] if one["problem"] != both[0]["problem"]]
    records = sorted([*others, *both], key=_place)
    known = {**circumstances(), "seed": "0, 1, 2", "seconds": LIMIT_S, "records": records}
    keep(RESULTS, "location", known)


def _place(one: Record) -> list[int]:
    """Give the numbers in the name of a problem: size, ratio and seed."""
    numbers = re.findall(r"\d[\d,]*", str(one["problem"]))
    return [int(number.replace(",", "")) for number in numbers]


def _measured(size: int, ratios: list[int]) -> Iterator[tuple[Record, Record]]:
    for ratio in ratios:
        for seed in SEEDS:
            problem = capacitated(size, size, float(ratio), seed)
            name = f"{size:,} sites and points, r = {ratio}, seed {seed}"
            ours = alone(by_microdc, problem, Limits(seconds=LIMIT_S, gap=GAP, threads=2))
            limit_s = max(ours.seconds, min(TIMES * ours.seconds, MOST_S))
            theirs = _better(problem, Limits(seconds=limit_s, gap=GAP, threads=1))
            yield record(name, ours), record(name, theirs)


def _better(problem: Capacitated, limits: Limits) -> Told:
    """Solve by both textbook models at once, and give the better: within the gap, or nearer it."""
    with ProcessPoolExecutor(len(MODELS), mp_context=get_context("spawn")) as processes:
        out = [processes.submit(textbook, problem, model, limits) for model in MODELS]
        both = [future.result() for future in out]
    known = [replace(told, gap=1.0) if np.isnan(told.gap) else told for told in both]
    return min(known, key=lambda told: (max(GAP, told.gap), told.seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
