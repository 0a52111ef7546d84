"""Bottlenecks that were planted are found, no more and no less, and their witnesses hold."""

import networkx as nx
import numpy as np
import pytest
from planted import Plant, planted

from microdc.explain.bottlenecks import Bottleneck, Kind, bottlenecks_of
from microdc.explain.bottlenecks.elastic import short_allowed
from microdc.instance import Instance, attainable_mw
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook

MW = 2e-4
SETTINGS = Settings(gap=1e-6)


def seeds() -> list[object]:
    return [*range(30), *(pytest.param(k, marks=pytest.mark.long) for k in range(30, 500))]


@pytest.mark.parametrize("seed", seeds())
def test_what_was_planted_is_found_and_its_witness_holds(seed):
    instance, plants = planted(seed)
    found = bottlenecks_of(instance, SETTINGS, Clock(60))
    assert found.complete
    for one in found.bottlenecks:
        assert not set(one.points).isdisjoint(j for plant in plants for j in plant.points)
        assert shortage_mw_it(instance, one, one.points) == pytest.approx(one.short_mw_it, abs=MW)
        check_witness(instance, one)
    for plant in plants:
        check_plant(
            plant, [one for one in found.bottlenecks if set(one.points) & set(plant.points)]
        )


def check_plant(plant: Plant, found: list[Bottleneck]) -> None:
    (one,) = found
    assert one.points == plant.points
    assert one.short_mw_it == pytest.approx(plant.short_mw_it, abs=MW)
    if plant.unique:
        assert one.witness == plant.points
    kinds = {"full size": Kind.FULL_SIZE, "outage": Kind.FULL_SIZE, "hour": Kind.FULL_SIZE}
    assert one.kind is kinds.get(plant.limit, Kind.RULES)
    assert bool(one.outages) == (plant.limit == "outage")
    assert one.hours == ((1,) if plant.limit == "hour" else one.hours)
    if one.kind is Kind.RULES:
        assert plant.limit in {limit.kind for limit in one.limits}


def check_witness(instance: Instance, one: Bottleneck) -> None:
    """It is short by itself, and without any of its points it is not."""
    assert one.irreducible
    assert set(one.witness) <= set(one.points)
    assert shortage_mw_it(instance, one, one.witness) > 1e-5
    for point in one.witness:
        others = tuple(j for j in one.witness if j != point)
        assert shortage_mw_it(instance, one, others) <= MW


def shortage_mw_it(instance: Instance, one: Bottleneck, points: tuple[int, ...]) -> float:
    """Work out anew how much of some points alone cannot be served where the bottleneck is."""
    if not points:
        return 0.0
    if one.kind is Kind.RULES:
        free = short_allowed(instance.with_points(np.array(points)))
        return textbook(free, SETTINGS, Clock(60)).cost
    return flow_shortage_mw_it(instance, one, points)


def flow_shortage_mw_it(instance: Instance, one: Bottleneck, points: tuple[int, ...]) -> float:
    """Route the demand of points through their sites at full size, those that are out left away."""
    graph = nx.DiGraph()
    graph.add_node("sink")
    for site, mw_it in enumerate(full_mw_it(instance, one)):
        graph.add_edge(("site", site), "sink", capacity=mw_it)
    demand = instance.points["mw_it"]
    for j in points:
        graph.add_edge("source", j, capacity=demand[j])
        for site in instance.reach.site[slice(*instance.reach.start[j : j + 2])]:
            graph.add_edge(j, ("site", int(site)))
    served, _ = nx.maximum_flow(graph, "source", "sink")
    return float(demand[list(points)].sum() - served)


def full_mw_it(instance: Instance, one: Bottleneck) -> np.ndarray:
    """Give what each site has at most where the bottleneck is."""
    mw = instance.sites["cap_mw"].to_numpy(copy=True)
    if instance.modules_mw:
        mw = np.array([attainable_mw(instance.modules_mw, most)[-1] for most in mw])
    for hour in one.hours:
        mw = np.minimum(mw, instance.hours.available_mw[hour])
    for row in one.outages:
        mw[instance.outages.sites.toarray()[row] > 0] = 0.0
    return np.where(instance.sites["forbidden"], 0.0, mw / instance.sites["pue"])
