"""What a programme comes to over several futures: those count more in which it costs more."""

import numpy as np
import pyomo.environ as pyo

from microdc.instance import Floats, Instance, Ints
from microdc.instance.stages.risk import Risk
from microdc.model import cost


def declare(m: pyo.ConcreteModel, instance: Instance) -> None:
    """Declare a level of cost, e, and by how much each future is above it, t; none without risk."""
    if instance.risk is None:
        return
    least_mn, most_mn = _range_mn(instance, instance.risk)
    m.futures = pyo.Set(initialize=range(len(instance.risk.probability)))
    m.e = pyo.Var(bounds=(least_mn, most_mn))
    m.t = pyo.Var(m.futures, bounds=(0, most_mn - least_mn))


def cost_above_level(m: pyo.ConcreteModel, instance: Instance, risk: Risk) -> None:
    r"""
    A future costs no more than the level and what it is said to be above it.

    :math:`C_f` is what its own stages cost if it comes, and :math:`b_f` what it is held against.

    .. math:: e + t_f \ge C_f - b_f \qquad \forall f
    """
    own_mn = [_cost(m, instance, risk, f) / p for f, p in enumerate(risk.probability.tolist())]
    less_mn = risk.less_mn.tolist()
    m.cost_above_level = pyo.Constraint(
        m.futures, rule=lambda m, f: m.e + m.t[f] >= own_mn[f] - less_mn[f]
    )


def worst_weighed(m: pyo.ConcreteModel, instance: Instance, risk: Risk) -> pyo.Expression:
    r"""
    Give the cost of what all futures share, and that of the futures weighed as badly as may be.

    .. math:: C_0 + e + \sum_f \bar w_f t_f
    """
    most = risk.most.tolist()
    above = pyo.quicksum(most[f] * m.t[f] for f in m.futures)
    return _cost(m, instance, risk, -1) + m.e + above


def _cost(m: pyo.ConcreteModel, instance: Instance, risk: Risk, future: int) -> pyo.Expression:
    """Give what the stages of a future cost (-1: those of all), times how likely it is."""
    mine = risk.future == future
    assert instance.stages is not None
    sites = np.flatnonzero(mine[instance.stages.of])
    points = np.flatnonzero(mine[risk.of_group[instance.points["group"]]])
    built, left = cost.of_sites(m, instance, sites), cost.of_unserved(m, instance, points)
    return float(risk.constant_mn[mine].sum()) + built + left


def _range_mn(instance: Instance, risk: Risk) -> tuple[float, float]:
    """Give the least and the most that any future's own stages can cost above its `less_mn`."""
    assert instance.stages is not None
    sites, cap_mw = instance.sites, instance.sites["cap_mw"].to_numpy()
    per_site, per_mw = (sites[c].to_numpy() for c in ("site_mn_yr", "size_mn_per_mw_yr"))
    most = np.maximum(0.0, per_site) + np.maximum(0.0, per_mw) * cap_mw
    if (tiers := instance.tiers) is not None:
        most = most + tiers.site_mn_yr.max(axis=1) + tiers.size_mn_per_mw_yr.max(axis=1) * cap_mw
    group = instance.points["group"].to_numpy()
    price = instance.groups["unserved_mn_per_mw_yr"].fillna(0.0).to_numpy()[group]
    left = price * instance.most_unserved_by_point_mw_it
    of_site, of_point = instance.stages.of, risk.of_group[group]
    least_mn = _own(risk, [np.minimum(0.0, per_site)], [of_site])
    most_mn = _own(risk, [most, left], [of_site, of_point])
    return float(least_mn.min()), float(most_mn.max())


def _own(risk: Risk, amounts: list[Floats], of_stage: list[Ints]) -> Floats:
    """Add up amounts of rows that are each of a stage: what each future's own stages come to."""
    by_stage = risk.constant_mn.copy()
    for amount, stage in zip(amounts, of_stage, strict=True):
        by_stage += np.bincount(stage, amount, minlength=len(by_stage))
    own = risk.future >= 0
    by_future = np.bincount(risk.future[own], by_stage[own], minlength=len(risk.probability))
    mn: Floats = by_future / risk.probability - risk.less_mn
    return mn
