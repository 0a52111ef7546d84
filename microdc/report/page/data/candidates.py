"""Where else a site could have been: candidates large enough by themselves, and who is closed."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.ground.nearest import nearest_of
from microdc.inputs.hosts.capacity import ancestors_of, least_mw
from microdc.placement.plan import Plan
from microdc.report.page.data.service import DEGREE_DIGITS, MW_DIGITS, rounded
from microdc.report.page.inputs import Inputs

_ROUNDING_MW = 1e-3

Reasons = Iterator[tuple[int, str]]
"""Positions of rows, each with why it can be no site of this plan."""


def candidates(plan: Plan, inputs: Inputs) -> dict[str, Any]:
    """
    Give the candidates that the plan does not use, by column: `id`, `name`, `lat`, `lon`, `mw`.

    `mw` is headroom, for a parcel that of the substation that feeds it (MW). `closed` says why one
    can be no site beside the plan's ('': it can), as an excluded area, a rule of the planner or a
    full limit above it has it. Left out is who has less than the least size of a site; `count`,
    `closed_count` and `too_small` say how many there are of each.
    """
    rows = inputs.region.substations
    rows = rows[(rows["candidate"] | rows["excluded"].notna()) & ~rows.index.isin(plan.sites.index)]
    mw = headroom_alone_mw(inputs.region.substations).loc[rows.index]
    least = rows["min_mw"].fillna(inputs.scenario.sites.min_mw)
    large = mw >= least
    shown = rows[large]
    closed = _closed(plan, inputs, shown)
    return {
        "id": shown.index.tolist(),
        "name": shown["name"].fillna(shown.index.to_series()).tolist(),
        "lat": rounded(shown["lat"], DEGREE_DIGITS),
        "lon": rounded(shown["lon"], DEGREE_DIGITS),
        "mw": rounded(mw[large], MW_DIGITS),
        "closed": closed,
        "count": len(shown),
        "closed_count": sum(map(bool, closed)),
        "too_small": int((~large).sum()),
    }


def headroom_alone_mw(substations: pd.DataFrame) -> "pd.Series[float]":
    """Give what each substation or parcel may draw alone (MW); a parcel, as its substation may."""
    headroom = substations["headroom_mw"]
    return headroom.where(~substations["parcel"], substations["parent"].map(headroom))


def _closed(plan: Plan, inputs: Inputs, rows: pd.DataFrame) -> list[str]:
    """Say why each row can be no site beside those of the plan; of several reasons the first."""
    told = [""] * len(rows)
    for why in (_by_area, _by_forbid, _by_distance, _by_limits_above):
        for row, reason in why(plan, inputs, rows):
            told[row] = told[row] or reason
    return told


def _by_area(_: Plan, __: Inputs, rows: pd.DataFrame) -> Reasons:
    for row in np.flatnonzero(rows["excluded"].notna()).tolist():
        yield row, f"excluded: {rows['excluded'].iloc[row]}"


def _by_forbid(_: Plan, inputs: Inputs, rows: pd.DataFrame) -> Reasons:
    for row in np.flatnonzero(rows.index.isin(inputs.scenario.limits.forbid)).tolist():
        yield row, "ruled out by limits.forbid"


def _by_distance(plan: Plan, inputs: Inputs, rows: pd.DataFrame) -> Reasons:
    least_km = inputs.scenario.limits.separation_km
    if not least_km or rows.empty or plan.sites.empty:
        return
    site, km = nearest_of(rows, plan.sites)
    for row in np.flatnonzero(km < least_km).tolist():
        one = plan.sites.iloc[site[row]]
        named = one["name"] or one.name
        yield row, f"{km[row]:.1f} km from {named}; limits.separation_km asks for {least_km:g} km"


def _by_limits_above(plan: Plan, inputs: Inputs, rows: pd.DataFrame) -> Reasons:
    """
    Name the nearest limit above a row that the plan leaves too little of for the least site.

    By the hour there may be more room than the headroom that the tree states: then none is named.
    """
    if plan.hours is not None:
        return
    substations, limits = inputs.region.substations, plan.over_promise.rows
    left_mw = (limits["limit_mw"] - limits["used_mw"]).reindex(substations.index).to_numpy()
    need_mw = (least_mw(inputs.scenario, substations) - substations["existing_mw"]).to_numpy()
    at = substations.index.get_indexer(rows.index)
    for level in ancestors_of(substations):
        above = level[at]
        full = (above >= 0) & (left_mw[above] < need_mw[at] - _ROUNDING_MW)
        for row in np.flatnonzero(full).tolist():
            limit = limits.loc[substations.index[above[row]]]
            used = f"{limit['used_mw']:.1f} of {limit['limit_mw']:.1f} MW are used"
            yield row, f"no room left below {limit['name'] or limit.name}: {used}"
