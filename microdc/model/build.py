"""The projected model: which sites, how large, and how much demand stays unserved."""

from dataclasses import dataclass

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from microdc.instance import Floats, Instance, irreducible
from microdc.model import constraints, cost


def build(instance: Instance) -> pyo.ConcreteModel:
    """
    Build the model over sites, sizes and unserved demand; delivery is added as cuts.

    Columns come in the order z (sites), x (sites), V (groups), n (sites x modules).
    """
    m = choices(instance)
    add_planners_rows(m, instance)
    cost.annual_cost(m, instance)
    return m


def choices(instance: Instance) -> pyo.ConcreteModel:
    """Declare what is decided: z, x, V and the number of modules n; x less what exists is grown."""
    m = pyo.ConcreteModel()
    m.I = pyo.Set(initialize=list(instance.sites.index))
    m.G = pyo.Set(initialize=list(instance.groups.index))
    m.M = pyo.Set(initialize=irreducible(instance.modules_mw))
    cap = instance.sites["cap_mw"].to_dict()
    room_mw = instance.sites["cap_mw"] - instance.sites["existing_mw"]
    room = room_mw.where(instance.sites["modular"], 0.0).to_dict()
    demand = dict(zip(m.G, instance.demand_by_group_mw_it, strict=True))
    m.z = pyo.Var(m.I, domain=pyo.Binary)  # site i is built
    m.x = pyo.Var(m.I, bounds=lambda _, i: (0, cap[i]))  # its grid connection (MW)
    m.V = pyo.Var(m.G, bounds=lambda _, g: (0, demand[g]))  # unserved demand of group (MW IT)
    m.n = pyo.Var(  # number of modules of each size
        m.I,
        m.M,
        domain=pyo.NonNegativeIntegers,
        bounds=lambda _, i, mw: (0, int((room[i] + 1e-6) // mw)),
    )
    existing = instance.sites["existing_mw"].to_dict()
    m.grown = pyo.Expression(m.I, rule=lambda m, i: m.x[i] - existing[i] * m.z[i])
    return m


def add_planners_rows(m: pyo.ConcreteModel, instance: Instance) -> None:
    """Add every rule that does not depend on who is served from where."""
    constraints.size_within_cap(m, instance)
    constraints.size_at_least_min(m, instance)
    constraints.size_is_sum_of_modules(m, instance)
    constraints.draw_within_tree_limit(m, instance)
    constraints.spend_within_budget(m, instance)
    constraints.build_at_most(m, instance)
    constraints.keep_apart(m, instance)
    constraints.keep_what_stands(m, instance)
    constraints.build_the_forced(m, instance)
    constraints.skip_the_forbidden(m, instance)
    constraints.leave_unserved_at_most(m, instance)
    constraints.leave_unserved_in_all_at_most(m, instance)


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


def compile_model(m: pyo.ConcreteModel) -> StandardForm:
    """Compile a linear Pyomo model to arrays, its columns in the order of their declaration."""
    order = list(m.component_data_objects(pyo.Var))
    form = LinearStandardFormCompiler().write(m, mixed_form=True, column_order=order)
    number = pyo.ComponentMap((var, k) for k, var in enumerate(order))
    column = np.array([number[var] for var in form.columns])
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
        integer=np.array([not var.is_continuous() for var in order]),
    )
