"""What is out is served from elsewhere: in the head, and against a max-flow from scratch."""

from dataclasses import replace

import numpy as np
from instances import random_instance

from microdc.instance import Instance, Reach
from microdc.oracles.base import Sizes
from microdc.oracles.delivery import in_order
from microdc.oracles.network import Network
from microdc.oracles.outages.rerouting import Rerouting


def all_built(mw: np.ndarray, points: int) -> Sizes:
    return Sizes(built=np.ones(len(mw)), mw=mw, unserved_mw_it=np.zeros(points))


def chain(tiny: Instance) -> Instance:
    """Make north, middle and south (4 MW each) serve a (north, middle) and b (middle, south)."""
    sites = tiny.sites.iloc[[0, 0, 1]].set_index(np.array(["north", "middle", "south"]))
    reach = Reach(start=np.array([0, 2, 4]), site=np.array([0, 1, 1, 2], dtype=np.int32))
    points = tiny.points.iloc[:2].assign(mw_it=4.0)
    return replace(tiny, sites=sites.assign(cap_mw=4.0), points=points, reach=reach)


def rerouting(instance: Instance, mw: list[float]) -> Rerouting:
    sizes = all_built(np.array(mw), len(instance.points))
    return Rerouting(Network(in_order(instance).hall).routed(sizes))


def test_one_makes_way_for_the_other(tiny):
    tried = rerouting(chain(tiny), [4, 4, 4])
    assert tried.without(np.array([0])) is None  # a to middle, b to south, whoever was where
    assert tried.without(np.array([2])) is None


def test_who_has_no_other_site_is_short_alone(tiny):
    network = Network(in_order(chain(tiny)).hall)
    lost = rerouting(chain(tiny), [4, 4, 4]).without(np.array([0, 1]))
    assert lost.points.tolist() == [0]
    assert lost.missing_points.tolist() == [0]
    assert abs(lost.missing.sum() / network.units - 4) < 1e-6


def test_who_competes_is_part_of_the_short_set(tiny):
    lost = rerouting(chain(tiny), [4, 4, 1]).without(np.array([0]))
    assert lost.points.tolist() == [0, 1]  # 8 MW for the 5 that are left


def test_nothing_out_loses_nothing(tiny):
    assert rerouting(chain(tiny), [4, 4, 4]).without(np.array([], dtype=int)) is None


def test_agrees_with_a_max_flow_from_scratch_on_random_instances():
    lost_something = 0
    for seed in range(60):
        rng = np.random.default_rng([seed, 41])
        instance = random_instance(rng)
        mw = instance.sites["cap_mw"].to_numpy() * rng.uniform(0.6, 1.0, len(instance.sites))
        full = all_built(mw, len(instance.points))
        network = Network(in_order(instance).hall)
        routed = network.routed(full)
        tried, missing = Rerouting(routed), routed.missing.sum()
        for size in (1, 2, 3):
            out = np.sort(rng.choice(len(mw), size=size, replace=False))
            left = mw.copy()
            left[out] = 0.0
            built = (left > 0).astype(float)
            scratch = network.routed(replace(full, built=built, mw=left)).missing.sum() - missing
            lost = tried.without(out)
            assert (0 if lost is None else lost.missing.sum()) == scratch
            lost_something += lost is not None
    assert lost_something >= 30
