"""How soon two plans answer, and what is proven of the objectives that came before cost."""

from typing import Any, Literal

from microdc.placement.parts.mean_rtt import mean_rtt_ms
from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.placement.words.aims import before as as_good_before

Record = dict[str, Any]

Better = Literal["before", "after", "same", "open"]

_APART = {
    "most-served": 1e-3,
    "fewest-sites": 1e-6,
    "least-worst-rtt": 1e-5,
    "least-mean-rtt": 1e-5,
}
"""What objectives came to differs by more than this (MW IT, sites, ms), or is the same."""


def answered(plan: Plan) -> Record:
    """
    Give what a plan serves of which demand (MW IT), and its worst and mean round trip (ms).

    `left_in_reach_mw_it` stays unserved though some site reaches it: in the mean it counts at the
    bound of its class. Round trips are None where nobody is served, or in reach.
    """
    services = plan.services
    demand_mw_it, served_mw_it, far_mw_it = (
        float(services[column].sum())
        for column in ("demand_mw_it", "served_mw_it", "out_of_reach_mw_it")
    )
    worst_ms = float(services["worst_rtt_ms"].astype(float).max())
    return {
        "demand_mw_it": demand_mw_it,
        "served_mw_it": served_mw_it,
        "left_in_reach_mw_it": max(0.0, demand_mw_it - served_mw_it - far_mw_it),
        "worst_rtt_ms": worst_ms if worst_ms >= 0 else None,
        "mean_rtt_ms": mean_rtt_ms(records(services)),
    }


def objectives_compared(before: Plan, after: Plan) -> list[Record]:
    """
    Lay side by side what each objective before cost came to in two plans.

    Each has `objective`; `before` and `after` with `value` (MW IT unserved, new sites, or ms), the
    `bound` below which no plan of that scenario is possible, `as_good` (of which plans alone) and
    None where it was no objective; and `better`: the plan that is proven better than any of the
    other scenario, `same` where no plan of either is better, else `open`.
    """
    one, other = _came_to(before), _came_to(after)
    return [
        {
            "objective": name,
            "before": one.get(name),
            "after": other.get(name),
            "better": _better(one[name], other[name], _APART[name])
            if name in one and name in other
            else None,
        }
        for name in dict.fromkeys([*one, *other])
    ]


def _came_to(plan: Plan) -> dict[str, Record]:
    """Give what objectives came to, in order; an alternative's bounds are those of the best."""
    proven, document = plan.certificate, plan.to_document()
    values = {one.objective: (one.value, one.bound) for one in proven.reached}
    if proven.unserved_bound_mw_it is not None:
        values["most-served"] = (proven.unserved_mw_it, proven.unserved_bound_mw_it)
    return {
        name: {
            "value": values[name][0],
            "bound": values[name][1] if plan.alternative is None else None,
            "as_good": as_good_before(name, document),
        }
        for name in plan.objective.split(", ")
        if name in values
    }


def _better(before: Record, after: Record, apart: float) -> Better:
    """Say which plan is less than what is proven of the other's scenario."""
    if before["bound"] is not None and after["value"] < before["bound"] - apart:
        return "after"
    if after["bound"] is not None and before["value"] < after["bound"] - apart:
        return "before"
    values = sorted((before["value"], after["value"]))
    bounds = (before["bound"], after["bound"])
    alike = values[1] - values[0] <= apart
    settled = all(bound is not None and bound >= values[1] - apart for bound in bounds)
    return "same" if alike and settled else "open"
