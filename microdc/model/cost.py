"""What the model minimises."""

import pyomo.environ as pyo

from microdc.instance import Instance


def annual_cost(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    Annual cost (millions a year): sites built, megawatts connected, demand left unserved.

    .. math:: c_0 + \sum_i f_i z_i + \sum_i c_i x_i + \sum_g \pi_g \sum_{j \in g} v_j
    """
    site_mn_yr = instance.sites["site_mn_yr"].to_dict()
    mn_per_mw_yr = instance.sites["size_mn_per_mw_yr"].to_dict()
    of_group = instance.groups["unserved_mn_per_mw_yr"].to_numpy()
    price = of_group[instance.points["group"]].tolist()
    m.annual_cost = pyo.Objective(
        expr=instance.constant_mn_yr
        + pyo.quicksum(site_mn_yr[i] * m.z[i] + mn_per_mw_yr[i] * m.x[i] for i in m.I)
        + pyo.quicksum(price[j] * m.v[j] for j in m.J)
    )
