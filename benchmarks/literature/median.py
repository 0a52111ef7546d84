"""
The p-median problem on random points, by microdc and by spopt.

`python -m benchmarks.literature.median 1000 20 0` draws 1,000 points of weight 1, each a site as
well, from seed 0, and looks for the 20 sites from which all are served at the least sum of
distances: to 0.1 % or for 600 seconds unless two more numbers say otherwise, as for
`benchmarks.literature`.
"""

import sys
import time

import numpy as np
import pulp
from spopt.locate import PMedian

from benchmarks.literature.drawn import every_point_a_site
from benchmarks.literature.instances import median_instance
from benchmarks.literature.told import HEADING, Told, alone, ours, share
from benchmarks.methods import Limits
from microdc.instance import Floats
from microdc.solve.outcome import Settings

THREADS = 2


def main(points: str, most: str, seed: str, limit_s: str = "600", gap: str = "0.001") -> None:
    """Print a line for each method."""
    distance = every_point_a_site(int(points), int(seed)).distance
    limits = Limits(seconds=float(limit_s), gap=float(gap), threads=THREADS)
    print(HEADING)
    for method in (by_microdc, by_spopt):
        print(alone(method, distance, int(most), limits), flush=True)


def by_microdc(distance: Floats, most: int, limits: Limits) -> Told:
    """Solve by microdc, as the command does."""
    settings = Settings(gap=limits.gap, threads=limits.threads, seed=limits.seed)
    instance = median_instance(distance, np.ones(distance.shape[1]), most)
    return ours(instance, settings, limits.seconds)


def by_spopt(distance: Floats, most: int, limits: Limits) -> Told:
    """Solve by spopt's PMedian through PuLP and HiGHS; the bound and the nodes are HiGHS's."""
    started_s = time.monotonic()
    weight = np.ones(distance.shape[1])
    model = PMedian.from_cost_matrix(distance.T, weight, p_facilities=most)
    left_s = max(0.0, limits.seconds - (time.monotonic() - started_s))
    solver = pulp.HiGHS(msg=False, threads=limits.threads, gapRel=limits.gap, timeLimit=left_s)
    model.problem.solve(solver)
    info = model.problem.solverModel.getInfo()
    found = model.problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    cost = float(pulp.value(model.problem.objective)) if found else float("nan")
    return Told(
        method="spopt",
        seconds=time.monotonic() - started_s,
        cost=cost,
        bound=info.mip_dual_bound,
        gap=share(cost, info.mip_dual_bound),
        nodes=int(info.mip_node_count),
        pairs=distance.size,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
