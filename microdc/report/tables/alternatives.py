"""Fleets that cost nearly as little as the best, and the sites they have in common."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from microdc.placement.words.rounding import money_down, ms_up, percent_down, percent_up
from microdc.report.tables.layout import MOST_ROWS, Record, add_row, name_of, new_table, under
from microdc.report.words import number, percent, plain


def alternatives(told: Record, currency: str) -> list[RenderableType]:
    """Give the fleets side by side, what is known of further ones, and how often each site is."""
    fleets, sites = told["fleets"], told["sites"]
    heading = f"Fleets within {percent(told['within'])} of the best ({len(fleets)})"
    common = [name_of(row) for row in sites if row["fleets"] == len(fleets)]
    share = plain(
        f"In every fleet: {_names(common)}. That others do without them is not ruled out."
        if common
        else "No site is in every fleet."
    )
    return [
        under(heading, plain(_asked(told)), _side_by_side(fleets, currency), plain(_end(told))),
        under(f"Sites of these fleets ({len(sites)})", share, _how_often(sites, len(fleets))),
    ]


def _asked(told: Record) -> str:
    text = (
        f"Each leaves out at least {told['leaves_out']} chosen site(s) of each fleet before it; "
        "its bound holds of all that do."
    )
    if told["fleets"][0]["objective"] == "least-cost":
        return text
    return f"{text} In what comes before cost, none is worse than the best by more than that share."


def _side_by_side(fleets: Sequence[Record], currency: str) -> RenderableType:
    table = new_table()
    table.add_column("fleet")
    for heading in (f"M {currency}/yr", "above best", "at least", "gap", "sites", "not in it"):
        table.add_column(Text(heading), justify="right")
    mean = ("mean ms",) if "least-mean-rtt" in fleets[0]["objective"] else ()
    for heading in ("MW", "served", "worst ms", *mean):
        table.add_column(heading, justify="right")
    for k, row in enumerate(fleets, start=1):
        money = (number(row["cost"]), percent(row["above_best"]))
        proven = (number(money_down(row["bound"])), percent_up(row["gap"]))
        size = (row["sites"], row["other_sites"], number(row["mw"], 1))
        served = (percent_down(row["served_share"]), number(row["worst_rtt_ms"]))
        soon = (ms_up(row["mean_rtt_ms"]),) if mean else ()
        add_row(table, k, *money, *proven, *size, *served, *soon)
    return table


def _end(told: Record) -> str:
    """Say what is known of fleets beyond those found."""
    bound = told["next_bound_mn_yr"]
    of_cost = told["fleets"][0]["objective"] == "least-cost"
    fleet = "no further fleet" if of_cost else "no further fleet that is nearly as good"
    least = "" if bound is None else f" and costs less than {number(money_down(bound))} M a year"
    if told["next"] == "found":
        return f"These are as many as were asked for ({told['asked']} beside the best)."
    if told["next"] == "no more":
        return f"Proven: there are no more; {fleet} differs so{least}."
    return (
        f"Whether there are more is not known: none was found, but none is ruled out; proven is "
        f"that {fleet} differs so{least}."
        if least
        else "Whether there are more is not known: the search ended before it could tell."
    )


def _names(common: Sequence[str]) -> str:
    shown = ", ".join(common[:10]) or "none"
    return f"{shown} and {len(common) - 10} more" if len(common) > 10 else shown


def _how_often(sites: Sequence[Record], fleets: int) -> RenderableType:
    table = new_table()
    table.add_column("site", overflow="fold")
    table.add_column(f"in how many of {fleets}", justify="right")
    table.add_column("MW", justify="right")
    for row in sites[:MOST_ROWS]:
        least, most = (number(row[key], 1) for key in ("least_mw", "most_mw"))
        add_row(table, name_of(row), row["fleets"], least if least == most else f"{least}-{most}")
    if len(sites) > MOST_ROWS:
        add_row(table, f"... and {len(sites) - MOST_ROWS} more in alternatives.geojson")
    return table
