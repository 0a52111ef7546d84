"""Who is served from where, by position in the lists of places, classes and hosts."""

from typing import Any

import pandas as pd

from microdc.placement.plan import Plan

DEGREE_DIGITS, MW_DIGITS, MS_DIGITS = 5, 4, 3
"""Decimals that a map can show: a metre, 100 W, a microsecond."""


def classes(plan: Plan) -> list[dict[str, Any]]:
    """Give the classes of service: `name`, `bound_ms`, `demand_mw_it`, `served_mw_it`."""
    rows = plan.services[["service", "rtt_bound_ms", "demand_mw_it", "served_mw_it"]]
    named = rows.set_axis(["name", "bound_ms", "demand_mw_it", "served_mw_it"], axis=1)
    return [{str(key): value for key, value in row.items()} for row in named.to_dict("records")]


def places(plan: Plan) -> dict[str, list[Any]]:
    """Give every place once, by column, in the order of the service: `id`, `name`, `lat`, `lon`."""
    rows = plan.service.drop_duplicates("place")
    names = rows["name"].fillna(rows["place"])
    degrees = {key: rounded(rows[key], DEGREE_DIGITS) for key in ("lat", "lon")}
    return {"id": rows["place"].tolist(), "name": names.tolist(), **degrees}


def service(plan: Plan) -> dict[str, list[Any]]:
    """Give the service by column, as `block_of` describes it; `rtt_ms` is None where unserved."""
    rows = plan.service
    return {
        "place": rows["place"].map(place_rows(plan)).tolist(),
        "class": rows["service"].map(class_rows(plan)).tolist(),
        "host": host_rows(plan, rows["site"]),
        "mw_it": rounded(rows["mw_it"], MW_DIGITS),
        "rtt_ms": rounded(rows["rtt_ms"], MS_DIGITS),
    }


def place_rows(plan: Plan) -> dict[str, int]:
    """Give the position of each place in `places`."""
    return {place: row for row, place in enumerate(plan.service["place"].unique())}


def class_rows(plan: Plan) -> dict[str, int]:
    """Give the position of each class in `classes`."""
    return {name: row for row, name in enumerate(plan.services["service"])}


def host_rows(plan: Plan, ids: "pd.Series[str]") -> list[int]:
    """Give the position of each host in `hosts`, -1 where there is none."""
    return [int(row) for row in plan.hosts.index.get_indexer(pd.Index(ids))]


def rounded(values: "pd.Series[float]", digits: int) -> list[float | None]:
    """Give numbers as short as they are shown; None where there is none."""
    shorter = values.astype(float).round(digits)
    return [None if pd.isna(value) else float(value) for value in shorter]
