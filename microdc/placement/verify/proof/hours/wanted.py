"""What prices by the hour are of: which load, how much of it, and when it may be served."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from microdc.placement.verify.document import PRICES
from microdc.placement.verify.facts import Facts
from microdc.placement.verify.hours.hourly import Hourly
from microdc.placement.verify.hours.year import HOURS_OF_A_DAY
from microdc.placement.verify.proof.demand import KEY
from microdc.placement.verify.proof.earnings import Ints


def wanted(
    facts: Facts, hourly: Hourly, points: pd.DataFrame, prices: pd.DataFrame
) -> pd.DataFrame:
    """
    Lay each price of demand beside what it is of.

    `point` (row of `points`) and `row` (of `Facts.demand`), `service`, `mn_per_mw_it_yr`; `share`,
    what is wanted of the demand, and `mw_it`, so much of it; and `first` and `last`, rows of the
    year, between which it is served. What does not move is wanted all the year, its whole peak:
    `first` and `last` are -1.
    """
    found = prices.merge(points.assign(point=np.arange(len(points))), on=KEY)
    row = {**hourly.year.row, "": -1}
    found["first"], found["last"] = (
        found[column].map(row).to_numpy(int) for column in ("time", "until")
    )
    share = np.ones(len(found))
    for service, at in found.groupby("service").indices.items():
        mine = found.iloc[at]
        first, last = mine["first"].to_numpy(), mine["last"].to_numpy()
        defer = facts.scenario.services[str(service)].defer
        waits = np.where(latest(facts, str(service), first) > first, defer.share if defer else 0, 0)
        of_hour = np.where(last > first, waits, 1 - waits)
        share[at] = np.where(first < 0, 1.0, hourly.year.share(str(service))[first] * of_hour)
    return found.assign(share=share, mw_it=found["mw_it"] * share)


def latest(facts: Facts, service: str, first: Ints) -> Ints:
    """Give until when load of each hour may wait at most (rows of the year)."""
    defer = facts.scenario.services[service].defer
    end_of_day = first // HOURS_OF_A_DAY * HOURS_OF_A_DAY + HOURS_OF_A_DAY - 1
    return np.minimum(first + (defer.hours if defer else 0), end_of_day)


def odd_times(facts: Facts, prices: pd.DataFrame) -> Iterator[str]:
    """Name each price that is of no hour used, or of hours in which its load may not be served."""
    names = zip(*(prices[column] for column in (*KEY, "time", "until")), strict=True)
    known: dict[tuple[str, str, str], str] = {}
    for place, service, group, time, until in names:
        when = (service, time, until)
        if when not in known and service in facts.scenario.services:
            known[when] = _why_not(facts, *when)
        if known.get(when):
            yield f"{PRICES}: {place}, {service} (group {group}): {known[when]}"


def _why_not(facts: Facts, service: str, time: str, until: str) -> str:
    """Say why demand of a service may have no price for some hours; '' if it may."""
    hourly = facts.hourly
    if hourly is None or not facts.scenario.services[service].movable:
        return _why_not_all_year(hourly, service, time or until)
    used = dict(zip(hourly.hours["time"], hourly.hours["at"], strict=True))
    if time not in used or until not in used:
        return f"{time or 'no time'} to {until or 'no time'} are no hours that the plan uses"
    end = int(latest(facts, service, np.array([used[time]]))[0])
    if used[until] not in (used[time], end):
        return f"what is wanted at {time} is served then or until {hourly.year.times[end]}"
    return ""


def _why_not_all_year(hourly: Hourly | None, service: str, time: str) -> str:
    """Say why demand that has one price, of its peak, may not have it; '' if it may."""
    if time:
        return f"it has the price of an hour, {time}, and hours have none for it"
    if hourly is not None and not hourly.year.share(service)[hourly.hours["at"]].any():
        return "nothing of it is wanted in any hour that the plan uses"
    return ""
