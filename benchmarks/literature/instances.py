"""The problems as instances of the siting problem: no minimum size, no tree, pairs with a price."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from benchmarks.literature.drawn import Capacitated
from microdc.instance import Floats, Instance, Reach
from microdc.solve.turns.held import with_most_sites

_NOTHING = (
    *("min_mw", "existing_mw", "size_mn_per_mw_yr", "site_capital_mn", "size_capital_mn_per_mw"),
)
_NOT = ("modular", "standing", "forced", "forbidden")


def capacitated_instance(problem: Capacitated) -> Instance:
    """Let every site serve every point, all of whose demand must be served."""
    return _instance(problem.capacity, problem.fixed, problem.demand, problem.price)


def median_instance(price: Floats, weight: Floats, most: int) -> Instance:
    """Let so many sites that cost nothing serve all points; price (sites, points)."""
    sites = len(price)
    whole = np.full(sites, weight.sum())
    return with_most_sites(_instance(whole, np.zeros(sites), weight, price), most)


def _instance(capacity: Floats, fixed: Floats, demand: Floats, price: Floats) -> Instance:
    sites, points = price.shape
    nothing = dict.fromkeys(_NOTHING, 0.0) | dict.fromkeys(_NOT, False)
    return Instance(
        sites=pd.DataFrame(
            {"cap_mw": capacity, "pue": 1.0, "site_mn_yr": fixed, **nothing},
            index=pd.Index([f"s{i:04}" for i in range(sites)], name="site"),
        ),
        points=pd.DataFrame(
            {"place": np.arange(points), "service": "all", "group": 0, "mw_it": demand}
        ),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [0.0], "max_unserved_mw_it": [0.0]}, index=["all"]
        ),
        reach=Reach(
            start=np.arange(points + 1) * sites,
            site=np.tile(np.arange(sites, dtype=np.int32), points),
            mn_per_mw_it_yr=price.T.ravel(),
        ),
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, sites)),
    )
