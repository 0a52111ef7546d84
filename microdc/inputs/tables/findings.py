"""What is found wrong or odd while reading: gathered, and told all at once."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from microdc.errors import Fault, InputError

TOLD_OF_ONE_KIND = 10
"""Faults of one kind that are told one by one; the others are counted."""


@dataclass(slots=True)
class Findings:
    """Faults, which stop the reading once everything is read, and warnings, which do not."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def fault(self, fault: Fault) -> None:
        """Note one thing that has to be put right."""
        self.faults.append(fault)

    def warn(self, text: str) -> None:
        """Note one thing that the user should know."""
        if text not in self.warnings:
            self.warnings.append(text)

    def raise_faults(self) -> None:
        """Raise InputError with every fault noted so far, long lists of one kind cut short."""
        if self.faults:
            raise InputError(shortened(_once_a_cell(self.faults)))


def refused(file: str, says: str, **more: str) -> InputError:
    """Make the error of a file that cannot be read on."""
    return InputError([Fault(file=file, says=says, **more)])


def _once_a_cell(faults: Iterable[Fault]) -> Iterable[Fault]:
    """Drop what only follows from a fault of the same cell: a bad number is also no number."""
    first = {(fault.file, fault.at, fault.column): fault for fault in reversed(list(faults))}
    return [f for f in faults if not f.column or first[f.file, f.at, f.column] is f]


def shortened(faults: Iterable[Fault]) -> list[Fault]:
    """Cut the faults of each kind (file, column, what is wrong) after ten; say how many more."""
    kinds: dict[tuple[str, str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        kinds[fault.file, fault.column, fault.says].append(fault)
    told = []
    for kind in kinds.values():
        told += kind[:TOLD_OF_ONE_KIND]
        more = len(kind) - TOLD_OF_ONE_KIND
        if more > 0:
            says = f"... and {more:,} more: {kind[0].says}"
            told.append(replace(kind[0], at="", says=says, found="", allowed="", nearest=""))
    return told


def listed(words: Iterable[str], most: int = 5) -> str:
    """Write some words in one line, cut after `most`: `A, B, C and 4 more`."""
    words = list(words)
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more:,} more" if more > 0 else "")


def nearest(word: str, choices: Iterable[str], cutoff: float = 0.6) -> str:
    """Give the choice that is most likely meant by a word, or nothing."""
    plain = {_plain(choice): choice for choice in reversed(list(choices))}
    close = difflib.get_close_matches(_plain(word), list(plain), n=1, cutoff=cutoff)
    return plain[close[0]] if close else ""


def nearest_column(column: str, choices: Iterable[str]) -> str:
    """Give the file's column most likely meant: close in letters, else one that shares a word."""
    choices = list(choices)
    close = nearest(column, choices)
    if close:
        return close
    main = _words(column)[0]
    return next((c for c in choices if any(w.startswith(main) for w in _words(c))), "")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _words(text: str) -> list[str]:
    """Split a column's name into words: `AssetID` and `asset_id` are asset, id."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return re.findall(r"[^\W_]+", spaced.casefold()) or [text.casefold()]
