"""
The content address of a result: all that it follows from, in one hash.

Two runs with one key have the same scenario, down to the files it extends, the same bytes in every
file it reads, the same code and the same solver. How long a search may take and how many threads
it has are not part of it: they change when an answer comes, not whether it is right.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import microdc
from microdc.inputs.read import files_of
from microdc.inputs.tables.forms.vector import parts
from microdc.placement.provenance import versions
from microdc.scenario import Scenario


class Hashes:
    """Hashes of files, each worked out once as long as its size and time stay the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int, int], str] = {}

    def of(self, file: Path) -> str:
        """Give the SHA-256 of a file's bytes; of one that cannot be read, why not."""
        try:
            told = file.stat()
            key = (file, told.st_size, told.st_mtime_ns)
            if key not in self._known:
                self._known[key] = hashlib.sha256(file.read_bytes()).hexdigest()
            return self._known[key]
        except OSError as error:
            return type(error).__name__

    def of_table(self, file: Path) -> str:
        """Give the same of all parts of a table, such as a shapefile has."""
        return " ".join(self.of(part) for part in parts(file))


def inputs_of(scenario: Scenario, hashes: Hashes) -> dict[str, str]:
    """Give the hash of every file that a scenario reads beside itself, by its path in it."""
    return {name: hashes.of_table(path) for name, path in sorted(files_of(scenario).items())}


def key_of(
    scenario: Scenario, inputs: dict[str, str], hashes: Hashes, *, reuse: bool = False
) -> str:
    """Give the content address of what becomes of a scenario, with `reuse` of its neighbours."""
    chain = (scenario.path, *scenario.bases)
    solving = scenario.solve.model_dump(mode="json", exclude={"time_limit_s", "threads"})
    told = {
        "microdc": microdc.__version__,
        "code": code(),
        "scenario": [hashes.of(file) for file in chain],
        "solve": solving,
        "reuse": reuse,
        "inputs": inputs,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@cache
def code() -> str:
    """
    Hash microdc's own sources and the versions of what it solves with.

    An installation for development changes without its version.
    """
    package = Path(microdc.__file__).parent
    digest = hashlib.sha256(json.dumps(versions(), sort_keys=True).encode())
    for file in sorted(package.rglob("*.py")):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
