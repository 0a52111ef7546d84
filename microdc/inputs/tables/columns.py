"""A raw table under microdc's own column names and in microdc's own units."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from microdc.errors import Fault
from microdc.inputs.tables import cells as as_read
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, listed, nearest, nearest_column
from microdc.inputs.tables.forms.dates import read_dates
from microdc.inputs.tables.schemas import (
    APPARENT,
    UNITS,
    Places,
    check_values,
    kind_of,
    unit_of,
)
from microdc.scenario import DemandSource, SubstationSource

POSITION = dict.fromkeys(("lat", "lon"), ("states no position", "degrees, WGS 84"))
"""What a row that must stand somewhere needs, and how a fault says that it is missing."""

NOTHING = {"", "n/a", "#n/a"}
"""Blank texts; fewer than blank numbers, for NA may be a state and - a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Where the scenario speaks of a source, for faults: `scenario.yaml`, `substations[1]`."""

    file: str
    key: str

    def fault(self, key: str, says: str, **more: str) -> Fault:
        """Make the fault of one key of the source."""
        return Fault(file=self.file, at=f"{self.key}.{key}", says=says, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A source's table: every column its schema declares, in the column's own unit."""

    raw: RawTable
    schema: pa.DataFrameSchema
    cells: pd.DataFrame
    """The stated columns as the file has them; of several, the first that is not blank."""
    values: pd.DataFrame
    """All declared columns: numbers (NaN: blank), texts ('': blank); indexed by row number."""

    @property
    def places(self) -> Places:
        """How faults name this table's cells."""
        return Places(self.raw.name, self.raw.word, self.values["id"], self.cells)

    def has(self, *columns: str) -> bool:
        """Say whether the file states all of these columns."""
        return all(column in self.cells for column in columns)

    def unread(self, rows: "pd.Series[bool]", findings: Findings) -> None:
        """Note the cells, in some rows, that are neither blank nor what their column holds."""
        for name, cells in self.cells.items():
            kind = kind_of(self.schema.columns[name])
            if kind not in UNREADABLE or (cells.dtype != object and cells.dtype.kind in "iuf"):
                continue
            lost = self.values[name].isin(["", np.nan]) & rows & ~as_read.blank(cells)
            for row in lost.index[lost]:
                says, allowed = UNREADABLE[kind]
                findings.fault(self.places.fault(int(row), str(name), says, allowed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A source, its table, and where the scenario speaks of it."""

    table: Table
    source: Any
    """DemandSource or SubstationSource."""
    keys: Keys


UNREADABLE = {
    "number": ("is not a number", "a number such as 12.5, or blank"),
    "flag": ("is neither true nor false", "true, false or blank"),
    "date": ("is not a date", "a date such as 2026-03-31, 2026-03, 31/03/2026 or Mar-26, or blank"),
}


def table_of(
    raw: RawTable,
    source: DemandSource,
    schema: pa.DataFrameSchema,
    keys: Keys,
    findings: Findings,
) -> Table:
    """Rename by `columns`, convert by `units` and read each cell as its column declares."""
    chosen = _chosen(raw, source, schema, keys, findings)
    cells = pd.DataFrame(
        {own: _first_stated(raw.rows, names) for own, names in chosen.items()},
        index=raw.rows.index,
    )
    if raw.position is not None and not {"lat", "lon"} <= set(source.columns):
        cells[["lat", "lon"]] = raw.position[["lat", "lon"]]
    columns = {
        own: _read(cells.get(own), own, column, raw) for own, column in schema.columns.items()
    }
    values = pd.DataFrame(columns, index=raw.rows.index)
    for own, column in schema.columns.items():
        if kind_of(column) == "date" and own in cells:
            values[own] = _read_dates(cells[own], own, raw, source, findings)
    _convert(values, source, schema, keys, findings)
    return _without_copies(Table(raw=raw, schema=schema, cells=cells, values=values), findings)


def _without_copies(table: Table, findings: Findings) -> Table:
    """Keep the first of rows that are the same in every cell; what stays double is a fault."""
    twice = table.values["id"].duplicated(keep=False)
    told_apart = table.has("feeder_rating_a") or table.has("time")  # equal feeders are two feeders
    if told_apart or not twice.any():
        return table
    whole = table.raw.rows[twice].astype(str)
    if table.raw.position is not None:
        whole = whole.join(table.raw.position.add_prefix("position "))
    copies = whole.index[whole.duplicated()]
    if len(copies):
        findings.warn(
            f"{table.raw.name}: {len(copies):,} row(s) are copies of an earlier one and are left "
            f"out: {table.raw.word} {listed(map(str, copies))}"
        )
    cells, values = table.cells.drop(index=copies), table.values.drop(index=copies)
    raw = replace(table.raw, rows=table.raw.rows.drop(index=copies))
    return replace(table, raw=raw, cells=cells, values=values)


def check_rows(table: Table, rows: "pd.Series[bool]", findings: Findings) -> None:
    """Note every cell, in some rows, that cannot be read or is outside what its column allows."""
    table.unread(rows, findings)
    check_values(table.schema, table.values[rows], findings, table.places)


def note_blank(
    table: Table, rows: "pd.Series[bool]", needed: Mapping[str, tuple[str, str]], findings: Findings
) -> None:
    """Note every blank cell, in some rows, of columns that need one: what it says, what it may."""
    for column, (says, allowed) in needed.items():
        missing = rows & as_read.blank(table.cells[column])
        for row in missing.index[missing]:
            findings.fault(table.places.fault(int(row), column, says, allowed))


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """Give the rows one by one, their columns as attributes; only ever faulty ones: mostly none."""
    return iter(rows.itertuples() if len(rows) else ())


def _chosen(
    raw: RawTable,
    source: DemandSource,
    schema: pa.DataFrameSchema,
    keys: Keys,
    findings: Findings,
) -> dict[str, list[str]]:
    """Give the file's columns behind each of ours: as mapped, else the one of the same name."""
    chosen = {own: [own] for own in schema.columns if own in raw.rows.columns}
    for own, names in source.columns.items():
        if own not in schema.columns:
            says = f"is no column of a {schema.name} table"
            near = nearest(own, schema.columns)
            findings.fault(keys.fault(f"columns.{own}", says, nearest=near))
            continue
        for name in names:
            if name not in raw.rows.columns:
                says = f"{raw.name} has no column {name!r}"
                near = nearest_column(name, map(str, raw.rows.columns))
                findings.fault(keys.fault(f"columns.{own}", says, nearest=near))
        chosen[own] = [name for name in names if name in raw.rows.columns]
    for name in sorted({n for names in chosen.values() for n in names} & raw.twice):
        findings.fault(Fault(file=raw.name, column=name, says="is in the header more than once"))
    return {own: names for own, names in chosen.items() if names}


def _first_stated(rows: pd.DataFrame, names: list[str]) -> "pd.Series[Any]":
    """Give the first of some columns, row by row, that is not blank."""
    first = rows[names[0]]
    for name in names[1:]:
        first = first.astype(object).mask(as_read.blank(first), rows[name].astype(object))
    return first


def _read(cells: "pd.Series[Any] | None", own: str, column: pa.Column, raw: RawTable) -> Any:
    kind = kind_of(column)
    if cells is None:
        absent = np.nan if kind in {"number", "flag"} else ""
        dtype = float if absent != "" else object
        return pd.Series(absent, index=raw.rows.index, dtype=dtype)
    if kind == "number":
        return as_read.numbers(cells, raw.marks)
    if kind == "flag":
        return as_read.flags(cells)
    words = as_read.texts(cells)
    if own == "id":
        return words
    if kind == "ratings" and raw.marks.decimal == ",":
        words = np.array([re.sub(r"(?<=\d),(?=\d)", ".", word) for word in words], object)
    nothing = as_read.BLANKS if own == "parent" else NOTHING
    return np.array(["" if w.casefold() in nothing else w for w in words], object)


def _read_dates(
    cells: "pd.Series[Any]", own: str, raw: RawTable, source: DemandSource, findings: Findings
) -> "pd.Series[Any]":
    read = read_dates(as_read.texts(cells), source.dialect.dates)
    if read.doubtful:
        findings.warn(
            f"{raw.name}: column {own}: {read.doubtful} is read with the day first; if that is "
            "wrong, say dialect: {dates: month-first}"
        )
    return pd.Series(read.iso, index=cells.index, dtype=object)


def _convert(
    values: pd.DataFrame,
    source: DemandSource,
    schema: pa.DataFrameSchema,
    keys: Keys,
    findings: Findings,
) -> None:
    """Multiply the columns with a stated unit into their own; apparent power by power factor."""
    for own, unit in source.units.items():
        if own not in schema.columns:
            says = f"is no column of a {schema.name} table"
            near = nearest(own, schema.columns)
            findings.fault(keys.fault(f"units.{own}", says, nearest=near))
            continue
        units = UNITS.get(unit_of(schema.columns[own]), {})
        if unit not in units:
            allowed = ", ".join(units) or "no other unit for this column"
            near = nearest(unit, units)
            fault = keys.fault(
                f"units.{own}", "is not a unit of it", found=unit, allowed=allowed, nearest=near
            )
            findings.fault(fault)
        elif own == "transformer_mva":
            continue  # a text of several ratings; read with the headroom
        else:
            values[own] *= units[unit]
            if unit in APPARENT and unit_of(schema.columns[own]) == "MW":
                values[own] *= power_factor(values, source)


def power_factor(values: pd.DataFrame, source: DemandSource) -> "pd.Series[float]":
    """Give each row's power factor: its own, else the source's."""
    usual = source.power_factor if isinstance(source, SubstationSource) else 1.0
    return values["power_factor"].fillna(usual)
