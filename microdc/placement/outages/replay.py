"""Every outage that a plan is to survive, replayed on the finished plan."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.inputs.region import Region
from microdc.instance import Floats, Ints
from microdc.placement.outages.events import Event, events_of
from microdc.placement.outages.fleet import Fleet, fleet_of
from microdc.placement.outages.reroute import Load, load_of, lost_mw_it
from microdc.placement.outages.statement import Kind, Named, Outages, Replayed
from microdc.scenario import Scenario

MOST_ROWS = 50
"""Outages that a plan tells in full."""
MOST_PAIRED = 100
"""Of two at once, pairs of so many are replayed: of those whose sites carry most."""

_CRUMB_MW_IT = 1e-4  # of so little no share is told

Together = tuple[Event, ...]


def replay_outages(
    scenario: Scenario, region: Region, sizes_mw: "pd.Series[float]", service: pd.DataFrame
) -> tuple[Outages | None, "pd.Series[float]"]:
    """
    Replay every outage that a scenario is to survive on a plan.

    Gives what is lost in them, and what is lost when each site or hub is out alone (MW IT), by id;
    None and nothing if no outage is to be survived.

    `sizes_mw` are the connections of sites (MW) and what is reserved at hubs (MW IT), by id;
    `service` has `place`, `service`, `site` (None: unserved) and `mw_it`. What the sites that are
    out served is served from those left as far as it goes: promised shares first, then the rest,
    the dearer class before the cheaper.
    """
    asked = scenario.resilience
    if asked is None:
        return None, pd.Series(dtype=float)
    fleet = fleet_of(scenario, region, sizes_mw, service)
    drill = _Drill(scenario, fleet)
    events = events_of(asked.survive, region, fleet.hosts.index)
    together = min(asked.at_once, len(events))
    replayed = [drill.replay(them) for them in _chosen(events, together, drill)]
    replayed.sort(key=_worst_first)
    alone = {host: drill.lost_mw_it(frozenset([host])) for host in fleet.hosts.index}
    outages = Outages(
        survive=asked.survive,
        at_once=asked.at_once,
        kinds=tuple(_kinds(asked.survive, events, replayed)),
        count=math.comb(len(events), together) if events else 0,
        replayed=len(replayed),
        rows=tuple(_of_other_sites(replayed))[:MOST_ROWS],
    )
    return outages, pd.Series(alone, dtype=float)


def _chosen(events: list[Event], together: int, drill: "_Drill") -> Iterator[Together]:
    """Give every outage; of too many pairs those between the events whose sites carry most."""
    if together == 2:
        carried = {event: round(drill.carried_mw_it(event.hosts), 6) for event in events}
        events = sorted(events, key=lambda event: -carried[event])[:MOST_PAIRED]
    return combinations(events, together) if events else iter(())


def _worst_first(row: Replayed) -> tuple[float, float, int]:
    return -row.lost_mw_it, -row.broken_mw_it, row.sites


def _kinds(survive: Sequence[str], events: list[Event], replayed: list[Replayed]) -> Iterator[Kind]:
    for kind in survive:
        rows = (row for row in replayed if any(one.kind == kind for one in row.what))
        count = sum(event.kind == kind for event in events)
        yield Kind(kind=kind, count=count, worst=next(rows, None))


def _of_other_sites(replayed: Iterable[Replayed]) -> Iterator[Replayed]:
    """Leave out what takes out the same sites as an outage before it."""
    known: set[frozenset[str]] = set()
    for row in replayed:
        if row.hosts not in known:
            known.add(row.hosts)
            yield row


class _Drill:
    """Replays outages on a fleet; what is asked twice is worked out once."""

    def __init__(self, scenario: Scenario, fleet: Fleet) -> None:
        self.fleet = fleet
        self.row = {host: row for row, host in enumerate(fleet.hosts.index)}
        service = fleet.wants["service"]
        kept = {name: stated.kept for name, stated in scenario.services.items()}
        self.kept = np.asarray(service.map(kept), np.float64)
        self.turns = list(turns_of(scenario, service.to_numpy(object), self.kept))
        self.loads: dict[int, Load] = {}
        self.known: dict[frozenset[str], dict[tuple[str, bool], float]] = {}

    def replay(self, them: Together) -> Replayed:
        """Replay what happens together."""
        hosts = frozenset[str]().union(*(event.hosts for event in them))
        lost = self.lost_by_turn_mw_it(hosts)
        by_class = {name: 0.0 for name, _ in lost}
        for (name, _), mw_it in lost.items():
            by_class[name] += mw_it
        return Replayed(
            what=tuple(Named(kind=e.kind, id=e.id, name=e.name) for e in them),
            sites=len(hosts),
            mw=float(self.fleet.hosts["mw"].loc[list(hosts)].sum()),
            lost_mw_it=sum(by_class.values()),
            lost_by_class_mw_it={name: mw_it for name, mw_it in by_class.items() if mw_it},
            broken_mw_it=sum(mw_it for (_, promised), mw_it in lost.items() if promised),
            kept_share=self._kept_share(by_class),
            hosts=hosts,
        )

    def _kept_share(self, lost_mw_it: dict[str, float]) -> float | None:
        """Give what classes with a promise keep, as a share of what they are served."""
        promised = self.fleet.wants["service"][self.kept > 0].unique()
        of_them = (self.kept > 0)[self.fleet.want]
        served = float(self.fleet.mw_it[of_them].sum())
        lost = sum(lost_mw_it.get(name, 0.0) for name in promised)
        return 1 - lost / served if served > _CRUMB_MW_IT else None

    def lost_mw_it(self, hosts: frozenset[str]) -> float:
        """Give what is lost in all when some hosts are out (MW IT)."""
        return sum(self.lost_by_turn_mw_it(hosts).values())

    def carried_mw_it(self, hosts: frozenset[str]) -> float:
        """Give what some hosts serve in order (MW IT)."""
        return float(self.fleet.mw_it[np.isin(self.fleet.host, self._rows(hosts))].sum())

    def lost_by_turn_mw_it(self, hosts: frozenset[str]) -> dict[tuple[str, bool], float]:
        """
        Give what each class loses of its promise (true), and of the rest (false).

        What can be served of some demand together is a polymatroid: as each turn adds demand to
        that of the turns before it, the most that is served grows by what the turn itself gets.
        """
        if hosts not in self.known:
            out, lost, before = self._rows(hosts), {}, 0.0
            everything = self._lost_to(len(self.turns) - 1, out)
            for number, (key, _) in enumerate(self.turns if everything else ()):
                so_far = self._lost_to(number, out)
                lost[key], before = max(0.0, so_far - before), so_far
            self.known[hosts] = lost
        return self.known[hosts]

    def _lost_to(self, turn: int, out: Ints) -> float:
        if turn < 0:
            return 0.0
        if turn not in self.loads:
            self.loads[turn] = load_of(self.fleet, self.turns[turn][1])
        return lost_mw_it(self.loads[turn], out)

    def _rows(self, hosts: frozenset[str]) -> Ints:
        return np.array(sorted(self.row[host] for host in hosts), dtype=np.int64)


def turns_of(
    scenario: Scenario, service: NDArray[np.object_], kept: Floats
) -> Iterator[tuple[tuple[str, bool], Floats]]:
    """
    Give who is served in turn, and the share of every want that has had its turn by then.

    Promises come first; then the rest. Each time the dearest class comes first, one that must be
    served in full before those with a price, and of equals the one that the scenario names first.
    """
    price = {n: s.unserved_mn_per_mw_yr for n, s in scenario.services.items()}
    ranked = sorted(price, key=lambda n: -math.inf if (mn := price[n]) is None else -mn)
    share = np.zeros(len(service))
    for promised in (True, False):
        for name in ranked:
            mine = service == name
            grown = np.where(mine, kept if promised else 1.0, share)
            if (grown != share).any():
                share = grown
                yield (name, promised), share
