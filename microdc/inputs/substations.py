"""Substation tables: who may host a site, who limits whom, and what was left out and why."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.inputs.power.headroom import COUNTED_AS_ZERO, unread_ratings, with_headroom
from microdc.inputs.tables.cells import Mask
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import Loaded, Table, check_rows, each, power_factor
from microdc.inputs.tables.feeders import has_feeders, one_row_each
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.inputs.tree import NONE, Parents, cycles, find_parents, with_ancestors

NUMBERS = [
    "existing_mw", "min_mw", "max_mw", "pue", "processing_ms", "site_mn", "facility_mn_per_mw_it",
    "energy_per_mwh", "voltage_kv", "feeder_km", "fibre_km", "rating_mva", "installed_mva",
    "transformers", "peak_mw", "short_mw", "power_factor",
]  # fmt: skip
TEXTS = ["state", "owner", "group", "as_of"]
COLUMNS = [
    "name", "lat", "lon", "headroom_mw", "headroom_stated", "headroom_unit", "parent",
    "candidate", *NUMBERS, *TEXTS, "arithmetic", "source", "row",
]  # fmt: skip
TYPES = {"candidate": bool, "source": int, "row": int}


def substations_of(loaded: list[Loaded], findings: Findings) -> pd.DataFrame:
    """
    Join the sources' tables into one, indexed by id: candidates, their ancestors and the rest.

    Columns as `Region.substations` says. Rows that fail their source's `where` are kept as limits
    if they stand above a candidate, else dropped; faults are looked for in kept rows only.
    """
    if not loaded:
        return pd.DataFrame(columns=["id", *COLUMNS]).set_index("id").astype(TYPES)
    parts = [_part(number, one, findings) for number, one in enumerate(loaded)]
    rows = pd.concat(parts, ignore_index=True)
    rows["existing_mw"] = rows["existing_mw"].where(rows["passes"]).fillna(0.0)
    rows["candidate"] = _candidates(rows, loaded, findings)
    parents = find_parents(rows)
    kept = rows["passes"].to_numpy() | with_ancestors(rows["candidate"].to_numpy(), parents.of)
    for number, one in enumerate(loaded):
        mine = rows[(rows["source"] == number) & kept]
        chosen = _rows_of(mine, one.table)
        check_rows(one.table, chosen, findings)
        unread_ratings(one.table, chosen, one.source, findings)
        _tell_zeros(mine[mine["arithmetic"].str.endswith(COUNTED_AS_ZERO)], one.table, findings)
    note_twice(rows, kept, loaded, findings)
    note_sizes(rows, kept, loaded, findings)
    _note_unplaced(rows, loaded, findings)
    _note_parents(rows, kept, parents, loaded, findings)
    if not (rows["candidate"] | (rows["existing_mw"] > 0)).any() and not findings.faults:
        says = "no row can host a site: each is a limit only, or has no headroom or position"
        key = loaded[0].keys
        findings.fault(Fault(file=key.file, at=key.key.partition("[")[0], says=says))
    return _shaped(rows, kept, parents)


def _part(number: int, loaded: Loaded, findings: Findings) -> pd.DataFrame:
    """Give one source's rows, with headroom, `source`, `row` and whether they pass `where`."""
    values = with_headroom(loaded.table, loaded.source)
    passes = rows_where(replace(loaded, table=replace(loaded.table, values=values)), findings)
    rows = values.assign(row=values.index, passes=passes)
    if has_feeders(loaded.table):
        rows = one_row_each(rows, loaded, findings)
    return rows.assign(source=number, power_factor=power_factor(rows, loaded.source))


def _tell_zeros(below: pd.DataFrame, table: Table, findings: Findings) -> None:
    """Say which substations were computed to have no headroom, and why one transformer has none."""
    if below.empty:
        return
    name, lone = table.raw.name, below.loc[below["transformers"] == 1, "id"]
    findings.warn(
        f"{name}: {len(below):,} computed headroom(s) are below zero and count as zero: "
        f"{listed(below['id'])}"
    )
    if len(lone):
        findings.warn(
            f"{name}: {len(lone):,} of them have one transformer: with it out, only what the "
            "neighbours take over (transfer_mva) is firm, unless rating_mva states otherwise; more "
            f"would take a flexible connection: {listed(lone)}"
        )


def _rows_of(rows: pd.DataFrame, table: Table) -> "pd.Series[bool]":
    """Say which rows of a table some substations were read from: all their feeders, too."""
    chosen = table.values.index.isin(rows["row"])
    if has_feeders(table):
        chosen |= table.values["id"].isin(rows["id"]).to_numpy()
    return pd.Series(chosen, table.values.index)


def _candidates(rows: pd.DataFrame, loaded: list[Loaded], findings: Findings) -> Mask:
    """
    Say which rows may host a site: they pass, nobody says no, headroom and position known.

    An existing site that may not still serves, but does not grow.
    """
    meant = (rows["passes"] & (rows["candidate"] != 0.0)).to_numpy()
    limited = rows["headroom_mw"].notna().to_numpy()
    placed = rows[["lat", "lon"]].notna().all(axis=1).to_numpy()
    new = (rows["existing_mw"] == 0).to_numpy()
    for number, one in enumerate(loaded):
        mine = meant & (rows["source"] == number).to_numpy()
        reasons = {
            "row(s) with no headroom of their own cannot be sites": mine & new & ~limited,
            "row(s) with no position cannot be sites": mine & new & limited & ~placed,
            "existing site(s) with no headroom of their own cannot grow": mine & ~new & ~limited,
        }
        for reason, which in reasons.items():
            if which.any():
                ids = listed(rows.loc[which, "id"])
                findings.warn(f"{one.table.raw.name}: {which.sum():,} {reason}: {ids}")
    return np.asarray(meant & limited & placed, dtype=bool)


def note_twice(rows: pd.DataFrame, kept: Mask, loaded: list[Loaded], findings: Findings) -> None:
    """Note ids that more than one kept row bears."""
    mine = rows[kept & (rows["id"] != "").to_numpy()]
    again = mine[mine["id"].duplicated()]
    if again.empty:
        return
    first = mine.drop_duplicates("id").set_index("id")
    for row in each(again):
        before: Any = first.loc[row.id]
        raw = loaded[before["source"]].table.raw
        fault = loaded[row.source].table.places.fault(row.row, "id", "is used before")
        findings.fault(
            replace(fault, allowed=f"ids used once ({raw.name}, {raw.word} {before['row']})")
        )


def note_sizes(rows: pd.DataFrame, kept: Mask, loaded: list[Loaded], findings: Findings) -> None:
    """Note kept rows of which the smallest site is larger than the largest."""
    for row in each(rows[kept & (rows["min_mw"] > rows["max_mw"]).to_numpy()]):
        fault = loaded[row.source].table.places.fault(row.row, "min_mw", "is more than max_mw")
        findings.fault(replace(fault, allowed=f"at most {row.max_mw:g} MW"))


def _note_unplaced(rows: pd.DataFrame, loaded: list[Loaded], findings: Findings) -> None:
    """Note existing sites of which nobody knows where they stand."""
    for row in each(rows[(rows["existing_mw"] > 0) & rows[["lat", "lon"]].isna().any(axis=1)]):
        says = "an existing site states no position"
        fault = loaded[row.source].table.places.fault(row.row, "lat", says, "degrees, WGS 84")
        findings.fault(fault)


def _note_parents(
    rows: pd.DataFrame, kept: Mask, parents: Parents, loaded: list[Loaded], findings: Findings
) -> None:
    """Note unclear parents and cycles among kept rows as faults, unknown parents as warnings."""
    for at in parents.ambiguous[kept[parents.ambiguous]]:
        row: Any = rows.loc[at]
        alike = rows["name"].str.casefold() == str(row["parent"]).casefold()
        ids = listed(rows.loc[alike | (rows["id"] == row["parent"]), "id"])
        places = loaded[row["source"]].table.places
        fault = places.fault(row["row"], "parent", "is the name of several rows")
        findings.fault(replace(fault, allowed=f"one of their ids: {ids}"))
    for cycle in cycles(parents.of):
        if kept[cycle].any():
            row = rows.loc[cycle[0]]
            ids = " -> ".join(rows.loc[[*cycle, cycle[0]], "id"])
            says = "is its own parent" if len(cycle) == 1 else f"the tree goes in a circle: {ids}"
            places = loaded[row["source"]].table.places
            findings.fault(places.fault(row["row"], "parent", says))
    unknown = rows.loc[parents.unknown[kept[parents.unknown]]]
    for number, one in enumerate(loaded):
        mine = unknown[unknown["source"] == number]
        if mine.empty:
            continue
        names = sorted(mine["parent"].unique())
        known = [*rows["id"], *rows["name"]]
        meant = [(name, nearest(name, known, cutoff=0.85)) for name in names[:5]]
        told = [f"{n!r} (did you mean {near!r}?)" if near else repr(n) for n, near in meant]
        told += [repr(name) for name in names[5:]]
        findings.warn(
            f"{one.table.raw.name}: {len(mine):,} row(s) name a parent that is in "
            f"no table, so no limit above them is known: {listed(told)}"
        )


def _shaped(rows: pd.DataFrame, kept: Mask, parents: Parents) -> pd.DataFrame:
    """Give the kept rows as `Region.substations` promises them."""
    ids = rows["id"].to_numpy(object)
    of = parents.of
    rows["parent"] = pd.Series(ids[of], dtype=object).mask(of == NONE, None)
    rows["name"] = rows["name"].mask(rows["name"] == "", rows["id"])
    for column in TEXTS:
        rows[column] = rows[column].astype(object).mask(rows[column] == "", None)
    shaped = rows[kept].set_index("id")[COLUMNS].sort_index()
    return shaped.astype(TYPES)
