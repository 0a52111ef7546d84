"""The hours of all tables together, and what of a year they or any one profile leave out."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.inputs.hours.table import KEY
from microdc.inputs.hours.times import (
    OF_A_DAY,
    Hours,
    broken_days,
    make_a_year,
    stretches,
    told,
    written,
    year_from,
)
from microdc.inputs.tables.columns import Loaded, each
from microdc.inputs.tables.findings import Findings
from microdc.scenario import Scenario


def year_of(
    rows: pd.DataFrame, loaded: list[Loaded], scenario: Scenario, findings: Findings
) -> pd.DataFrame:
    """
    Give the hours of all profiles, as `Profiles.what` says, indexed by their start.

    `rows` are those of `rows_of`. Without weights they must be the hours of a whole year; with
    weights, whole days that make up one; and every profile must state each of them.
    """
    hours = np.unique(rows["hour"].dropna().to_numpy().astype("datetime64[h]"))
    if not len(hours):
        return pd.DataFrame(columns=["time", "day", "weight_h"])
    if rows["weight_h"].notna().any():
        weight_h = rows.groupby("hour")["weight_h"].first().to_numpy()
        _note_weights(rows, hours, loaded, findings)
    else:
        hours = _whole_year(hours, loaded, findings)
        weight_h = np.ones(len(hours))
    if rows["hour"].notna().all():  # else the rows that cannot be read would be told as missing
        _note_missing(rows, hours, loaded, findings)
    if scenario.connection.terms.get("max_run_h") is not None:
        _note_order(rows, hours, loaded, findings)
    what = {
        "time": [written(hour) for hour in hours],
        "day": np.arange(len(hours)) // OF_A_DAY,
        "weight_h": weight_h,
    }
    return pd.DataFrame(what, index=pd.DatetimeIndex(hours.astype("datetime64[s]")))


def _whole_year(hours: Hours, loaded: list[Loaded], findings: Findings) -> Hours:
    """Give the hours of the year that begins with the first; note those beyond it."""
    year = year_from(hours)
    beyond = hours[hours > year[-1]]
    if len(beyond):
        findings.fault(
            Fault(
                file=_files(loaded),
                column="time",
                says="holds more than a year",
                found=f"{len(beyond):,} hour(s) beyond it: {told(beyond)}",
                allowed=f"hours up to {written(year[-1])}, or whole days with weight_h",
            )
        )
    return year


def _note_weights(
    rows: pd.DataFrame, hours: Hours, loaded: list[Loaded], findings: Findings
) -> None:
    """Note weighted hours that are no whole days, have no weight, or do not make up a year."""
    for one in broken_days(hours):
        findings.fault(
            Fault(
                file=_files(loaded),
                column="time",
                says="is not in whole days",
                found=f"{len(one):,} hour(s), {told(one)}",
                allowed=f"{OF_A_DAY} hours that follow one another, for each day",
            )
        )
    weight_h = rows.groupby("hour")["weight_h"].first()
    bare = rows[rows["hour"].isin(weight_h.index[weight_h.isna()])]
    for row in each(bare):
        allowed = "hours of a year that the hour stands for, as other hours state"
        place = loaded[row.source].table.places
        findings.fault(place.fault(row.row, "weight_h", "is blank", allowed))
    if bare.empty and not make_a_year(weight_h):
        findings.fault(
            Fault(
                file=_files(loaded),
                column="weight_h",
                says="the weights do not add up to a year",
                found=f"{weight_h.sum():,.6g} h",
                allowed="8,760 or 8,784 h over all hours",
            )
        )


def _note_missing(
    rows: pd.DataFrame, hours: Hours, loaded: list[Loaded], findings: Findings
) -> None:
    for at, mine in _profiles(rows):
        missing = np.setdiff1d(hours, mine["hour"].to_numpy().astype("datetime64[h]"))
        if len(missing):
            findings.fault(
                Fault(
                    file=loaded[mine["source"].iloc[0]].table.raw.name,
                    at=at,
                    says=f"{len(missing):,} hour(s) are missing: {told(missing)}",
                    found=f"{len(mine):,} hours",
                    allowed=f"all {len(hours):,} from {written(hours[0])} to {written(hours[-1])}, "
                    "or whole days with weight_h",
                )
            )


def _note_order(rows: pd.DataFrame, hours: Hours, loaded: list[Loaded], findings: Findings) -> None:
    """Note hours of which nobody knows which follow one another, where that is asked for."""
    parts = stretches(hours)
    if len(parts) > 1:
        findings.fault(
            Fault(
                file=_files(loaded),
                column="time",
                says="has hours that do not follow one another",
                found=f"{written(parts[0][-1])}, then {written(parts[1][0])}",
                allowed="every hour from the first to the last, for connection.max_run_h",
            )
        )
    for _, mine in _profiles(rows):
        late = mine[mine["hour"].diff() < pd.Timedelta(0)]
        for row in each(late.head(1)):
            fault = loaded[row.source].table.places.fault(row.row, "time", "is out of order")
            allowed = "hours in order, for connection.max_run_h counts those in one go"
            findings.fault(replace(fault, allowed=allowed))


def _profiles(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give what faults call each profile, and its rows."""
    for (service, name), mine in rows.groupby(KEY):
        yield f"service {service}" if service else f"id {name}", mine


def _files(loaded: list[Loaded]) -> str:
    return ", ".join(dict.fromkeys(one.table.raw.name for one in loaded))
