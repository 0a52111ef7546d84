"""A plan in one paragraph that claims nothing but what is proven."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from microdc.placement.plan import Plan

_NOTHING_MW_IT = 1e-3


def verdict(plan: "Plan") -> str:
    """Say what the plan builds, whom it serves, what it costs and how near the best it is."""
    return " ".join([_built(plan), _served(plan), _cost(plan), _near(plan)])


def _built(plan: "Plan") -> str:
    count, mw = len(plan.sites), plan.sites["mw"].sum()
    if not count:
        return "No site is built."
    smallest, largest = plan.sites["mw"].min(), plan.sites["mw"].max()
    if count == 1:
        return f"1 site of {mw:.1f} MW is built."
    return f"{count} sites of {smallest:.1f} to {largest:.1f} MW, {mw:.1f} MW in all, are built."


def _served(plan: "Plan") -> str:
    demand, served = plan.services["demand_mw_it"].sum(), plan.services["served_mw_it"].sum()
    worst = plan.services["worst_rtt_ms"].max()
    unserved, far = demand - served, plan.services["out_of_reach_mw_it"].sum()
    if not served:
        return f"None of {demand:.1f} MW IT of demand is served."
    text = f"They serve {served:.1f} of {demand:.1f} MW IT of demand"
    text += f" ({served / demand:.1%}), the farthest in {worst:.2f} ms"
    if unserved <= _NOTHING_MW_IT:
        return f"{text}, all within its latency bound."
    text += f", all within its latency bound; {unserved:.1f} MW IT stay unserved"
    return f"{text}, {far:.1f} of them out of every site's reach." if far else f"{text}."


def _cost(plan: "Plan") -> str:
    proven = plan.certificate
    money = f"M {plan.currency} a year"
    text = f"The cost is {proven.cost_mn_yr:.2f} {money}; no plan can cost less than"
    text += f" {proven.bound_mn_yr:.2f}"
    if proven.unserved_bound_mw_it is None:
        return f"{text}."
    served = plan.services["demand_mw_it"].sum() - proven.unserved_bound_mw_it
    return f"{text} and serve as much; no plan can serve more than {served:.2f} MW IT."


def _near(plan: "Plan") -> str:
    proven = plan.certificate
    avoidable = f"{_percent(proven.gap_avoidable)} on the part of the cost that siting can avoid"
    near = f"{_percent(proven.gap)} of the best possible, {avoidable}"
    return {
        "within gap": f"It is within {near}.",
        "time limit": f"Stopped on time, within {near}.",
        "interrupted": f"Stopped on request, within {near}.",
        "stalled": f"As near as the solver's tolerances allow: within {near}.",
    }[plan.status]


def _percent(share: float) -> str:
    """Give a share in percent to three digits, rounded up: no more is claimed than is proven."""
    if share <= 0:
        return "0 %"
    step = 10.0 ** (math.floor(math.log10(share)) - 2)
    return f"{100 * step * math.ceil(share / step - 1e-9):.3g} %"
