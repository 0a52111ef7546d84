"""Set covering and maximal covering by PySAL's spopt, through PuLP and HiGHS."""

import time

import pulp
from spopt.locate import LSCP, MCLP

from microdc.instance import Floats

Told = tuple[float, float, float]
"""Seconds, value and proven bound; NaN where none is told."""

NO_BOUND = float("nan")


def fewest(km: Floats, radius: float, limit_s: float) -> Told:
    """Cover all points with the fewest sites."""
    started_s = time.monotonic()
    model = LSCP.from_cost_matrix(km, service_radius=radius)
    return _solved(model, started_s, limit_s)


def most_covered(km: Floats, mw_it: Floats, radius: float, few: int, limit_s: float) -> Told:
    """Cover the most weight with so many sites."""
    started_s = time.monotonic()
    model = MCLP.from_cost_matrix(km, mw_it, service_radius=radius, p_facilities=few)
    return _solved(model, started_s, limit_s)


def _solved(model: LSCP | MCLP, started_s: float, limit_s: float) -> Told:
    """Solve within what is left of the time; the bound is the value where that is proven best."""
    left_s = max(0.0, limit_s - (time.monotonic() - started_s))
    solver = pulp.HiGHS(msg=False, threads=2, gapRel=1e-4, timeLimit=left_s)
    model.problem.solve(solver)
    seconds = time.monotonic() - started_s
    if model.problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return seconds, NO_BOUND, NO_BOUND
    value = float(pulp.value(model.problem.objective))
    return seconds, value, value if seconds < limit_s else NO_BOUND
