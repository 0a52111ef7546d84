"""How everyone is paid over the hours for what does not move: in the shares that are told."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.placement.verify.document import HELD_HOURS
from microdc.placement.verify.facts import SAME, Facts, Floats, differ
from microdc.placement.verify.hours.hourly import Hourly
from microdc.placement.verify.proof.earnings import Ints


def hours_of(hourly: Hourly, service: str, held_hours: pd.DataFrame) -> Ints:
    """Give the hours (rows of the year) in which anyone is paid for what does not move."""
    mine = held_hours[(held_hours["service"] == service) & (held_hours["share"] > 0)]
    return np.unique([highest(hourly, service), *mine["time"].map(hourly.year.row)]).astype(int)


def highest(hourly: Hourly, service: str) -> int:
    """Give the hour used (row of the year) that demands most of a service."""
    at = hourly.hours["at"].to_numpy()
    return int(at[hourly.year.share(service)[at].argmax()])


def shares(
    hourly: Hourly, service: str, held_hours: pd.DataFrame, hours: Ints, offers: pd.Index
) -> Floats:
    """
    Give how each of the offers is paid over some hours (rows of the year); hours x offers.

    Whoever holds power for a service does so all the year, and may be paid for it in any hours.
    Shares add up to 1; where nothing is told, all is paid in the service's highest hour.
    """
    mine = held_hours[held_hours["service"] == service]
    paid = np.zeros((len(hours), len(offers)))
    time = pd.Index(hours).get_indexer(pd.Index(mine["time"].map(hourly.year.row)))
    site = offers.get_indexer(pd.Index(mine["site"]))
    there = (site >= 0) & (time >= 0)
    paid[time[there], site[there]] = mine["share"].to_numpy()[there]
    untold = paid.sum(axis=0) == 0
    paid[np.ix_(hours == highest(hourly, service), untold)] = 1.0
    shares: Floats = paid / paid.sum(axis=0)
    return shares


def odd_shares(facts: Facts, held_hours: pd.DataFrame) -> Iterator[str]:
    """Name each share that is none, or of nothing that anyone holds in an hour used."""
    service, site, time, share = (held_hours[c] for c in ("service", "site", "time", "share"))
    twice = held_hours.duplicated(["service", "site", "time"])
    wanted = pd.MultiIndex.from_frame(held_hours[["service", "time"]]).isin(_held_times(facts))
    for says, wrong in (
        ("nothing is held for it then", ~wanted),
        ("there is no such site", ~site.isin(facts.region.hosts.index)),
        ("is told twice", twice),
        ("the share is below zero, or no number", ~((share >= 0) & np.isfinite(share))),
    ):
        for name, at, when in zip(service[wrong], site[wrong], time[wrong], strict=True):
            yield f"{HELD_HOURS}: {name}, {at}, {when}: {says}"
    sums = held_hours.groupby(["service", "site"], as_index=False)["share"].sum()
    for each in sums[differ(sums["share"], 1.0, SAME)].itertuples():
        off: Any = each
        yield f"{HELD_HOURS}: {off.service}, {off.site}: shares add up to {off.share:.9g}, not to 1"


def _held_times(facts: Facts) -> list[tuple[str, str]]:
    """List in which hours used something is wanted of services that do not move."""
    if facts.hourly is None:
        return []
    time, at = (facts.hourly.hours[column].to_numpy() for column in ("time", "at"))
    return [
        (service, str(hour))
        for service, stated in facts.scenario.services.items()
        if not stated.movable
        for hour in time[facts.hourly.year.share(service)[at] > 0]
    ]
