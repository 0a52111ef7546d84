"""
What sites draw in hours, where that is decided: the load columns and their rows.

Letters as in `constraints`: hour t, service c that does not move, limit k of the power tree.
"""

import pyomo.environ as pyo

from microdc.instance import Hours, Instance, rows_of
from microdc.instance.loads import Loads, loads_of, most_held_mw


def add_loads(m: pyo.ConcreteModel, instance: Instance, hours: Hours) -> None:
    """Declare loads by hour and held, and the rules that they keep."""
    loads = loads_of(instance)
    ids, services = instance.sites.index, hours.services.index
    cap = instance.sites["cap_mw"].to_dict()
    by_hour = list(zip(loads.hour.tolist(), ids[loads.site], strict=True))
    held = list(zip(services[loads.service], ids[loads.holder], strict=True))
    m.T = pyo.Set(initialize=by_hour, dimen=2)
    m.H = pyo.Set(initialize=held, dimen=2)
    place = dict(zip(ids, range(len(ids)), strict=True))
    m.moved = pyo.Var(  # drawn for services that move (MW)
        m.T, bounds=lambda _, t, i: (0, min(cap[i], hours.available_mw[t, place[i]]))
    )
    most_held = dict(zip(held, most_held_mw(instance, loads).tolist(), strict=True))
    m.held = pyo.Var(m.H, bounds=lambda _, c, i: (0, most_held[c, i]))  # for others' peak (MW)
    still = [(services[c], hours.share[:, c].tolist()) for c in sorted(set(loads.service.tolist()))]
    m.draw = pyo.Expression(
        m.T,
        rule=lambda m, t, i: m.moved[t, i] + sum(share[t] * m.held[c, i] for c, share in still),
    )
    draw_within_size_by_hour(m)
    draw_within_headroom_by_hour(m, instance, hours)
    draw_within_tree_limit_by_hour(m, instance, hours, loads)


def draw_within_size_by_hour(m: pyo.ConcreteModel) -> None:
    r"""
    In no hour does a site draw more than its connection.

    .. math:: \ell_{ti} + \sum_c s_{tc} u_{ci} \le x_i \qquad \forall (t, i)
    """
    m.draw_within_size_by_hour = pyo.Constraint(m.T, rule=lambda m, t, i: m.draw[t, i] <= m.x[i])


def draw_within_headroom_by_hour(m: pyo.ConcreteModel, instance: Instance, hours: Hours) -> None:
    r"""
    In no hour does a site draw more than there is for it then.

    .. math:: \ell_{ti} + \sum_c s_{tc} u_{ci} \le h_{ti} z_i \qquad \forall (t, i)
    """
    cap = instance.sites["cap_mw"].to_dict()
    available = dict(zip(instance.sites.index, hours.available_mw.T.tolist(), strict=True))
    m.draw_within_headroom_by_hour = pyo.Constraint(
        [(t, i) for t, i in m.T if available[i][t] < cap[i]],
        rule=lambda m, t, i: m.draw[t, i] <= available[i][t] * m.z[i],
    )


def draw_within_tree_limit_by_hour(
    m: pyo.ConcreteModel, instance: Instance, hours: Hours, loads: Loads
) -> None:
    r"""
    In no hour do all sites below a node of the power tree draw more than it has to spare then.

    .. math:: \sum_{i \text{ below } k} (\ell_{ti} + \sum_c s_{tc} u_{ci} - \text{existing}_i z_i)
        \le H_{tk} \qquad \forall (t, k)
    """
    existing = instance.sites["existing_mw"].to_dict()
    below = [instance.sites.index[sites] for sites in rows_of(hours.below)]
    m.draw_within_tree_limit_by_hour = pyo.Constraint(
        list(loads.binding),
        rule=lambda m, t, k: (
            pyo.quicksum(m.draw[t, i] - existing[i] * m.z[i] for i in below[k])
            <= float(hours.limit_mw[t, k])
        ),
    )
