"""From a file to a checked scenario, or to every fault in it at once."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from microdc.errors import Fault, InputError
from microdc.scenario.checks import faults_between_parts
from microdc.scenario.grammar import Scenario
from microdc.scenario.parts.stages.staged import scenario_of_stage
from microdc.scenario.reading.findings import finding_of
from microdc.scenario.reading.layers import (
    FILE_NAME,
    OWN_KEYS,
    Stated,
    laid_over,
    read_bytes,
    stated_in,
)
from microdc.yaml12 import Keys

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a scenario was read, so that it can be varied; two that say the same are equal."""

    stated: Stated = field(compare=False)
    parts: dict[str, Any] = field(compare=False)
    """Its parts as they were checked, before anybody copied it with others."""
    vary: Callable[[Scenario, Mapping[str, Any], str], Scenario] = field(compare=False)


def load_scenario(path: Path) -> Scenario:
    """
    Read a scenario file, or the `scenario.yaml` of a folder.

    Raises
    ------
    InputError
        With every fault found: file, line, key, what was found, what is allowed.
    """
    file = path / FILE_NAME if path.is_dir() else path
    try:
        content = read_bytes(file)
    except (OSError, ValueError) as error:
        raise InputError([_unreadable(file, error)]) from None
    return parse_scenario(content, file)


def _unreadable(file: Path, error: OSError | ValueError) -> Fault:
    if not isinstance(error, FileNotFoundError):
        says = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        return Fault(file=file.as_posix(), says=says)
    folder = file.parent
    beside = [p.name for p in folder.iterdir() if p.is_file()] if folder.is_dir() else []
    near = get_close_matches(file.name, beside, n=1, cutoff=0.6)
    return Fault(file=file.as_posix(), says="no such file", nearest=near[0] if near else "")


def parse_scenario(content: bytes, file: Path) -> Scenario:
    """Check the bytes of a scenario file; paths in it are relative to where `file` stands."""
    return checked(stated_in(content, file), file)


def checked(stated: Stated, file: Path) -> Scenario:
    """Check what a scenario file and its bases say together; raise InputError with all faults."""
    faults: list[Fault] = []
    parts: dict[str, Any] = {}
    try:
        scenario = Scenario.model_validate(stated.value, context=parts)
    except ValidationError as error:
        findings = (finding_of(detail, stated) for detail in error.errors(include_url=False))
        faults += map(stated.fault, findings)
    faults += [stated.fault(finding) for finding in faults_between_parts(parts)]
    if faults:
        raise InputError(_in_order(faults, stated))
    if scenario.dollar != 1:
        costs = scenario.costs.in_currency(scenario.dollar)
        scenario = scenario.model_copy(update={"costs": costs})
    scenario._path = file.absolute()
    scenario._reading = Reading(stated=stated, parts=dict(scenario), vary=varied)
    return scenario


def varied(scenario: Scenario, changes: Mapping[str, Any], name: str) -> Scenario:
    """
    Lay changes over a scenario, as `Scenario.varied` says; no file is read.

    Raises InputError with every fault, those of the changes told as of the variant.
    """
    read: Reading = scenario._reading
    own = {**changes, "name": name}
    spots = dict.fromkeys(_ways(own, ()), (f"{scenario.path.name}, variant {name}", 0))
    whole = laid_over(Stated(own, spots, (), ()), read.stated)
    variant = checked(whole, scenario.path)
    since = {
        key: value
        for key, value in scenario
        if value is not read.parts[key] and key not in (*changes, *OWN_KEYS)
    }
    variant = variant.model_copy(update=since) if since else variant
    return variant if scenario.stage is None else _of_same_stage(scenario, variant, changes)


def _of_same_stage(scenario: Scenario, variant: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Give a variant of a stage: what the stage asks for holds, but for limits that changed."""
    assert scenario.stage is not None
    future = None if scenario.future is None else scenario.future.name
    staged = scenario_of_stage(variant, scenario.stage.name, future)
    changed = {key: getattr(variant.limits, key) for key in changes.get("limits") or {}}
    limits = staged.limits.model_copy(update=changed)
    return staged.model_copy(update={"name": variant.name, "limits": limits})


def _ways(value: Any, way: Keys) -> Iterator[Keys]:
    entries = value.items() if isinstance(value, Mapping) else ()
    for key, below in enumerate(value) if isinstance(value, list | tuple) else entries:
        yield (*way, key)
        yield from _ways(below, (*way, key))


def _in_order(faults: list[Fault], stated: Stated) -> list[Fault]:
    """Put faults in the order of the files; of an endless list, give the start and the count."""
    files = [file.as_posix() for file in stated.files]

    def order(fault: Fault) -> tuple[int, int]:
        line = re.match(r"line (\d+)", fault.at)
        return files.index(fault.file) if fault.file in files else -1, int(line[1]) if line else 0

    faults = sorted(faults, key=order)
    rest = len(faults) - MOST_FAULTS
    if rest > 0:
        more = Fault(file=faults[0].file, says=f"and {rest} faults more")
        faults = [*faults[:MOST_FAULTS], more]
    return faults
