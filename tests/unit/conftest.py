"""The first instance, solvable in the head."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import Instance, Reach


@pytest.fixture
def tiny() -> Instance:
    """
        north (10 MW, 1 M a year) -- a (2 MW IT) -- b (4) -- c (4) -- south (20 MW, 2 M a year)

    Power costs 1 M per MW and year, PUE is 1. `a` reaches north alone, `c` south alone, `b` both;
    leaving demand costs 10 M per MW IT. North must be at least 5 MW, so: north 5 to 6 MW,
    south 4 (at least 5). Cheapest: 10 MW in all, both built: 1 + 2 + 10 = 13 M a year.
    """
    return Instance(
        sites=pd.DataFrame(
            {
                "min_mw": 5.0,
                "cap_mw": [10.0, 20.0],
                "existing_mw": 0.0,
                "pue": 1.0,
                "site_mn_yr": [1.0, 2.0],
                "size_mn_per_mw_yr": 1.0,
                "site_capital_mn": [10.0, 20.0],
                "size_capital_mn_per_mw": 10.0,
                "modular": True,
                "standing": False,
                "forced": False,
                "forbidden": False,
            },
            index=pd.Index(["north", "south"], name="id"),
        ),
        points=pd.DataFrame(
            {"place": list("abc"), "service": "chat", "group": 0, "mw_it": [2.0, 4.0, 4.0]}
        ),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [10.0], "max_unserved_mw_it": [10.0]}, index=["chat"]
        ),
        reach=Reach(
            start=np.array([0, 1, 3, 4]),
            site=np.array([0, 0, 1, 1], dtype=np.int32),
        ),
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, 2)),
    )
