"""
Every rule of the model, one function each; its name is the row's name in the LP file.

Letters: site i, demand point j, group g of points, node k of the power tree, kind q of sites, set Q
of sites near one another, module m, class c of sizes (a tier).
"""

import pyomo.environ as pyo

from microdc.instance import Instance, rows_of
from microdc.model import cost


def size_within_cap(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site draws nothing unless it is built, and then no more than its connection can bear.

    .. math:: x_i \le \text{cap}_i z_i \qquad \forall i
    """
    cap = instance.sites["cap_mw"].to_dict()
    m.size_within_cap = pyo.Constraint(m.I, rule=lambda m, i: m.x[i] <= cap[i] * m.z[i])


def size_at_least_min(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site that is built has at least the smallest size worth building.

    .. math:: x_i \ge \text{min}_i z_i \qquad \forall i
    """
    least = instance.sites["min_mw"].to_dict()
    m.size_at_least_min = pyo.Constraint(m.I, rule=lambda m, i: m.x[i] >= least[i] * m.z[i])


def size_is_sum_of_modules(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    Where sizes come in modules, a site is a whole number of them beside what exists.

    .. math:: x_i - \text{existing}_i z_i = \sum_m \text{size}_m n_{im}
        \qquad \forall i \text{ modular}
    """
    modular = instance.sites.index[instance.sites["modular"]]
    m.size_is_sum_of_modules = pyo.Constraint(
        list(modular) if instance.modules_mw else [],
        rule=lambda m, i: m.grown[i] == pyo.quicksum(mw * m.n[i, mw] for mw in m.M),
    )


def be_of_one_tier(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    Where sizes have classes, a site that is built is of one of them.

    .. math:: \sum_c q_{ic} = z_i \qquad \forall i
    """
    m.be_of_one_tier = pyo.Constraint(
        list(m.I) if instance.tiers else [],
        rule=lambda m, i: pyo.quicksum(m.q[i, c] for c in m.C) == m.z[i],
    )


def size_is_that_of_its_tier(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site's size is its size in the class that it is of: in the others it has none.

    .. math:: \sum_c s_{ic} = x_i \qquad \forall i
    """
    m.size_is_that_of_its_tier = pyo.Constraint(
        list(m.I) if instance.tiers else [],
        rule=lambda m, i: pyo.quicksum(m.s[i, c] for c in m.C) == m.x[i],
    )


def size_at_most_that_of_tier(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site has no more than the largest size of its class.

    .. math:: s_{ic} \le \text{most}_{ic} q_{ic} \qquad \forall (i, c)
    """
    least, most = (dict(zip(m.I, mw.tolist(), strict=True)) for mw in instance.tier_range_mw)
    m.size_at_most_that_of_tier = pyo.Constraint(
        [(i, c) for i in m.I for c in m.C if least[i][c] <= most[i][c]],
        rule=lambda m, i, c: m.s[i, c] <= most[i][c] * m.q[i, c],
    )


def size_at_least_that_of_tier(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site has no less than the size at which its class begins.

    .. math:: s_{ic} \ge \text{least}_{ic} q_{ic} \qquad \forall (i, c)
    """
    least, most = (dict(zip(m.I, mw.tolist(), strict=True)) for mw in instance.tier_range_mw)
    m.size_at_least_that_of_tier = pyo.Constraint(
        [(i, c) for i in m.I for c in m.C if least[i][c] <= most[i][c]],
        rule=lambda m, i, c: m.s[i, c] >= least[i][c] * m.q[i, c],
    )


def draw_within_tree_limit(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    All sites at and below a node of the power tree together draw no more than it has to spare.

    What exists draws already: headroom is net of it. Where more may be had at a price, r of it is.

    .. math:: \sum_{i \text{ below } k} (x_i - \text{existing}_i z_i) \le H_k + r_k \qquad \forall k
    """
    limit = instance.nodes["limit_mw"].to_dict()
    sites = instance.sites.index
    below = dict(zip(instance.nodes.index, rows_of(instance.below), strict=True))
    m.draw_within_tree_limit = pyo.Constraint(
        [k for k in limit if len(below[k])],
        rule=lambda m, k: (
            pyo.quicksum(m.grown[i] for i in sites[below[k]])
            <= limit[k] + (m.r[k] if k in m.R else 0.0)
        ),
    )


def spend_within_budget(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    The capital of all sites stays within the budget, and what is had beyond it at a price.

    .. math:: \sum_i F_i z_i + \sum_i C_i x_i + \sum_{i,c} (F_{ic} q_{ic} + C_{ic} s_{ic})
        \le B + b
    """
    site_mn = instance.sites["site_capital_mn"].to_dict()
    mn_per_mw = instance.sites["size_capital_mn_per_mw"].to_dict()
    stated = instance.budget_mn
    budgets = [] if stated is None or instance.sites.empty else [stated]
    m.spend_within_budget = pyo.Constraint(
        range(len(budgets)),
        rule=lambda m, b: (
            pyo.quicksum(site_mn[i] * m.z[i] + mn_per_mw[i] * m.x[i] for i in m.I)
            + (cost.of_tiers(m, instance.tiers.costing_capital()) if instance.tiers else 0.0)
            <= budgets[b] + (m.b[b] if b in m.B else 0.0)
        ),
    )


def spend_within_budget_by_stage(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    The capital of all that stands in a stage of a programme stays within what may be spent by then.

    .. math:: \sum_{i \text{ in } t} (F_i z_i + C_i x_i + \sum_c (F_{ic} q_{ic} + C_{ic} s_{ic}))
        \le B_t \qquad \forall t
    """
    site_mn = instance.sites["site_capital_mn"].to_dict()
    mn_per_mw = instance.sites["size_capital_mn_per_mw"].to_dict()
    budgets = {} if instance.stages is None else instance.stages.budgets
    tiers = instance.tiers and instance.tiers.costing_capital()
    m.spend_within_budget_by_stage = pyo.Constraint(
        list(budgets),
        rule=lambda m, t: (
            pyo.quicksum(
                site_mn[i] * m.z[i] + mn_per_mw[i] * m.x[i]
                for i in instance.sites.index[budgets[t].rows]
            )
            + (cost.of_tiers(m, tiers, budgets[t].rows) if tiers else 0.0)
            <= budgets[t].most_mn
        ),
    )


def stay_once_built(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site that is built in a stage of a programme is there in the next.

    .. math:: z_{it} \le z_{i,t+1} \qquad \forall i, t
    """
    pairs = instance.kept
    m.stay_once_built = pyo.Constraint(
        range(len(pairs)), rule=lambda m, k: m.z[pairs[k][0]] <= m.z[pairs[k][1]]
    )


def never_shrink(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site has in the next stage of a programme at least the connection that it has in this one.

    Of modules, whole sums of them grow so.

    .. math:: x_{it} \le x_{i,t+1} \qquad \forall i, t
    """
    pairs = instance.kept
    m.never_shrink = pyo.Constraint(
        range(len(pairs)), rule=lambda m, k: m.x[pairs[k][0]] <= m.x[pairs[k][1]]
    )


def build_at_most(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    No more sites of a kind (all, or those of one state or owner) than the planner allows.

    .. math:: \sum_{i \text{ of } q} z_i \le n_q \qquad \forall q
    """
    most = instance.counts["most"].to_dict()
    sites = instance.sites.index
    of = dict(zip(instance.counts.index, rows_of(instance.counted), strict=True))
    m.build_at_most = pyo.Constraint(
        [q for q in most if len(of[q])],
        rule=lambda m, q: pyo.quicksum(m.z[i] for i in sites[of[q]]) <= most[q],
    )


def keep_apart(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    Of sites that are all too near one another, no more than one is built.

    .. math:: \sum_{i \in Q} z_i \le 1 \qquad \forall Q
    """
    sites = instance.sites.index
    near = rows_of(instance.apart)
    m.keep_apart = pyo.Constraint(
        [q for q, members in enumerate(near) if len(members)],
        rule=lambda m, q: pyo.quicksum(m.z[i] for i in sites[near[q]]) <= 1,
    )


def keep_what_stands(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    An existing site or a hub is there, whatever is built.

    .. math:: z_i = 1 \qquad \forall i \text{ standing}
    """
    standing = instance.sites.index[instance.sites["standing"]]
    m.keep_what_stands = pyo.Constraint(list(standing), rule=lambda m, i: m.z[i] == 1)


def build_the_forced(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site that the planner insists on is built.

    .. math:: z_i = 1 \qquad \forall i \text{ forced}
    """
    forced = instance.sites.index[instance.sites["forced"]]
    m.build_the_forced = pyo.Constraint(list(forced), rule=lambda m, i: m.z[i] == 1)


def skip_the_forbidden(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A site that the planner rules out is not built.

    .. math:: z_i = 0 \qquad \forall i \text{ forbidden}
    """
    forbidden = instance.sites.index[instance.sites["forbidden"]]
    m.skip_the_forbidden = pyo.Constraint(list(forbidden), rule=lambda m, i: m.z[i] == 0)


def leave_unserved_at_most(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    A group of demand points leaves no more unserved than it may.

    Groups that may leave everything, or nothing, are held by the bounds of their points.

    .. math:: \sum_{j \in g} v_j \le (1 - \varphi_g) d_g \qquad \forall g
    """
    most = instance.groups["max_unserved_mw_it"].to_dict()
    in_part = dict(zip(most, instance.demand_by_group_mw_it, strict=True))
    points = dict(zip(most, rows_of(instance.members), strict=True))
    m.leave_unserved_at_most = pyo.Constraint(
        [g for g in most if 0 < most[g] < in_part[g]],
        rule=lambda m, g: pyo.quicksum(m.v[j] for j in points[g]) <= most[g],
    )


def leave_unserved_in_all_at_most(m: pyo.ConcreteModel, instance: Instance) -> None:
    r"""
    All points together leave no more unserved than was found unavoidable.

    In a programme a point counts for the months :math:`m` of its stage that lie before a date.

    .. math:: \sum_j m_{g(j)} v_j \le U
    """
    months = instance.months[instance.points["group"]].tolist()
    counted = [j for j, count in enumerate(months) if count > 0]
    free = instance.most_unserved_mw_it is None or not counted
    limits = [] if free else [instance.most_unserved_mw_it]
    m.leave_unserved_in_all_at_most = pyo.Constraint(
        range(len(limits)),
        rule=lambda m, u: pyo.quicksum(months[j] * m.v[j] for j in counted) <= limits[u],
    )
