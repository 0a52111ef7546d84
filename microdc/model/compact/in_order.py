"""Who is served from where, once for all the year."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyomo.environ as pyo

from microdc.instance import Instance, Reach


def serve_in_order(m: pyo.ConcreteModel, instance: Instance, points: Iterable[int]) -> None:
    """Declare a flow to each of some points (S) from every site in reach, and what it serves."""
    m.S = pyo.Set(initialize=points)
    m.P = pyo.Set(initialize=[p for p in pairs(instance, instance.reach) if p[0] in m.S], dimen=2)
    mw_it = instance.points["mw_it"].to_dict()
    m.y = pyo.Var(m.P, bounds=lambda _, j, i: (0, mw_it[j]))  # served from site i (MW IT)
    serve_or_leave(m, instance)
    serve_only_from_built(m, instance)


def pairs(instance: Instance, reach: Reach) -> Iterator[tuple[int, str]]:
    """List every demand point (number) with each site (id) in its reach."""
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
        m.S, rule=lambda m, j: pyo.quicksum(m.y[j, i] for i in sites[j]) + m.v[j] == mw_it[j]
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


def price_of_service(m: pyo.ConcreteModel, instance: Instance) -> pyo.Expression | float:
    r"""
    Give what it costs who is served from where; nothing where time has no price.

    .. math:: \sum_{(j, i)} a_{ji} y_{ji}
    """
    price = instance.reach.mn_per_mw_it_yr
    if price is None:
        return 0.0
    of_pair = zip(pairs(instance, instance.reach), price.tolist(), strict=True)
    return pyo.quicksum(mn_yr * m.y[pair] for pair, mn_yr in of_pair)
