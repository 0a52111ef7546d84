"""The least that cures, against halving with the textbook model as oracle."""

from dataclasses import replace

import instances
import networkx as nx
import numpy as np
import pandas as pd
import pytest

from microdc.explain.bottlenecks.bottleneck import must_mw_it
from microdc.explain.repairs.elastic import cheapest_mix, least_budget_mn, least_headroom_mw
from microdc.explain.repairs.feasible import free_of_cost, plan_exists
from microdc.explain.repairs.prices import RepairPrices
from microdc.explain.repairs.promise import first_bound, most_share
from microdc.explain.repairs.smallest import first_of, least_between
from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook

SETTINGS = Settings()


def clock() -> Clock:
    return Clock(30.0)


def feasible(instance: Instance) -> bool:
    return textbook(free_of_cost(instance), SETTINGS, clock()).has_plan


def tight(rng: np.random.Generator, *rules: instances.Feature) -> Instance:
    """Give an instance of which one group must be served in full, within some rules."""
    instance = instances.random_instance(rng, sites=int(rng.integers(3, 8)))
    for rule in (*rules, instances.must_serve):
        instance = rule(rng, instance)
    return instance


def with_limit(instance: Instance, row: int, limit_mw: float) -> Instance:
    limits = instance.nodes["limit_mw"].to_numpy().copy()
    limits[row] = limit_mw
    return replace(instance, nodes=instance.nodes.assign(limit_mw=limits))


@pytest.mark.parametrize("seed", range(12))
def test_whether_a_plan_exists_is_what_the_textbook_says(seed):
    rng = np.random.default_rng(seed)
    rules = rng.permutation([instances.tree, instances.budget, instances.counts, instances.apart])
    instance = tight(rng, *rules[:2], *([instances.outages] if seed % 3 == 0 else []))
    assert plan_exists(instance, SETTINGS, clock()) is feasible(instance)


@pytest.mark.parametrize("seed", range(10))
def test_headroom_at_a_node_is_the_least_that_does(seed):
    rng = np.random.default_rng(seed)
    instance = tight(rng, instances.tree, *([instances.modules] if seed % 2 else []))
    row = len(instance.nodes) - 1  # the supply point
    instance = with_limit(instance, row, 0.2 * instance.nodes["limit_mw"].iloc[row])
    found = least_headroom_mw(instance, str(instance.nodes.index[row]), SETTINGS, clock())
    if found is None:
        assert not feasible(with_limit(instance, row, 1e4))
        return
    more_mw, stated_mw = float(found.headroom_mw.sum()), instance.nodes["limit_mw"].iloc[row]
    assert found.bound <= more_mw + 1e-6
    assert feasible(with_limit(instance, row, stated_mw + more_mw + 1e-5))
    if more_mw > 0.01:
        assert not feasible(with_limit(instance, row, stated_mw + 0.99 * more_mw))


@pytest.mark.parametrize("seed", range(8))
def test_a_budget_is_the_least_that_does(seed):
    rng = np.random.default_rng(seed)
    instance = replace(tight(rng), budget_mn=float(rng.uniform(5, 40)))
    found = least_budget_mn(instance, SETTINGS, clock())
    if found is None:
        assert not feasible(replace(instance, budget_mn=None))
        return
    enough_mn = instance.budget_mn + found.budget_mn
    assert feasible(replace(instance, budget_mn=enough_mn + 1e-4))
    if found.budget_mn > 0.1:
        less_mn = instance.budget_mn + 0.99 * found.budget_mn
        assert not feasible(replace(instance, budget_mn=less_mn))


@pytest.mark.parametrize("seed", range(8))
def test_the_mix_cures_and_costs_no_more_than_any_single_repair(seed):
    rng = np.random.default_rng(seed)
    instance = tight(rng, instances.tree)
    limits = instance.nodes["limit_mw"] * rng.uniform(0.2, 0.7)
    instance = replace(instance, nodes=instance.nodes.assign(limit_mw=limits), budget_mn=30.0)
    prices = RepairPrices(headroom_mn_per_mw=2, unserved_mn_per_mw_it_yr=9.0, annuity=0.1)
    found = cheapest_mix(instance, instance.nodes.index, prices, SETTINGS, clock())
    assert found is not None
    more_mw = found.headroom_mw.reindex(instance.nodes.index).fillna(0.0)
    unserved_mw_it = pd.Series(found.unserved_mw_it)
    kept = instance.points.assign(mw_it=instance.points["mw_it"] - unserved_mw_it + 1e-9)
    cured = replace(
        instance,
        points=kept,
        nodes=instance.nodes.assign(limit_mw=instance.nodes["limit_mw"] + more_mw + 1e-5),
        budget_mn=30.0 + found.budget_mn + 1e-4,
    )
    assert feasible(cured)
    for node in instance.nodes.index:
        alone = least_headroom_mw(instance, str(node), SETTINGS, clock())
        if alone is not None:
            assert found.bound <= 0.2 * float(alone.headroom_mw.sum()) + 1e-6


@pytest.mark.parametrize("seed", range(10))
def test_the_share_that_power_allows_is_the_largest(seed):
    rng = np.random.default_rng(seed)
    instance = tight(rng)
    sites = instance.sites.assign(cap_mw=instance.sites["cap_mw"] * 0.4, min_mw=0.0)
    instance = replace(instance, sites=sites)
    points = np.flatnonzero(instance.points["group"] == 0)
    share = most_share(instance, points)

    def promised(part: float) -> Instance:
        mw_it = instance.points["mw_it"].to_numpy().copy()
        mw_it[points] *= part
        return replace(instance, points=instance.points.assign(mw_it=mw_it))

    assert feasible(promised(share - 1e-5)) or share < 1e-4
    if share < 1:
        assert not feasible(promised(min(1.0, share * 1.01)))


@pytest.mark.parametrize("seed", range(12))
def test_the_first_bound_is_the_first_at_which_a_max_flow_serves_all(seed):
    rng = np.random.default_rng(seed)
    instance = instances.must_serve(rng, instances.random_instance(rng, sites=5))
    points = np.flatnonzero(instance.points["group"] == 0)
    rtt_ms = rng.uniform(1, 9, (len(points), 5)).round(1)
    bounds = sorted(set(rtt_ms.ravel().tolist()))
    power_mw_it = instance.cap_mw_it * ~instance.sites["forbidden"]
    must = must_mw_it(instance)

    def serves(bound_ms: float) -> bool:
        flow = nx.DiGraph()
        for site, mw_it in enumerate(power_mw_it):
            flow.add_edge(f"site {site}", "sink", capacity=mw_it)
        for point in np.flatnonzero(must > 0):
            flow.add_edge("source", point, capacity=must[point])
            mine = np.flatnonzero(points == point)
            near = instance.reach.near(point)
            near = np.flatnonzero(rtt_ms[mine[0]] <= bound_ms) if len(mine) else near
            flow.add_edges_from((point, f"site {site}") for site in near)
        return nx.maximum_flow_value(flow, "source", "sink") >= must.sum() - 1e-6

    first = next((bound for bound in bounds if serves(bound)), None)
    found = first_bound(instance, points, rtt_ms, bounds)
    assert found == (None if first == bounds[0] else first)


def test_the_first_value_and_the_least_change_are_found():
    assert first_of([1, 2, 3, 4, 5], lambda value: value >= 3) == 3
    assert first_of([1, 2], lambda value: value >= 3) is None
    assert first_of([], lambda value: True) is None
    assert least_between(2.0, 10.0, lambda value: value >= 3.7) == pytest.approx(3.7, abs=0.01)
    assert least_between(1.0, 0.0, lambda share: share <= 0.25) == pytest.approx(0.25, abs=0.01)
    assert least_between(1.0, 2.0, lambda value: False) is None
