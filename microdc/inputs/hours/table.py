"""Tables of profiles, row by row: whose each row is, when, and what it states."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.inputs.hours.times import read_hour
from microdc.inputs.tables.cells import Mask, blank
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import Loaded, Table, check_rows, each
from microdc.inputs.tables.findings import Findings

OF_HEADROOM = ("headroom_mw", "headroom_share", "load_share")
VALUES = (*OF_HEADROOM, "demand_share")
KEY = ["service", "id"]
"""Whose a row is: a service's, or of a substation, limit or group of them; one of them is ''."""

COLUMNS = [*KEY, "hour", "states", "value", "weight_h", "source", "row"]


def rows_of(loaded: list[Loaded], findings: Findings) -> pd.DataFrame:
    """
    Give the rows of all tables that pass their `where`, faults of single rows and hours noted.

    `id` or `service` (the other is ''), `hour` (start, UTC; NaT after a fault), `states` (which of
    the value columns; '' after a fault) and its `value`, `weight_h` (NaN: not stated), `source`
    (which table) and `row` in its file.
    """
    parts = [_part(one, findings).assign(source=number) for number, one in enumerate(loaded)]
    rows = pd.concat(parts, ignore_index=True)[COLUMNS]
    _note_mixed(rows, loaded, findings)
    _note_twice(rows, loaded, findings)
    return rows


def _part(loaded: Loaded, findings: Findings) -> pd.DataFrame:
    table, passes = loaded.table, rows_where(loaded, findings)
    check_rows(table, passes, findings)
    stated = pd.DataFrame({c: _stated(table, c) for c in VALUES}, index=passes.index)
    rows = table.values[passes]
    _note_owners(rows, table, findings)
    _note_values(rows, stated[passes], table, findings)
    alone = stated[passes].sum(axis=1).to_numpy() == 1
    states = np.where(alone, stated[passes].to_numpy().argmax(axis=1), len(VALUES))
    return rows.assign(
        hour=_hours(rows["time"], table, findings),
        states=np.array([*VALUES, ""], dtype=object)[states],
        value=rows[list(VALUES)].sum(axis=1),
        row=rows.index,
    )


def _stated(table: Table, column: str) -> Mask:
    if not table.has(column):
        return np.zeros(len(table.values), dtype=bool)
    return ~blank(table.cells[column])


def _hours(times: "pd.Series[str]", table: Table, findings: Findings) -> "pd.Series[pd.Timestamp]":
    """Read the start of each row's hour; each text is read once."""
    codes, texts = pd.factorize(times)
    read = [read_hour(text) for text in texts]
    hours = np.array([hour for hour, _ in read], dtype="datetime64[h]")
    unread = times.index[np.isnat(hours)[codes]] if len(times) else times.index
    for row in unread:
        says = "is not the start of an hour in UTC"
        fault = table.places.fault(int(row), "time", says, "ISO 8601 as 2026-01-31T17:00Z")
        near = read_hour(times[row])[1]
        findings.fault(replace(fault, nearest=near))
    return pd.Series(hours[codes].astype("datetime64[s]"), index=times.index)


def _note_owners(rows: pd.DataFrame, table: Table, findings: Findings) -> None:
    """Note rows that are nobody's, or both a service's and someone else's."""
    named = (rows[KEY] != "").sum(axis=1)
    for row in rows.index[named == 0]:
        column = "id" if table.has("id") else "service"
        allowed = "an id of a substation, a limit or a group, or a service"
        findings.fault(table.places.fault(int(row), column, "is blank", allowed))
    for row in rows.index[named == 2]:
        says, allowed = "stands beside an id", "an id, or a service"
        findings.fault(table.places.fault(int(row), "service", says, allowed))


def _note_values(
    rows: pd.DataFrame, stated: pd.DataFrame, table: Table, findings: Findings
) -> None:
    """Note rows that state nothing, several things, or what is not theirs to state."""
    of_service = rows["service"] != ""
    owner = {"id": (~of_service, OF_HEADROOM), "service": (of_service, ("demand_share",))}
    for mine, columns in owner.values():
        own, other = list(columns), [c for c in VALUES if c not in columns]
        for row in rows.index[mine & (stated[own].sum(axis=1) == 0)]:
            column = next((c for c in own if table.has(c)), own[0])
            findings.fault(
                table.places.fault(int(row), column, "is blank", f"one of {', '.join(own)}")
            )
        for row in rows.index[mine & (stated[own].sum(axis=1) > 1)]:
            twice = [c for c in own if stated.loc[row, c]]
            says = f"is stated beside {twice[0]}"
            findings.fault(table.places.fault(int(row), twice[1], says, "one of them"))
        for column in other:
            for row in rows.index[mine & stated[column]]:
                says = "means nothing here"
                allowed = f"{', '.join(own)} of {'a service' if len(own) == 1 else 'an id'}"
                findings.fault(table.places.fault(int(row), column, says, allowed))


def _note_mixed(rows: pd.DataFrame, loaded: list[Loaded], findings: Findings) -> None:
    """Note rows that state another thing than their profile's first row."""
    told = rows[rows["states"] != ""]
    first = told.groupby(KEY)["states"].transform("first")
    for row in each(told[told["states"] != first]):
        says = f"is stated where other hours of the profile state {first[row.Index]}"
        fault = loaded[row.source].table.places.fault(row.row, row.states, says)
        findings.fault(replace(fault, allowed="one of them in every hour"))


def _note_twice(rows: pd.DataFrame, loaded: list[Loaded], findings: Findings) -> None:
    """Note hours that a profile states more than once, and weights that differ within an hour."""
    timed = rows[rows["hour"].notna()]
    first = timed.groupby([*KEY, "hour"])[["source", "row"]].transform("first")
    for row in each(timed[timed.duplicated([*KEY, "hour"])]):
        before = first.loc[row.Index]
        where = loaded[before["source"]].table.places
        fault = loaded[row.source].table.places.fault(row.row, "time", "is stated before")
        allowed = f"every hour once (also {where.file}, {where.word} {before['row']})"
        findings.fault(replace(fault, allowed=allowed))
    weighed = timed[timed["weight_h"].notna()]
    weight_h = weighed.groupby("hour")["weight_h"].transform("first")
    for row in each(weighed[weighed["weight_h"] != weight_h]):
        says = "differs from another row of the same hour"
        fault = loaded[row.source].table.places.fault(row.row, "weight_h", says)
        findings.fault(replace(fault, allowed=f"{weight_h[row.Index]:g}"))
