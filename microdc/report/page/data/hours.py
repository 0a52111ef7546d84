"""A plan's hours: what each has and needs, and who is then served from elsewhere."""

from typing import Any

import pandas as pd

from microdc.placement.plan import Plan
from microdc.report.page.data.service import MW_DIGITS, class_rows, host_rows, place_rows, rounded

MOST_MOVED = 60_000
"""Rows of service away from home that a page holds; of more, those of the hours that move most."""

_NUMBERS = (
    *("demand_mw_it", "served_mw_it", "moved_mw_it", "deferred_mw_it"),
    *("draw_mw", "available_mw", "curtailed_mw"),
)


def hours(plan: Plan) -> dict[str, Any] | None:
    """
    Give the hours in which service is promised, by column; None where demand has none.

    `time`, `day` (its number), `binding` and the powers; `moved` is service that is not from home,
    by column: `hour` (row), `place`, `class`, `host`, `mw_it` and `later` (whether it waited).
    `told` says of each hour whether all that is moved in it is there.
    """
    if plan.hours is None:
        return None
    rows, moved = plan.hours.tables.hours, plan.hours.tables.moved
    row_of = {time: row for row, time in enumerate(rows["time"])}
    told = _told(rows, moved)
    moved = moved[moved["time"].isin(told)]
    return {
        "time": rows["time"].tolist(),
        "day": rows["day"].tolist(),
        "binding": rows["binding"].fillna("").tolist(),
        **{key: rounded(rows[key], MW_DIGITS) for key in _NUMBERS},
        "told": [time in told for time in rows["time"]],
        "moved": {
            "hour": moved["time"].map(row_of).tolist(),
            "place": moved["place"].map(place_rows(plan)).tolist(),
            "class": moved["service"].map(class_rows(plan)).tolist(),
            "host": host_rows(plan, moved["site"]),
            "mw_it": rounded(moved["mw_it"], MW_DIGITS),
            "later": (moved["time"] != moved["for_time"]).tolist(),
        },
    }


def _told(rows: pd.DataFrame, moved: pd.DataFrame) -> set[str]:
    """Pick the hours whose moved service is told: all of them, if they are not too many."""
    count = moved["time"].value_counts().reindex(rows["time"], fill_value=0).to_numpy()
    order = (-rows["moved_mw_it"].to_numpy()).argsort(kind="stable")
    within = count[order].cumsum() <= MOST_MOVED
    return set(rows["time"].to_numpy()[order[within]])
