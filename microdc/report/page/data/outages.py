"""The worst outages of a plan: who is out, and who is served from elsewhere or not at all."""

from typing import Any

import pandas as pd

from microdc.placement.outages.detours import Detours
from microdc.placement.outages.fleet import fleet_of
from microdc.placement.outages.statement import Named, Replayed
from microdc.placement.plan import Plan
from microdc.placement.verdict import names_of
from microdc.report.page.data.service import (
    MW_DIGITS,
    class_rows,
    host_rows,
    place_rows,
    rounded,
)
from microdc.report.page.inputs import Inputs


def outages(plan: Plan, inputs: Inputs | None) -> list[dict[str, Any]] | None:
    """
    Give the outages that a plan tells in full, the worst first; None where it is to survive none.

    Of each: `name`, `out` (rows of `hosts`; None where that is not known), `mw`, `lost_mw_it`,
    `lost_by_class_mw_it`, `kept_share`, and `moves`, what differs from the service in order, by
    column: `place`, `class`, `host` (-1: lost), `mw_it`; None where the inputs are not there.
    """
    if plan.outages is None:
        return None
    detours = _detours(plan, inputs) if inputs else None
    return [_outage(plan, inputs, detours, row) for row in plan.outages.rows]


def _detours(plan: Plan, inputs: Inputs) -> Detours:
    sites, hubs = plan.sites["mw"].astype(float), plan.hubs["mw_it"].astype(float)
    sizes_mw = pd.concat([sites, hubs[hubs > 0]])
    fleet = fleet_of(inputs.scenario, inputs.region, sizes_mw, plan.service)
    return Detours(inputs.scenario, fleet)


def _outage(
    plan: Plan, inputs: Inputs | None, detours: Detours | None, row: Replayed
) -> dict[str, Any]:
    taken = [_hosts(plan, inputs, one) for one in row.what]
    out = None if None in taken else frozenset().union(*(hosts or () for hosts in taken))
    moved = detours.around(out, row.lost_by_class_mw_it) if detours and out else None
    return {
        "name": names_of(row.to_document()),
        "out": None if out is None else sorted(host_rows(plan, pd.Series(list(out), dtype=object))),
        "mw": row.mw,
        "lost_mw_it": row.lost_mw_it,
        "lost_by_class_mw_it": row.lost_by_class_mw_it,
        "kept_share": row.kept_share,
        "moves": None if moved is None else _moves(plan, moved),
    }


def _moves(plan: Plan, moved: pd.DataFrame) -> dict[str, Any]:
    return {
        "place": moved["place"].map(place_rows(plan)).tolist(),
        "class": moved["service"].map(class_rows(plan)).tolist(),
        "host": host_rows(plan, moved["site"]),
        "mw_it": rounded(moved["mw_it"], MW_DIGITS),
    }


def _hosts(plan: Plan, inputs: Inputs | None, one: Named) -> frozenset[str] | None:
    """Give the hosts that a thing takes with it (ids); None where only the inputs would tell."""
    hosts = frozenset(plan.hosts.index)
    if one.kind == "zone":
        if inputs is None:
            return None
        zones = inputs.region.zones
        return hosts & set(zones.loc[zones["zone"].astype(str) == one.id, "host"])
    if one.kind == "site":
        return hosts & {one.id}
    below = plan.sites.index[[one.id in above for above in plan.sites["parents"]]]
    return hosts & {*below, one.id}
