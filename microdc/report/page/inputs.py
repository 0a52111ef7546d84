"""What a plan was made from, where it is still there: the page shows more of it then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from microdc.errors import MicrodcError
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.placement.plan import Plan
from microdc.placement.read_back import changed_since, scenario_of
from microdc.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The scenario of a plan and its tables, to the byte those that were planned."""

    scenario: Scenario
    region: Region


Why = Callable[[Plan, Inputs], dict[str, Any]]
"""Says why a plan leaves what it does unserved, as `explanation.json` has it."""


def inputs_of(plan: Plan) -> tuple[Inputs | None, str]:
    """Read what a plan was made from; None, and a sentence why, where that is no longer there."""
    try:
        scenario = scenario_of(plan)
        region = read_region(scenario)
    except (MicrodcError, OSError):
        return None, "What the plan was made from can no longer be read."
    changed = list(changed_since(plan, scenario, region))
    if changed:
        return None, f"Changed since it was planned: {', '.join(changed)}."
    return Inputs(scenario=scenario, region=region), ""
