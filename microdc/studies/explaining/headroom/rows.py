"""A region with other headroom at a row of its power tree, and which row limits which site."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.inputs.hosts.capacity import ancestors_of
from microdc.inputs.hosts.connection import connected
from microdc.inputs.region import Region
from microdc.scenario import Scenario


def with_headroom(
    region: Region, rows: Iterable[str], *, more_mw: float = 0.0, times: float = 1.0
) -> Region:
    """
    Give a region in which some rows have other headroom, in every hour, but none below zero.

    It is the firm headroom as planned with, after units, power factor and reserve, that changes to
    `times` what it was and `more_mw` beyond that. Which substation feeds a parcel stays as it was.
    """
    substations, hours = region.substations.copy(), region.hours
    chosen = substations.index.isin(list(rows))
    headroom = substations["headroom_mw"]
    changed = (times * headroom + more_mw).clip(lower=0.0)
    substations["headroom_mw"] = headroom.where(~chosen, changed)
    if hours is not None:
        of_rows = hours.rows.copy()
        of_rows.loc[chosen, "base_mw"] = times * of_rows["base_mw"] + more_mw
        of_rows.loc[chosen, "slope_mw"] = times * of_rows["slope_mw"]
        hours = replace(hours, rows=of_rows)
    return replace(region, substations=substations, hours=hours)


def headroom_mw(scenario: Scenario, region: Region) -> "pd.Series[float]":
    """Give the headroom that counts at each row (MW; NaN: no limit): of connections, with hours."""
    headroom: pd.Series[float] = connected(scenario, region)["headroom_mw"].astype(float)
    return headroom


def binding_rows(scenario: Scenario, region: Region) -> "pd.Series[str]":
    """
    Give the row at or above each substation and parcel that has the least headroom, by id.

    Of equals the nearest; '' where the largest size allowed is no more than that.
    """
    substations, headroom = region.substations, headroom_mw(scenario, region).to_numpy()
    most = substations["max_mw"].fillna(scenario.sites.max_mw) - substations["existing_mw"]
    least, row = most.to_numpy(dtype=float), np.full(len(substations), -1)
    own = np.arange(len(substations))
    for above in (own, *ancestors_of(substations)):
        there = np.where(above >= 0, headroom[above], np.nan)
        lower = there < least
        least, row = np.where(lower, there, least), np.where(lower, above, row)
    ids = np.append(substations.index.to_numpy(object), "")
    return pd.Series(ids[row], index=substations.index)
