"""How every table on the terminal is laid out."""

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from microdc.report.words import plain

Record = dict[str, Any]

MOST_ROWS = 30
"""Rows of a table; the rest is counted."""


def new_table(*, header: bool = True) -> Table:
    """Give an empty table in the house's look."""
    return Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, show_header=header)


def under(heading: str, *shown: RenderableType) -> Group:
    """Put a heading over what is shown, and an empty line below."""
    return Group(Text(heading, style="bold"), *shown, Text())


def add_row(table: Table, *cells: object) -> None:
    """Add a row of other people's text and of numbers, as they are."""
    table.add_row(*(plain(cell) for cell in cells))


def name_of(row: Record) -> str:
    """Name a row by its id, and its name where that says more."""
    name = row.get("name") or ""
    return f"{row['id']} {name}" if name and name != row["id"] else str(row["id"])


def listed(heading: str, entries: Iterable[str]) -> RenderableType:
    """Give a heading with its entries below; nothing when there are none."""
    lines = [plain(f"  - {entry}") for entry in entries]
    return under(heading, *lines) if lines else Group()
