"""The max-flow oracle on cases solved in the head, and against networkx."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from instances import random_instance

from microdc.oracles.base import Sizes
from microdc.oracles.delivery import in_order


def sizes(
    mw: list[float], built: list[float] | None = None, unserved: tuple[float, ...] = (0, 0, 0)
) -> Sizes:
    x = np.array(mw, dtype=float)
    z = (x > 0).astype(float) if built is None else np.array(built)
    return Sizes(built=z, mw=x, unserved_mw_it=np.array(unserved, dtype=float))


def test_sizes_that_deliver_violate_nothing(tiny):
    assert in_order(tiny).violated_by(sizes([6, 5])) == []


def test_nothing_built_is_short_of_everything(tiny):
    cuts = in_order(tiny).violated_by(sizes([0, 0]))
    assert sum(cut.need_mw_it for cut in cuts) == pytest.approx(10)


def test_a_point_with_one_small_site_in_reach_is_the_whole_reason(tiny):
    cuts = in_order(tiny).violated_by(sizes([1.5, 20]))
    smallest = min(cuts, key=lambda cut: len(cut.points))
    assert smallest.points.tolist() == [0]
    assert smallest.sites.tolist() == [0]
    assert smallest.shortfall_mw_it(sizes([1.5, 20])) == pytest.approx(0.5)


def test_demand_left_unserved_relieves_its_point_alone(tiny):
    assert in_order(tiny).violated_by(sizes([1.5, 20], unserved=(0.5, 0, 0))) == []
    assert in_order(tiny).violated_by(sizes([1.5, 20], unserved=(0, 0, 0.5)))


def test_strong_linking_sees_that_half_a_site_serves_half_a_point(tiny):
    half = sizes([5, 20], built=[0.5, 1.0])
    assert in_order(tiny, "weak").violated_by(half) == []
    cuts = in_order(tiny, "strong").violated_by(half)
    assert max(cut.shortfall_mw_it(half) for cut in cuts) == pytest.approx(1)


def test_a_shortfall_within_tolerance_is_none(tiny):
    assert in_order(tiny).violated_by(sizes([2 - 5e-6, 20])) == []


def test_more_than_two_gigawatts_do_not_overflow(tiny):
    huge = replace(
        tiny,
        points=tiny.points.assign(mw_it=tiny.points["mw_it"] * 1000),
        sites=tiny.sites.assign(cap_mw=tiny.sites["cap_mw"] * 1000),
    )
    assert in_order(huge).violated_by(sizes([6000, 5000])) == []
    cuts = in_order(huge).violated_by(sizes([1500, 20000]))
    assert max(cut.shortfall_mw_it(sizes([1500, 20000])) for cut in cuts) == pytest.approx(500)


def test_agrees_with_networkx_on_random_instances():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        instance = random_instance(rng)
        n = len(instance.sites)
        built = rng.random(n) * (rng.random(n) < 0.6)
        point = Sizes(
            built=built,
            mw=built * instance.sites["cap_mw"].to_numpy(),
            unserved_mw_it=instance.points["mw_it"].to_numpy()
            * rng.random(len(instance.points))
            * (rng.random(len(instance.points)) < 0.3),
        )
        for linking in ("weak", "strong"):
            cuts = in_order(instance, linking).violated_by(point)
            short = instance.points["mw_it"].sum() - most_delivered(instance, point, linking)
            assert bool(cuts) == (short > 1e-4)
            if cuts:  # each row is broken by no more than what is missing in all
                assert max(cut.shortfall_mw_it(point) for cut in cuts) <= short + 1e-6


def most_delivered(instance, point, linking):
    graph = nx.DiGraph()
    demand = instance.points["mw_it"]
    for j in range(len(demand)):
        graph.add_edge("source", ("j", j), capacity=demand[j])
        graph.add_edge(("j", j), "sink", capacity=point.unserved_mw_it[j])
        for i in instance.reach.site[instance.reach.start[j] : instance.reach.start[j + 1]]:
            if linking == "strong":
                graph.add_edge(("j", j), ("i", i), capacity=demand[j] * point.built[i])
            else:
                graph.add_edge(("j", j), ("i", i))
    for i, mw in enumerate(point.mw):
        graph.add_edge(("i", i), "sink", capacity=mw / instance.sites["pue"].iloc[i])
    return nx.maximum_flow_value(graph, "source", "sink")
