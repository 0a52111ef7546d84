"""A table of pairs, long or wide, as one row for each pair of a place and a site."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from microdc.errors import Fault
from microdc.inputs.tables import cells as as_read
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import Keys, Loaded, check_rows, table_of
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, nearest
from microdc.inputs.tables.forms.header import missing_columns
from microdc.inputs.tables.schemas import UNITS, kind_of, unit_of
from microdc.scenario import PairTable

_UNUSED = ("id", "demand")  # demand is called place from here on


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a kind of table tells of each pair."""

    schema: pa.DataFrameSchema
    """Of a long table."""
    value: str
    """The column that is told."""
    sound: Callable[[as_read.Floats], as_read.Mask]
    """Which numbers can be one; NaN is none."""
    says: str
    """How a fault speaks of a cell that is none, `is not a round trip`."""
    allowed: str

    @property
    def blank(self) -> dict[str, Any]:
        """What every row has beside its file's `row`, where nothing is stated."""
        kinds = {str(name): kind_of(column) for name, column in self.schema.columns.items()}
        kinds = {"place": "text", **{c: kind for c, kind in kinds.items() if c not in _UNUSED}}
        return {c: float("nan") if kind == "number" else "" for c, kind in kinds.items()}


def rows_of(
    raw: RawTable, source: PairTable, told: Told, keys: Keys, findings: Findings
) -> pd.DataFrame | None:
    """
    Give the rows of a table of pairs, or None if columns are missing.

    `place`, `service` ('': every one), `site`, the value in the unit of its name, what else the
    schema has (NaN or '': not stated) and the file's `row`.
    """
    layout = _long_rows if source.form == "long" else _wide_rows
    return layout(raw, source, told, keys, findings)


def _long_rows(
    raw: RawTable, source: PairTable, told: Told, keys: Keys, findings: Findings
) -> pd.DataFrame | None:
    """Read the rows that pass the source's `where`."""
    before = len(findings.faults)
    table = table_of(raw, source, told.schema, keys, findings)
    if missing_columns(table, findings) or len(findings.faults) > before:
        return None
    passes = rows_where(Loaded(table=table, source=source, keys=keys), findings)
    check_rows(table, passes, findings)
    rows = table.values[passes].rename(columns={"demand": "place"})
    for column in ("place", "site"):
        for row in rows.index[rows[column] == ""]:
            own = "demand" if column == "place" else column
            findings.fault(table.places.fault(int(row), own, "is blank", "an id"))
    stated = rows[rows[told.value].notna()]
    return stated.assign(row=stated.index)[[*told.blank, "row"]].reset_index(drop=True)


def _wide_rows(
    raw: RawTable, source: PairTable, told: Told, keys: Keys, findings: Findings
) -> pd.DataFrame:
    """Read the cells that are not blank, row by row: places are rows, sites are columns."""
    places, sites = as_read.texts(raw.rows.iloc[:, 0]), raw.rows.columns[1:]
    factor = _factor(source, told, keys, findings)
    for site in sorted(raw.twice):
        findings.fault(Fault(file=raw.name, column=site, says="is in the header more than once"))
    for at in raw.rows.index[places == ""]:
        column = str(raw.rows.columns[0])
        says, allowed = "is blank", "an id of a place"
        findings.fault(Fault(file=raw.name, at=f"row {at}", column=column, says=says,
                             allowed=allowed))  # fmt: skip
    nothing = np.empty((len(places), 0))
    value = np.column_stack([nothing, *(as_read.numbers(raw.rows[c], raw.marks) for c in sites)])
    blank = np.column_stack([nothing, *(as_read.blank(raw.rows[c]) for c in sites)]).astype(bool)
    sound = ~blank & told.sound(value)
    for down, across in np.argwhere(~blank & ~sound):
        site, at = sites[across], f"row {raw.rows.index[down]}, id {places[down]}"
        found = repr(str(raw.rows[site].iloc[down])[:60])
        findings.fault(Fault(file=raw.name, at=at, column=str(site), says=told.says, found=found,
                             allowed=told.allowed))  # fmt: skip
    place_of, site_of = np.nonzero(sound)
    names = np.array([str(site) for site in sites], dtype=object)
    stated = {"place": places[place_of], "site": names[site_of], told.value: value[sound] * factor}
    rows = pd.DataFrame(told.blank | stated | {"row": raw.rows.index[place_of]})
    return rows.astype({c: float for c, none in told.blank.items() if none != ""})


def _factor(source: PairTable, told: Told, keys: Keys, findings: Findings) -> float:
    """Give how many of the value's own unit one of the table's unit is."""
    own_unit = unit_of(told.schema.columns[told.value])
    units = UNITS.get(own_unit, {})
    for own, unit in source.units.items():
        if own != told.value:
            says = f"is no column of a wide {told.schema.name} table"
            findings.fault(keys.fault(f"units.{own}", says, nearest=nearest(own, [told.value])))
        elif unit not in units:
            allowed = ", ".join(units) or "no other unit for this column"
            says, near = "is not a unit of it", nearest(unit, units)
            findings.fault(keys.fault(f"units.{own}", says, found=unit, allowed=allowed,
                                      nearest=near))  # fmt: skip
    return units.get(source.units.get(told.value, own_unit), 1.0)
