"""Who is served from where, once for all the year."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
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


def serve_from_one_site(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A point that may not be split is served whole by one site, or not at all.

    .. math:: y_{ji} = d_j f_{ji}, \quad f_{ji} \in \{0, 1\} \qquad \forall (j, i) : j \in U
    """
    mw_it, unsplit = instance.points["mw_it"].to_dict(), instance.unsplit.tolist()
    m.F = pyo.Set(initialize=[p for p in m.P if unsplit[p[0]]], dimen=2)
    m.f = pyo.Var(m.F, domain=pyo.Binary)  # point j is served from site i alone
    m.serve_from_one_site = pyo.Constraint(
        m.F, rule=lambda m, j, i: m.y[j, i] == mw_it[j] * m.f[j, i]
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


def answer_within_mean_rtt(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    The demand in reach is answered within so many ms in the mean.

    What stays unserved counts as if it were answered at its bound :math:`\bar t_j`, so that to
    leave who is far makes no mean shorter.

    .. math:: \sum_{(j, i)} t_{ji} y_{ji} + \sum_j \bar t_j v_j \le T \sum_j d_j
    """
    limit_ms = instance.most_mean_rtt_ms
    m.answer_within_mean_rtt = pyo.Constraint(
        [] if limit_ms is None else [0], rule=lambda m, _: _waited(m, instance) <= 0
    )


def _waited(m: pyo.ConcreteModel, instance: Instance) -> pyo.Expression:
    """Add up the time that demand in reach waits, less what it may (MW IT x ms)."""
    rtt_ms = instance.reach.rtt_ms
    assert rtt_ms is not None
    served = zip(pairs(instance, instance.reach), rtt_ms.tolist(), strict=True)
    reached = np.flatnonzero(instance.reach.sites_per_point > 0).tolist()
    return (
        pyo.quicksum(ms * m.y[pair] for pair, ms in served)
        + pyo.quicksum(
            ms * m.v[j]
            for j, ms in zip(reached, instance.unserved_ms[reached].tolist(), strict=True)
        )
        - instance.most_wait_mw_ms
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
