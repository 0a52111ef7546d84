"""Which measured round trips a scenario may use: known names, one percentile, each stated once."""

from collections.abc import Collection

import numpy as np
import pandas as pd
import pandera.pandas as pa

from microdc.errors import Fault
from microdc.inputs.pairs.layouts import Told, rows_of
from microdc.inputs.pairs.stated import PAIR, Ends, check_once, check_services
from microdc.inputs.tables.columns import Keys
from microdc.inputs.tables.files import RawTable
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.inputs.tables.schemas import MEASURED
from microdc.scenario import Measured, Scenario

_NONE_OR_MORE = pa.Column(
    float,
    pa.Check.ge(0, error="zero or more"),
    nullable=True,
    title=MEASURED.columns["rtt_ms"].title,
    metadata=MEASURED.columns["rtt_ms"].metadata,
)

ROUND_TRIPS = Told(
    schema=MEASURED,
    value="rtt_ms",
    sound=lambda rtt_ms: rtt_ms > 0,
    says="is not a round trip",
    allowed="a time above zero (zero too with only: true), or blank",
)

ALONE = Told(
    schema=pa.DataFrameSchema({**MEASURED.columns, "rtt_ms": _NONE_OR_MORE}, name=MEASURED.name),
    value="rtt_ms",
    sound=lambda rtt_ms: rtt_ms >= 0,
    says="is not a round trip",
    allowed="zero or more, or blank",
)
"""Round trips of a table that is all there is, as distances are: a place may be where a site is."""


def measured_of(
    raw: RawTable, scenario: Scenario, ends: Ends, findings: Findings
) -> pd.DataFrame | None:
    """
    Give the measured round trips between the scenario's places and substations.

    A pair of which the scenario knows no place or no substation is left out and counted; a table of
    nothing but such pairs is a fault. Rows of every date stay, and of every percentile, but the
    scenario must say which.
    """
    measured, keys = scenario.measured, Keys(file=scenario.path.name, key="measured")
    assert measured is not None
    told = ALONE if measured.only else ROUND_TRIPS
    rows = rows_of(raw, measured, told, keys, findings)
    if rows is None:
        return None
    before = len(findings.faults)
    check_services(rows, list(scenario.services), raw, findings)
    _check_percentiles(rows, measured, keys, findings)
    check_once(rows, ("percentile", "date"), raw, findings)
    known = _known(rows, ends, raw, findings)
    if len(known) and len(findings.faults) == before:
        findings.warn(_used(known, measured, raw.name))
    return known.reset_index(drop=True)


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


def _known(rows: pd.DataFrame, of: Ends, raw: RawTable, findings: Findings) -> pd.DataFrame:
    """Keep pairs of known ends; the others are counted, each end with an example."""
    ends = {"place": of.places, "site": of.hosts}
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
    if measured.only:
        told[0] += ", and no other pair may serve"
    if not np.isnan(percentile):
        told.append(f"percentile {percentile:g}")
    dates = sorted(set(known["date"]) - {""})
    if dates:
        told.append(dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}")
    if len(known) > pairs:
        told.append(f"{len(known) - pairs:,} older one(s) of the same pairs do not count")
    return "; ".join(told)
