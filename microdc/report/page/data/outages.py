"""The worst outages of a plan: who is out, and who is served from elsewhere or not at all."""

from typing import Any

from microdc.placement.outages.statement import Named, Replayed
from microdc.placement.plan import Plan
from microdc.placement.verdict import names_of
from microdc.report.page.inputs import Inputs


def outages(plan: Plan, inputs: Inputs | None) -> list[dict[str, Any]] | None:
    """
    Give the outages that a plan tells in full, the worst first; None where it is to survive none.

    Of each: `name`, `out` (rows of `hosts`; None where that is not known), `mw`, `lost_mw_it`,
    `lost_by_class_mw_it`, `kept_share`.
    """
    if plan.outages is None:
        return None
    return [_outage(plan, inputs, row) for row in plan.outages.rows]


def _outage(plan: Plan, inputs: Inputs | None, row: Replayed) -> dict[str, Any]:
    out = [_hosts(plan, inputs, one) for one in row.what]
    known = all(hosts is not None for hosts in out)
    return {
        "name": names_of(row.to_document()),
        "out": sorted({host for hosts in out for host in hosts or ()}) if known else None,
        "mw": row.mw,
        "lost_mw_it": row.lost_mw_it,
        "lost_by_class_mw_it": row.lost_by_class_mw_it,
        "kept_share": row.kept_share,
    }


def _hosts(plan: Plan, inputs: Inputs | None, one: Named) -> set[int] | None:
    """Give the hosts that a thing takes with it (rows); None where only the inputs would tell."""
    rows = {host: row for row, host in enumerate(plan.hosts.index)}
    if one.kind == "zone":
        if inputs is None:
            return None
        zones = inputs.region.zones
        inside = zones.loc[zones["zone"].astype(str) == one.id, "host"]
        return {rows[host] for host in inside if host in rows}
    if one.kind == "site":
        return {rows[one.id]} if one.id in rows else set()
    below = plan.sites.index[[one.id in above for above in plan.sites["parents"]]]
    return {rows[host] for host in (*below, one.id) if host in rows}
