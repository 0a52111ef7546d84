"""The hours of the scenario's tables, from their raw rows: what there is, and what is demanded."""

from collections import defaultdict
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.inputs.read import read_profile_rows
from microdc.inputs.region import Region
from microdc.scenario import Scenario

Floats = NDArray[np.float64]

HOURS_OF_A_DAY = 24


class Year:
    """
    Every hour of the tables of hours, in order.

    `times` (UTC, as 2026-01-31T17:00Z), `row` of each, and `weight_h`, the hours of a year that it
    stands for.
    """

    def __init__(self, scenario: Scenario, region: Region) -> None:
        self.scenario, self.substations = scenario, region.substations
        rows = read_profile_rows(scenario)
        rows = rows.assign(time=rows["hour"].dt.strftime("%Y-%m-%dT%H:%MZ"))
        weight_h = rows.groupby("time")["weight_h"].first()
        self.times = list(weight_h.index)
        self.weight_h = weight_h.fillna(1.0).to_numpy(float)
        self.row = {time: row for row, time in enumerate(self.times)}
        self._demand = _profiles(rows[rows["service"] != ""], "service", self.times)
        self._headroom = _profiles(rows[rows["service"] == ""], "id", self.times)
        self._known: dict[str, Floats] = {}

    def share(self, service: str) -> Floats:
        """Give the share of its peak that a service demands in each hour."""
        return self._demand[service][1] if service in self._demand else np.ones(len(self.times))

    def headroom_mw(self, node: str) -> Floats:
        """Give what a row of the power tree has to spare in each hour (MW); NaN: no limit."""
        if node not in self._known:
            self._known[node] = np.maximum(self.signed_headroom_mw(node), 0.0)
        return self._known[node]

    def signed_headroom_mw(self, node: str) -> Floats:
        """Give the same, below zero where there is too little for what is there."""
        table = self.substations
        whole_mw, short_mw = table["headroom_mw"][node], table["short_mw"][node]
        # Works add the same in every hour, to what the table says and a profile makes of it.
        added_mw = self.scenario.reinforce.get(node, 0.0)
        stated_mw = 0.0 if short_mw > 0 else whole_mw - added_mw
        kept, (kind, value) = self._kept(node), self._followed(node)
        if kind == "headroom_mw":
            return kept * value + added_mw
        if kind == "headroom_share":
            return np.asarray(stated_mw * value + added_mw)
        if kind == "load_share":
            unused_mw = self._peak_mw[node] * (1 - value) - short_mw
            return np.asarray(stated_mw + kept * unused_mw + added_mw)
        return np.full(len(self.times), whole_mw)

    def follows(self, node: str) -> bool:
        """Say whether a row of the power tree has a profile."""
        return self._followed(node)[0] != ""

    def _followed(self, node: str) -> tuple[str, Floats]:
        """Give what a row follows: a profile of its own, else its group's if it has headroom."""
        if node in self._headroom:
            return self._headroom[node]
        table = self.substations
        limited = not (np.isnan(table["headroom_mw"][node]) or table["parcel"][node])
        group = table["group"][node]
        if limited and group in self._headroom:
            return self._headroom[group]
        return "", np.empty(0)

    def _kept(self, node: str) -> float:
        """Give the share of a headroom that its source does not keep back."""
        sources, source = self.scenario.substations, int(self.substations["source"][node])
        return 1 - sources[source if source < len(sources) else 0].reserve_share

    @cached_property
    def _peak_mw(self) -> dict[str, float]:
        """Give the peak of each row (MW): its own, else those of the rows right below it."""
        below = defaultdict[str, list[str]](list)
        for node, parent in self.substations["parent"].items():
            if isinstance(parent, str):
                below[parent].append(str(node))
        stated = {str(node): float(mw) for node, mw in self.substations["peak_mw"].items()}
        peaks: dict[str, float] = {}

        def peak_mw(node: str) -> float:
            if node not in peaks:
                parts = [mw for one in below[node] if not np.isnan(mw := peak_mw(one))]
                own = stated[node]
                peaks[node] = own if not np.isnan(own) else sum(parts) if parts else np.nan
            return peaks[node]

        return {node: peak_mw(node) for node in stated}

    @cached_property
    def scarcest_mw(self) -> Floats:
        """
        Give what all that follow a profile and host or feed sites spare in each hour (MW).

        A substation with too little counts below zero.
        """
        table = self.substations
        together = np.zeros(len(self.times))
        for node in table.index[table["candidate"] | table["feeds"]]:
            if self.follows(node):
                together += self.signed_headroom_mw(node)
        return together


def _profiles(rows: pd.DataFrame, key: str, times: list[str]) -> dict[str, tuple[str, Floats]]:
    """Give what each profile states, and its value in each hour, by its name."""
    return {
        str(name): (
            str(mine["states"].iloc[0]),
            mine.set_index("time")["value"].reindex(times).to_numpy(float),
        )
        for name, mine in rows.groupby(key)
    }
