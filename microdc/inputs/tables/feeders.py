"""
Substations told feeder by feeder: rows that repeat an id, each with an ampere rating and a peak.

A substation's headroom is what its feeders carry in all, less what they and others draw,

    headroom = sum of (sqrt3 * kV * (rating - peak) A / 1000 * power factor) - committed,
    or, where a peak is in MW, (sqrt3 * kV * rating A / 1000 * power factor - peak),

less the reserve. An overloaded feeder counts against the others. A feeder without rating, voltage
or peak gives nothing.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.tables.columns import Keys, Loaded, Table, power_factor
from microdc.inputs.tables.findings import Findings, listed
from microdc.scenario import SubstationSource

OWN = "feeder_rating_a"
"""The column that makes a table one of feeders."""

WRITTEN = 4
"""Feeders whose arithmetic is written out; of more, the others are counted."""

OF_A_FEEDER = {"feeder_rating_a", "feeder_peak_a", "feeder_peak_mw", "voltage_kv", "power_factor",
               "as_of", "source", "row", "passes"}  # fmt: skip
"""Columns that may differ between the rows of one substation."""


def has_feeders(table: Table) -> bool:
    """Say whether a table tells its substations feeder by feeder."""
    return table.has(OWN)


def headroom_by_feeders(values: pd.DataFrame, source: SubstationSource) -> pd.DataFrame:
    """
    Sum the feeders of each substation; every row gets its substation's sum.

    Gives `headroom_mw` (MW before reserve, may be negative; NaN without a complete feeder) and
    `arithmetic`, indexed as `values`.
    """
    pf = power_factor(values, source)
    carried_mw = np.sqrt(3) * values["voltage_kv"] * values[OWN] / 1000 * pf
    by_amperes = np.sqrt(3) * values["voltage_kv"] * values["feeder_peak_a"] / 1000 * pf
    drawn_mw = by_amperes.fillna(values["feeder_peak_mw"])
    feeders = values.assign(pf=pf, mw=carried_mw - drawn_mw)
    feeders = feeders[feeders["mw"].notna()]
    sums = feeders.groupby("id", sort=False)["mw"].sum()
    committed = values.groupby("id", sort=False)["committed_mw"].first().fillna(0.0)
    sums -= committed.reindex(sums.index)
    told = {
        name: _written(rows, float(committed[name]), float(sums[name]))
        for name, rows in feeders.groupby("id", sort=False)
    }
    written = np.array([told.get(name, "") for name in values["id"]], dtype=object)
    summed = pd.DataFrame({"headroom_mw": values["id"].map(sums).astype(float)})
    return summed.assign(arithmetic=written)


def _written(feeders: pd.DataFrame, committed: float, mw: float) -> str:
    """Write the arithmetic of one substation in a line."""
    terms = []
    for row in feeders.head(WRITTEN).itertuples(index=False):
        feeder: Any = row
        if np.isnan(feeder.feeder_peak_a):
            amperes, less = f"{feeder.feeder_rating_a:g} A", f" - {feeder.feeder_peak_mw:g} MW"
        else:
            amperes = f"({feeder.feeder_rating_a:g} - {feeder.feeder_peak_a:g}) A"
            less = ""
        terms.append(f"sqrt3 x {feeder.voltage_kv:g} kV x {amperes} / 1000 x {feeder.pf:g}{less}")
    more = len(feeders) - WRITTEN
    terms += [f"{more:,} more"] if more > 0 else []
    count = f"{len(feeders)} feeder{'s' if len(feeders) > 1 else ''}"
    text = f"{count}: {' + '.join(terms)}"
    text += f" - {committed:g} committed" if committed else ""
    return f"{text} = {mw:.4g} MW"


def one_row_each(rows: pd.DataFrame, loaded: Loaded, findings: Findings) -> pd.DataFrame:
    """
    Make one row of each substation's: the first that is not blank, column by column.

    The voltage is the highest, the date the oldest. Rows of one substation that contradict each
    other are faults, and so is a `where` that selects some of them only.
    """
    named = rows[rows["id"] != ""]
    _note_differences(named, loaded.table, findings)
    _note_split(named, loaded.keys, findings)
    lost = named[_incomplete(named) & named["headroom_stated"].isna()]
    if len(lost):
        findings.warn(
            f"{loaded.table.raw.name}: {len(lost):,} feeder(s) without rating, voltage_kv or peak "
            f"count for nothing: {loaded.table.raw.word} {listed(map(str, lost.index))}"
        )
    filled = named.mask(named == "")
    one = filled.groupby("id", sort=False, as_index=False).first()
    oldest = filled.groupby("id", sort=False)["as_of"].min()
    highest = filled.groupby("id", sort=False)["voltage_kv"].max()
    one["as_of"], one["voltage_kv"] = one["id"].map(oldest), one["id"].map(highest)
    for name in [str(name) for name in rows if not pd.api.types.is_numeric_dtype(rows[name])]:
        absent = None if name == "headroom_unit" else ""
        one[name] = one[name].astype(object).mask(one[name].isna(), absent)
    return pd.concat([one, rows[rows["id"] == ""]], ignore_index=True).astype({"passes": bool})


def _incomplete(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Say which rows state something of a feeder, and not all that it takes."""
    peak = rows["feeder_peak_a"].fillna(rows["feeder_peak_mw"])
    stated = rows[OWN].notna() | peak.notna()
    return stated & (rows[[OWN, "voltage_kv"]].isna().any(axis=1) | peak.isna())


def _note_differences(rows: pd.DataFrame, table: Table, findings: Findings) -> None:
    """Note cells that differ from the first one stated for the same substation."""
    for column in [str(name) for name in table.cells if name not in OF_A_FEEDER | {"id"}]:
        stated = rows[rows[column].notna() & (rows[column] != "")]
        first = stated.groupby("id")[column].transform("first")
        differing = stated.index[stated[column] != first]
        for row in differing:
            says = "differs from another row of the same substation"
            fault = table.places.fault(int(row), column, says)
            findings.fault(replace(fault, allowed=f"{first[row]}, or blank"))


def _note_split(rows: pd.DataFrame, keys: Keys, findings: Findings) -> None:
    """Note a `where` that selects some rows of a substation and not others."""
    passing = rows.groupby("id")["passes"]
    split = passing.any() & ~passing.all()
    if split.any():
        says = "selects some feeders of a substation and not others"
        found = listed(map(str, split.index[split]))
        findings.fault(keys.fault("where", says, found=found, allowed="whole substations"))
