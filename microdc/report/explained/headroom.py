"""What headroom is worth, and which numbers to verify first, as two tables."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from microdc.report.explained.amounts import Record, in_cell, saved
from microdc.report.explained.sites import compared
from microdc.report.tables.layout import add_row, new_table, under
from microdc.report.words import number, plain

_MORE = "What more headroom saves (M {currency} a year)"
_LESS = "Which numbers to verify first: what less headroom costs (M {currency} a year)"
_READ = (
    "=: exact to a hundredth; a range, ≥ and ≤: what is proven; no plan: proven infeasible; "
    "?: time was up."
)


def headroom_shown(told: Record) -> RenderableType:
    """Give both tables, and how to read them."""
    more, less, currency = told["more"], told["less"], told["currency"]
    nothing = "None that the plan's prices, or what it uses up, speak for.\n"
    return Group(
        under(
            _MORE.format(currency=currency),
            _table(more) if more else Text(nothing),
            *_rest(told["left_more"]),
        ),
        under(
            _LESS.format(currency=currency),
            _table(less, verify=True) if less else Text("Every site would still fit.\n"),
            *_rest(told["left_less"]),
        ),
        plain(" ".join([_READ, *compared(told)])),
    )


def _table(rows: Sequence[Record], *, verify: bool = False) -> RenderableType:
    steps = list(rows[0]["changes"])
    table = new_table()
    table.add_column("id, name", overflow="fold")
    for heading in ("MW", "used", *steps):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("as of")
    for row in rows:
        name = row["id"] if row["name"] == row["id"] else f"{row['id']} {row['name']}"
        told = (row["changes"][step] for step in steps)
        cells = [in_cell(change if verify else saved(change)) for change in told]
        figures = number(row["headroom_mw"]), number(row["used_mw"])
        add_row(table, name, *figures, *cells, row["as_of"] or "not stated")
    if not verify:
        return table
    sources = dict.fromkeys(row["source"] for row in rows)
    return Group(table, *(plain(f"Source: {source}") for source in sources))


def _rest(count: int) -> list[RenderableType]:
    told = f"{count:,} more were ranked lower, and not solved for: --top shows more."
    return [plain(told)] if count else []
