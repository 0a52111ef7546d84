"""Works on the grid by their completion dates: headroom that a stage of a programme has by then."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import Loaded, check_rows, each
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.scenario import Scenario

_STATES = "more_mw, or headroom_mw; or more_mw of the works in the scenario, for all rows"


def added_by_works_mw(
    loaded: list[Loaded],
    of_substations: list[Loaded],
    substations: pd.DataFrame,
    scenario: Scenario,
    findings: Findings,
) -> "pd.Series[float]":
    """
    Give the headroom (MW) that works have added by the date of the scenario's stage, by id.

    Works of the same row are taken in order of completion: what adds adds, and what states a new
    headroom sets it, unless there is more by then. Rows without a date are never complete. A
    scenario that is of no stage has none of it. Ids that no table has become faults.
    """
    added_mw = pd.Series(0.0, index=substations.index)
    known = {name for one in of_substations for name in one.table.values["id"]}
    parts = [_part(one, known, findings) for one in loaded]
    if scenario.stage is None or not parts or findings.faults:
        return added_mw
    rows = pd.concat(parts, ignore_index=True)
    _warn(rows, substations, scenario, findings)
    limited = substations.index[substations["headroom_mw"].notna()]
    done = (rows["completed"] != "") & (rows["completed"].str[:7] <= scenario.stage.by)
    done &= rows["id"].isin(limited)
    table_mw = substations["headroom_mw"] - substations["short_mw"].fillna(0.0)
    for name, of_one in rows[done].sort_values("completed", kind="stable").groupby("id"):
        level_mw = before_mw = float(table_mw.loc[str(name)])
        for row in each(of_one):
            sets = not pd.isna(row.headroom_mw)
            level_mw = max(level_mw, row.headroom_mw) if sets else level_mw + row.more_mw
        added_mw.loc[str(name)] = level_mw - before_mw
    return added_mw


def _part(loaded: Loaded, known: set[str], findings: Findings) -> pd.DataFrame:
    """Give one table's rows that pass its `where`, checked; `more_mw` filled in from the source."""
    table, passes = loaded.table, rows_where(loaded, findings)
    check_rows(table, passes, findings)
    rows = table.values[passes & (table.values["completed"] != "")]
    stated = rows[["more_mw", "headroom_mw"]].notna()
    for row in rows.index[stated.all(axis=1)]:
        fault = table.places.fault(int(row), "more_mw", "is stated beside headroom_mw")
        findings.fault(replace(fault, allowed="one of them"))
    if loaded.source.more_mw is None:
        for row in rows.index[~stated.any(axis=1)]:
            findings.fault(table.places.fault(int(row), "more_mw", "states no headroom", _STATES))
    for row in _strange(rows, known):
        fault = table.places.fault(row, "id", "is no substation or limit of the scenario's tables")
        findings.fault(replace(fault, nearest=nearest(str(rows["id"][row]), known)))
    assumed = rows["more_mw"].isna() & rows["headroom_mw"].isna()
    more_mw = rows["more_mw"].mask(assumed, loaded.source.more_mw)
    return rows.assign(more_mw=more_mw, assumed=assumed)


def _strange(rows: pd.DataFrame, known: set[str]) -> Iterator[int]:
    """Give the first row of each id that no table has."""
    strange = rows[~rows["id"].isin(known)].drop_duplicates("id")
    yield from (int(row) for row in strange.index)


def _warn(
    rows: pd.DataFrame, substations: pd.DataFrame, scenario: Scenario, findings: Findings
) -> None:
    """Say of which works the megawatts are assumed, and which of them add to no limit."""
    here = rows[rows["id"].isin(substations.index)]
    assumed = here[here["assumed"]]
    if len(assumed):
        findings.warn(
            f"{scenario.path.name}: {len(assumed):,} works state no megawatts: works.more_mw is "
            f"assumed of each: {listed(assumed['id'])}"
        )
    free = here[substations["headroom_mw"].reindex(here["id"]).isna().to_numpy()]
    if len(free):
        findings.warn(
            f"{scenario.path.name}: {len(free):,} works are at rows without a limit, to which they "
            f"add nothing: {listed(free['id'])}"
        )
