"""Which measured round trips a scenario may use: known names, one percentile, each stated once."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.inputs.measured.layouts import long_rows, wide_rows
from microdc.inputs.tables.columns import Keys, each
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.scenario import Measured, Scenario

PAIR = ["place", "service", "site"]


def measured_of(
    raw: RawTable,
    scenario: Scenario,
    names: tuple[Collection[str], Collection[str]],
    findings: Findings,
) -> pd.DataFrame | None:
    """
    Give the measured round trips between the scenario's places and substations.

    `names` are the ids of its places and of its substations. A pair of which the scenario knows
    no place or no substation is left out and counted; a table of nothing but such pairs is a
    fault. Rows of every date stay, and of every percentile, but the scenario must say which.
    """
    measured, keys = scenario.measured, Keys(file=scenario.path.name, key="measured")
    assert measured is not None
    layout = long_rows if measured.form == "long" else wide_rows
    rows = layout(raw, measured, keys, findings)
    if rows is None:
        return None
    before = len(findings.faults)
    _check_services(rows, list(scenario.services), raw, findings)
    _check_percentiles(rows, measured, keys, findings)
    _check_once(rows, raw, findings)
    known = _known(rows, names, raw, findings)
    if len(known) and len(findings.faults) == before:
        findings.warn(_used(known, measured, raw.name))
    return known.reset_index(drop=True)


def _check_services(
    rows: pd.DataFrame, services: list[str], raw: RawTable, findings: Findings
) -> None:
    for row in each(rows[~rows["service"].isin(["", *services])]):
        findings.fault(
            Fault(
                file=raw.name,
                at=f"{raw.word} {row.row}",
                column="service",
                says="is no service of the scenario",
                found=repr(row.service),
                allowed=listed(services, 12),
                nearest=nearest(row.service, services),
            )
        )


def _check_percentiles(
    rows: pd.DataFrame, measured: Measured, keys: Keys, findings: Findings
) -> None:
    """Refuse a table of several percentiles where none is chosen, and a choice it has not."""
    has = sorted(rows["percentile"].dropna().unique())
    shown = listed((f"{percentile:g}" for percentile in has), 12)
    if measured.percentile is None:
        mixed = len(has) > 1 or (len(has) == 1 and rows["percentile"].isna().any())
        if mixed:
            says, found = "is needed: the table states several", f"percentiles {shown}"
            found += " and rows without one" if rows["percentile"].isna().any() else ""
            findings.fault(keys.fault("percentile", says, found=found, allowed="one of them"))
    elif measured.form == "long" and measured.percentile not in has:
        says, allowed = "is not in the table", shown or "none: the table states no percentile"
        found = f"{measured.percentile:g}"
        findings.fault(keys.fault("percentile", says, found=found, allowed=allowed))


def _check_once(rows: pd.DataFrame, raw: RawTable, findings: Findings) -> None:
    keys = [*PAIR, "percentile", "date"]
    first = rows.groupby(keys, dropna=False)["row"].transform("first")
    for row in each(rows[rows.duplicated(keys)]):
        findings.fault(
            Fault(
                file=raw.name,
                at=f"{raw.word} {row.row}",
                says="the pair is stated before",
                found=f"{row.place} - {row.site}",
                allowed=f"once for each service, percentile and date (also {raw.word} "
                f"{first[row.Index]})",
            )
        )


def _known(
    rows: pd.DataFrame,
    names: tuple[Collection[str], Collection[str]],
    raw: RawTable,
    findings: Findings,
) -> pd.DataFrame:
    """Keep pairs of known ends; the others are counted, each end with an example."""
    ends = {"place": set(names[0]), "site": set(names[1])}
    strange = {end: rows.loc[~rows[end].isin(known), end] for end, known in ends.items()}
    kept = rows[rows["place"].isin(ends["place"]) & rows["site"].isin(ends["site"])]
    if len(kept) == len(rows):
        return kept
    if kept.empty:
        end = max(strange, key=lambda end: len(strange[end]))
        findings.fault(
            Fault(
                file=raw.name,
                says="no pair of the table is between a place and a substation of the scenario",
                found=f"{end} {strange[end].iloc[0]}",
                nearest=nearest(strange[end].iloc[0], ends[end]),
            )
        )
        return kept
    unknown = [_example(end, ids, ends[end]) for end, ids in strange.items() if len(ids)]
    findings.warn(
        f"{raw.name}: {len(rows) - len(kept):,} of {len(rows):,} round trips are left out: the "
        f"scenario does not know {' and '.join(unknown)}"
    )
    return kept


def _example(end: str, ids: "pd.Series[str]", known: Collection[str]) -> str:
    near = nearest(ids.iloc[0], known)
    meant = f" (did you mean {near}?)" if near else ""
    return f"{ids.nunique():,} {end}(s), such as {ids.iloc[0]}{meant}"


def _used(known: pd.DataFrame, measured: Measured, name: str) -> str:
    """Say what replaces the formula, with its percentile and dates."""
    if measured.percentile is not None:
        known = known[known["percentile"] == measured.percentile]
    pairs = len(known.drop_duplicates(PAIR))
    percentile = known["percentile"].max()
    told = [f"{name}: {pairs:,} measured round trip(s) replace the formula"]
    if not np.isnan(percentile):
        told.append(f"percentile {percentile:g}")
    dates = sorted(set(known["date"]) - {""})
    if dates:
        told.append(dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}")
    if len(known) > pairs:
        told.append(f"{len(known) - pairs:,} older one(s) of the same pairs do not count")
    return "; ".join(told)
