"""
The textbook model: one flow for every pair within bound. The oracle of the tests.

It decides the same sites and sizes under the same rules as the projected model, and writes down
who is served from where instead of cutting off what cannot be delivered.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from microdc.instance import Instance, Outages, Reach, State
from microdc.model import cost
from microdc.model.build import add_planners_rows, choices


def build_compact(instance: Instance) -> pyo.ConcreteModel:
    """Build the textbook model with its strong linking rows; small instances only."""
    m = choices(instance)
    pairs = list(_pairs(instance))
    m.P = pyo.Set(initialize=pairs, dimen=2)
    mw_it = instance.points["mw_it"].to_dict()
    m.y = pyo.Var(m.P, bounds=lambda _, j, i: (0, mw_it[j]))  # served from site i (MW IT)
    add_planners_rows(m, instance)
    serve_or_leave(m, instance)
    carry_within_size(m, instance)
    serve_only_from_built(m, instance)
    if instance.outages is not None:
        survive_outages(m, instance, instance.outages)
    cost.annual_cost(m, instance)
    return m


def _pairs(instance: Instance) -> Iterator[tuple[int, str]]:
    return _named(instance, instance.reach)


def _named(instance: Instance, reach: Reach) -> Iterator[tuple[int, str]]:
    points = range(len(instance.points))
    owner = [j for j in points for _ in range(reach.start[j], reach.start[j + 1])]
    return zip(owner, instance.sites.index[reach.site], strict=True)


def serve_or_leave(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    Every demand point is served in full, but for what is left unserved.

    .. math:: \sum_i y_{ji} + v_j = d_j \qquad \forall j
    """
    mw_it = instance.points["mw_it"].to_dict()
    sites = defaultdict(list)
    for j, i in m.P:
        sites[j].append(i)
    m.serve_or_leave = pyo.Constraint(
        m.J, rule=lambda m, j: pyo.quicksum(m.y[j, i] for i in sites[j]) + m.v[j] == mw_it[j]
    )


def carry_within_size(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site carries no more load than its connection, cooling and losses included.

    .. math:: \text{PUE}_i \sum_j y_{ji} \le x_i \qquad \forall i
    """
    pue = instance.sites["pue"].to_dict()
    points = defaultdict(list)
    for j, i in m.P:
        points[i].append(j)
    m.carry_within_size = pyo.Constraint(
        m.I, rule=lambda m, i: pue[i] * pyo.quicksum(m.y[j, i] for j in points[i]) <= m.x[i]
    )


def serve_only_from_built(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A point is served only from sites that are built: the strong linking rows.

    .. math:: y_{ji} \le d_j z_i \qquad \forall (j, i)
    """
    mw_it = instance.points["mw_it"].to_dict()
    m.serve_only_from_built = pyo.Constraint(
        m.P, rule=lambda m, j, i: m.y[j, i] <= mw_it[j] * m.z[i]
    )


def survive_outages(m: pyo.ConcreteModel, instance: Instance, outages: Outages) -> None:
    """Add flows of their own for every outage, and what they must keep."""
    kept_mw_it = (instance.points["mw_it"] * outages.kept).to_dict()
    states = list(outages.states())
    m.K = pyo.Set(initialize=[(o, j) for o in range(len(states)) for j in m.J if kept_mw_it[j]])
    m.Q = pyo.Set(
        initialize=[
            (o, j, i)
            for o, state in enumerate(states)
            for j, i in _left(instance, state)
            if kept_mw_it[j]
        ],
        dimen=3,
    )
    m.w = pyo.Var(m.Q, bounds=lambda _, o, j, i: (0, kept_mw_it[j]))  # in outage o (MW IT)
    keep_in_outage(m, kept_mw_it, outages.kept.tolist())
    carry_within_size_in_outage(m, instance.sites["pue"].to_dict())
    serve_only_from_built_in_outage(m, kept_mw_it)


def _left(instance: Instance, state: State) -> Iterator[tuple[int, str]]:
    out = set(instance.sites.index[state.out])
    return ((j, i) for j, i in _named(instance, state.reach) if i not in out)


def keep_in_outage(m: pyo.ConcreteModel, kept_mw_it: dict[Any, float], kept: list[float]) -> None:
    r"""
    In every outage, a share of what a point is served in order is served from what is left.

    .. math:: \sum_i w_{oji} \ge \rho_j (d_j - v_j) \qquad \forall (o, j)
    """
    sites = defaultdict(list)
    for o, j, i in m.Q:
        sites[o, j].append(i)
    m.keep_in_outage = pyo.Constraint(
        m.K,
        rule=lambda m, o, j: (
            pyo.quicksum(m.w[o, j, i] for i in sites[o, j]) + kept[j] * m.v[j] >= kept_mw_it[j]
        ),
    )


def carry_within_size_in_outage(m: pyo.ConcreteModel, pue: dict[Any, float]) -> None:
    r"""
    In an outage, a site carries no more load than its connection either.

    .. math:: \text{PUE}_i \sum_j w_{oji} \le x_i \qquad \forall (o, i)
    """
    points = defaultdict(list)
    for o, j, i in m.Q:
        points[o, i].append(j)
    m.carry_within_size_in_outage = pyo.Constraint(
        list(points),
        rule=lambda m, o, i: pue[i] * pyo.quicksum(m.w[o, j, i] for j in points[o, i]) <= m.x[i],
    )


def serve_only_from_built_in_outage(m: pyo.ConcreteModel, kept_mw_it: dict[Any, float]) -> None:
    r"""
    In an outage, too, a point is served only from sites that are built.

    .. math:: w_{oji} \le \rho_j d_j z_i \qquad \forall (o, j, i)
    """
    m.serve_only_from_built_in_outage = pyo.Constraint(
        m.Q, rule=lambda m, o, j, i: m.w[o, j, i] <= kept_mw_it[j] * m.z[i]
    )
