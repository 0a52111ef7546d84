"""
Sites that are built together: the columns of projects, and their rules.

Letters as in `constraints`: site i of the project that is centred on site k, owner o.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyomo.environ as pyo

from microdc.instance import Instance, Projects


def declare(m: pyo.ConcreteModel, instance: Instance) -> None:
    """Declare who belongs to whose project, a, with which size, g, and whose it is, u."""
    projects, ids = instance.projects, instance.sites.index
    cap = instance.sites["cap_mw"].to_dict()
    members, owned = [], []
    if projects is not None:
        members = list(zip(ids[projects.member], ids[projects.centre], strict=True))
        centre, owner = projects.owned
        owned = list(zip(ids[centre], owner.tolist(), strict=True))
    m.members = pyo.Set(initialize=members, dimen=2)
    m.owned = pyo.Set(initialize=owned, dimen=2)
    m.a = pyo.Var(m.members, domain=pyo.Binary)  # site i is of the project centred on k
    m.g = pyo.Var(m.members, bounds=lambda _, i, k: (0, cap[i]))  # its size if it is (MW)
    m.u = pyo.Var(m.owned, bounds=(0, 1))  # owner o has a part in the project centred on k


def add_rules(m: pyo.ConcreteModel, instance: Instance, projects: Projects) -> None:
    """Add every rule of projects."""
    joining = instance.sites.index[projects.joins]
    belong_to_one_project(m, joining)
    belong_to_a_centre(m)
    size_is_that_in_projects(m, joining)
    size_where_it_belongs(m, instance)
    project_at_least_min(m, projects)
    own_what_belongs(m, instance, projects)
    owners_at_most(m, projects)


def belong_to_one_project(m: pyo.ConcreteModel, joining: Iterable[str]) -> None:
    r"""
    Where sites are built as projects, one that is built belongs to one project.

    .. math:: \sum_k a_{ik} = z_i \qquad \forall i \text{ that joins}
    """
    of = _by_first(m.members)
    m.belong_to_one_project = pyo.Constraint(
        list(joining), rule=lambda m, i: pyo.quicksum(m.a[i, k] for k in of[i]) == m.z[i]
    )


def belong_to_a_centre(m: pyo.ConcreteModel) -> None:
    r"""
    A project is centred on a site that belongs to it.

    .. math:: a_{ik} \le a_{kk} \qquad \forall (i, k), i \ne k
    """
    m.belong_to_a_centre = pyo.Constraint(
        [(i, k) for i, k in m.members if i != k], rule=lambda m, i, k: m.a[i, k] <= m.a[k, k]
    )


def size_is_that_in_projects(m: pyo.ConcreteModel, joining: Iterable[str]) -> None:
    r"""
    A site's size is what it has in the project that it belongs to.

    .. math:: \sum_k g_{ik} = x_i \qquad \forall i \text{ that joins}
    """
    of = _by_first(m.members)
    m.size_is_that_in_projects = pyo.Constraint(
        list(joining), rule=lambda m, i: pyo.quicksum(m.g[i, k] for k in of[i]) == m.x[i]
    )


def size_where_it_belongs(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site has nothing in a project that it does not belong to.

    .. math:: g_{ik} \le \text{cap}_i a_{ik} \qquad \forall (i, k)
    """
    cap = instance.sites["cap_mw"].to_dict()
    m.size_where_it_belongs = pyo.Constraint(
        m.members, rule=lambda m, i, k: m.g[i, k] <= cap[i] * m.a[i, k]
    )


def project_at_least_min(m: pyo.ConcreteModel, projects: Projects) -> None:
    r"""
    The sites of a project have so much together, or none of it is built.

    .. math:: \sum_i g_{ik} \ge \text{least} \cdot a_{kk} \qquad \forall k
    """
    of = _by_first((k, i) for i, k in m.members)
    m.project_at_least_min = pyo.Constraint(
        list(of),
        rule=lambda m, k: pyo.quicksum(m.g[i, k] for i in of[k]) >= projects.least_mw * m.a[k, k],
    )


def own_what_belongs(m: pyo.ConcreteModel, instance: Instance, projects: Projects) -> None:
    r"""
    Whoever owns the substation of a site has a part in the project that it belongs to.

    .. math:: a_{ik} \le u_{k o(i)} \qquad \forall (i, k)
    """
    owner = dict(zip(instance.sites.index, projects.owner.tolist(), strict=True))
    m.own_what_belongs = pyo.Constraint(
        m.members if len(m.owned) else [], rule=lambda m, i, k: m.a[i, k] <= m.u[k, owner[i]]
    )


def owners_at_most(m: pyo.ConcreteModel, projects: Projects) -> None:
    r"""
    No more owners have a part in a project than the planner allows.

    .. math:: \sum_o u_{ko} \le n \cdot a_{kk} \qquad \forall k
    """
    of = _by_first(m.owned)
    m.owners_at_most = pyo.Constraint(
        list(of),
        rule=lambda m, k: (
            pyo.quicksum(m.u[k, o] for o in of[k]) <= projects.most_owners * m.a[k, k]
        ),
    )


def _by_first(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """List the second of pairs by the first."""
    of: dict[str, list[Any]] = defaultdict(list)
    for first, second in pairs:
        of[first].append(second)
    return of
