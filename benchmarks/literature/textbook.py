"""
The two textbook models of capacitated facility location, handed to HiGHS as arrays.

Both serve all demand from open sites within their capacity, and say that the open sites hold all
demand. The strong one links every pair to its site as well: no share of a point from a site that is
not open. That bounds far better, with a row for every pair.
"""

import time
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from benchmarks.literature.drawn import Capacitated
from benchmarks.literature.told import Told, share
from benchmarks.methods import Limits
from benchmarks.methods.highs import options, pass_model
from microdc.model.build import StandardForm

Links = Literal["strong", "aggregated"]


def textbook(problem: Capacitated, links: Links, limits: Limits) -> Told:
    """Solve one of the models; seconds include building it."""
    started_s = time.monotonic()
    highs = pass_model(textbook_form(problem, links))
    for name, value in options(limits, started_s).items():
        highs.setOptionValue(name, value)
    highs.run()
    info = highs.getInfo()
    found = np.isfinite(info.objective_function_value) and info.primal_solution_status > 0
    cost = info.objective_function_value if found else float("nan")
    return Told(
        method=links,
        seconds=time.monotonic() - started_s,
        cost=cost,
        bound=info.mip_dual_bound,
        gap=share(cost, info.mip_dual_bound),
        nodes=int(info.mip_node_count),
        pairs=problem.price.size,
    )


def textbook_form(problem: Capacitated, links: Links) -> StandardForm:
    """
    Write a model; columns: sites, then pairs site by site, as shares of the point's demand.

    Rows: points, capacity of sites, all sites together, and, in the strong model, pairs.
    """
    sites, points = problem.price.shape
    pairs = sites * points
    site, point = np.divmod(np.arange(pairs), points)
    opened, share_of = np.arange(sites), sites + np.arange(pairs)
    rows = [point, points + site, points + opened, np.full(sites, points + sites)]
    columns = [share_of, share_of, opened, opened]
    values = [np.ones(pairs), problem.demand[point], -problem.capacity, problem.capacity]
    least = np.array([problem.demand.sum()])
    low = [np.ones(points), np.full(sites, -np.inf), least]
    high = [np.ones(points), np.zeros(sites), np.full(1, np.inf)]
    if links == "strong":
        link = points + sites + 1 + np.arange(pairs)
        rows += [link, link]
        columns += [share_of, site]
        values += [np.ones(pairs), -np.ones(pairs)]
        low.append(np.full(pairs, -np.inf))
        high.append(np.zeros(pairs))
    row_lower, row_upper = np.concatenate(low), np.concatenate(high)
    shape = (len(row_lower), sites + pairs)
    where = (np.concatenate(rows), np.concatenate(columns))
    return StandardForm(
        cost=np.concatenate([problem.fixed, (problem.price * problem.demand).ravel()]),
        offset=0.0,
        rows=csr_array((np.concatenate(values), where), shape=shape),
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.zeros(sites + pairs),
        upper=np.ones(sites + pairs),
        integer=np.arange(sites + pairs) < sites,
    )
