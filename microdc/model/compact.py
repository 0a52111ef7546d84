"""
The textbook model: one flow for every pair within bound. The oracle of the tests.

It decides the same sites and sizes under the same rules as the projected model, and writes down
who is served from where instead of cutting off what cannot be delivered.
"""

from collections import defaultdict
from collections.abc import Iterator

import pyomo.environ as pyo

from microdc.instance import Instance
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
    cost.annual_cost(m, instance)
    return m


def _pairs(instance: Instance) -> Iterator[tuple[int, str]]:
    points = range(len(instance.points))
    reach = instance.reach
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
