"""What a plan costs, and which defaults that rests on."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from microdc.report.tables.layout import Record, add_row, new_table, under
from microdc.report.words import number, plain


def cost(document: Record) -> RenderableType:
    """Give the cost line by line, the capital behind it, and what is sunk and no part of it."""
    currency, lines_mn_yr = document["currency"], document["cost_mn_yr"]
    table = new_table()
    table.add_column("line")
    table.add_column(Text(f"M {currency} a year"), justify="right")
    for line, mn_yr in lines_mn_yr.items():
        if line != "hubs" or document["hubs"]:
            add_row(table, line, number(mn_yr))
    add_row(table, "together", number(sum(lines_mn_yr.values())))
    capital = f"Capital, not annualised: {number(document['capital_mn'], 1)} M {currency}."
    existing_mw = [row["existing_mw"] for row in document["sites"] if row["existing_mw"]]
    sunk = f" Sunk: {number(sum(existing_mw), 1)} MW at {len(existing_mw)} existing site(s), of"
    sunk += " which the energy alone is counted."
    return under("Cost", table, plain(capital + (sunk if existing_mw else "")))


def assumptions(rows: Sequence[Record]) -> RenderableType:
    """List every default that was used, with its unit and source."""
    if not rows:
        return Text("No defaults were used: every number is the scenario's own.\n")
    table = new_table()
    for heading in ("key", "value", "unit", "source"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        add_row(table, row["key"], row["value"], row["unit"], row["source"])
    return under("Assumptions: defaults that the scenario did not override", table)
