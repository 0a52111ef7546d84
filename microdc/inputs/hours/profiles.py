"""What every hour of the profiles' tables has: headroom of each substation and limit, demand."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from microdc.instance import Floats, Ints

CONSTANT = 0
"""The profile of whatever has none: the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """
    Headroom and demand by the hour, as profiles that many rows of the power tree may follow.

    Nothing here grows with hours times substations.

    what
        One row for each hour of the tables, in order of time: `time` (UTC, start of the hour, as
        2026-01-31T17:00Z), `day` (number; 24 consecutive hours each), `weight_h` (hours of a year
        that it stands for; 8,760 or 8,784 in all).
    used
        The hours in which service is promised, in order: `hour` (row of `what`), `weight_h` (hours
        of a year that it stands for among them).
    peak_day
        The `day` with the hour of least headroom over all candidates.
    states
        What each headroom profile states (a column of the tables), by its name; the first is
        `constant` and has no name.
    values
        That, hours x profiles.
    rows
        As `Region.substations`, what of a profile's values headroom is: `base_mw + slope_mw *
        value`, never below zero (both after the reserve; NaN: no limit), and `profile` (its
        column of `values`).
    demand_share
        Of its peak, what each service with a profile demands, hours x services.
    """

    what: pd.DataFrame
    used: pd.DataFrame
    peak_day: int
    states: "pd.Series[str]"
    values: Floats
    rows: pd.DataFrame
    demand_share: pd.DataFrame

    def headroom_mw(self, rows: Ints, hours: Ints | slice = slice(None)) -> Floats:
        """Give the headroom (MW) of some rows in some hours, hours x rows; NaN: no limit."""
        chosen = self.rows.iloc[rows]
        value = self.values[hours][:, chosen["profile"].to_numpy(dtype=int)]
        mw = chosen["base_mw"].to_numpy() + chosen["slope_mw"].to_numpy() * value
        return np.maximum(mw, 0.0, out=mw)

    @property
    def rising(self) -> Floats:
        """Profiles so turned that headroom rises with them, hours x profiles."""
        return np.where(self.states == "load_share", -self.values, self.values)

    def share_of(self, services: list[str], hours: Ints) -> Floats:
        """Give the share of its peak that each service demands in some hours, hours x services."""
        every = self.demand_share.reindex(columns=services, fill_value=1.0)
        share: Floats = every.to_numpy(dtype=float)[hours]
        return share
