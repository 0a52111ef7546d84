"""A plan in one object: what `microdc plan --json` prints."""

import math
from typing import Any

from microdc.placement.parts.mean_rtt import mean_rtt_ms
from microdc.placement.verdict import names_of


def in_brief(document: dict[str, Any]) -> dict[str, Any]:
    """
    Sum a plan's document up.

    Cost and bound in millions a year; `reached` lists what each objective before cost came to, its
    `value` and `bound`, and the bound on cost is of plans as good by those. `sites` and their `mw`
    (grid side) without hubs, at which `hubs_mw_it` are reserved; shares from 0 to 1;
    `unserved_bound_mw_it` is None unless most is to be served, and then no plan leaves less.
    `worst_rtt_ms` is None where nobody is served, `mean_rtt_ms` counts what stays unserved in reach
    at its bound and is None where nobody is, `most_mean_rtt_ms` is None where no mean is limited;
    `worst_outage` and what is lost in it where none is to be survived. Where demand has hours (else
    None): `firm_mw` of the sites together, `firm_service_mw_it`; `curtailed_h_per_yr` of the site
    that is curtailed longest, and `curtailed_mwh_per_mw_yr` of all that is connected.
    """
    proven, services = document["certificate"], document["services"]
    demand_mw_it = sum(row["demand_mw_it"] for row in services)
    served_mw_it = sum(row["served_mw_it"] for row in services)
    outages = document.get("outages")
    worst = outages["rows"][0] if outages and outages["rows"] else None
    worst_ms = [ms for row in services if _known(ms := row["worst_rtt_ms"])]
    return {
        "status": document["status"],
        "objective": document["objective"],
        "currency": document["currency"],
        "cost": proven["cost_mn_yr"],
        "bound": proven["bound_mn_yr"],
        "gap": _finite(proven["gap"]),
        "gap_avoidable": _finite(proven["gap_avoidable"]),
        "reached": [dict(one) for one in proven.get("reached", ())],
        "sites": len(document["sites"]),
        "mw": sum(row["mw"] for row in document["sites"]),
        "hubs_mw_it": sum(row["mw_it"] for row in document["hubs"]),
        "served_share": served_mw_it / demand_mw_it if demand_mw_it else 1.0,
        "unserved_mw_it": proven.get("unserved_mw_it"),
        "unserved_bound_mw_it": proven.get("unserved_bound_mw_it"),
        "worst_rtt_ms": max(worst_ms, default=None),
        "mean_rtt_ms": mean_rtt_ms(services),
        "most_mean_rtt_ms": document.get("most_mean_rtt_ms"),
        "worst_outage": names_of(worst) if worst else None,
        "lost_mw_it": worst["lost_mw_it"] if worst else None,
        **_by_hour(document),
        "seconds": proven["seconds"],
    }


def _by_hour(document: dict[str, Any]) -> dict[str, float | None]:
    """Give what is firm and what is curtailed; None where demand has no hours."""
    keys = ("firm_mw", "firm_service_mw_it", "curtailed_h_per_yr", "curtailed_mwh_per_mw_yr")
    hours, sites = document.get("hours"), document["sites"]
    if hours is None:
        return dict.fromkeys(keys)
    connected_mw = sum(row["mw"] for row in sites)
    curtailed_mwh = sum(row["mw"] * row["curtailed_mwh_per_mw_yr"] for row in sites)
    hours_per_yr = max((row["curtailed_h_per_yr"] for row in sites), default=0.0)
    per_mw = curtailed_mwh / connected_mw if connected_mw else 0.0
    values = (hours["firm_mw"], hours["firm_service_mw_it"], hours_per_yr, per_mw)
    return dict(zip(keys, values, strict=True))


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _finite(value: float | None) -> float | None:
    return value if _known(value) else None
