"""Months of a calendar, as YYYY-MM, and the discounted years between them."""

import math
import re

from pydantic_core import PydanticCustomError

_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")


def as_month(text: str) -> str:
    """Refuse what is no month."""
    if not _MONTH.fullmatch(text):
        raise PydanticCustomError("month", "is no month", {"allowed": "YYYY-MM, such as 2028-12"})
    return text


def later_by(month: str, months: float) -> str:
    """Give the month that is so many later; a part of a month counts as a whole one."""
    count = _number(month) + math.ceil(months - 1e-9)
    return f"{count // 12:04}-{count % 12 + 1:02}"


def months_between(first: str, last: str) -> int:
    """Give the months from one month to another; none if the other is no later."""
    return max(0, _number(last) - _number(first))


def years_between(first: str, last: str) -> float:
    """Give the years from one month to another."""
    return (_number(last) - _number(first)) / 12


def discounted_years(begin_yr: float, end_yr: float, rate: float) -> float:
    """
    Give the years between two times at what they are worth at time zero.

    Discounting is continuous, at the yearly interest `rate`: the integral of (1 + rate)^-t.
    """
    if rate == 0:
        return end_yr - begin_yr
    force = math.log1p(rate)
    return (math.exp(-force * begin_yr) - math.exp(-force * end_yr)) / force


def _number(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1
