"""The nearest that PySAL's spopt can express: fewest sites that cover all within their capacity."""

import time

import numpy as np
import pulp
from spopt.locate import LSCP

from benchmarks.methods import Counts, Limits, Watch
from benchmarks.methods.textbook import pairs_of
from microdc.instance import Floats, Instance


def solve(instance: Instance, limits: Limits, watch: Watch) -> Counts:
    """
    Solve the capacitated set cover (CLSCP-SO) by HiGHS, and price its sites in our money.

    It knows neither costs by site, nor sizes, nor a price of unserved demand: every site has its
    full size, whoever has a site in reach must be served, and the number of sites is least. Bounds
    by point are put in as round trips relative to each point's own. It has no bound on our cost.
    """
    started_s = time.monotonic()
    reached = np.flatnonzero(instance.reach.sites_per_point > 0)
    relative = _relative_rtt(instance)[reached]
    cap_mw_it = instance.cap_mw_it
    model = LSCP.from_cost_matrix(
        relative,
        service_radius=1.0,
        demand_quantity_arr=instance.points["mw_it"].to_numpy()[reached],
        facility_capacity_arr=cap_mw_it,
    )
    solver = pulp.HiGHS(
        msg=False,
        threads=limits.threads,
        gapRel=limits.gap,
        timeLimit=max(0.0, limits.seconds - (time.monotonic() - started_s)),
        random_seed=limits.seed,
    )
    model.problem.solve(solver)
    if model.problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        watch(_cost(instance, model, reached), None)
    return {"rows": model.problem.numConstraints(), "columns": model.problem.numVariables()}


def _relative_rtt(instance: Instance) -> Floats:
    """Give a matrix, points x sites, that is 0 within a point's bound and infinite beyond."""
    relative = np.full((len(instance.points), len(instance.sites)), np.inf)
    relative[pairs_of(instance)] = 0.0
    return relative


def _cost(instance: Instance, model: LSCP, reached: np.ndarray) -> float:
    """Price a cover (millions a year): each site as large as what it serves, at least the least."""
    sites = instance.sites
    built = np.array([var.value() > 0.5 for var in model.fac_vars])
    share = np.array([[var.value() or 0.0 for var in row] for row in model.cli_assgn_vars])
    share *= model.aij  # out of reach a variable is free to be anything
    mw_it = instance.points["mw_it"].to_numpy()
    load_mw = (mw_it[reached] @ share) * sites["pue"].to_numpy()
    size_mw = np.where(built, np.maximum(load_mw, sites["min_mw"].to_numpy()), 0.0)
    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[instance.points["group"]]
    unserved = np.setdiff1d(np.arange(len(mw_it)), reached)
    return float(
        built @ sites["site_mn_yr"]
        + size_mw @ sites["size_mn_per_mw_yr"]
        + mw_it[unserved] @ price[unserved]
    )
