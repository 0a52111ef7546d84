"""Who is served from where while something is out: one way to lose no more than must be lost."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Floats, Ints
from microdc.placement.hours.routing import Room, Ways, route
from microdc.placement.outages.fleet import Fleet
from microdc.placement.outages.replay import turns_of
from microdc.scenario import Scenario

MOST_WAYS = 200_000
"""Beyond so many ways to serve demand an outage is not routed: a picture is not worth it."""
COLUMNS = ("place", "service", "site", "mw_it")

_SAME_MW_IT = 1e-3
_CRUMB_MW_IT = 1e-4
_MOVE, _LOSE = 1.0, 1e3  # to lose weighs so much for each turn that comes later


@dataclass(frozen=True, slots=True)
class Detours:
    """Reroutes outages of a plan, one after another."""

    scenario: Scenario
    fleet: Fleet
    _parts: list[tuple[str, Floats]] = field(init=False)
    """The turns in which wants are served, first come first: class, and share of each want."""
    _serves: csr_array = field(init=False)
    """What each host serves of each want in order (MW IT), hosts x wants."""

    def __post_init__(self) -> None:
        fleet, services = self.fleet, self.scenario.services
        service = fleet.wants["service"]
        kept = np.asarray(service.map({n: s.kept for n, s in services.items()}), np.float64)
        parts, before = [], np.zeros(len(service))
        for (name, _), so_far in turns_of(self.scenario, service.to_numpy(object), kept):
            parts.append((name, so_far - before))
            before = so_far
        shape = (len(fleet.hosts), len(fleet.wants))
        serves = csr_array((fleet.mw_it, (fleet.host, fleet.want)), shape=shape)
        serves.sum_duplicates()
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_serves", serves)

    def around(
        self, hosts: frozenset[str], lost_by_class_mw_it: dict[str, float]
    ) -> pd.DataFrame | None:
        """
        Serve what some hosts (ids) served from elsewhere, losing of each class what must be lost.

        Gives what differs from the service in order: `place`, `service`, `site` (id; None: lost)
        and `mw_it`. Only those near the outage move, as few as do. None where that takes too many.
        """
        out = np.flatnonzero(self.fleet.hosts.index.isin(list(hosts)))
        wants = np.unique(self._serves[out].indices).astype(np.int64)
        while True:
            near = np.setdiff1d(self._in_reach(wants), out)
            found = self._routed(wants, near, out)
            if found is None or _loses(found, lost_by_class_mw_it):
                return found
            more = np.union1d(wants, self._serves[near].indices).astype(np.int64)
            if len(more) == len(wants):
                return None
            wants = more

    def _in_reach(self, wants: Ints) -> Ints:
        _, at = self.fleet.reach.of(wants)
        home = self._serves[:, wants].tocoo().row
        return np.union1d(self.fleet.reach.site[at], home).astype(np.int64)

    def _routed(self, wants: Ints, near: Ints, out: Ints) -> pd.DataFrame | None:
        """Let some wants move among hosts near them; None where there are too many ways."""
        ways, first_away = self._ways(wants, near, out)
        if len(ways.load) > MOST_WAYS:
            return None
        served = np.asarray(self._serves[:, wants].sum(axis=0)).ravel()
        need = np.concatenate([share[wants] * served for _, share in self._parts])
        others = self._serves.sum(axis=1) - self._serves[:, wants].sum(axis=1)
        room = np.maximum(self.fleet.hosts["mw_it"].to_numpy(float) - np.asarray(others), 0.0)
        ranks = np.arange(len(self._parts), 0, -1) * _LOSE
        flow, left = route(need, ways, _alone(room), np.repeat(ranks, len(wants)))
        away = np.arange(first_away, len(flow))
        want = np.concatenate([ways.load[away], np.arange(len(need))]) % len(wants)
        host = np.concatenate([ways.host[away], np.full(len(need), -1)])
        return self._told(wants[want], host, np.concatenate([flow[away], left]))

    def _ways(self, wants: Ints, near: Ints, out: Ints) -> tuple[Ways, int]:
        """Give the ways of each part of each want, from home first, and the first way from away."""
        home = self._serves[:, wants].tocoo()
        at_home = ~np.isin(home.row, out)
        owner, pair = self.fleet.reach.of(wants)
        host = self.fleet.reach.site[pair].astype(np.int64)
        there = np.isin(host, near)
        served = np.asarray(self._serves[:, wants].sum(axis=0)).ravel()
        parts = [share[wants] for _, share in self._parts]
        stays = [(home.col[at_home], home.row[at_home], home.data[at_home], 0.0)]
        moves = [(owner[there], host[there], served[owner[there]], _MOVE)]
        columns = [
            (want + k * len(wants), host, most * share[want], np.full(len(want), cost))
            for group in (stays, moves)
            for want, host, most, cost in group
            for k, share in enumerate(parts)
        ]
        load, hosts, most, cost = (np.concatenate(each) for each in zip(*columns, strict=True))
        ways = Ways(load=load, host=hosts.astype(np.int64), cost=cost, most_mw_it=most)
        return ways, int(at_home.sum()) * len(parts)

    def _told(self, want: Ints, host: Ints, mw_it: Floats) -> pd.DataFrame:
        some = mw_it > _CRUMB_MW_IT
        rows = self.fleet.wants.iloc[want[some]].reset_index(drop=True)
        ids = [*self.fleet.hosts.index, None]  # -1 is None
        named = rows.assign(site=[ids[row] for row in host[some]], mw_it=mw_it[some])
        whole = named.groupby(["place", "service", "site"], dropna=False, sort=False)
        return whole["mw_it"].sum().reset_index()


def _alone(room_mw_it: Floats) -> Room:
    """Give hosts that share no limit: their connections are what they may draw (MW IT)."""
    none = csr_array((0, len(room_mw_it)))
    return Room(mw=room_mw_it, pue=np.ones(len(room_mw_it)), limit_mw=np.empty(0), below=none)


def _loses(found: pd.DataFrame, lost_mw_it: dict[str, float]) -> bool:
    """Whether no class loses more than it must."""
    lost = found[found["site"].isna()].groupby("service")["mw_it"].sum()
    return all(
        mw_it <= lost_mw_it.get(str(name), 0.0) + _SAME_MW_IT for name, mw_it in lost.items()
    )
