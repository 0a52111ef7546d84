"""Who is served from where when something is out."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyomo.environ as pyo

from microdc.instance import Instance, Outages, State
from microdc.model.compact.in_order import pairs


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
    return ((j, i) for j, i in pairs(instance, state.reach) if i not in out)


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
