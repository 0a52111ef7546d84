"""A repaired scenario as a file that extends the one it repairs."""

from pathlib import Path

from microdc.errors import UsageError
from microdc.scenario import Scenario
from microdc.scenario.reading.variant import write_variant
from microdc.studies.repairing.found import Repairs, changes_of


def apply_repair(
    scenario: Scenario, repairs: Repairs, path: Path | None, number: int | None, *, force: bool
) -> Path:
    """
    Write the scenario with the cheapest mix, or single repair `number`, as a variant of it.

    The default path is `NAME-repaired.yaml` beside the scenario. Raises UsageError where there is
    no such repair, or the file exists (unless `force`).
    """
    found = changes_of(repairs, number)
    if found is None:
        what = "no mix of repairs was found" if number is None else f"there is no repair {number}"
        raise UsageError(f"{what} for {scenario.name}", hint="microdc explain lists what there is")
    repair, changes = found
    name = f"{scenario.name}-repaired"
    target = scenario.folder / f"{name}.yaml" if path is None else path
    because = f"Repaired: {repair.says}."
    if repair.kind == "mix":
        because = "Repaired: " + "; ".join(part.says.split("; cures")[0] for part in repairs.parts)
    if not repair.confirmed:
        because += " Not confirmed: there was no time to look for a plan with it."
    write_variant(scenario, changes, target, name=name, because=because, force=force)
    return target
