"""A scenario, or the part of it around a bottleneck, with changes tried on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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

_READ_AGAIN = ("reinforce", "exclude")  # changes that show in the tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A case, and of its demand what is looked at."""

    case: Case
    demand: pd.DataFrame
    prices: RepairPrices
    clock: Clock

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands."""
        return self.case.scenario

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
        varied = self.scenario.varied(changes, name=f"{self.scenario.name}-repaired")
        region = self.region
        if any(key in changes for key in _READ_AGAIN):
            region = replace(read_region(varied), demand=self.demand)
        return assemble(varied, region)

    def cures(self, changes: Mapping[str, Any], *, most_s: float = MOST_S) -> bool | None:
        """Tell whether there is a plan with changes; None: time ran out."""
        if self.clock.expired:
            return None
        try:
            instance = self.instance(changes)
        except InputError:
            return False
        within = Clock(min(most_s, self.clock.left_s), whole=self.clock)
        return plan_exists(instance, self.settings, within)
