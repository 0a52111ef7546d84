"""From a file to a checked scenario, or to every fault in it at once."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from microdc.errors import Fault, InputError
from microdc.scenario.checks import faults_between_parts
from microdc.scenario.findings import finding_of, place
from microdc.scenario.grammar import Scenario
from microdc.scenario.later import take_later_keys
from microdc.yaml12 import MOST_BYTES, read_yaml

FILE_NAME = "scenario.yaml"
MOST_FAULTS = 50


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
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
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
    document = read_yaml(content, file.as_posix())
    if not isinstance(document.value, dict):
        says = "is not a mapping of keys, such as `name: texas`"
        raise InputError([Fault(file=file.as_posix(), at="line 1", says=says)])
    today, later = take_later_keys(document.value)
    faults = [place(document, file, finding) for finding in later]
    parts: dict[str, Any] = {}
    try:
        scenario = Scenario.model_validate(today, context=parts)
    except ValidationError as error:
        told = {finding.keys for finding in later}
        findings = (finding_of(detail, document) for detail in error.errors(include_url=False))
        faults += [place(document, file, f) for f in findings if f.keys not in told]
    faults += [place(document, file, finding) for finding in faults_between_parts(parts)]
    if faults:
        raise InputError(_in_order(faults))
    scenario._path = file.absolute()
    if scenario.dollar == 1:
        return scenario
    return scenario.model_copy(update={"costs": scenario.costs.in_currency(scenario.dollar)})


def _in_order(faults: list[Fault]) -> list[Fault]:
    """Put faults in the order of the file; of an endless list, give the start and the count."""
    faults = sorted(faults, key=lambda fault: int(fault.at.split(",")[0].removeprefix("line ")))
    rest = len(faults) - MOST_FAULTS
    if rest > 0:
        more = Fault(file=faults[0].file, says=f"and {rest} faults more")
        faults = [*faults[:MOST_FAULTS], more]
    return faults
