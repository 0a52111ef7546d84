"""
Covering random points: the sites that cover all, and the most that a number of sites covers.

`python -m benchmarks.covering 60 1000 2000 5000` draws so many points on a square, each a place of
weight 0.1 to 10 and a site that covers some 15 of them, and solves set covering (fewest sites) and
maximal covering (most weight; six sites for every ten that would do without overlap) by microdc
and by spopt's LSCP and MCLP through HiGHS, to 0.01 % or for, as here, 60 seconds each, building
included. Prints seconds, the best value found and what is proven: the fewest there can be, or the
most.
"""

import sys
import time
from math import pi, sqrt

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from benchmarks.covering.spopt import fewest, most_covered
from microdc.instance import Floats, Instance, Reach
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Settings
from microdc.solve.turns.held import with_most_sites

COVERED = 15
"""Points that a site covers, on average and but for the border."""

SETTINGS = Settings(gap=1e-4, threads=2)
NO_BOUND = float("nan")

_NOTHING = (
    "existing_mw",
    "site_mn_yr",
    "size_mn_per_mw_yr",
    "site_capital_mn",
    "size_capital_mn_per_mw",
)

Told = tuple[float, float, float]
"""Seconds, value and proven bound."""


def main(seconds: str, *counts: str) -> None:
    """Print a line for each problem, number of points and method."""
    for points in map(int, counts):
        at, mw_it = drawn(points)
        few, radius = round(0.6 * points / COVERED), sqrt(COVERED / pi / points)
        limit_s, km = float(seconds), cdist(at, at)
        _show("set covering", points, "microdc", _fewest(at, mw_it, radius, limit_s))
        _show("set covering", points, "spopt", fewest(km, radius, limit_s))
        told = most_served(covering(at, mw_it, radius, must=False), few, limit_s)
        _show(f"maximal covering by {few}", points, "microdc", told)
        told = most_covered(km, mw_it, radius, few, limit_s)
        _show(f"maximal covering by {few}", points, "spopt", told)


def drawn(points: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Draw where points lie in the unit square (points, 2), and what each weighs (MW IT)."""
    rng = np.random.default_rng([seed, points])
    return rng.random((points, 2)), rng.integers(1, 101, points) / 10


def covering(at: Floats, mw_it: Floats, radius: float, *, must: bool) -> Instance:
    """Let every point be a site that costs nothing and is as large as what lies in its radius."""
    near = [np.sort(some) for some in cKDTree(at).query_ball_point(at, radius)]
    reach = Reach.of_lists([np.array(some) for some in near])
    within_mw_it = np.bincount(reach.site, np.repeat(mw_it, reach.sites_per_point))
    nothing = dict.fromkeys(_NOTHING, 0.0)
    none = dict.fromkeys(("modular", "standing", "forced", "forbidden"), False)
    sites = pd.DataFrame(
        {"min_mw": 1e-3, "cap_mw": within_mw_it, "pue": 1.0, **nothing, **none},
        index=pd.Index([f"s{i:05}" for i in range(len(at))], name="site"),
    )
    return Instance(
        sites=sites,
        points=pd.DataFrame(
            {"place": range(len(at)), "service": "all", "group": 0, "mw_it": mw_it}
        ),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [0.0], "max_unserved_mw_it": [0.0 if must else mw_it.sum()]},
            index=["all"],
        ),
        reach=reach,
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, len(at))),
    )


def _fewest(at: Floats, mw_it: Floats, radius: float, limit_s: float) -> Told:
    started_s = time.monotonic()
    instance = covering(at, mw_it, radius, must=True)
    found = solve(instance, "fewest-sites", SETTINGS, Clock(limit_s), lambda _: None)
    reached = found.reached[0] if found.reached else None
    value, bound = (reached.value, reached.bound) if reached else (NO_BOUND, NO_BOUND)
    return time.monotonic() - started_s, value, bound


def most_served(instance: Instance, few: int, limit_s: float) -> Told:
    """Give seconds, the most demand served from so many sites (MW IT), and what is proven."""
    started_s, total = time.monotonic(), float(instance.points["mw_it"].sum())
    limited = with_most_sites(instance, few)
    found = solve(limited, "most-served", SETTINGS, Clock(limit_s), lambda _: None)
    least = found.unserved_bound_mw_it
    most = NO_BOUND if least is None else total - least
    value = total - float(found.unserved_mw_it.sum()) if found.has_plan else NO_BOUND
    return time.monotonic() - started_s, value, most


def _show(problem: str, points: int, method: str, told: Told) -> None:
    seconds, value, bound = told
    figures = f"{seconds:8.1f} s  {value:12.1f}  proven {bound:12.1f}"
    print(f"{problem:26} {points:6,} points  {method:8} {figures}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
