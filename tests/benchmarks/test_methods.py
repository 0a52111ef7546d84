"""Every method on an instance solved in the head: they must agree, or say what they cannot."""

import pkgutil

import numpy as np
import pandas as pd
import pytest
from instances import random_instance
from scipy.sparse import csr_array

from benchmarks.methods import Limits
from benchmarks.methods.hand_over import measure
from benchmarks.names import METHODS
from microdc.instance import Instance, Reach

OURS_TOO = [name for name in METHODS if name != "spopt"]
LIMITS = Limits(gap=1e-6, seconds=30)


@pytest.fixture
def three_sites() -> Instance:
    """
        north(8 MW, 2 + 1/MW) -- a(6) -- middle(10 MW, 3 + 1/MW) -- b(4) -- south(5 MW, 9 + 1/MW)

    `c` (1 MW) is out of reach and costs 50. Middle alone serves a and b for 3 + 10: 63 in all.
    Without it, north and south cost 11 + 6 + 5.
    """
    return Instance(
        sites=pd.DataFrame(
            {
                "min_mw": 5.0,
                "cap_mw": [8.0, 10.0, 5.0],
                "pue": 1.0,
                "site_mn_yr": [2.0, 3.0, 9.0],
                "size_mn_per_mw_yr": 1.0,
                "site_capital_mn": 0.0,
                "size_capital_mn_per_mw": 0.0,
                "existing_mw": 0.0,
                "modular": False,
                "standing": False,
                "forced": False,
                "forbidden": False,
            },
            index=pd.Index(["north", "middle", "south"], name="site"),
        ),
        points=pd.DataFrame(
            {"place": list("abc"), "service": "chat", "group": 0, "mw_it": [6.0, 4.0, 1.0]}
        ),
        groups=pd.DataFrame(
            {"unserved_mn_per_mw_yr": [50.0], "max_unserved_mw_it": [11.0]}, index=["all"]
        ),
        reach=Reach(
            start=np.array([0, 2, 4, 4]),
            site=np.array([0, 1, 1, 2], dtype=np.int32),
        ),
        nodes=pd.DataFrame({"limit_mw": np.empty(0)}),
        below=csr_array((0, 3)),
    )


class Seen:
    """Keeps what a method told last."""

    def __init__(self) -> None:
        self.cost, self.bound = np.inf, -np.inf

    def __call__(self, cost: float | None, bound: float | None) -> None:
        self.cost = min(self.cost, np.inf if cost is None else cost)
        self.bound = max(self.bound, -np.inf if bound is None else bound)


def solved(method: str, instance: Instance) -> Seen:
    if method in ("linopy", "spopt"):
        pytest.importorskip(method)  # of the extra `bench`
    seen = Seen()
    pkgutil.resolve_name(METHODS[method])(instance, LIMITS, seen)
    return seen


@pytest.mark.parametrize("method", OURS_TOO)
def test_a_method_finds_the_plan_known_by_hand(method, three_sites):
    seen = solved(method, three_sites)
    assert seen.cost == pytest.approx(63, rel=1e-5)
    assert seen.bound == pytest.approx(63, rel=1e-5)


@pytest.mark.parametrize("method", OURS_TOO)
@pytest.mark.parametrize("seed", [1, 2])
def test_methods_agree_on_random_instances(method, seed):
    instance = random_instance(np.random.default_rng(seed), sites=8)
    reference = solved("HiGHS strong", instance)
    assert solved(method, instance).cost == pytest.approx(reference.cost, rel=1e-4)


@pytest.mark.filterwarnings("ignore:.*PuLP 4.0:DeprecationWarning")  # spopt's use of PuLP
def test_spopt_covers_with_fewest_sites_whatever_they_cost(three_sites):
    seen = solved("spopt", three_sites)
    assert seen.cost == pytest.approx(63)  # one site, the middle one, can hold all
    assert seen.bound == -np.inf


def test_both_ways_into_the_solver_are_timed(three_sites):
    counts = measure(three_sites, LIMITS, Seen())
    assert min(counts[step] for step in ("build_s", "compile_s", "pass_s", "appsi_s")) > 0
    assert counts["columns"] == 3 + 3 + 3 + 4  # z, x, v, y
