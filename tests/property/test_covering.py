"""Set covering and maximal covering, where no site is too small, against trying every fleet."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import ALL_SITES, Instance, Reach
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Settings
from microdc.solve.turns.held import with_most_sites

EXACT = Settings(gap=1e-6, threads=1)


def covering(rng: np.random.Generator, *, must: bool) -> tuple[Instance, np.ndarray]:
    """Draw up to nine sites on a square that cover points nearby; and who covers whom."""
    sites, points = int(rng.integers(4, 10)), int(rng.integers(8, 20))
    site_at, point_at = rng.random((sites, 2)), rng.random((points, 2))
    km = np.linalg.norm(point_at[:, None] - site_at[None], axis=2)
    covers = (km < 0.35) | (km == km.min(axis=1, keepdims=True))
    mw_it = rng.integers(1, 101, points) / 10
    return Instance(
        sites=pd.DataFrame(
            {
                "min_mw": 0.001,
                "cap_mw": mw_it @ covers,
                "existing_mw": 0.0,
                "pue": 1.0,
                "site_mn_yr": 0.0,
                "size_mn_per_mw_yr": 0.0,
                "site_capital_mn": 0.0,
                "size_capital_mn_per_mw": 0.0,
                "modular": False,
                "standing": False,
                "forced": False,
                "forbidden": False,
            },
            index=pd.Index([f"s{i}" for i in range(sites)], name="site"),
        ),
        points=pd.DataFrame({"place": range(points), "service": 0, "group": 0, "mw_it": mw_it}),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [0.0], "max_unserved_mw_it": [0.0 if must else mw_it.sum()]},
            index=["all"],
        ),
        reach=Reach.of_lists([np.flatnonzero(row) for row in covers]),
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, sites)),
    ), covers


def most_covered(covers: np.ndarray, mw_it: np.ndarray, count: int) -> float:
    fleets = combinations(range(covers.shape[1]), count)
    return max(float(mw_it @ covers[:, list(fleet)].any(axis=1)) for fleet in fleets)


@pytest.mark.parametrize("seed", range(6))
def test_covering_is_what_trying_every_fleet_finds(seed):
    instance, covers = covering(np.random.default_rng([seed, 81]), must=True)
    mw_it = instance.points["mw_it"].to_numpy()
    enough = range(1, covers.shape[1] + 1)
    fewest = next(n for n in enough if most_covered(covers, mw_it, n) > mw_it.sum() - 1e-9)
    ours = solve(instance, "fewest-sites", EXACT, Clock(60), lambda _: None)
    assert (ours.reached[0].value, ours.reached[0].bound) == (fewest, fewest)
    instance, covers = covering(np.random.default_rng([seed, 81]), must=False)
    few = with_most_sites(instance, 2)
    assert ALL_SITES in few.counts.index
    ours = solve(few, "most-served", EXACT, Clock(60), lambda _: None)
    most = most_covered(covers, mw_it, 2)
    assert mw_it.sum() - ours.unserved_mw_it.sum() == pytest.approx(most, abs=1e-4)
    assert ours.unserved_bound_mw_it == pytest.approx(mw_it.sum() - most, abs=1e-3)


def test_sites_are_counted_whole():
    """Of 77 sites a bound above 76 proves that fewer will not do; of money it would not."""
    assert 77 - 77 * Settings(gap=1e-6, step=1).gap_at(77) == pytest.approx(76, abs=0.02)
    assert Settings(gap=1e-3).gap_at(77) == 1e-3
