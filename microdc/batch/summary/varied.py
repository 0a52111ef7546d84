"""In which keys the scenarios of a batch differ, and what each says there."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from microdc.errors import InputError
from microdc.scenario.reading.layers import WITH_PATHS, read_bytes, stated_in
from microdc.yaml12 import Keys, dotted

_OWN = ("schema", "name", "extends")
"""What tells scenarios apart without making them differ."""


def varied_in(files: Sequence[Path]) -> list[dict[str, Any]]:
    """
    Give, for each scenario file, its values of the keys in which not all of the files agree.

    Keys are dotted, in the order of the files; a key that a scenario leaves out is missing there.
    Values are numbers, truths, or text as it was written; paths are told from the folder that all
    of that key share. A file that cannot be read says nothing.
    """
    stated = [_stated(file) for file in files]
    readable = [one for one in stated if one]
    keys = dict.fromkeys(key for one in readable for key in one)
    differing = [key for key in keys if len({repr(one.get(key)) for one in readable}) > 1]
    shown = {key: _short_paths([one.get(key) for one in stated]) for key in differing}
    return [
        {key: values[place] for key, values in shown.items() if key in one}
        for place, one in enumerate(stated)
    ]


def short_names(keys: Sequence[str]) -> dict[str, str]:
    """Name each key by its last words, as many as tell it from the others."""
    names: dict[str, str] = {}
    for key in keys:
        words = key.split(".")
        tails = [".".join(words[-count:]) for count in range(1, len(words) + 1)]
        others = [other for other in keys if other != key]
        alone = (t for t in tails if not any(f".{other}".endswith(f".{t}") for other in others))
        names[key] = next(alone, key)
    return names


def _stated(file: Path) -> dict[str, Any]:
    try:
        stated = stated_in(read_bytes(file), file)
    except (OSError, ValueError, InputError):
        return {}
    kept = {key: value for key, value in stated.value.items() if key not in _OWN}
    return {dotted(way): value for way, value in _leaves(kept, (), file.absolute().parent)}


def _leaves(value: Any, way: Keys, folder: Path) -> Iterator[tuple[Keys, Any]]:
    if isinstance(value, Mapping) and value:
        for key, below in value.items():
            yield from _leaves(below, (*way, key), folder)
    elif isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value):
        for place, entry in enumerate(value):  # a list of one may stand unlisted
            yield from _leaves(entry, way if len(value) == 1 else (*way, place), folder)
    else:
        yield way, _leaf(value, way, folder)


def _leaf(value: Any, way: Keys, folder: Path) -> Any:
    if isinstance(value, str) and way[0] in WITH_PATHS and way[-1] == "path":
        return PurePosixPath(Path(os.path.normpath(folder / value)).as_posix())
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)  # 4.0 is no other value than 4
    return float(value) if isinstance(value, float) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_text(entry) for entry in value)}]"
    return str(getattr(value, "written", value))


def _short_paths(values: list[Any]) -> list[Any]:
    """Tell paths from the folder that they share."""
    paths = [value for value in values if isinstance(value, PurePosixPath)]
    if not paths:
        return values
    try:
        shared = os.path.commonpath([str(path.parent) for path in paths])
    except ValueError:  # on different drives
        shared = ""
    return [
        os.path.relpath(value, shared).replace("\\", "/")
        if shared and isinstance(value, PurePosixPath)
        else None
        if value is None
        else str(value)
        if isinstance(value, PurePosixPath)
        else value
        for value in values
    ]
