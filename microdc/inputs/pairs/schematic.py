"""
Positions drawn up where no table states any, which a table of all pairs that may serve allows.

Places stand evenly on a circle of 1 km around latitude 0, longitude 0, in the order of their ids,
and all who may serve them on smaller ones: round trips by the formula are next to nothing.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.errors import Fault
from microdc.inputs.power.headroom import with_headroom
from microdc.inputs.tables.cells import blank
from microdc.inputs.tables.choose import rows_where
from microdc.inputs.tables.columns import POSITION, Loaded, Table
from microdc.inputs.tables.feeders import has_feeders
from microdc.inputs.tables.findings import Findings
from microdc.inputs.tables.forms.header import missing_columns
from microdc.inputs.tables.forms.projected import placed
from microdc.scenario import Scenario

RADII_KM = {"substations": 0.6, "parcels": 0.7, "demand": 1.0, "hubs": 0.8}
"""Radius of the circle of each kind of table, by the key of the scenario that names it."""

DRAWN = (
    "no table states positions: those shown are drawn up, on circles around latitude 0, "
    "longitude 0, and not real; maps, and round trips by the formula, mean nothing"
)

_KM_PER_DEGREE = 111.0

Tables = dict[str, list[Loaded]]


def with_positions(scenario: Scenario, tables: Tables, findings: Findings) -> tuple[Tables, bool]:
    """
    Draw up positions where they can be left out and no table states any; say whether that is so.

    Where some are stated, tables and rows without one are faults. `tables` by key of the scenario.
    """
    if not scenario.names_pairs:
        return tables, False
    if any(_states_some(one.table) for loaded in tables.values() for one in loaded):
        kept = {
            key: [one for one in loaded if not missing_columns(one.table, findings)]
            for key, loaded in tables.items()
        }
        for one in kept["substations"]:
            _note_unplaced(one, findings)
        return kept, False
    for fault in _in_need(scenario):
        findings.fault(fault)
    findings.warn(DRAWN)
    return {key: _on_circle(loaded, RADII_KM[key]) for key, loaded in tables.items()}, True


def _states_some(table: Table) -> bool:
    """Say whether any row of a table states any part of a position."""
    return any(table.has(axis) and not blank(table.cells[axis]).all() for axis in POSITION)


def _note_unplaced(loaded: Loaded, findings: Findings) -> None:
    """Note rows that would be sites if they stood somewhere; elsewhere a warning counts them."""
    table = replace(loaded.table, values=with_headroom(loaded.table, loaded.source))
    passes = rows_where(replace(loaded, table=table), Findings())  # what is wrong is told later
    values = table.values
    meant = passes & (values["candidate"] != 0.0) & values["headroom_mw"].notna()
    for axis, (says, allowed) in POSITION.items():
        at = values[axis]
        if has_feeders(loaded.table):  # one of a substation's rows is enough
            at = at.fillna(at.groupby(values["id"]).transform("first"))
        for row in values.index[meant & at.isna()]:
            findings.fault(table.places.fault(int(row), axis, says, allowed))


def _in_need(scenario: Scenario) -> Iterator[Fault]:
    """Refuse what rests on positions, or on round trips where those are the formula's."""
    limits, file = scenario.limits, scenario.path.name
    placed_by: dict[str, object] = {
        "parcels": scenario.parcels,
        "exclude": scenario.exclude,
        "zones": scenario.zones,
        "limits.separation_km": limits.separation_km,
        "limits.projects": limits.projects,
    }
    timed_by: dict[str, object] = {
        f"services.{name}.rtt_price": stated.rtt_price for name, stated in scenario.services.items()
    }
    timed_by["limits.mean_rtt_ms"] = limits.mean_rtt_ms
    timed_by["objective"] = [word for word in scenario.objective if word.endswith("rtt")]
    says, allowed = "needs positions, and no table states any", "off, or lat and lon everywhere"
    for at in [at for at, stated in placed_by.items() if stated]:
        yield Fault(file=file, at=at, says=says, allowed=allowed)
    if scenario.measured is not None and scenario.measured.only:
        return
    says, allowed = "needs round trips, and no table states positions", "measured with only: true"
    for at in [at for at, stated in timed_by.items() if stated]:
        yield Fault(file=file, at=at, says=says, allowed=f"{allowed}, or lat and lon everywhere")


def _on_circle(loaded: list[Loaded], radius_km: float) -> list[Loaded]:
    """Give tables of one kind their positions: rows of one id stand together."""
    ids = pd.Index(
        sorted({name for one in loaded for name in one.table.values["id"]}), dtype=object
    )
    angle = 2 * np.pi * np.arange(len(ids)) / max(1, len(ids))
    degrees = (radius_km / _KM_PER_DEGREE * np.array([np.sin(angle), np.cos(angle)])).round(9)
    rows = [ids.get_indexer(pd.Index(one.table.values["id"])) for one in loaded]
    return [
        replace(one, table=placed(one.table, degrees[:, of]))
        for one, of in zip(loaded, rows, strict=True)
    ]
