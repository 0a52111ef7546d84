r"""
Who is served from where in each hour.

Letters: hour t; load :math:`l = (\tau, j, h)`, the part :math:`\sigma_l` of point j's peak that is
demanded in hour :math:`\tau` and may wait h hours.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pyomo.environ as pyo

from microdc.instance import Hours, Instance, rows_of
from microdc.model.compact.in_order import pairs

Shares = dict[tuple[int, int, int], float]
"""Of a point's peak, the part demanded in an hour that may wait so long: by (hour, point, wait)."""


def serve_in_hours(m: pyo.ConcreteModel, instance: Instance, hours: Hours) -> None:
    """Declare what each site draws in each hour, and a flow for what moves, and what they keep."""
    share, mw_it = _what_moves(hours), instance.points["mw_it"].to_dict()
    m.T = pyo.Set(initialize=range(len(hours.what)))
    m.L = pyo.Set(initialize=list(share), dimen=3)
    m.F = pyo.Set(initialize=list(_flows(instance, hours, share)), dimen=5)
    cap = instance.sites["cap_mw"].to_dict()
    m.draw = pyo.Var(m.T, m.I, bounds=lambda _, t, i: (0, cap[i]))  # of site i in hour t (MW)
    m.f = pyo.Var(  # of a load, served in hour t from site i (MW IT)
        m.F, bounds=lambda _, tau, j, wait, t, i: (0, share[tau, j, wait] * mw_it[j])
    )
    serve_in_time(m, instance, share)
    serve_only_from_built_in_time(m, instance, share)
    draw_for_what_is_served(m, instance, hours)
    draw_within_size(m)
    draw_within_available(m, instance, hours)
    draw_within_tree_limit_by_hour(m, instance, hours)


def _what_moves(hours: Hours) -> Shares:
    """Divide what is demanded of services that move into what waits and what does not."""
    moves, deferred, defer_h = (
        hours.services[column].to_numpy()[hours.service].tolist()
        for column in ("moves", "deferred_share", "defer_h")
    )
    share: Shares = defaultdict(float)
    for tau, demanded in enumerate(hours.share_of_points.tolist()):
        for j in np.flatnonzero(moves).tolist():
            share[tau, j, 0] += (1 - deferred[j]) * demanded[j]
            share[tau, j, defer_h[j]] += deferred[j] * demanded[j]
    return {load: part for load, part in share.items() if part}


def _flows(
    instance: Instance, hours: Hours, share: Shares
) -> Iterator[tuple[int, int, int, int, str]]:
    """List each load with the hours in which it may be served, and the sites in reach."""
    near = defaultdict(list)
    for j, i in pairs(instance, instance.reach):
        near[j].append(i)
    day = hours.what["day"].tolist()
    for tau, j, wait in share:
        for t in range(tau, min(tau + wait + 1, len(day))):
            if day[t] == day[tau]:
                yield from ((tau, j, wait, t, i) for i in near[j])


def serve_in_time(m: pyo.ConcreteModel, instance: Instance, share: Shares) -> None:
    r"""
    What a point demands in an hour is served before it has waited too long, or its day is over.

    But for what is left unserved of its peak, and with it of every hour.

    .. math:: \sum_{t = \tau}^{\tau + h} \sum_i f_{lti} \ge \sigma_l (d_j - v_j)
        \qquad \forall l = (\tau, j, h)
    """
    mw_it = instance.points["mw_it"].to_dict()
    served = defaultdict(list)
    for tau, j, wait, t, i in m.F:
        served[tau, j, wait].append(m.f[tau, j, wait, t, i])
    m.serve_in_time = pyo.Constraint(
        m.L,
        rule=lambda m, tau, j, wait: (
            pyo.quicksum(served[tau, j, wait]) + share[tau, j, wait] * m.v[j]
            >= share[tau, j, wait] * mw_it[j]
        ),
    )


def serve_only_from_built_in_time(m: pyo.ConcreteModel, instance: Instance, share: Shares) -> None:
    r"""
    In every hour, too, a point is served only from sites that are built.

    .. math:: f_{lti} \le \sigma_l d_j z_i \qquad \forall (l, t, i)
    """
    mw_it = instance.points["mw_it"].to_dict()
    m.serve_only_from_built_in_time = pyo.Constraint(
        m.F,
        rule=lambda m, tau, j, wait, t, i: (
            m.f[tau, j, wait, t, i] <= share[tau, j, wait] * mw_it[j] * m.z[i]
        ),
    )


def draw_for_what_is_served(m: pyo.ConcreteModel, instance: Instance, hours: Hours) -> None:
    r"""
    A site draws for what it serves in the hour, cooling and losses included.

    Of what does not move it serves the hour's share :math:`s_{tj}` of the peak it serves.

    .. math:: p_{ti} = \text{PUE}_i \Big(\sum_l f_{lti} + \sum_j s_{tj} y_{ji}\Big)
        \qquad \forall (t, i)
    """
    pue, share = instance.sites["pue"].to_dict(), hours.share_of_points.tolist()
    served = defaultdict(list)
    for tau, j, wait, t, i in m.F:
        served[t, i].append(m.f[tau, j, wait, t, i])
    for j, i in m.P:
        for t in m.T:
            served[t, i].append(share[t][j] * m.y[j, i])
    m.draw_for_what_is_served = pyo.Constraint(
        m.T, m.I, rule=lambda m, t, i: m.draw[t, i] == pue[i] * pyo.quicksum(served[t, i])
    )


def draw_within_size(m: pyo.ConcreteModel) -> None:
    r"""
    In no hour does a site draw more than its connection.

    .. math:: p_{ti} \le x_i \qquad \forall (t, i)
    """
    m.draw_within_size = pyo.Constraint(m.T, m.I, rule=lambda m, t, i: m.draw[t, i] <= m.x[i])


def draw_within_available(m: pyo.ConcreteModel, instance: Instance, hours: Hours) -> None:
    r"""
    In no hour does a site draw more than its own headroom lets it.

    .. math:: p_{ti} \le h_{ti} z_i \qquad \forall (t, i)
    """
    available_mw = dict(zip(instance.sites.index, hours.available_mw.T.tolist(), strict=True))
    m.draw_within_available = pyo.Constraint(
        m.T, m.I, rule=lambda m, t, i: m.draw[t, i] <= available_mw[i][t] * m.z[i]
    )


def draw_within_tree_limit_by_hour(m: pyo.ConcreteModel, instance: Instance, hours: Hours) -> None:
    r"""
    In no hour do all sites below a node together draw more than it has to spare then.

    What exists draws already, so only what is drawn beyond it counts.

    .. math:: \sum_{i \text{ below } k} (p_{ti} - \text{existing}_i z_i) \le H_{tk}
        \qquad \forall (t, k)
    """
    existing, sites = instance.sites["existing_mw"].to_dict(), instance.sites.index
    limit_mw = dict(zip(hours.limits, hours.limit_mw.T.tolist(), strict=True))
    below = dict(zip(hours.limits, rows_of(hours.below), strict=True))
    m.draw_within_tree_limit_by_hour = pyo.Constraint(
        m.T,
        [k for k in limit_mw if len(below[k])],
        rule=lambda m, t, k: (
            pyo.quicksum(m.draw[t, i] - existing[i] * m.z[i] for i in sites[below[k]])
            <= limit_mw[k][t]
        ),
    )
