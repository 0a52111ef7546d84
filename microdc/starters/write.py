"""A new scenario folder to begin from: a copy of one that travels with the package."""

import json
import re
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from microdc.errors import UsageError
from microdc.scenario.reading.layers import FILE_NAME
from microdc.scenario.words import FolderName

_LINE = re.compile(r"^name: .*$", re.MULTILINE)
_BARE = re.compile(r"(?!(?:null|true|false|yes|no|on|off|y|n)$)[a-z][a-z0-9_-]*")
"""Names that every reader of YAML takes for text without quotes."""


def write_starter(folder: Path, starter: str) -> Path:
    """
    Copy a starter (a folder of `microdc/starters`) to a folder that is not there yet.

    The scenario takes the folder's name. Raises UsageError if the folder exists, or if its name
    cannot be a scenario's; nothing is ever overwritten, and nothing half-written stays.
    """
    name = _scenario_name(folder)
    if folder.exists() or folder.is_symlink():
        msg = f"{folder} exists already"
        raise UsageError(msg, hint="name a folder that is not there yet")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new.", suffix=".part", dir=folder.parent) as beside:
        draft = Path(beside) / folder.name
        with as_file(files("microdc") / "starters" / starter) as source:
            shutil.copytree(source, draft, copy_function=shutil.copyfile)
        scenario = draft / FILE_NAME
        named = _LINE.sub(lambda _: f"name: {name}", scenario.read_text("utf-8"), count=1)
        scenario.write_text(named, encoding="utf-8", newline="\n")
        draft.chmod(0o755)
        _settle(draft, folder)
    return folder / FILE_NAME


def _settle(draft: Path, folder: Path) -> None:
    """Move a finished folder to its place, unless somebody made one there meanwhile."""
    try:
        draft.rename(folder)
    except OSError as error:
        msg = f"{folder} cannot be made: {error.strerror}"
        raise UsageError(msg) from None


def _scenario_name(folder: Path) -> str:
    """Give the folder's name as YAML text, in quotes where it might pass for something else."""
    try:
        name = TypeAdapter(FolderName).validate_python(folder.name)
    except ValidationError as error:
        msg = f"'{folder.name}' cannot name a scenario: {error.errors()[0]['msg']}"
        raise UsageError(msg, hint="letters, digits, - and _ will do") from None
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
