"""The scenario and the tables that a plan was made from, read again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from microdc.inputs.region import Region
from microdc.placement.plan import Plan
from microdc.scenario import Scenario, load_scenario, scenario_of_stage


def scenario_of(plan: Plan) -> Scenario:
    """Read the scenario of a plan; raise InputError where it cannot be read."""
    scenario = load_scenario(Path(plan.provenance["scenario"]["path"]))
    if plan.stage is not None:
        return scenario_of_stage(scenario, plan.stage.name, plan.stage.future)
    firm = scenario.with_firm_connections()
    if plan.name == firm.name != scenario.name:
        return firm  # planned beside the scenario, to compare
    return scenario


def changed_since(plan: Plan, scenario: Scenario, region: Region) -> Iterator[str]:
    """Name the files that are not, to the byte, those that were planned."""
    stated = [plan.provenance["scenario"], *plan.provenance.get("bases", ())]
    as_stated = {Path(file["path"]).resolve(): file["sha256"] for file in stated}
    for path in (scenario.path, *scenario.bases):
        if as_stated.get(path.resolve()) != hashlib.sha256(path.read_bytes()).hexdigest():
            yield path.name
    before = {Path(r["path"]).resolve(): r["sha256"] for r in plan.provenance["inputs"]}
    for record in region.sources:
        if before.get(record.path.resolve()) != record.sha256:
            yield record.path.name
