"""The hours that tables of profiles speak of: a whole year, or whole days that stand for one."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.inputs.tables.findings import listed

Hours = NDArray[np.datetime64]
"""Starts of hours in UTC, `datetime64[h]`."""

HOUR = re.compile(
    r"(?P<day>(?:19|20|21)\d\d-\d\d-\d\d)[T ](?P<hour>\d\d)"
    r"(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:\.0+)?)?)?"
    r"\s?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?"
)
"""What ISO 8601 and those who print tables write, in years that someone may plan for."""

ONE = np.timedelta64(1, "h")
OF_A_DAY = 24
YEARS_H = (8760, 8784)
"""Hours of a year."""

SHORT_OF_A_YEAR_H = 0.5
"""By so much (h) weights may miss a year in all: they are printed with few decimals."""


def read_hour(text: str) -> tuple[np.datetime64, str]:
    """
    Read the start of an hour in UTC; NaT where a text is none, with the hour nearest to it.

    A time without a zone is in UTC; 2026-01-31T11:00-06:00 is none, and means 2026-01-31T17:00Z.
    """
    match = HOUR.fullmatch(text)
    try:
        moment = _moment(match) if match else None
    except ValueError:
        moment = None
    if moment is None:
        return np.datetime64("NaT", "h"), ""
    hour = np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "h")
    whole = moment.utcoffset() == timedelta(0) and moment.minute == moment.second == 0
    return (hour, "") if whole else (np.datetime64("NaT", "h"), written(hour))


def _moment(match: re.Match[str]) -> datetime:
    zone = match["zone"] or "Z"
    digits = re.sub(r"\D", "", zone).ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    told = timezone(-offset if zone[0] == "-" else offset)
    clock = ":".join([match["hour"], match["minute"] or "00", match["second"] or "00"])
    return datetime.fromisoformat(f"{match['day']}T{clock}").replace(tzinfo=told)


def written(hour: np.datetime64) -> str:
    """Write an hour as 2026-01-31T17:00Z."""
    return f"{np.datetime_as_string(hour, 'm')}Z"


def stretches(hours: Hours) -> list[Hours]:
    """Split hours, in order, where one does not follow the other."""
    return np.split(hours, np.flatnonzero(np.diff(hours) != ONE) + 1) if len(hours) else []


def told(hours: Hours) -> str:
    """Name hours, in order: those that follow one another by the first and the last of them."""
    return listed(
        (
            written(one[0]) if len(one) == 1 else f"{written(one[0])} to {written(one[-1])}"
            for one in stretches(hours)
        ),
        most=3,
    )


def year_from(hours: Hours) -> Hours:
    """Give the hours of the year that begins with the first of some; 29 February may be missing."""
    first = pd.Timestamp(hours[0])
    whole: Hours = np.arange(hours[0], np.datetime64(first + pd.DateOffset(years=1), "h"), ONE)
    missing = np.setdiff1d(whole, hours)
    days = np.unique(missing.astype("datetime64[D]"))
    leap = len(missing) == OF_A_DAY and len(days) == 1 and str(days[0]).endswith("-02-29")
    return np.setdiff1d(whole, missing) if leap else whole


def broken_days(hours: Hours) -> Iterable[Hours]:
    """Give each stretch of hours that does not divide into days of 24."""
    return (one for one in stretches(hours) if len(one) % OF_A_DAY)


def make_a_year(weight_h: "pd.Series[float]") -> bool:
    """Say whether weights (h) add up to a year."""
    return any(abs(weight_h.sum() - year_h) <= SHORT_OF_A_YEAR_H for year_h in YEARS_H)
