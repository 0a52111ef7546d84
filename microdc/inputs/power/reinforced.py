"""Headroom that works add to what the tables say, in every hour."""

from typing import Any

import pandas as pd

from microdc.errors import Fault
from microdc.inputs.power.headroom import COUNTED_AS_ZERO
from microdc.inputs.tables.columns import each
from microdc.inputs.tables.findings import Findings, listed, nearest
from microdc.scenario import Scenario


def with_reinforcements(
    substations: pd.DataFrame,
    scenario: Scenario,
    works_mw: "pd.Series[float]",
    findings: Findings,
) -> pd.DataFrame:
    """
    Add the scenario's `reinforce`, and what works add, to the headroom and arithmetic of rows.

    `works_mw` is what works have added by the date of the scenario's stage, by id. Adds the column
    `reinforced_mw`. What a computed headroom lacks (`short_mw`) is made good first. Unknown ids,
    and rows without a limit, become faults.
    """
    added_mw = pd.Series(0.0, index=substations.index)
    for id_, mw in scenario.reinforce.items():
        if id_ in substations.index:
            added_mw[id_] = mw
    added_mw += works_mw
    unlimited = (added_mw > 0) & substations["headroom_mw"].isna()
    _note(substations, unlimited, scenario, findings)
    table = substations.assign(reinforced_mw=added_mw.mask(unlimited, 0.0))
    some = table[table["reinforced_mw"] > 0]
    if some.empty:
        return table
    findings.warn(
        f"{scenario.path.name}: {len(some):,} row(s) have headroom added by works, whose cost is "
        f"not counted: {listed(some.index)}"
    )
    balance_mw = some["headroom_mw"] - some["short_mw"] + some["reinforced_mw"]
    table["headroom_mw"] = balance_mw.clip(lower=0.0).combine_first(table["headroom_mw"])
    written = {row.Index: _arithmetic(row) for row in each(some)}
    table["arithmetic"] = table["arithmetic"].where(
        table["reinforced_mw"] <= 0, table.index.map(written)
    )
    return table


def in_future(substations: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Leave of every headroom, and of what works added, the share that there is in a future."""
    share = 1.0 if scenario.future is None else scenario.future.headroom_share
    if share == 1:
        return substations
    limited = substations["headroom_mw"].notna()
    stated = substations["headroom_mw"].map("{:.6g} MW".format)
    origin = substations["arithmetic"].mask(substations["arithmetic"] == "", stated)
    return substations.assign(
        headroom_mw=share * substations["headroom_mw"],
        reinforced_mw=share * substations["reinforced_mw"],
        arithmetic=substations["arithmetic"].mask(
            limited, origin + f", x {share:g} in this future"
        ),
    )


def table_headroom_mw(substations: pd.DataFrame) -> "pd.Series[float]":
    """Give the headroom (MW) that the tables state or give, before any works; NaN: no limit."""
    before_mw = substations["headroom_mw"] - substations["reinforced_mw"]
    return before_mw.mask(substations["short_mw"] > 0, 0.0)


def _arithmetic(row: Any) -> str:
    """Write how a reinforced headroom came about; what the table states has no arithmetic."""
    origin = row.arithmetic.removesuffix(COUNTED_AS_ZERO) or f"{row.headroom_mw:g} MW"
    below = row.headroom_mw - row.short_mw + row.reinforced_mw < 0
    return f"{origin} + {row.reinforced_mw:g} MW reinforced" + (COUNTED_AS_ZERO if below else "")


def _note(
    substations: pd.DataFrame, unlimited: "pd.Series[bool]", scenario: Scenario, findings: Findings
) -> None:
    """Note ids that nobody has, and rows that need no works."""
    known = list(substations.index)
    for id_ in scenario.reinforce:
        at, file = f"reinforce.{id_}", scenario.path.name
        if id_ not in substations.index and known:
            near = nearest(id_, known)
            says = "no substation or limit has this id"
            findings.fault(Fault(file=file, at=at, says=says, found=id_, nearest=near or ""))
        elif id_ in substations.index and unlimited[id_]:
            says = "has no limit: its headroom is blank, so there is nothing to add to"
            findings.fault(Fault(file=file, at=at, says=says, found=id_))
