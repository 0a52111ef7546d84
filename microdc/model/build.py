"""The projected model: which sites, how large, and how much of each point stays unserved."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from microdc.instance import Floats, Instance, irreducible
from microdc.model import constraints, cost, hourly, projects, risk


def build(instance: Instance) -> pyo.ConcreteModel:
    """
    Build the model over sites, sizes and unserved demand; delivery is added as cuts.

    Columns come in the order z (sites), x (sites), v (points), n (sites x modules), q and s (sites
    x tiers), a and g (members and centres of projects), u (centres and owners), then what may be
    had beyond limits, r (nodes) and b (budget), then what futures come to, e and t, then loads, by
    hour and held, as `loads_of` lists them.
    """
    m = choices(instance)
    add_planners_rows(m, instance)
    if instance.hours is not None:
        hourly.add_loads(m, instance, instance.hours)
    minimise(m, instance)
    return m


def minimise(
    m: pyo.ConcreteModel, instance: Instance, service: pyo.Expression | float = 0.0
) -> None:
    """Let the annual cost be least, or what it comes to over several futures."""
    if instance.risk is None:
        cost.annual_cost(m, instance, service)
    else:
        m.worst_weighed = pyo.Objective(expr=risk.worst_weighed(m, instance, instance.risk))


def choices(instance: Instance) -> pyo.ConcreteModel:
    """
    Declare what is decided: z, x, v, modules n, tiers, projects, and r and b beyond limits.

    x less what exists is grown.
    """
    m = pyo.ConcreteModel()
    m.I = pyo.Set(initialize=list(instance.sites.index))
    m.J = pyo.Set(initialize=range(len(instance.points)))
    m.M = pyo.Set(initialize=irreducible(instance.modules_mw))
    cap = instance.sites["cap_mw"].to_dict()
    room_mw = instance.sites["cap_mw"] - instance.sites["existing_mw"]
    room = room_mw.where(instance.sites["modular"], 0.0).to_dict()
    leave = instance.most_unserved_by_point_mw_it.tolist()
    m.z = pyo.Var(m.I, domain=pyo.Binary)  # site i is built
    m.x = pyo.Var(m.I, bounds=lambda _, i: (0, cap[i]))  # its grid connection (MW)
    m.v = pyo.Var(m.J, bounds=lambda _, j: (0, leave[j]))  # of point j, left unserved (MW IT)
    m.n = pyo.Var(  # number of modules of each size
        m.I,
        m.M,
        domain=pyo.NonNegativeIntegers,
        bounds=lambda _, i, mw: (0, int((room[i] + 1e-6) // mw)),
    )
    _size_classes(m, instance)
    projects.declare(m, instance)
    more = instance.elastic_nodes["most_more_mw"].to_dict()
    m.R = pyo.Set(initialize=list(more))
    m.B = pyo.Set(initialize=[0] if instance.elastic_budget else [])
    m.r = pyo.Var(m.R, bounds=lambda _, k: (0, more[k]))  # beyond the limit of node k (MW)
    m.b = pyo.Var(m.B, bounds=(0, instance.most_more_budget_mn))  # beyond the budget (millions)
    risk.declare(m, instance)
    existing = instance.sites["existing_mw"].to_dict()
    m.grown = pyo.Expression(m.I, rule=lambda m, i: m.x[i] - existing[i] * m.z[i])
    return m


def _size_classes(m: pyo.ConcreteModel, instance: Instance) -> None:
    """Declare the class of each site's size, q, and its size in each class, s."""
    least_mw, most_mw = instance.tier_range_mw
    most = dict(zip(m.I, most_mw.tolist(), strict=True))
    possible = dict(zip(m.I, (least_mw <= most_mw).tolist(), strict=True))
    m.C = pyo.Set(initialize=range(most_mw.shape[1]))
    m.q = pyo.Var(  # site i is of class c
        m.I, m.C, domain=pyo.Binary, bounds=lambda _, i, c: (0, int(possible[i][c]))
    )
    m.s = pyo.Var(m.I, m.C, bounds=lambda _, i, c: (0, most[i][c]))  # its size if it is (MW)


def add_planners_rows(m: pyo.ConcreteModel, instance: Instance) -> None:
    """Add every rule that does not depend on who is served from where."""
    constraints.size_within_cap(m, instance)
    constraints.size_at_least_min(m, instance)
    constraints.size_is_sum_of_modules(m, instance)
    constraints.be_of_one_tier(m, instance)
    constraints.size_is_that_of_its_tier(m, instance)
    constraints.size_at_most_that_of_tier(m, instance)
    constraints.size_at_least_that_of_tier(m, instance)
    constraints.draw_within_tree_limit(m, instance)
    constraints.spend_within_budget(m, instance)
    constraints.spend_within_budget_by_stage(m, instance)
    constraints.stay_once_built(m, instance)
    constraints.never_shrink(m, instance)
    constraints.build_at_most(m, instance)
    constraints.keep_apart(m, instance)
    constraints.keep_what_stands(m, instance)
    constraints.build_the_forced(m, instance)
    constraints.skip_the_forbidden(m, instance)
    constraints.leave_unserved_at_most(m, instance)
    constraints.leave_unserved_in_all_at_most(m, instance)
    if instance.risk is not None:
        risk.cost_above_level(m, instance, instance.risk)
    if instance.projects is not None:
        projects.add_rules(m, instance, instance.projects)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardForm:
    """Minimise cost @ v + offset, row_lower <= rows @ v <= row_upper, lower <= v <= upper."""

    cost: Floats
    offset: float
    rows: csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    rule: tuple[tuple[str, Any], ...] = ()
    """Name and index of the constraint behind each row."""

    def by_rule(self, row_price: Floats) -> dict[str, dict[Any, float]]:
        """Sort a number of every row by the name and index of its constraint."""
        sorted_out: dict[str, dict[Any, float]] = {}
        for (name, index), price in zip(self.rule, row_price.tolist(), strict=True):
            sorted_out.setdefault(name, {})[index] = price
        return sorted_out


def compile_model(m: pyo.ConcreteModel) -> StandardForm:
    """Compile a linear Pyomo model to arrays, its columns in the order of their declaration."""
    order = list(m.component_data_objects(pyo.Var))
    form = LinearStandardFormCompiler().write(m, mixed_form=True)  # in an order of its own
    number = {id(var): k for k, var in enumerate(order)}
    column = np.array([number[id(var)] for var in form.columns], dtype=int)
    cost_row = np.zeros(len(order))
    cost_row[column] = form.c.toarray()[0]
    rows = form.A.tocoo()
    sense = np.array([row.bound_type for row in form.rows])  # -1: >=, 0: ==, 1: <=
    return StandardForm(
        cost=cost_row,
        offset=float(form.c_offset[0]),
        rows=csr_array(
            (rows.data, (rows.coords[0], column[rows.coords[1]])), (len(form.rhs), len(order))
        ),
        row_lower=np.where(sense <= 0, form.rhs, -np.inf),
        row_upper=np.where(sense >= 0, form.rhs, np.inf),
        lower=np.array([-np.inf if var.lb is None else var.lb for var in order], dtype=float),
        upper=np.array([np.inf if var.ub is None else var.ub for var in order], dtype=float),
        integer=np.array([not var.is_continuous() for var in order], dtype=bool),
        rule=tuple(
            (row.constraint.parent_component().local_name, row.constraint.index())
            for row in form.rows
        ),
    )
