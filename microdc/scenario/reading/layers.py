"""A scenario file laid over the files it extends: what holds in the end, and where it is stated."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Any

from microdc.errors import Fault, InputError
from microdc.yaml12 import MOST_BYTES, Document, Finding, Keys, dotted, read_yaml

FILE_NAME = "scenario.yaml"
MOST_FILES = 10
"""A variant of a variant is read with pleasure, the tenth no longer."""
OWN_KEYS = ("name", "extends")
"""What a variant never takes from its base."""
WITH_PATHS = ("substations", "parcels", "hubs", "demand", "measured", "pair_prices", "exclude",
              "zones", "hours")  # fmt: skip

Spot = tuple[str, int]
"""A file as it is told to the user, and a line in it; 0 is no line."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a scenario says, its bases merged in, and where each key or entry stands."""

    value: dict[str, Any]
    spots: dict[Keys, Spot]
    files: tuple[Path, ...]
    """The scenario file, what it extends, what that extends."""
    hashes: tuple[str, ...]
    """The SHA-256 of each of them, as it was read."""

    def spot(self, keys: Keys) -> Spot:
        """Find the place of a value, or of the nearest thing around it that is written down."""
        while keys and keys not in self.spots:
            keys = keys[:-1]
        return self.spots.get(keys, (self.files[0].as_posix(), 1))

    def fault(self, finding: Finding) -> Fault:
        """Add file and line to a finding."""
        file, line = self.spot(finding.keys)
        return Fault(
            file=file,
            at=f"line {line}, {dotted(finding.keys)}" if line else dotted(finding.keys),
            says=finding.says,
            found=finding.found,
            allowed=finding.allowed,
            nearest=finding.nearest,
        )


def read_bytes(file: Path) -> bytes:
    """Read a scenario file as far as one may be long; raise OSError or ValueError."""
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def stated_in(content: bytes, file: Path, above: tuple[Path, ...] = ()) -> Stated:
    """
    Read the bytes of a scenario file, and every file it extends.

    `above` are the files on the way here. Raises InputError if one cannot be read, or its
    `extends` leads outside of its folder, in a circle or on for too long.
    """
    document = _document(content, file.as_posix())
    if not isinstance(document.value, dict):
        says = "is not a mapping of keys, such as `name: texas`"
        raise InputError([Fault(file=file.as_posix(), at="line 1", says=says)])
    spots = {keys: (file.as_posix(), line) for keys, line in document.lines.items()}
    own = Stated(document.value, spots, (file,), (hashlib.sha256(content).hexdigest(),))
    if own.value.get("extends") is None:
        return own
    chain = (*above, file)
    base = _base_of(own, chain)
    try:
        below = read_bytes(base)
    except (OSError, ValueError) as error:
        raise _refused(own, f"cannot be read: {getattr(error, 'strerror', error)}") from None
    return laid_over(own, _moved(stated_in(below, base, chain), file.parent))


@lru_cache(maxsize=4)
def _document(content: bytes, file: str) -> Document:
    """Read a file's YAML; hundreds of variants extend one base. Nobody changes what it says."""
    return read_yaml(content, file)


def _base_of(own: Stated, chain: tuple[Path, ...]) -> Path:
    """Find the file that a scenario extends, somewhere below its folder."""
    written, folder = own.value["extends"], chain[-1].parent
    text = getattr(written, "written", written)
    if not isinstance(text, str) or not text.strip():
        raise _refused(own, "is not the path of a file")
    way = PureWindowsPath(text)  # knows both slashes, and drives
    base = folder / Path(*way.parts)
    if way.anchor or ".." in way.parts or not _within(base, folder):
        allowed = "a file in the folder of this one, or below it"
        raise _refused(own, "leads out of the scenario's folder", allowed)
    base = base / FILE_NAME if base.is_dir() else base
    if not base.is_file():
        raise _refused(own, "no such file", near=_like(base))
    if not _within(base, folder):
        raise _refused(own, "leads out of the scenario's folder", "no link to elsewhere")
    if base.resolve() in [file.resolve() for file in chain]:
        circle = " -> ".join(file.name for file in (*chain, base))
        raise _refused(own, f"the files extend each other in a circle: {circle}")
    if len(chain) >= MOST_FILES:
        raise _refused(own, "extends one file more than is read", f"a chain of {MOST_FILES}")
    return base


def _within(base: Path, folder: Path) -> bool:
    try:
        return base.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):  # no name of a file, or links in a circle
        return False


def _like(file: Path) -> str:
    beside = [p.name for p in file.parent.iterdir()] if file.parent.is_dir() else []
    near = get_close_matches(file.name, beside, n=1, cutoff=0.6)
    return near[0] if near else ""


def _refused(own: Stated, says: str, allowed: str = "", near: str = "") -> InputError:
    found = " ".join(str(own.value["extends"]).split())[:60]
    return InputError([own.fault(Finding(("extends",), says, found, allowed, near))])


def laid_over(own: Stated, base: Stated) -> Stated:
    """Merge mappings, replace all else; nothing under a key takes away what the base has there."""
    value = {key: below for key, below in base.value.items() if key not in OWN_KEYS}
    spots = {keys: spot for keys, spot in base.spots.items() if keys[0] not in OWN_KEYS}
    if {"schema"} <= own.value.keys() & value.keys() and own.value["schema"] != value["schema"]:
        stated, allowed = (str(one["schema"]) for one in (own.value, value))
        says = "is not the schema of the file it extends"
        raise InputError([own.fault(Finding(("schema",), says, stated, allowed))])
    return Stated(
        merged(own.value, value),
        _merged_spots(own, base, spots),
        (*own.files, *base.files),
        (*own.hashes, *base.hashes),
    )


def merged(changes: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Give a mapping with changes laid over it; neither is changed."""
    whole = dict(value)
    for key, change in changes.items():
        below = value.get(key)
        if change is None and key in value:
            del whole[key]
        elif isinstance(change, dict) and isinstance(below, dict):
            whole[key] = merged(change, below)
        else:  # an unknown key with nothing under it stays, to be told
            whole[key] = change
    return whole


def _merged_spots(own: Stated, base: Stated, spots: dict[Keys, Spot]) -> dict[Keys, Spot]:
    """Forget where replaced values stood; a value taken away stands where that was said."""
    replaced = set(_replaced(own.value, base.value, ()))
    kept = {
        keys: spot
        for keys, spot in spots.items()
        if not any(keys[:depth] in replaced for depth in range(1, len(keys) + 1))
    }
    return kept | own.spots


def _replaced(changes: dict[str, Any], value: dict[str, Any], way: Keys) -> Iterator[Keys]:
    for key, change in changes.items():
        below = value.get(key)
        if isinstance(change, dict) and isinstance(below, dict):
            yield from _replaced(change, below, (*way, key))
        else:
            yield (*way, key)


def _moved(base: Stated, folder: Path) -> Stated:
    """Make paths that a base states relative to its own folder relative to that of a variant."""
    inner = base.files[0].parent.relative_to(folder)
    return base if inner == Path() else replace(base, value=moved(base.value, inner))


def moved(value: dict[str, Any], inner: Path) -> dict[str, Any]:
    """Lead every relative path that a scenario states through a folder; nothing is changed."""
    return {
        key: _moved_in(below, inner, (key,)) if key in WITH_PATHS else below
        for key, below in value.items()
    }


def _moved_in(value: Any, inner: Path, way: Keys) -> Any:
    if isinstance(value, dict):
        return {key: _moved_in(below, inner, (*way, key)) for key, below in value.items()}
    if isinstance(value, list):
        return [_moved_in(below, inner, (*way, n)) for n, below in enumerate(value)]
    text = getattr(value, "written", value)
    # Profiles may be listed as bare paths.
    names_file = way[-1] == "path" or (way[:2] == ("hours", "profiles") and len(way) <= 3)
    if names_file and isinstance(text, str) and text.strip():
        return (inner / text.strip()).as_posix()
    return value
