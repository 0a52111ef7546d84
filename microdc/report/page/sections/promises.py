"""What is promised of each class, through outages and hour by hour, in tables that print."""

from collections.abc import Iterator
from typing import Any

from microdc.placement.verdict import names_of, what_may_be_out
from microdc.placement.words.rounding import percent_down
from microdc.report.page.markup import Html, section, table, tag
from microdc.report.words import number, percent

MOST_ROWS = 12


def promises(document: dict[str, Any]) -> Html:
    """Give the service of each class, and what outages and hours leave of it."""
    parts = [_classes(document), *_outages(document["outages"]), *_hours(document["hours"])]
    return section("promises", "What is promised", *parts, *_shared(document["over_promise"]))


def _classes(document: dict[str, Any]) -> Html:
    paid = [
        (f"#{line} M/yr", f"{line}_mn_yr")
        for line in ("latency", "pairs", "unserved")
        if line == "unserved" or any(row.get(f"{line}_mn_yr") for row in document["services"])
    ]
    columns = (
        *("class", "#bound ms", "#demand MW IT", "#served", "#served MW IT", "#out of reach MW IT"),
        *("#worst ms", "#mean ms", *(heading for heading, _ in paid)),
    )
    rows: list[list[object]] = [
        [
            row["service"],
            number(row["rtt_bound_ms"], 1),
            number(row["demand_mw_it"], 1),
            percent_down(row["served_share"]),
            number(row["served_mw_it"], 1),
            number(row["out_of_reach_mw_it"], 1),
            number(row["worst_rtt_ms"]),
            number(row["mean_rtt_ms"]),
            *(number(row[item]) for _, item in paid),
        ]
        for row in document["services"]
    ]
    return table("Service classes", columns, rows)


def _outages(told: dict[str, Any] | None) -> Iterator[Html]:
    if told is None:
        return
    what = what_may_be_out(told["survive"], told["at_once"])
    yield tag("p", f"{what[0].upper()}{what[1:]} may be out; {told['count']:,} outage(s) would "
              "take sites of the plan. What is lost in the worst of them:")  # fmt: skip
    rows: list[list[object]] = [
        [
            names_of(row),
            row["sites"],
            number(row["mw"], 1),
            number(row["lost_mw_it"], 1),
            percent(row["kept_share"]),
        ]
        for row in told["rows"][:MOST_ROWS]
    ]
    columns = ("outage", "#sites", "#MW", "#lost MW IT", "#promised kept")
    yield table("Outages that lose most", columns, rows)


def _hours(told: dict[str, Any] | None) -> Iterator[Html]:
    if told is None:
        return
    yield tag("p", f"Service is promised in {told['count']:,} hour(s) of {told['days']:,} day(s), "
              f"picked from {told['of_hours']:,} hours of profiles ({told['use']}).")  # fmt: skip
    powers = ("demand_mw_it", "served_mw_it", "moved_mw_it", "draw_mw", "available_mw")
    rows: list[list[object]] = [
        [row["time"], *(number(row[key], 1) for key in powers), row["binding"]]
        for row in told["rows"][:MOST_ROWS]
    ]
    columns = (
        *("hour", "#demand MW IT", "#served", "#from elsewhere", "#draw MW", "#of MW"),
        "used up",
    )
    yield table("Tightest hour of each day, the tightest first", columns, rows)


def _shared(report: dict[str, Any]) -> Iterator[Html]:
    """Say what headroom promises one at a time, and what the tree leaves of it."""
    if report["nodes"]:
        yield tag(
            "p",
            f"Below {report['nodes']:,} shared limit(s), headroom added up one at a time promises "
            f"{number(report['sum_mw'], 1)} MW; the power tree allows "
            f"{number(report['allowed_mw'], 1)} MW; {report['binding']:,} of them bind.",
        )
