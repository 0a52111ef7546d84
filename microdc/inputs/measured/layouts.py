"""A measured table, long or wide, as one row for each pair of a place and a site."""

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.tables import cells as as_read
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import Keys, Loaded, check_rows, table_of
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, nearest
from microdc.inputs.tables.forms.header import missing_columns
from microdc.inputs.tables.schemas import MEASURED, UNITS
from microdc.scenario import Measured

COLUMNS = ["place", "service", "site", "rtt_ms", "percentile", "date", "row"]


def long_rows(
    raw: RawTable, measured: Measured, keys: Keys, findings: Findings
) -> pd.DataFrame | None:
    """
    Give the rows of a long table that pass its `where`; None if columns are missing.

    `place`, `service` ('': every one), `site`, `rtt_ms` (above zero), `percentile` (NaN: not
    stated), `date` (YYYY-MM-DD; '': not stated) and the file's `row`.
    """
    before = len(findings.faults)
    table = table_of(raw, measured, MEASURED, keys, findings)
    if missing_columns(table, findings) or len(findings.faults) > before:
        return None
    passes = rows_where(Loaded(table=table, source=measured, keys=keys), findings)
    check_rows(table, passes, findings)
    rows = table.values[passes].rename(columns={"demand": "place"})
    for column in ("place", "site"):
        for row in rows.index[rows[column] == ""]:
            own = "demand" if column == "place" else column
            findings.fault(table.places.fault(int(row), own, "is blank", "an id"))
    stated = rows[rows["rtt_ms"].notna()]
    return stated.assign(row=stated.index)[COLUMNS].reset_index(drop=True)


def wide_rows(raw: RawTable, measured: Measured, keys: Keys, findings: Findings) -> pd.DataFrame:
    """Give the cells of a wide table that are not blank, as `long_rows` does, row by row."""
    places = as_read.texts(raw.rows.iloc[:, 0])
    factor = _factor(measured, keys, findings)
    for site in sorted(raw.twice):
        findings.fault(Fault(file=raw.name, column=site, says="is in the header more than once"))
    for at in raw.rows.index[places == ""]:
        column = str(raw.rows.columns[0])
        says, allowed = "is blank", "an id of a place"
        findings.fault(Fault(file=raw.name, at=f"row {at}", column=column, says=says,
                             allowed=allowed))  # fmt: skip
    parts = [_site(raw, str(column), places, findings) for column in raw.rows.columns[1:]]
    rows = pd.concat([pd.DataFrame(columns=COLUMNS), *(p for p in parts if len(p))])
    rows = rows.astype({"rtt_ms": float, "percentile": float})
    rows = rows.assign(rtt_ms=rows["rtt_ms"] * factor)
    return rows.sort_values(["row"], kind="stable", ignore_index=True)


def _factor(measured: Measured, keys: Keys, findings: Findings) -> float:
    """Give the milliseconds of the table's unit."""
    units = UNITS["ms"]
    for own, unit in measured.units.items():
        if own != "rtt_ms":
            says = "is no column of a measured table"
            findings.fault(keys.fault(f"units.{own}", says, nearest=nearest(own, ["rtt_ms"])))
        elif unit not in units:
            allowed, near = ", ".join(units), nearest(unit, units)
            says = "is not a unit of it"
            findings.fault(keys.fault("units.rtt_ms", says, found=unit, allowed=allowed,
                                      nearest=near))  # fmt: skip
    return units.get(measured.units.get("rtt_ms", "ms"), 1.0)


def _site(raw: RawTable, site: str, places: as_read.Texts, findings: Findings) -> pd.DataFrame:
    """Give what a wide table says of one site."""
    cells = raw.rows[site]
    rtt_ms, blank = as_read.numbers(cells, raw.marks), as_read.blank(cells)
    unsound = ~blank & ~(rtt_ms > 0)
    for at, place, cell in zip(
        raw.rows.index[unsound], places[unsound], cells[unsound], strict=True
    ):
        says, allowed = "is not a round trip", "a time above zero, or blank"
        findings.fault(Fault(file=raw.name, at=f"row {at}, id {place}", column=site, says=says,
                             found=repr(str(cell)[:60]), allowed=allowed))  # fmt: skip
    kept = ~blank & ~unsound
    return pd.DataFrame(
        {
            "place": places[kept],
            "service": "",
            "site": site,
            "rtt_ms": rtt_ms[kept],
            "percentile": float("nan"),
            "date": "",
            "row": raw.rows.index[kept],
        }
    )
