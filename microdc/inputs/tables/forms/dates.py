"""Dates as people and spreadsheets write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Order = Literal["day-first", "month-first"]

NUMBERED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ T]\d.*)?")
"""Day, month and year in numbers, the year last; a time of day may follow."""

NAMED = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ .-]{1,2}((?:20)?\d\d)", re.IGNORECASE
)
"""Name of a month and its year, as British operators write completion dates: Dec-28 is 2028."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel's serial numbers, as it counts from March 1900 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Dates `YYYY-MM-DD` in the order of the cells; '' where a cell is none."""

    iso: list[str]
    doubtful: str = ""
    """A date whose day and month could be swapped, where no other one decided."""


def read_dates(words: Iterable[str], order: Order | None) -> Dates:
    """
    Read 2026-03-01, 2026-03, 2026, 01/03/2026, 01.03.2026, Mar-26 and Excel's 46082.

    Where the year stands last, day or month come first as stated; else as a number above 12 in
    any of the cells tells; else, and always between points, the day comes first.
    """
    words = list(words)
    parts = [match for match in map(NUMBERED.fullmatch, words) if match and match[2] != "."]
    first = any(int(match[1]) > 12 for match in parts)
    second = any(int(match[3]) > 12 for match in parts)
    chosen: Order = order or ("month-first" if second and not first else "day-first")
    doubtful = next((m[0] for m in parts if m[1].zfill(2) != m[3].zfill(2)), "")
    decided = order is not None or first or second
    iso = [_date(word, chosen) for word in words]
    return Dates(iso=iso, doubtful="" if decided else doubtful)


def _date(word: str, order: Order) -> str:
    numbered = NUMBERED.fullmatch(word)
    serial = SERIAL.fullmatch(word)
    named = NAMED.fullmatch(word)
    try:
        if named:
            number = 1 + MONTHS.index(named[1].lower())
            return date(2000 + int(named[2]) % 2000, number, 1).isoformat()
        if numbered:
            first, mark, second, year = numbered.groups()
            day, month = (
                (second, first) if order == "month-first" and mark != "." else (first, second)
            )
            return date(int(year), int(month), int(day)).isoformat()
        if serial:
            return (EXCEL_EPOCH + timedelta(days=int(serial[1]))).isoformat()
        parts = word[:10].split("-")
        return date.fromisoformat("-".join([*parts, "01", "01"][:3])).isoformat()
    except ValueError:
        return ""
