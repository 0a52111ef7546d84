"""Which rows of a table its source's `where` selects."""

from typing import Any

import pandas as pd

from microdc.errors import InputError
from microdc.inputs.tables import cells as as_read
from microdc.inputs.tables.columns import Loaded, Table
from microdc.inputs.tables.findings import Findings, nearest_column
from microdc.inputs.tables.where import columns_of, parse_where


def rows_where(loaded: Loaded, findings: Findings) -> "pd.Series[bool]":
    """
    Say which rows the source's `where` selects; all without one.

    A name is one of microdc's columns where the source states it, with the value microdc reads
    (MW after units); any other name is the file's own. None is selected after a fault.
    """
    table, source, keys = loaded.table, loaded.source, loaded.keys
    if source.where is None:
        return pd.Series(True, index=table.values.index)
    none = pd.Series(False, index=table.values.index)
    try:
        condition = parse_where(source.where, keys.file, f"{keys.key}.where")
    except InputError as error:
        findings.faults.extend(error.faults)
        return none
    found = {name: _named(name, table) for name in columns_of(condition)}
    stated = {name: cells for name, cells in found.items() if cells is not None}
    known = [*map(str, table.raw.rows.columns), *map(str, table.cells.columns)]
    for name in [name for name in found if name not in stated]:
        says = f"{table.raw.name} has no column {name}"
        findings.fault(keys.fault("where", says, nearest=nearest_column(name, known)))
    if len(stated) < len(found):
        return none
    mask = pd.Series(
        as_read.selected(condition, stated.__getitem__, table.raw.marks), index=none.index
    )
    if not mask.any() and len(mask):
        near = as_read.nearest_value(condition, stated.__getitem__)
        says = f"no row of {table.raw.name} passes"
        findings.fault(keys.fault("where", says, found=source.where, nearest=near))
    return mask


def _named(name: str, table: Table) -> "pd.Series[Any] | None":
    """Find a column by its name, else by its name in another case; microdc's own come first."""
    own = {str(column): table.values[column] for column in table.cells.columns}
    raw = {str(column): table.raw.rows[column] for column in table.raw.rows.columns}
    for known in (own, raw):
        if name in known:
            return known[name]
    for known in (own, raw):
        alike = [column for column in known if column.casefold() == name.casefold()]
        if len(alike) == 1:
            return known[alike[0]]
    return None
