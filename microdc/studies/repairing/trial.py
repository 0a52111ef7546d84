"""A scenario, or the part of it around a bottleneck, with changes tried on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from microdc.assembly import assemble
from microdc.errors import InputError
from microdc.explain.named import Case
from microdc.explain.repairs.feasible import plan_exists
from microdc.explain.repairs.prices import RepairPrices
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance, Ints
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.workflow import settings_of

MOST_S = 4.0
"""For each change tried (s)."""

_SHARE_OF_READING = 1 / 3  # of the time that tables take to read, to state all as a program

_READ_AGAIN = ("reinforce", "exclude")  # changes that show in the tables


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A case, and of its demand what is looked at; `reading_s` is how long its tables take."""

    case: Case
    demand: pd.DataFrame
    prices: RepairPrices
    clock: Clock
    reading_s: float = 0.0

    @property
    def too_late(self) -> bool:
        """Whether what is left of the time would be gone before a search has begun."""
        share = len(self.demand) / max(1, len(self.case.region.demand))
        return self.clock.left_s <= _SHARE_OF_READING * share * self.reading_s

    @cached_property
    def stated(self) -> Instance:
        """The problem as it stands, as numbers."""
        return assemble(self.scenario, self.region)

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands."""
        return self.case.scenario

    @property
    def limits_mean(self) -> bool:
        """Whether the mean round trip is limited, which searches for repairs do not know."""
        return self.scenario.limits.mean_rtt_ms is not None

    @property
    def settings(self) -> Settings:
        """The solver's."""
        return settings_of(self.case.scenario)

    @property
    def region(self) -> Region:
        """Its tables, with that demand alone."""
        return replace(self.case.region, demand=self.demand)

    def around(self, points: Ints) -> "Trial":
        """Give the part around some points of the case: no other demand counts."""
        keys = pd.MultiIndex.from_frame(self.case.points[["place", "service"]].iloc[points])
        every = self.case.region.demand
        mine = pd.MultiIndex.from_frame(every[["place", "service"]]).isin(keys)
        return replace(self, demand=every[mine].reset_index(drop=True))

    def limited(self) -> Clock:
        """Give the clock of one try."""
        return Clock(min(MOST_S, self.clock.left_s), whole=self.clock)

    def instance(self, changes: Mapping[str, Any]) -> Instance:
        """State the changed problem as numbers; raise InputError for one that makes no sense."""
        if not changes:
            return self.stated
        varied = self.scenario.varied(changes, name=f"{self.scenario.name}-repaired")
        region = self.region
        if _read_again(changes):
            region = replace(read_region(varied), demand=self.demand)
        return assemble(varied, region)

    def cures(self, changes: Mapping[str, Any], *, most_s: float = MOST_S) -> bool | None:
        """Tell whether there is a plan with changes; None: time ran out."""
        if self.clock.left_s <= (self.reading_s if _read_again(changes) else 0.0):
            return None
        try:
            instance = self.instance(changes)
        except InputError:
            return False
        within = Clock(min(most_s, self.clock.left_s), whole=self.clock)
        return plan_exists(instance, self.settings, within)


def _read_again(changes: Mapping[str, Any]) -> bool:
    return any(key in changes for key in _READ_AGAIN)
