"""What a sweep is asked to vary: keys of a scenario, and the values that each is to have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from microdc.errors import InputError, UsageError
from microdc.scenario.reading.layers import merged
from microdc.yaml12 import Keys, meaning, read_yaml

OWN = ("schema", "name", "extends")
"""Keys that a variant states for itself."""

_NAME = r"""(?:"[^"]+"|'[^']+'|[^.\[\]"'=]+)"""
_KEY = re.compile(rf"{_NAME}(?:\[\d+\])*(?:\.{_NAME}(?:\[\d+\])*)*(?==)")
_STEP = re.compile(r"""\[(\d+)\]|"([^"]+)"|'([^']+)'|([^.\[\]"']+)""")
_HOW = (
    "as in --set services.rtt-5ms.rtt_ms=4,5,6; a name with a dot stands in quotes, an entry of a "
    "list is counted from 1: 'exclude[1].buffer_km=0,0.5'"
)
_OPENS, _CLOSES = "([{", ")]}"
_ENDS = {'"': '"', "'": "'", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Swept:
    """A key of a scenario, as it was typed and as a way to it, and the values it is to have."""

    key: str
    way: Keys
    values: tuple[Any, ...]
    written: tuple[str, ...]
    """The values as they were typed, text without its quotes."""


def swept_in(texts: Sequence[str]) -> list[Swept]:
    """
    Read what each `--set KEY=VALUE,VALUE` says; values are those of YAML 1.2.

    A comma within quotes or brackets separates nothing. Raises UsageError.
    """
    swept = [_swept(text) for text in texts]
    for n, one in enumerate(swept):
        for other in swept[:n]:
            shared = min(len(one.way), len(other.way))
            if one.way[:shared] == other.way[:shared]:
                msg = f"--set {one.key}: {other.key} is varied already"
                raise UsageError(msg, hint="give all values of a key in one --set")
    return swept


def changed(base: dict[str, Any], assignments: Sequence[tuple[Swept, Any]]) -> dict[str, Any]:
    """Give what a variant states so that each key has its value; raise UsageError if none can."""
    changes: dict[str, Any] = {}
    for one, value in assignments:
        changes = merged(_change(merged(changes, base), one.way, value, one.key), changes)
    return changes


def _swept(text: str) -> Swept:
    found = _KEY.match(text)
    if found is None:
        raise UsageError(f"--set {text}: is not KEY=VALUE,VALUE", hint=_HOW)
    key = found[0]
    way = tuple(_steps(key))
    if way[0] in OWN:
        raise UsageError(f"--set {key}: each variant states its own {way[0]}")
    pieces = list(_pieces(key, text[found.end() + 1 :]))
    values = tuple(_value(key, piece) for piece in pieces)
    for n, value in enumerate(values):
        if value in values[:n]:
            raise UsageError(f"--set {key}: the value {pieces[n]} is given twice")
    written = (v if isinstance(v, str) else p for v, p in zip(values, pieces, strict=True))
    return Swept(key, way, values, tuple(written))


def _steps(key: str) -> Iterator[str | int]:
    for place, *names in _STEP.findall(key):
        yield int(place) - 1 if place else next(name for name in names if name).strip()


def _pieces(key: str, text: str) -> Iterator[str]:
    """Cut text at its commas, but for those within quotes or brackets."""
    depth, quote, start = 0, "", 0
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "," and not depth:
            yield text[start:at].strip()
            start = at + 1
        else:
            depth += (letter in _OPENS) - (letter in _CLOSES)
    if quote or depth:
        what = "a quote" if quote else "a bracket"
        hint = "put a text with commas, quotes or brackets of its own into quotes"
        raise UsageError(f"--set {key}: {what} is open in {text}", hint=hint)
    yield text[start:].strip()


def _value(key: str, piece: str) -> Any:
    """Read a value: plain letters as a scenario has them, in quotes or brackets as YAML."""
    if not piece:
        msg = f"--set {key}: a value is empty"
        raise UsageError(msg, hint="null takes away what the base says; '' is a text of no letters")
    if not piece.isprintable():
        raise UsageError(f"--set {key}: a value has a character that cannot be printed")
    end = _ENDS.get(piece[0])
    if end is None:
        return meaning(piece)
    hint = "put a text with commas, quotes or brackets of its own into quotes"
    if not piece.endswith(end):
        raise UsageError(f"--set {key}: {piece} goes on after its {end}", hint=hint)
    try:
        return read_yaml(f"- {piece}".encode(), f"--set {key}").value[0]
    except InputError as error:
        raise UsageError(f"--set {key}: {piece} {error.faults[0].says}", hint=hint) from None


def _change(base: Any, way: Keys, value: Any, key: str) -> Any:
    """Give the least that, laid over the base, puts a value at the end of a way."""
    if not way:
        return value
    step, rest = way[0], way[1:]
    if isinstance(step, int):
        if not isinstance(base, list) or not 0 <= step < len(base):
            raise _no_entry(base, step, key)
        entry = _change(base[step], rest, value, key)
        whole = isinstance(entry, dict) and isinstance(base[step], dict)
        return [*base[:step], merged(entry, base[step]) if whole else entry, *base[step + 1 :]]
    if isinstance(base, list):
        hint = f"say which, counted from 1, as in {key.rsplit('.', 1)[0]}[1]"
        raise UsageError(f"--set {key}: there is a list before {step}", hint=hint)
    below = base.get(step) if isinstance(base, dict) else None
    return {step: _change(below, rest, value, key)}


def _no_entry(base: Any, step: int, key: str) -> UsageError:
    if isinstance(base, list):
        return UsageError(f"--set {key}: the list has {len(base)} entries, and none {step + 1}")
    hint = "leave the number out" if isinstance(base, dict) else ""
    return UsageError(f"--set {key}: there is no list to count in", hint=hint)


def unknown_class(base: dict[str, Any], one: Swept) -> UsageError | None:
    """Say that a class of requests is not there to be varied, and which may be meant."""
    classes = base.get("services")
    named = len(one.way) > 1 and one.way[0] == "services"
    if not named or not isinstance(classes, dict) or one.way[1] in classes:
        return None
    wanted = str(one.way[1])
    near = get_close_matches(wanted, list(classes), n=1) or list(classes)[:1]
    return UsageError(
        f"--set {one.key}: the scenario has no class {wanted}",
        hint=f'did you mean {near[0]}? A name with a dot stands in quotes: services."rtt-2.5ms"',
    )
