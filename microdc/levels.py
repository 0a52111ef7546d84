"""The price of resilience: a scenario planned with nothing to survive, then with more and more."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from microdc.errors import UsageError
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.placement.outages.replay import replay_outages
from microdc.placement.outages.statement import Outages
from microdc.placement.plan import Plan
from microdc.placement.store import expect_sound, write_plan
from microdc.report.geojson import write_geojson
from microdc.scenario import Resilience, Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.workflow import PlanResult, begin, plan_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A plan that survives some of the outages, and what all of them would do to it."""

    survives: Resilience | None
    plan: Plan
    outages: Outages


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsResult(PlanResult):
    """The plan that survives all outages, and the levels up to it."""

    levels: tuple[Level, ...]


def plan_levels(
    path: Path,
    out: Path | None,
    *,
    force: bool,
    overrides: dict[str, object],
    watch: Watch,
    clock: Clock,
) -> LevelsResult:
    """
    Plan a scenario once for each level of what it survives; verify all, write the last.

    Each level has the scenario's time limit for itself. Raises as `plan_scenario` does, and
    UsageError where the scenario survives nothing.
    """
    scenario, folder = begin(path, out, force=force, overrides=overrides)
    if scenario.resilience is None:
        msg = f"{scenario.name} is to survive no outage: there are no levels to compare"
        raise UsageError(msg, hint="state what is survived: resilience: {survive: [site]}")
    region = read_region(scenario)
    levels = []
    for survives in _levels(scenario.resilience):
        part = scenario.model_copy(update={"resilience": survives})
        plan = plan_of(part, region, watch, Clock(scenario.solve.time_limit_s, whole=clock))
        expect_sound(plan, folder, part)
        outages = _replayed(scenario, region, plan)
        levels.append(Level(survives=survives, plan=plan, outages=outages))
    write_plan(plan, folder, force=force, also=write_geojson)
    return LevelsResult(plan=plan, folder=folder, levels=tuple(levels))


def _levels(asked: Resilience) -> Iterator[Resilience | None]:
    """Give nothing, then one kind more each time, one at once; then two at once if so asked."""
    yield None
    for count in range(1, len(asked.survive) + 1):
        yield asked.model_copy(update={"survive": asked.survive[:count], "at_once": 1})
    if asked.at_once > 1:
        yield asked


def _replayed(scenario: Scenario, region: Region, plan: Plan) -> Outages:
    """Replay all outages of the scenario on a plan, whether it survives them or not."""
    sizes_mw = pd.concat([plan.sites["mw"], plan.hubs["mw_it"]]).astype(float)
    outages, _ = replay_outages(scenario, region, sizes_mw, plan.service)
    if outages is None:
        msg = "a scenario with levels survives something"
        raise AssertionError(msg)
    return outages
