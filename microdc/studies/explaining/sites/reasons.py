"""Why a row of the tables can be no site in any plan of a scenario: the first reason that holds."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from microdc.errors import InputError, UsageError
from microdc.ground.distance import geodesic_km
from microdc.inputs.hosts.capacity import ancestors_of, least_mw, most_mw, smallest_mw
from microdc.inputs.hosts.connection import connected
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.inputs.tables.findings import listed, nearest
from microdc.instance import Instance
from microdc.scenario import Scenario
from microdc.studies.explaining.sites.reaching import nearest_in_words, reached_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a row can be no site: a word for programs, and a sentence."""

    kind: str
    says: str


def out_of_reach(scenario: Scenario, region: Region, row: str) -> Reason | None:
    """Say how far the nearest place is where none is within its bound of a candidate."""
    reached = reached_by(scenario, region, row)
    if (reached["rtt_ms"] <= reached["widest_ms"]).any():
        return None
    says = f"no place is within its bound: {nearest_in_words(reached)}"
    return Reason(kind="out of reach", says=says)


def too_near(scenario: Scenario, region: Region, row: str) -> Reason | None:
    """Name a site that stands or is forced within the least distance of a candidate."""
    substations = region.substations
    standing = substations["existing_mw"] > 0
    settled = substations.index[standing | substations.index.isin(scenario.limits.force)]
    near = nearer_than_allowed(scenario, region, row, settled)
    if near.empty:
        return None
    one = str(near.index[0])
    what = "stands" if standing[one] else "is forced (limits.force)"
    says = f"{one}, which {what}, is {near.iloc[0]:.3f} km away; limits.separation_km asks for "
    return Reason(kind="too near", says=f"{says}{scenario.limits.separation_km:g} km")


def in_no_project(scenario: Scenario, instance: Instance, row: str) -> Reason | None:
    """Say that too little is near a candidate for any project that it could belong to."""
    projects, rules = instance.projects, scenario.limits.projects
    if projects is None or rules is None:
        return None
    if row in instance.sites.index[projects.member]:
        return None
    says = f"no project of {rules.min_mw:g} MW can be drawn around it, or around who is near it "
    return Reason(kind="no project", says=says + "(limits.projects)")


def nearer_than_allowed(
    scenario: Scenario, region: Region, row: str, among: pd.Index
) -> "pd.Series[float]":
    """Give which of some rows are nearer to a candidate than sites may be (km, nearest first)."""
    ids = among.intersection(region.substations.index).difference([row])
    ends = region.substations.loc[np.repeat(row, len(ids))], region.substations.loc[ids]
    km = geodesic_km(*(end[c].to_numpy(float) for end in ends for c in ("lat", "lon")))
    near = pd.Series(km, index=ids).sort_values()
    return near[near < scenario.limits.separation_km]


class Candidacy:
    """Who of a scenario's rows can be a site by itself, and why the others cannot."""

    def __init__(self, scenario: Scenario, region: Region) -> None:
        self.scenario, self.region = scenario, region
        self.connected = connected(scenario, region)
        ancestors = ancestors_of(self.connected)
        self.most_mw = most_mw(scenario, self.connected, ancestors)
        self.least_mw = _smallest_built_mw(scenario, self.connected)

    def why_none(self, row: str) -> Reason | None:
        """Say why a row can be no site, by the first reason that holds; None: it can be one."""
        if row not in self.region.substations.index:
            return Reason(kind="where", says=f"its row {self._fails_where}")
        reasons = (self._feeds, self._excluded, self._none, self._forbidden, self._too_small)
        return next((told for why in reasons if (told := why(row))), None)

    @cached_property
    def all_rows(self) -> pd.DataFrame:
        """Rows of all tables, `where` or not; none where those left out have faults."""
        freed = {
            key: tuple(source.model_copy(update={"where": None}) for source in sources)
            for key in ("substations", "parcels")
            if (sources := getattr(self.scenario, key))
        }
        with suppress(InputError):
            return read_region(self.scenario.model_copy(update=freed)).substations
        return self.region.substations

    @property
    def _fails_where(self) -> str:
        sources = (*self.scenario.substations, *self.scenario.parcels)
        stated = "; ".join(str(source.where) for source in sources if source.where)
        return f"does not pass `where` ({stated})"

    def _feeds(self, row: str) -> Reason | None:
        substations = self.region.substations
        mine = substations.loc[row]
        if not self.scenario.parcels or mine["parcel"] or mine["existing_mw"] > 0:
            return None
        fed = substations.index[substations["parcel"] & (substations["parent"] == row)]
        if fed.empty:
            says = "parcels are the sites here, and it feeds none"
            return Reason(kind="feeds no parcel", says=says)
        says = f"parcels are the sites here, and it feeds {listed(fed)}: ask about them"
        return Reason(kind="feeds parcels", says=says)

    def _excluded(self, row: str) -> Reason | None:
        mine = self.region.substations.loc[row]
        if not isinstance(mine["excluded"], str):
            return None
        if mine["parcel"] and mine["parent"] is None:
            return Reason(kind="not fed", says=f"nobody feeds it: {mine['excluded']}")
        return Reason(kind="excluded", says=f"it lies in an excluded area ({mine['excluded']})")

    def _none(self, row: str) -> Reason | None:
        mine = self.region.substations.loc[row]
        if mine["candidate"] or mine["existing_mw"] > 0:
            return None
        if np.isnan(mine["headroom_mw"]):
            return Reason(kind="no headroom", says="its row states no headroom of its own")
        if np.isnan(mine["lat"]) or np.isnan(mine["lon"]):
            return Reason(kind="no position", says="its row states no position")
        if any(source.where for source in self.scenario.substations):
            freed = self.all_rows
            if row in freed.index and freed["candidate"][row]:
                says = f"its row {self._fails_where}; it is kept as a limit of others"
                return Reason(kind="where", says=says)
        return Reason(kind="candidate", says="its row says candidate: false")

    def _forbidden(self, row: str) -> Reason | None:
        if row not in self.scenario.limits.forbid:
            return None
        return Reason(kind="forbidden", says="limits.forbid names it")

    def _too_small(self, row: str) -> Reason | None:
        if not np.isnan(self.most_mw[row]):
            return None
        least = float(self.least_mw[row])
        limits = dict(_limits_of(self.connected, row))
        where, mw = min(limits.items(), key=lambda limit: limit[1], default=("", np.inf))
        if not mw < least or np.isinf(least):
            says = "no size is allowed between the smallest and the largest there"
            return Reason(kind="size", says=says)
        whose = "its own headroom" if where == row else f"the headroom of {where}, above it,"
        says = f"{whose} is {mw:g} MW, and the smallest site takes {least:g} MW"
        return Reason(kind="headroom", says=says)


def _smallest_built_mw(scenario: Scenario, substations: pd.DataFrame) -> "pd.Series[float]":
    """Give the smallest new site (MW) at each row: the least, or the next sum of modules."""
    return smallest_mw(scenario.sites, least_mw(scenario, substations))


def _limits_of(substations: pd.DataFrame, row: str) -> Iterator[tuple[str, float]]:
    """Give the limits at and above a row that are known (MW), by id."""
    at: object = row
    while isinstance(at, str) and at in substations.index:
        headroom = float(substations["headroom_mw"][at])
        if not np.isnan(headroom):
            yield at, headroom
        at = substations["parent"][at]


def known_row(candidacy: Candidacy, asked: str) -> str:
    """
    Give the id of a row by its id, or by a name that one row alone bears.

    Raises UsageError with the nearest id where there is none.
    """
    hosts, scenario = candidacy.region.hosts, candidacy.scenario
    names = hosts["name"].astype(str)
    if asked in hosts.index:
        return asked
    named = hosts.index[names.str.casefold() == asked.casefold()]
    if len(named) == 1:
        return str(named[0])
    if asked in candidacy.all_rows.index:
        return asked
    what = "substation, parcel or hub" if scenario.parcels else "substation or hub"
    near = nearest(asked, [*hosts.index, *names])
    msg = f"no {what} has the id {asked!r}"
    raise UsageError(msg, hint=f"did you mean {near}?" if near else "ids stand in the tables")
