"""What a plan says of its hours, laid beside the year of the tables; loads hour by hour."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from microdc.placement.verify.document import HourTables
from microdc.placement.verify.hours.year import Floats, Year

KEYS = ["place", "service"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hourly:
    """
    A plan's hours.

    year
        The hours of the tables.
    hours
        Rows of `hours.parquet` whose time the tables know, each once; and `at`, row of the year.
    moved
        Rows of `hourly_service.parquet` of known times, of places and classes that are served and
        of sites or hubs of the plan; and `home_mw_it`, what is served at the peak from there.
    odd
        What of both tables is unknown, told in words.
    load_mw_it
        What each site and hub serves in each hour (MW IT), times x ids.
    """

    year: Year
    hours: pd.DataFrame
    moved: pd.DataFrame
    odd: tuple[str, ...]
    load_mw_it: pd.DataFrame

    def share(self, service: "pd.Series[str]", time: "pd.Series[str]") -> Floats:
        """Give the share of its peak that each service of some demands at each time of some."""
        of_service = {name: self.year.share(name) for name in service.unique()}
        pairs = zip(service, time, strict=True)
        return np.array([of_service[name][self.year.row[at]] for name, at in pairs], dtype=float)


def hourly_of(year: Year, stated: HourTables, served: pd.DataFrame, hosts: pd.Index) -> Hourly:
    """Lay out a plan's hours; `served` are rows of service that a site or hub serves."""
    hours, moved = stated.hours, stated.moved
    there = hours["time"].isin(year.row) & ~hours["time"].duplicated()
    hours = hours[there].assign(at=hours["time"][there].map(year.row).astype(int))
    home = served.groupby([*KEYS, "site"])["mw_it"].sum()
    wanted = pd.MultiIndex.from_frame(served[KEYS].drop_duplicates())
    known = moved["time"].isin(hours["time"]) & moved["for_time"].isin(hours["time"])
    known &= pd.MultiIndex.from_frame(moved[KEYS]).isin(wanted) & moved["site"].isin(hosts)
    known &= np.isfinite(moved["mw_it"]) & (moved["mw_it"] >= 0)
    odd = [
        f"hour {time}: unknown to the tables, or told twice"
        for time in stated.hours["time"][~there]
    ]
    odd += [
        f"{r.time}, {r.place}, {r.service}, {r.site}: {r.mw_it} MW IT for {r.for_time} cannot be"
        for r in moved[~known].itertuples()
    ]
    moved = moved[known]
    at_home = pd.MultiIndex.from_frame(moved[[*KEYS, "site"]])
    return Hourly(
        year=year,
        hours=hours,
        moved=moved.assign(home_mw_it=home.reindex(at_home).fillna(0.0).to_numpy()),
        odd=tuple(odd),
        load_mw_it=_loads(year, hours, moved, served, hosts),
    )


def _loads(
    year: Year, hours: pd.DataFrame, moved: pd.DataFrame, served: pd.DataFrame, hosts: pd.Index
) -> pd.DataFrame:
    """
    Add up what each host serves in each hour (MW IT).

    All are served from home in the share that the hour demands, but for what is told to be moved.
    """
    row = {time: number for number, time in enumerate(hours["time"])}
    column = {host: number for number, host in enumerate(hosts)}
    load_mw_it = np.zeros((len(row), len(column)))
    share = {name: year.share(name)[hours["at"]] for name in served["service"].unique()}
    at_home = served.groupby(["service", "site"])["mw_it"].sum().reset_index()
    for service, site, mw_it in _columns(at_home, "service", "site", "mw_it"):
        load_mw_it[:, column[site]] += share[service] * mw_it
    loads = moved[["for_time", *KEYS]].drop_duplicates()
    left = loads.merge(served[[*KEYS, "site", "mw_it"]], on=KEYS)
    for time, service, site, mw_it in _columns(left, "for_time", "service", "site", "mw_it"):
        load_mw_it[row[time], column[site]] -= share[service][row[time]] * mw_it
    for time, site, mw_it in _columns(moved, "time", "site", "mw_it"):
        load_mw_it[row[time], column[site]] += mw_it
    return pd.DataFrame(load_mw_it, index=list(row), columns=list(column))


def _columns(table: pd.DataFrame, *names: str) -> "zip[tuple[Any, ...]]":
    return zip(*(table[name] for name in names), strict=True)
