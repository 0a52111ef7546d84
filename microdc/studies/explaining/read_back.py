"""The scenario that a plan was made from, read again: refused where it is no longer that."""

from pathlib import Path

from microdc.errors import UsageError
from microdc.explain.named import Case, case_of
from microdc.inputs.read import read_region
from microdc.placement.plan import Plan
from microdc.placement.read_back import changed_since, scenario_of


def as_planned(plan: Plan, folder: Path) -> Case:
    """
    Read the scenario and the tables of a plan; of a stage, what stages before built must stand.

    Raises InputError where they cannot be read, UsageError where one was changed since.
    """
    scenario = scenario_of(plan)
    if plan.stage is not None:
        force = (*dict.fromkeys([*scenario.limits.force, *plan.stage.kept]),)
        held = scenario.limits.model_copy(update={"force": force})
        scenario = scenario.model_copy(update={"limits": held})
    region = read_region(scenario)
    changed = list(changed_since(plan, scenario, region))
    if changed:
        msg = f"changed since {folder} was planned: {', '.join(changed)}"
        raise UsageError(msg, hint="plan the scenario again, then explain that plan")
    return case_of(scenario, region)
