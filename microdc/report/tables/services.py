"""Who is served how well, and what that is in computers."""

from collections.abc import Sequence

from rich.console import RenderableType

from microdc.placement.words.rounding import percent_down
from microdc.report.tables.layout import Record, add_row, new_table, under
from microdc.report.words import NONE, number


def services(rows: Sequence[Record]) -> RenderableType:
    """Who is served how well, one row per class; what time and pairs cost, where they do."""
    table = new_table()
    paid = [
        (f"{line} M/yr", f"{line}_mn_yr")
        for line in ("latency", "pairs", "unserved")
        if line == "unserved" or any(row.get(f"{line}_mn_yr") for row in rows)
    ]
    table.add_column("class", overflow="fold")
    for heading in ("bound ms", "demand MW IT", "served", "out of reach MW IT"):
        table.add_column(heading, justify="right")
    for heading in ("worst ms", "mean ms", *(heading for heading, _ in paid)):
        table.add_column(heading, justify="right")
    for row in rows:
        add_row(
            table,
            row["service"],
            number(row["rtt_bound_ms"], 1),
            number(row["demand_mw_it"], 1),
            percent_down(row["served_share"]),
            number(row["out_of_reach_mw_it"], 1),
            number(row["worst_rtt_ms"]),
            number(row["mean_rtt_ms"]),
            *(number(row[item]) for _, item in paid),
        )
    return under("Service classes", table)


def computers(document: Record) -> RenderableType:
    """
    Give what the fleet's connections and each class's power are worth in computers.

    Tokens have a column where some class states them.
    """
    table = new_table()
    table.add_column("computers", overflow="fold")
    rows, rates = document["sites"], ["queries"]
    rates += ["tokens"] if any(row["tokens_per_s"] for row in document["services"]) else []
    for heading in ("grid MW", "MW IT", "racks", "GPUs", *(f"{rate}/s at peak" for rate in rates)):
        table.add_column(heading, justify="right")
    mw_it = sum(row["mw"] / row["pue"] for row in rows)
    grid = number(sum(row["mw"] for row in rows), 1)
    fleet = [number(sum(row[key] for row in rows), 0) for key in ("racks", "gpus")]
    add_row(
        table, "what the sites can feed", grid, number(mw_it, 1), *fleet, *(NONE for _ in rates)
    )
    for row in document["services"]:
        power = [number(row["load_mw"], 1), number(row["served_mw_it"], 1)]
        counted = [number(row[key], 0) for key in ("racks", "gpus", *(f"{r}_per_s" for r in rates))]
        add_row(table, f"served: {row['service']}", *power, *counted)
    return under("Computers", table)
