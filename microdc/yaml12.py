"""
YAML read as data and nothing else, under the core rules of YAML 1.2, with line numbers.

PyYAML scans and parses; the values are made here, because its own rules are those of YAML 1.1
(`NO` is false, `1e-3` is text, `5:30` is 330). Tags, duplicate keys, recursive or exploding
aliases and deep nesting are refused; numbers remember how they were written.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml

from microdc.errors import Fault, InputError

MOST_BYTES = 1_000_000
MOST_VALUES = 100_000
"""A scenario may name every substation of a continent; an alias bomb wants billions."""
MOST_DEPTH = 20

Keys = tuple[str | int, ...]
"""Way to a value: keys of mappings and positions in lists."""

_NULL = re.compile(r"|~|null|Null|NULL")
_TRUTH = re.compile(r"true|True|TRUE|false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_MOST_DIGITS = 200


class WrittenInt(int):
    """A whole number that remembers its digits."""

    written: str


class WrittenFloat(float):
    """A number that remembers its digits."""

    written: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a document, by the way to it; `Fault` adds file and line."""

    keys: Keys
    says: str
    found: str = ""
    allowed: str = ""
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What a YAML file says, and on which line each key or entry stands."""

    value: Any
    lines: dict[Keys, int]

    def line(self, keys: Keys) -> int:
        """Find the line of a value, or of the nearest thing around it that is written down."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)


class _RefusedError(Exception):
    def __init__(self, line: int, says: str, *, found: str = "", allowed: str = "") -> None:
        super().__init__(says)
        self.line, self.says, self.found, self.allowed = line, says, found, allowed


def read_yaml(content: bytes, file: str) -> Document:
    """
    Read one YAML document.

    Raises
    ------
    InputError
        With file, line and column; every duplicate key is told.
    """
    try:
        node = _tree(_text(content))
        if node is None:
            raise _RefusedError(1, "says nothing", allowed="keys such as schema, name, substations")
        walk = _Walk()
        value = walk.value(node, ())
    except yaml.MarkedYAMLError as error:
        raise InputError([_syntax_fault(error, file)]) from None
    except _RefusedError as refused:
        at = f"line {refused.line}"
        fault = Fault(
            file=file, at=at, says=refused.says, found=refused.found, allowed=refused.allowed
        )
        raise InputError([fault]) from None
    if walk.duplicates:
        raise InputError(_duplicate_faults(walk.duplicates, file))
    return Document(value, walk.lines)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise _RefusedError(1, "is too long", allowed=f"{MOST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}"
        raise _RefusedError(line, "is not UTF-8 text", found=found, allowed="UTF-8") from None
    hidden = _UNPRINTABLE.search(text.replace("\r\n", "\n"))
    if hidden:
        line = text.count("\n", 0, hidden.start()) + 1
        raise _unprintable(line, hidden[0])
    return text


def _unprintable(line: int, letter: str) -> _RefusedError:
    return _RefusedError(
        line, "has a character that cannot be printed", found=f"U+{ord(letter):04X}"
    )


def _syntax_fault(error: yaml.MarkedYAMLError, file: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    at = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    what = ", ".join(part for part in (error.context, error.problem) if part)
    if "'\\t'" in what:
        return Fault(file=file, at=at, says="is not YAML: a tab", allowed="spaces to indent with")
    return Fault(file=file, at=at, says=f"is not YAML: {what}")


def _duplicate_faults(duplicates: list[tuple[Keys, int, int]], file: str) -> list[Fault]:
    return [
        Fault(
            file=file,
            at=f"line {again}, {dotted(keys)}",
            says=f"the key is given twice, first on line {first}",
        )
        for keys, first, again in duplicates
    ]


def dotted(keys: Keys) -> str:
    """Write the way to a value as users do: `substations[1].path`."""
    text = ""
    for key in keys:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text


class _Loader(yaml.SafeLoader):
    """PyYAML's parser with a limit on depth and no tags; `_scalar` gives plain text its meaning."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line, tag = event.start_mark.line + 1, getattr(event, "tag", None)
        if tag is not None:
            raise _RefusedError(
                line, "tags are refused", found=str(tag)[:60], allowed="plain values"
            )
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _RefusedError(line, "is nested too deeply", allowed=f"{MOST_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        """Say whether a scalar is plain: its meaning depends on its letters; quoted is text."""
        return "plain" if kind is yaml.ScalarNode and implicit[0] else "text"


def _tree(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    except (ValueError, OverflowError):
        # PyYAML lets these out for escapes beyond Unicode and endless version numbers
        raise _RefusedError(
            loader.line + 1, "is not YAML: an escape or a directive is wrong"
        ) from None
    finally:
        loader.dispose()


@dataclass(slots=True)
class _Walk:
    """Values of a tree of nodes; counts what aliases unfold to and notes lines on the way."""

    lines: dict[Keys, int] = field(default_factory=dict)
    duplicates: list[tuple[Keys, int, int]] = field(default_factory=list)
    values: int = 0
    open: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, keys: Keys) -> Any:
        line = node.start_mark.line + 1
        self.values += 1
        if self.values > MOST_VALUES:
            raise _RefusedError(
                line, "holds too many values", allowed=f"{MOST_VALUES}, aliases unfolded"
            )
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if id(node) in self.open:
            raise _RefusedError(line, "an alias stands inside what it refers to")
        self.open.add(id(node))
        value = (
            self._mapping(node, keys)
            if isinstance(node, yaml.MappingNode)
            else self._list(node, keys)
        )
        self.open.discard(id(node))
        return value

    def _list(self, node: yaml.Node, keys: Keys) -> list[Any]:
        values = []
        for place, child in enumerate(node.value):
            way = (*keys, place)
            self.lines.setdefault(way, child.start_mark.line + 1)
            values.append(self.value(child, way))
        return values

    def _mapping(self, node: yaml.Node, keys: Keys) -> dict[Hashable, Any]:
        values: dict[Hashable, Any] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise _RefusedError(line, "a key must be text")
            key = _printable(key_node)
            way = (*keys, key)
            if key in values:
                again = (way, self.lines[way], line)
                if again not in self.duplicates:
                    self.duplicates.append(again)
                continue
            self.lines[way] = line
            values[key] = self.value(child, way)
        return values


def _printable(node: yaml.ScalarNode) -> str:
    text: str = node.value
    hidden = _UNPRINTABLE.search(text)
    if hidden:
        raise _unprintable(node.start_mark.line + 1, hidden[0])
    return text


def _scalar(node: yaml.ScalarNode) -> Any:
    """Give a scalar its meaning under the core schema of YAML 1.2.2, section 10.3.2."""
    text = _printable(node)
    return meaning(text) if node.tag == "plain" else text


def meaning(text: str) -> Any:
    """Say what plain letters mean: nothing, a truth, a number, or the text they are."""
    if _NULL.fullmatch(text):
        return None
    if _TRUTH.fullmatch(text):
        return text.lower() == "true"
    return _number(text)


def _number(text: str) -> str | WrittenInt | WrittenFloat:
    """Read a number, keeping its letters; text that is no number stays what it is."""
    number: WrittenInt | WrittenFloat
    if _WHOLE.fullmatch(text) and len(text) <= _MOST_DIGITS:
        number = WrittenInt(text, 0 if text.startswith(("0o", "0x")) else 10)
    elif _REAL.fullmatch(text):
        number = WrittenFloat(text)
    elif _INFINITE.fullmatch(text):
        number = WrittenFloat(text.replace(".", ""))
    else:
        return text
    number.written = text
    return number
