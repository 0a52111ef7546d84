"""Why a plan leaves demand unserved: by reason, and the bottlenecks behind it as areas."""

from collections.abc import Iterator
from typing import Any

from microdc.placement.plan import Plan
from microdc.report.explained.maps import area_around
from microdc.report.page.data.service import DEGREE_DIGITS, place_rows

MOST_AREAS = 400
"""Bottlenecks that a page shows, those that are short of most; it says how many there are."""
_MOST_HOSTS = 40

_FIGURES = ("sentence", "kind", "need_mw_it", "have_mw_it", "short_mw_it", "unit", "exact")
_OF_A_HOST = ("name", "mw", "counts", "limit", "by")


def unserved(plan: Plan, why: dict[str, Any]) -> dict[str, Any]:
    """
    Give why demand stays unserved, from what `explanation.json` holds of the plan.

    `reasons` are sentences; of each of the `bottlenecks` its figures, `services`, `places` (rows),
    `hosts`, the largest in reach, `in_reach`, how many sites and hubs count, and `area`, rings of
    latitudes and longitudes. `count` says how many bottlenecks there are, `complete` whether
    everything was looked at.
    """
    rows, found = place_rows(plan), why["bottlenecks"]
    return {
        "reasons": [one["sentence"] for one in why["unserved"]],
        "bottlenecks": [_told(one, rows) for one in found[:MOST_AREAS]],
        "count": len(found),
        "complete": why["complete"],
    }


def _told(one: dict[str, Any], rows: dict[str, int]) -> dict[str, Any]:
    around = [*one["places"], *one["hosts"]]
    return {
        **{key: one[key] for key in _FIGURES},
        "services": list(one["services"]),
        "places": [rows[place["id"]] for place in one["places"] if place["id"] in rows],
        "hosts": [{key: host[key] for key in _OF_A_HOST} for host in one["hosts"][:_MOST_HOSTS]],
        "in_reach": sum(host["counts"] for host in one["hosts"]),
        "area": list(_rings(area_around(around))) if around else [],
    }


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """Give the outer ring of each part of an area, latitude first."""
    parts = geometry["coordinates"]
    for part in [parts] if geometry["type"] == "Polygon" else parts:
        yield [[round(lat, DEGREE_DIGITS), round(lon, DEGREE_DIGITS)] for lon, lat in part[0]]
