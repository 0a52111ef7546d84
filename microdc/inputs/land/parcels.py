"""Parcels of land as their tables state them: whether each is called right, and what it names."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.substations import note_twice
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import POSITION, Loaded, check_rows, each, note_blank
from microdc.inputs.tables.findings import TOLD_OF_ONE_KIND, Findings, listed, nearest
from microdc.inputs.tree import NONE, find_parents


def parcels_of(loaded: list[Loaded], findings: Findings) -> pd.DataFrame:
    """
    Give the parcels that pass their source's `where`, as stated: texts ('': blank) and numbers.

    Columns of the table, `existing_mw` and `fibre_km` filled in; `source` (place in `loaded`),
    `row`, and the source's `max_feeder_km` and `feeder_route_factor`.
    """
    parts = []
    for number, one in enumerate(loaded):
        passes, table = rows_where(one, findings), one.table
        check_rows(table, passes, findings)
        note_blank(table, passes, POSITION, findings)
        rows = table.values[passes]
        parts.append(
            rows.assign(
                source=number,
                row=rows.index,
                existing_mw=rows["existing_mw"].fillna(0.0),
                fibre_km=rows["fibre_km"].fillna(one.source.fibre_km),
                max_feeder_km=one.source.max_feeder_km,
                feeder_route_factor=one.source.feeder_route_factor,
            )
        )
    return pd.concat(parts, ignore_index=True)


def note_ids(
    substations: pd.DataFrame,
    parcels: pd.DataFrame,
    of_substations: list[Loaded],
    of_parcels: list[Loaded],
    findings: Findings,
) -> None:
    """Note ids that several parcels, or a parcel and a substation, bear."""
    columns = ["id", "source", "row"]
    below = parcels[columns].assign(source=parcels["source"] + len(of_substations))
    rows = pd.concat([substations.reset_index()[columns], below], ignore_index=True)
    note_twice(rows, np.ones(len(rows), dtype=bool), [*of_substations, *of_parcels], findings)


def named_substations(
    parcels: pd.DataFrame, substations: pd.DataFrame, loaded: list[Loaded], findings: Findings
) -> "pd.Series[Any]":
    """Give the substation that each parcel names, by id or unique name; None if it cannot feed."""
    feeders = substations[substations["feeds"]].reset_index()
    above = feeders[["id", "name", "source"]].assign(parent="")
    below = pd.DataFrame({"id": "", "name": "", "source": NONE, "parent": parcels["substation"]})
    found = find_parents(pd.concat([above, below], ignore_index=True))
    for at in found.ambiguous - len(above):
        row: Any = parcels.loc[at]
        alike = feeders["name"].str.casefold() == str(row["substation"]).casefold()
        places = loaded[row["source"]].table.places
        fault = places.fault(row["row"], "substation", "is the name of several substations")
        allowed = f"one of their ids: {listed(feeders.loc[alike, 'id'])}"
        findings.fault(replace(fault, allowed=allowed))
    ids = [*feeders["id"], None]  # NONE is the last
    named = [ids[row] for row in found.of[len(above) :]]
    return pd.Series(named, index=parcels.index, dtype=object)


def note_unknown(
    parcels: pd.DataFrame,
    named: "pd.Series[Any]",
    of_substations: list[Loaded],
    of_parcels: list[Loaded],
    findings: Findings,
) -> None:
    """Note names that no row of the substation tables bears, whether or not it is chosen."""
    tables = [one.table.values for one in of_substations]
    known = [word for values in tables for c in ("id", "name") for word in values[c].unique()]
    folded = {str(word).casefold() for word in known}
    asked = parcels["substation"]
    lost = parcels[named.isna() & (asked != "") & ~asked.str.casefold().isin(folded)]
    for number, row in enumerate(each(lost)):
        fault = of_parcels[row.source].table.places.fault(
            row.row, "substation", "is no substation of the tables", "an id or a unique name"
        )
        near = nearest(row.substation, known) if number < TOLD_OF_ONE_KIND else ""
        findings.fault(replace(fault, nearest=near))
