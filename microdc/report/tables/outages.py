"""What is lost in the outages that a plan survives."""

from rich.console import RenderableType

from microdc.placement.verdict import names_of, what_may_be_out
from microdc.report.tables.layout import Record, add_row, new_table, under
from microdc.report.words import number, percent, plain

MOST_ROWS = 10


def outages(told: Record) -> RenderableType:
    """Count the outages of each kind, and give the worst with what they lose (MW IT)."""
    what = what_may_be_out(told["survive"], told["at_once"])
    kinds = ", ".join(f"{kind['count']:,} {kind['kind']}(s)" for kind in told["kinds"])
    sentence = f"The plan survives that {what} may be out. {kinds} take out sites of it"
    if told["replayed"] < told["count"]:
        sentence += f"; {told['replayed']:,} of {told['count']:,} pairs were replayed, those whose "
        sentence += "sites carry most"
    return under("Outages", plain(f"{sentence}."), _worst(told["rows"]))


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
