"""Hub tables: central data centers that serve what tolerates the distance, at a price."""

from dataclasses import replace

import pandas as pd

from microdc.inputs.region import no_hubs
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import POSITION, Loaded, check_rows, each, note_blank
from microdc.inputs.tables.findings import Findings

NEEDED = {
    **POSITION,
    "mw_it": ("states no capacity", "MW IT"),
    "mn_per_mw_it_yr": ("states no price", "millions a year for each reserved MW IT, 0 included"),
}
"""What every hub must state, and how a fault says it."""


def hubs_of(loaded: list[Loaded], substations: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Join the sources' tables into one, as `Region.hubs` says; ids are of hubs alone."""
    if not loaded:
        return no_hubs()
    parts = [_part(number, one, findings) for number, one in enumerate(loaded)]
    rows = pd.concat(parts, ignore_index=True)
    _note_taken(rows, substations, loaded, findings)
    rows["name"] = rows["name"].mask(rows["name"] == "", rows["id"])
    return rows.set_index("id")[list(no_hubs())].sort_index()


def _part(number: int, loaded: Loaded, findings: Findings) -> pd.DataFrame:
    """Give one source's rows that pass its `where`, checked, with `source` and `row`."""
    table, passes = loaded.table, rows_where(loaded, findings)
    check_rows(table, passes, findings)
    note_blank(table, passes, NEEDED, findings)
    rows = table.values[passes]
    return rows.assign(source=number, row=rows.index)


def _note_taken(
    rows: pd.DataFrame, substations: pd.DataFrame, loaded: list[Loaded], findings: Findings
) -> None:
    """Note ids that another hub, a substation or a parcel bears."""
    parcel = substations["parcel"]
    for says, which in (
        ("is used before", rows["id"].duplicated()),
        ("is a substation's", rows["id"].isin(substations.index[~parcel])),
        ("is a parcel's", rows["id"].isin(substations.index[parcel])),
    ):
        for row in each(rows[which & (rows["id"] != "")]):
            fault = loaded[row.source].table.places.fault(row.row, "id", says)
            allowed = "ids used once, by hubs, substations and parcels together"
            findings.fault(replace(fault, allowed=allowed))
