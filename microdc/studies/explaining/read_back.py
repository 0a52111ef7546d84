"""The scenario that a plan was made from, read again: refused where it is no longer that."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from microdc.errors import UsageError
from microdc.explain.named import Case, case_of
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.placement.plan import Plan
from microdc.scenario import Scenario, load_scenario


def as_planned(plan: Plan, folder: Path) -> Case:
    """
    Read the scenario and the tables of a plan.

    Raises InputError where they cannot be read, UsageError where one was changed since.
    """
    scenario = load_scenario(Path(plan.provenance["scenario"]["path"]))
    firm = scenario.with_firm_connections()
    if plan.name == firm.name != scenario.name:
        scenario = firm  # planned beside the scenario, to compare
    region = read_region(scenario)
    changed = list(_changed(plan, scenario, region))
    if changed:
        msg = f"changed since {folder} was planned: {', '.join(changed)}"
        raise UsageError(msg, hint="plan the scenario again, then explain that plan")
    return case_of(scenario, region)


def _changed(plan: Plan, scenario: Scenario, region: Region) -> Iterator[str]:
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
