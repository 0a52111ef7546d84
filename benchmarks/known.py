"""
Problems of the literature side by side: the table in `docs/benchmarks.md`.

`python -m benchmarks.known 60` solves p-median problems of 1,000 to 5,000 points and maximal
covering ones of up to 5,000 by microdc and by spopt with HiGHS, 60 seconds each, and puts what came
of it into `benchmarks/results.json`; `python -m benchmarks show` makes the table of it. Further
words, such as `median`, measure those alone.
"""

import sys
from collections.abc import Callable, Iterator
from math import pi, sqrt

from scipy.spatial.distance import cdist

from benchmarks.covering.__main__ import COVERED, covering, drawn, most_served
from benchmarks.covering.spopt import most_covered
from benchmarks.literature import median
from benchmarks.literature.drawn import every_point_a_site
from benchmarks.literature.told import Record, alone, record, told_of
from benchmarks.machine import circumstances
from benchmarks.methods import Limits
from benchmarks.results import RESULTS, keep

GAP, THREADS = 1e-3, 2
MEDIANS = ((1000, 20), (2000, 50), (5000, 100))
COVERINGS = (1000, 2000, 5000)
MOST_PAIRS = 1_000_000
"""More pairs than so many are not tried by spopt: it writes each as a variable of a file."""


def main(limit_s: str = "60", *problems: str) -> None:
    """Measure, and add to what was measured before."""
    chosen = problems or tuple(PROBLEMS)
    limits = Limits(seconds=float(limit_s), gap=GAP, threads=THREADS)
    for name in chosen:
        records = []
        for one in PROBLEMS[name](limits):
            print(one, flush=True)
            records.append(one)
            known = {**circumstances(), "seed": 0, "seconds": limits.seconds, "records": records}
            keep(RESULTS, f"literature-{name}", known)


def _medians(limits: Limits) -> Iterator[Record]:
    for points, most in MEDIANS:
        distance = every_point_a_site(points, 0).distance
        problem = f"p-median, {points:,} points, {most} sites"
        yield record(problem, alone(median.by_microdc, distance, most, limits))
        if points**2 <= MOST_PAIRS:
            yield record(problem, alone(median.by_spopt, distance, most, limits))


def _coverings(limits: Limits) -> Iterator[Record]:
    for points in COVERINGS:
        at, mw_it = drawn(points)
        few, radius = round(0.6 * points / COVERED), sqrt(COVERED / pi / points)
        problem = f"maximal covering, {points:,} points, {few} sites"
        ours = most_served(covering(at, mw_it, radius, must=False), few, limits.seconds)
        theirs = most_covered(cdist(at, at), mw_it, radius, few, limits.seconds)
        for method, (seconds, value, bound) in (("microdc", ours), ("spopt", theirs)):
            yield told_of(problem, method, seconds, value, bound)


PROBLEMS: dict[str, Callable[[Limits], Iterator[Record]]] = {
    "median": _medians,
    "covering": _coverings,
}


if __name__ == "__main__":
    main(*sys.argv[1:])
