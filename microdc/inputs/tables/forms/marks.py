"""Decimal and thousands marks: which ones a file uses, and its numbers read by them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.scenario import Dialect

SPACES = " \u00a0\u202f"
"""Spaces that may part thousands: the usual one and those that do not break a line."""

NAMES = {",": "comma", ".": "point", "'": "apostrophe", " ": "space"}

MARKED = re.compile(r"[+-]?\d[\d.,]*[.,][\d.,]*(?:[eE][+-]?\d+)?")
"""A cell that may be a number with a point or a comma in it."""

GROUPED = re.compile(rf"[+-]?\d{{1,3}}(?:(?P<mark>['’{SPACES}])\d{{3}})+(?:[.,]\d*)?")
"""A number whose thousands are parted by an apostrophe or a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks within a file's numbers."""

    decimal: str = "."
    thousands: str = ",' "
    """Each of them may part thousands, in groups of three."""

    def pattern(self) -> re.Pattern[str]:
        """Match a number written with these marks."""
        thousands = self.thousands.replace(" ", SPACES).replace("'", "'’")
        grouped = rf"\d{{1,3}}([{thousands}])\d{{3}}(?:\1\d{{3}})*|" if thousands else ""
        decimal = re.escape(self.decimal)
        return re.compile(
            rf"[+-]?(?:(?:{grouped}\d+)(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][+-]?\d+)?"
        )


USUAL = Marks(thousands="")
"""Numbers as programs write them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The marks of a file, and what to tell about them."""

    marks: Marks
    told: tuple[str, ...]
    """What is not plain: `decimal comma`, `thousands point`."""
    doubtful: str = ""
    """A number that could be read in two ways, where no other one decided."""


def marks_in(columns: Sequence[list[str]], separator: str, dialect: Dialect) -> Found:
    """
    Find the marks of a file from its cells, column by column.

    A mark is the decimal one if it stands last of two kinds, or once with other than three digits
    behind it, or behind more than three digits or a lone zero. What more columns show wins, of
    equals the point. If no cell shows it, the comma is the decimal mark of a file separated by
    semicolons that has commas in its numbers; else it is the point.
    """
    shown = {",": 0, ".": 0}
    doubtful: dict[str, str] = {}
    others: set[str] = set()
    for cells in columns:
        found = {cell: _decimal_of(cell) for cell in cells if MARKED.fullmatch(cell)}
        for mark in shown:
            shown[mark] += mark in found.values()
        for cell in (cell for cell, mark in found.items() if mark == ""):
            doubtful.setdefault("," if "," in cell else ".", cell)
        parted = (GROUPED.fullmatch(cell) for cell in cells)
        others |= {_plain(match["mark"]) for match in parted if match}
    decimal = dialect.decimal or _decimal(shown, doubtful, separator)
    other = "." if decimal == "," else ","
    told = ["decimal comma"] if decimal == "," else []
    if dialect.thousands is not None:
        thousands = dialect.thousands.replace("none", "").replace(decimal, "")
    else:
        thousands = f"{other}' "
        parting = sorted(others | ({other} if _parts(columns, other) else set()))
        told += [f"thousands {NAMES[mark]}" for mark in parting]
    open_ = dialect.decimal is None and not any(shown.values())
    marks = Marks(decimal=decimal, thousands=thousands)
    return Found(marks=marks, told=tuple(told), doubtful=doubtful.get(",", "") if open_ else "")


def _decimal(shown: dict[str, int], doubtful: dict[str, str], separator: str) -> str:
    """Choose the decimal mark that more columns show, else by the rule for files without any."""
    if any(shown.values()):
        return "," if shown[","] > shown["."] else "."
    return "," if separator == ";" and "," in doubtful else "."


def _plain(mark: str) -> str:
    return "'" if mark in "'’" else " "


def _parts(columns: Sequence[list[str]], mark: str) -> bool:
    """Say whether some number may have a mark between its thousands."""
    sure = re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
    return any(sure.fullmatch(cell) for cells in columns for cell in cells if mark in cell)


def _decimal_of(cell: str) -> str:
    """Say which mark of a number is its decimal one; '' if the number does not tell."""
    body = re.split("[eE]", cell.lstrip("+-"))[0]
    comma, point = body.count(","), body.count(".")
    if comma and point:
        return max(",.", key=body.rfind)
    mark, other = (",", ".") if comma else (".", ",")
    if max(comma, point) > 1:
        groups = body.split(mark)
        whole = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
        return other if whole else "neither"
    before, after = body.split(mark)
    if len(after) != 3 or len(before) > 3 or before.startswith("0"):
        return mark
    return ""


def read_numbers(words: NDArray[np.object_], marks: Marks) -> NDArray[np.float64]:
    """Give texts as numbers; NaN where a text is no number written with these marks."""
    series = pd.Series(words, dtype=object)
    usual = np.array(pd.to_numeric(series, errors="coerce"), dtype=float)
    marked = np.isnan(usual) if marks.decimal == "." else np.ones(len(words), bool)
    pattern = marks.pattern()
    usual[marked] = [_number(word, pattern, marks) for word in words[marked]]
    return usual


def _number(word: str, pattern: re.Pattern[str], marks: Marks) -> float:
    if not pattern.fullmatch(word):
        return np.nan
    bare = re.sub(rf"[^\d{re.escape(marks.decimal)}eE+-]", "", word)
    return float(bare.replace(marks.decimal, "."))
