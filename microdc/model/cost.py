"""What the model minimises."""

import pyomo.environ as pyo

from microdc.instance import Instance, Ints, Tiers


def annual_cost(
    m: pyo.ConcreteModel, instance: Instance, service: pyo.Expression | float = 0.0
) -> None:
    r"""
    Annual cost (millions a year): sites, megawatts, demand unserved, and more than limits allow.

    `service` is what it costs beside that who is served from where, where time has a price.

    .. math:: c_0 + \sum_i f_i z_i + \sum_i c_i x_i + \sum_{i,c} (f_{ic} q_{ic} + c_{ic} s_{ic})
        + \sum_g \pi_g \sum_{j \in g} v_j + \sum_k \rho_k r_k + \beta b
    """
    more_mn_yr = instance.elastic_nodes["more_mn_per_mw_yr"].to_dict()
    budget_mn_yr = instance.more_budget_mn_yr or 0.0
    m.annual_cost = pyo.Objective(
        expr=instance.constant_mn_yr
        + of_sites(m, instance)
        + of_unserved(m, instance)
        + pyo.quicksum(more_mn_yr[k] * m.r[k] for k in m.R)
        + pyo.quicksum(budget_mn_yr * m.b[b] for b in m.B)
        + service
    )


def of_sites(m: pyo.ConcreteModel, instance: Instance, rows: Ints | None = None) -> pyo.Expression:
    """Give what sites cost, with their megawatts and classes of sizes; of some (rows), or all."""
    site_mn_yr = instance.sites["site_mn_yr"].to_dict()
    mn_per_mw_yr = instance.sites["size_mn_per_mw_yr"].to_dict()
    some = m.I if rows is None else instance.sites.index[rows]
    built = pyo.quicksum(site_mn_yr[i] * m.z[i] + mn_per_mw_yr[i] * m.x[i] for i in some)
    return built + (of_tiers(m, instance.tiers, rows) if instance.tiers else 0.0)


def of_unserved(
    m: pyo.ConcreteModel, instance: Instance, points: Ints | None = None
) -> pyo.Expression:
    """Give what it costs to leave demand unserved; of some points (numbers), or all."""
    of_group = instance.groups["unserved_mn_per_mw_yr"].to_numpy()
    price = of_group[instance.points["group"]].tolist()
    some = m.J if points is None else points.tolist()
    return pyo.quicksum(price[j] * m.v[j] for j in some)


def of_tiers(m: pyo.ConcreteModel, tiers: Tiers, rows: Ints | None = None) -> pyo.Expression:
    """Give what classes of sizes cost beyond what every size does; of some sites (rows), or all."""
    prices = (tiers.site_mn_yr, tiers.size_mn_per_mw_yr)
    of_site, per_mw = (dict(zip(m.I, price.tolist(), strict=True)) for price in prices)
    ids = list(m.I)
    some = ids if rows is None else [ids[row] for row in rows]
    return pyo.quicksum(
        of_site[i][c] * m.q[i, c] + per_mw[i][c] * m.s[i, c] for i in some for c in m.C
    )
