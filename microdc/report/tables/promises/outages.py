"""What is lost in the outages that a plan survives."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from microdc.placement.verdict import names_of, what_may_be_out
from microdc.placement.words.rounding import money_down, money_up, percent_up
from microdc.report.tables.layout import Record, add_row, new_table, under
from microdc.report.words import NONE, number, percent, plain

MOST_ROWS = 10


def outages(told: Record) -> RenderableType:
    """Count the outages of each kind, and give the worst with what they lose (MW IT)."""
    what = what_may_be_out(told["survive"], told["at_once"])
    kinds = ", ".join(f"{kind['count']:,} {kind['kind']}(s)" for kind in told["kinds"])
    sentence = f"{what[0].upper()}{what[1:]} may be out: {kinds} would take sites of the plan"
    if told["replayed"] < told["count"]:
        sentence += f"; {told['replayed']:,} of {told['count']:,} pairs were replayed, those whose "
        sentence += "sites carry most"
    return under("Outages", plain(f"{sentence}."), _worst(told["rows"]))


def levels(rows: Sequence[Record], currency: str) -> RenderableType:
    """Give what each level of resilience costs, and what its worst outage would do (MW IT)."""
    table = new_table()
    table.add_column("survived", overflow="fold")
    for heading in (f"M {currency}/yr", "at least", "gap", "sites", "MW"):
        table.add_column(Text(heading), justify="right")
    table.add_column("worst outage", overflow="fold")
    for heading in ("lost MW IT", "promised"):
        table.add_column(heading, justify="right")
    for row in rows:
        what = ", ".join(row["survive"]) or "nothing"
        what += "; two at once" if row["at_once"] > 1 else ""
        money = (number(row["cost"]), number(money_down(row["bound"])), percent_up(row["gap"]))
        lost = [number(row[key], 1) for key in ("lost_mw_it", "broken_mw_it")]
        size = (row["sites"], number(row["mw"], 1))
        add_row(table, what, *money, *size, row["worst_outage"] or NONE, *lost)
    return under("The price of resilience", plain(_price(rows[0], rows[-1], currency)), table)


def _price(nothing: Record, everything: Record, currency: str) -> str:
    """Say how much dearer the plan is that survives it all, and what of that is proven."""
    more_mn = everything["cost"] - nothing["cost"]
    share = f" ({percent(more_mn / nothing['cost'])})" if nothing["cost"] else ""
    least_mn = everything["bound"] - nothing["cost"]
    if everything["objective"] == "least-cost":  # else it may serve less, and so cost less
        least_mn = max(0.0, least_mn)
    most_mn = everything["cost"] - nothing["bound"]
    return (
        f"The plan that survives it all costs {number(more_mn)} M {currency} a year more{share}; "
        f"what surviving takes is proven to lie between {number(money_down(least_mn))} and "
        f"{number(money_up(most_mn))} M."
    )


def _worst(rows: list[Record]) -> RenderableType:
    table = new_table()
    table.add_column("outage", overflow="fold")
    for heading in ("sites", "MW", "lost MW IT", "promised kept"):
        table.add_column(heading, justify="right")
    table.add_column("lost by class, MW IT", overflow="fold")
    for row in rows[:MOST_ROWS]:
        by_class = (f"{name} {number(mw, 1)}" for name, mw in row["lost_by_class_mw_it"].items())
        power = (number(row["mw"], 1), number(row["lost_mw_it"], 1))
        kept = percent(row["kept_share"])
        add_row(table, names_of(row), row["sites"], *power, kept, ", ".join(by_class))
    if len(rows) > MOST_ROWS:
        add_row(table, f"... and {len(rows) - MOST_ROWS} more in plan.json")
    return table
