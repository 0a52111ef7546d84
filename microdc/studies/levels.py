"""The price of resilience: a scenario planned with nothing to survive, then with more and more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from microdc.errors import UsageError
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.placement.outages.replay import replay_outages
from microdc.placement.plan import Plan
from microdc.placement.store import expect_sound, write_plan
from microdc.report.brief import in_brief
from microdc.report.geojson import write_geojson
from microdc.scenario import Resilience, Scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.studies.aims import expect_aims
from microdc.workflow import PlanResult, begin, plan_of

_OF_A_PLAN = (
    *("status", "objective", "cost", "bound", "gap", "sites", "mw"),
    *("worst_outage", "lost_mw_it"),
)


def plan_levels(
    path: Path,
    out: Path | None,
    *,
    force: bool,
    overrides: dict[str, object],
    watch: Watch,
    clock: Clock,
) -> PlanResult:
    """
    Plan a scenario once for each level of what it survives; verify all, write the last.

    Each level has the scenario's time limit for itself. Gives, for each level, `survive` and
    `at_once` (0: nothing is survived); `status`, `cost`, `bound`, `gap`, `sites` and `mw`, as of
    any plan; the `worst_outage` of all that the scenario names, survived or not, what is lost in it
    (`lost_mw_it`) and, of that, promised (`broken_mw_it`). Raises as `plan_scenario` does, and
    UsageError where the scenario survives nothing, or wants the fewest sites or the least worst
    round trip.
    """
    scenario, folder = begin(path, out, force=force, overrides=overrides)
    if scenario.resilience is None:
        msg = f"{scenario.name} is to survive no outage: there are no levels to compare"
        raise UsageError(msg, hint="state what is survived: resilience: {survive: [site]}")
    expect_aims(scenario, "levels of resilience", allowed=("least-cost", "most-served"))
    region = read_region(scenario)
    levels = []
    for survives in levels_of(scenario.resilience):
        part = scenario.model_copy(update={"resilience": survives})
        plan = plan_of(part, region, watch, Clock(scenario.solve.time_limit_s, whole=clock))
        expect_sound(plan, folder, part)
        levels.append(_in_brief(survives, plan, scenario, region))
    write_plan(plan, folder, force=force, also=write_geojson)
    return PlanResult(plan=plan, folder=folder, beside={"levels": levels})


def levels_of(asked: Resilience) -> Iterator[Resilience | None]:
    """Give nothing, then one kind more each time, one at once; then two at once if so asked."""
    yield None
    for count in range(1, len(asked.survive) + 1):
        yield asked.model_copy(update={"survive": asked.survive[:count], "at_once": 1})
    if asked.at_once > 1:
        yield asked


def _in_brief(
    survives: Resilience | None, plan: Plan, scenario: Scenario, region: Region
) -> dict[str, Any]:
    """Sum a level up: its plan, and what the worst outage of the whole scenario would do to it."""
    sizes_mw = pd.concat([plan.sites["mw"], plan.hubs["mw_it"]]).astype(float)
    outages, _ = replay_outages(scenario, region, sizes_mw, plan.service)
    told = outages.to_document() if outages else None
    brief = in_brief({**plan.to_document(), "outages": told})
    worst = outages.worst if outages else None
    return {
        "survive": list(survives.survive) if survives else [],
        "at_once": survives.at_once if survives else 0,
        **{key: brief[key] for key in _OF_A_PLAN},
        "broken_mw_it": worst.broken_mw_it if worst else None,
    }
