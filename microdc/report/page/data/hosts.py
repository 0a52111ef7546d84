"""What the card of each site and hub says."""

from collections.abc import Iterator
from typing import Any

from microdc.placement.parts.hosts import SITE_ITEMS
from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.report.page.data.reasons import reasons
from microdc.report.page.inputs import Inputs

_SITE = (
    *("id", "name", "lat", "lon", "state", "mw", "existing_mw", "load_mw", "load_mw_it"),
    *("tier", "connection_kv", "months", "project"),
    *("utilisation", "headroom_mw", "arithmetic", "substation", "feeder_km", "fibre_km"),
    *("worst_rtt_ms", "mean_rtt_ms", "lost_mw_it_when_out", "racks", "gpus"),
    *("firm_mw", "curtailed_h_per_yr", "curtailed_mwh_per_mw_yr"),
)
_HUB = (
    *("id", "name", "lat", "lon", "capacity_mw_it", "mw_it", "load_mw_it"),
    *("worst_rtt_ms", "mean_rtt_ms", "lost_mw_it_when_out"),
)
_FULL_MW = 1e-3
"""Who has no more than this left below a limit has reached it."""


def hosts(plan: Plan, inputs: Inputs | None) -> list[dict[str, Any]]:
    """
    Give sites, then hubs, each as a record.

    `kind` (site, hub), what the plan says of it, `cost_mn_yr` by item and `path`, the limits above
    a site, nearest first: `id`, `name`, `limit_mw`, `used_mw`, `full`, and `price_mn_per_mw_yr`,
    what the proof of the bound prices a MW of it at (0: nothing). `why` are sentences.
    """
    why = reasons(plan, inputs)
    limits = {row["id"]: row for row in records(plan.over_promise.rows.reset_index())}
    prices = _prices(plan)
    for key, row in limits.items():
        row["price_mn_per_mw_yr"] = prices.get(key, 0.0)
    found = [*_sites(plan, limits), *_hubs(plan)]
    return [{**host, "why": why[host["id"]]} for host in found]


def _sites(plan: Plan, limits: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in records(plan.sites.reset_index()):
        yield {
            "kind": "site",
            **{key: row[key] for key in _SITE},
            "name": row["name"] or row["id"],
            "cost_mn_yr": {item: row[f"{item}_mn_yr"] for item in SITE_ITEMS},
            "path": [_limit(above, limits.get(above)) for above in row["parents"]],
        }


def _limit(above: str, limit: dict[str, Any] | None) -> dict[str, Any]:
    if limit is None:
        unlimited = {"limit_mw": None, "used_mw": None, "full": False, "price_mn_per_mw_yr": 0.0}
        return {"id": above, "name": above, **unlimited}
    used_mw, limit_mw = limit["used_mw"], limit["limit_mw"]
    return {
        "id": above,
        "name": limit["name"] or above,
        "limit_mw": limit_mw,
        "used_mw": used_mw,
        "full": used_mw >= limit_mw - _FULL_MW,
        "price_mn_per_mw_yr": limit["price_mn_per_mw_yr"],
    }


def _prices(plan: Plan) -> dict[str, float]:
    """Give what the proof of the bound prices a MW of each limit at, over all hours, by id."""
    proven = plan.certificate.prices
    if proven is None:
        return {}
    by_hour = {key: sum(mn.values()) for key, mn in proven.nodes_by_hour_mn_per_mw_yr.items()}
    in_order = proven.nodes_mn_per_mw_yr
    return {key: in_order.get(key, 0.0) + by_hour.get(key, 0.0) for key in {*in_order, *by_hour}}


def _hubs(plan: Plan) -> Iterator[dict[str, Any]]:
    for row in records(plan.hubs.reset_index()):
        yield {
            "kind": "hub",
            **{key: row[key] for key in _HUB},
            "name": row["name"] or row["id"],
            "mw": row["mw_it"],
            "cost_mn_yr": {"reserve": row["reserve_mn_yr"]},
            "path": [],
        }
