"""Promises on which hours are used: as the scenario asks, the scarcest day among them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from microdc.placement.verify.facts import SAME, Facts, Promise, differ, told
from microdc.placement.verify.hours.hourly import Hourly
from microdc.placement.verify.hours.year import HOURS_OF_A_DAY, Year

Ints = NDArray[np.int64]

_SAME_MW = 1e-6  # hours of so nearly the same headroom are equally scarce


def hours_are_told(facts: Facts) -> list[str]:
    """Hours are told where the scenario has them, used and connected to as it says."""
    asked, stated = facts.scenario.hours, facts.document.hours
    if asked is None:
        return [*_told_unasked(facts)]
    if stated is None:
        return ["the hours in which service is promised are not told"]
    lines = []
    if stated.use != asked.use:
        lines.append(f"hours used: {stated.use}, the scenario says {asked.use}")
    if stated.connection != facts.scenario.connection.type:
        lines.append(f"connections are said to be {stated.connection}, they are not")
    return lines


def _told_unasked(facts: Facts) -> Iterator[str]:
    if facts.document.hours is not None:
        yield "hours are told, but the scenario has none"
    for column in ("firm_mw", "curtailed_h_per_yr", "curtailed_mwh_per_mw_yr"):
        for site in facts.sites.index[facts.sites[column].notna()]:
            yield f"{site}: {column} is told, but the scenario has no hours"


def hours_used_stand_for_a_year(facts: Facts) -> list[str]:
    """The hours used are whole days of the tables, the scarcest among them, and weigh a year."""
    if facts.hourly is None or facts.scenario.hours is None:
        return []
    hourly, year = facts.hourly, facts.hourly.year
    lines = [*hourly.odd]
    at = hourly.hours["at"].to_numpy()
    days = np.unique(at // HOURS_OF_A_DAY)
    whole = (days[:, None] * HOURS_OF_A_DAY + np.arange(HOURS_OF_A_DAY)).ravel()
    if not np.array_equal(at, whole):
        lines.append("the hours used are no whole days of the tables, in order")
    if (hourly.hours["day"] != at // HOURS_OF_A_DAY).any():
        lines.append("a day used has another number than in the tables")
    return told(
        [*lines, *_chosen(year, days, facts.scenario.hours.days, facts.scenario.hours.use)]
    ) + told(_misweighed(hourly, facts.scenario.hours.use))


def _chosen(year: Year, days: Ints, wanted: int | None, use: str) -> Iterator[str]:
    in_all = len(year.times) // HOURS_OF_A_DAY
    count = {"all": in_all, "peak": 1}.get(use, min(wanted or 1, in_all))
    if len(days) > count or (use in ("all", "peak") and len(days) != count):
        yield f"{len(days)} day(s) are used, the scenario says {use}"
    least_mw = year.scarcest_mw.min()
    scarce = np.flatnonzero(year.scarcest_mw <= least_mw + _SAME_MW) // HOURS_OF_A_DAY
    if not np.isin(scarce, days).any():
        yield f"the day of least headroom, of {year.times[scarce[0] * HOURS_OF_A_DAY]}, is not used"


def _misweighed(hourly: Hourly, use: str) -> Iterator[str]:
    """Hours used by themselves weigh what the tables say; days that stand for others more."""
    year, hours = hourly.year, hourly.hours
    own_h, said_h = year.weight_h[hours["at"]], hours["weight_h"].to_numpy()
    if use in ("all", "peak"):
        wrong = differ(said_h, own_h, SAME * own_h)
        for time, said, own in zip(hours["time"][wrong], said_h[wrong], own_h[wrong], strict=True):
            yield f"{time}: stands for {own:g} h of a year, stated are {said:g} h"
        return
    for time in hours["time"][~(said_h >= own_h * (1 - SAME))]:
        yield f"{time}: stands for less of a year than itself"
    in_all_h = float(year.weight_h.sum())
    if differ(said_h.sum(), in_all_h, SAME * in_all_h):
        yield f"the hours used stand for {said_h.sum():,.6g} h, the tables for {in_all_h:,.6g} h"


PROMISES: tuple[Promise, ...] = (hours_are_told, hours_used_stand_for_a_year)
