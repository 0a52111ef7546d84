"""
What was read once, kept for scenarios that read the same again.

Off unless a process that reads for many scenarios asks for it. What is kept is found again by the
content of the files and by all that its reading depends on, so it never differs from what reading
it again would give; only what has no faults is kept. Tables that come from here are shared: no
step of the reading changes a table it was given.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from microdc.inputs.tables.files import content_hash
from microdc.inputs.tables.findings import Findings
from microdc.inputs.tables.forms.memory import needed

T = TypeVar("T")

MOST_BYTES = 1e9
"""Memory that kept tables may take together, as far as that can be estimated."""


class _Entry(NamedTuple):
    value: Any
    warnings: tuple[str, ...]
    bytes: int


class Kept:
    """What was read last, up to an amount of memory; the longest unused goes first."""

    def __init__(self, most_bytes: float = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()

    def find(self, key: Hashable) -> _Entry | None:
        """Give what is kept under a key, if anything is."""
        if key not in self._entries:
            return None
        self._entries.move_to_end(key)
        return self._entries[key]

    def keep(self, key: Hashable, entry: _Entry) -> None:
        """Keep something, and let go of what there is no room for any more."""
        self._entries[key] = entry
        while sum(e.bytes for e in self._entries.values()) > self._most_bytes:
            self._entries.popitem(last=False)


OF_THIS_PROCESS = Kept()
"""For all that a process reads for many scenarios."""

_KEPT: ContextVar[Kept | None] = ContextVar("kept", default=None)


@contextmanager
def keeping(kept: Kept) -> Iterator[None]:
    """Let everything that is read meanwhile be kept, and found again."""
    token = _KEPT.set(kept)
    try:
        yield
    finally:
        _KEPT.reset(token)


def once(
    what: Hashable, files: Sequence[Path], read: Callable[[Findings], T], findings: Findings
) -> T:
    """
    Give what `read` makes of some files, or made of the same before.

    `what` is all that it depends on beside the bytes of the files. Findings are told either way.
    """
    kept = _KEPT.get()
    if kept is None or findings.faults:  # what is read after a fault may depend on it
        return read(findings)
    key = _key(what, files)
    entry = kept.find(key)
    if entry is None:
        own = Findings()
        entry = _Entry(read(own), tuple(own.warnings), sum(map(_bytes, files)))
        findings.faults.extend(own.faults)
        if not own.faults and key is not None and key == _key(what, files):
            kept.keep(key, entry)
    for warning in entry.warnings:
        findings.warn(warning)
    value: T = entry.value
    return value


def _key(what: Hashable, files: Sequence[Path]) -> Hashable | None:
    """Give what a reading depends on; None if a file cannot be read, which its reader tells."""
    try:
        return (what, *(content_hash(file) for file in files))
    except OSError:
        return None


def _bytes(file: Path) -> int:
    need = needed(file)
    return 0 if need is None else need.bytes
