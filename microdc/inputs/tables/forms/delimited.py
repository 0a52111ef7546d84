"""CSV files of any dialect as text cells, and what was found out about them."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.tables.findings import Findings, listed
from microdc.inputs.tables.forms.layout import Layout, decoded, layout_of
from microdc.inputs.tables.forms.marks import Found, Marks, marks_in
from microdc.scenario import Dialect

LOOKED_AT = 10_000
"""Rows whose numbers tell the decimal mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimited:
    """A CSV file's rows as text, indexed by row number as a spreadsheet counts."""

    rows: pd.DataFrame
    twice: frozenset[str]
    """Names that the header gives more than once; the first of them is in `rows`."""
    marks: Marks


def read_delimited(content: bytes, name: str, dialect: Dialect, findings: Findings) -> Delimited:
    """Read text cells; what is not comma-separated UTF-8 with decimal points is stated back."""
    text, encoding = decoded(content, name, dialect)
    layout = layout_of(text, name, dialect)
    header = layout.header[1]
    whole = _whole(layout, name, findings)
    rows = pd.DataFrame(
        [record for _, record in whole], index=[n for n, _ in whole], columns=header, dtype=str
    )
    twice = frozenset(c for c, count in Counter(header).items() if count > 1)
    sample = [[cell.strip() for cell in cells] for cells in zip(*_sample(whole), strict=True)]
    found = marks_in(sample, layout.separator, dialect)
    _tell(name, layout, found, encoding, findings)
    rows = rows.loc[:, ~rows.columns.duplicated() & (rows.columns != "")]
    return Delimited(rows=rows, twice=twice, marks=found.marks)


def _sample(whole: list[tuple[int, list[str]]]) -> list[list[str]]:
    return [record for _, record in whole[:LOOKED_AT]]


def _whole(layout: Layout, name: str, findings: Findings) -> list[tuple[int, list[str]]]:
    """Give the rows as wide as the header, blank cells behind it dropped; others are faults."""
    number, header = layout.header
    wide = len(header)
    whole = []
    for row, record in layout.body:
        behind = any(cell.strip() for cell in record[wide:])
        if len(record) >= wide and not behind:
            whole.append((row, record[:wide]))
            continue
        findings.fault(
            Fault(
                file=name,
                at=f"row {row}",
                says="has another number of cells than the header",
                found=f"{len(record)} cells",
                allowed=f"{wide}, as in the header (row {number})",
            )
        )
    return whole


def _tell(name: str, layout: Layout, found: Found, encoding: str, findings: Findings) -> None:
    letters = [] if encoding == "utf-8" else [encoding]
    told = [*layout.told[:1], *found.told, *letters, *layout.told[1:]]
    if told:
        findings.warn(f"{name}: read as: {', '.join(told)}")
    if found.doubtful:
        meant = "decimals" if found.marks.decimal == "," else "thousands"
        other = '","' if found.marks.decimal == "." else '"."'
        findings.warn(
            f"{name}: the comma in {found.doubtful} is read as parting {meant}, which no other "
            f"number shows; if that is wrong, say dialect: {{decimal: {other}}}"
        )
    if layout.footers:
        rows = listed(map(str, layout.footers))
        findings.warn(
            f"{name}: left out as no part of the table: row {rows}; if that is wrong, say "
            "dialect: {footer_rows: 0}"
        )
