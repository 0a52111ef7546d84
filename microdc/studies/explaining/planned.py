"""A plan's folder read back with the scenario it was made from, to ask questions of."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from microdc.explain.sites.base import Base, stand
from microdc.explain.sites.changes import Solved
from microdc.inputs.region import Region
from microdc.instance import Instance
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.placement.plan import Plan
from microdc.placement.store import read_plan
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Watch
from microdc.solve.turns.held import held_to
from microdc.studies.explaining.read_back import as_planned
from microdc.workflow import settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    A plan, its scenario and tables, and its problem solved again from it.

    `whole` is the problem with all demand, of plans with as few sites and as short round trips as
    this one where it was planned for those; that of `base` leaves out what no site reaches and,
    where most was to be served, keeps to plans that serve as much.
    """

    plan: Plan
    scenario: Scenario
    region: Region
    whole: Instance
    base: Base

    def held(self, changed: Instance) -> Instance:
        """Give a changed problem as `whole` is: of plans as good by what comes before cost."""
        return held_to(changed, self.plan.certificate.reached)

    def within(self, changed: Instance) -> Instance:
        """Give a changed problem as the base has it: far demand set aside, service kept."""
        return _comparable(self.held(changed), self.plan)

    def name_of(self, row: str) -> str:
        """Name a substation, parcel or hub by its id, and its name where that says more."""
        hosts = self.region.hosts["name"]
        name = str(hosts[row]) if row in hosts.index else row
        return row if name == row else f"{name} ({row})"


def take_up(folder: Path, time_limit_s: float | None, watch: Watch, clock: Clock) -> Planned:
    """
    Read a plan's folder and the scenario it names, and solve its problem again from the plan.

    The time limit is the scenario's unless stated, from the clock's start. Raises InputError where
    either cannot be read, and UsageError where the scenario or a table was changed since.
    """
    plan = read_plan(folder)
    case = as_planned(plan, folder)
    scenario, region = case.scenario, case.region
    whole = held_to(case.instance, plan.certificate.reached)
    limit_s = scenario.solve.time_limit_s if time_limit_s is None else time_limit_s
    within = Clock(max(0.0, limit_s - clock.seconds), whole=clock)
    proven = plan.certificate
    of_all = plan.alternative is None  # else its bound is of plans that differ from others
    known = Solved(cost=proven.cost_mn_yr, bound=proven.bound_mn_yr if of_all else -np.inf)
    settings = replace(settings_of(scenario), gap=proven.asked_gap)
    base = stand(_comparable(whole, plan), sizes_mw(plan), known, settings)(within, watch)
    return Planned(plan=plan, scenario=scenario, region=region, whole=whole, base=base)


def sizes_mw(plan: Plan) -> "pd.Series[float]":
    """Give what a plan builds, and what it reserves at hubs (MW, by id)."""
    hubs = plan.hubs["mw_it"].astype(float)
    return pd.concat([plan.sites["mw"].astype(float), hubs[hubs > 0]])


def _comparable(instance: Instance, plan: Plan) -> Instance:
    within, lost = set_aside(instance)
    if plan.certificate.unserved_bound_mw_it is None:
        return within
    unserved_mw_it = float(
        plan.services["demand_mw_it"].sum() - plan.services["served_mw_it"].sum()
    )
    most_mw_it = max(0.0, unserved_mw_it - float(lost.sum())) + TOLERANCE_MW_IT
    return replace(within, most_unserved_mw_it=most_mw_it)
