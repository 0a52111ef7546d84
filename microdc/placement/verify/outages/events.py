"""What may be out, read from the tables again: sites, all below a node, all within a zone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from microdc.inputs.land.shapes import read_shapes, rows_with_shapes
from microdc.inputs.tables.cells import blank_texts, texts
from microdc.inputs.tables.findings import Findings
from microdc.placement.verify.facts import Facts

Hosts = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that may be out, and the sites and hubs that are out with it."""

    kind: str
    id: str
    name: str
    hosts: Hosts

    def __str__(self) -> str:
        """Name it as a user knows it."""
        return f"{self.kind} {self.id}"


def events_of(facts: Facts) -> list[Event]:
    """List all that the scenario says may be out, as far as it takes out sites of the plan."""
    return events_among(facts, hosts_of(facts))


def events_among(facts: Facts, hosts: list[str]) -> list[Event]:
    """List all that the scenario says may be out, as far as it takes out some hosts (by id)."""
    asked = facts.scenario.resilience
    kinds = asked.survive if asked else ()
    return [event for kind in ("site", "node", "zone") if kind in kinds
            for event in _OF_KIND[kind](facts, hosts)]  # fmt: skip


def hosts_of(facts: Facts) -> list[str]:
    """List the sites and hubs of the plan that can carry load, by id."""
    sites, hubs = facts.sites, facts.hubs
    return sorted([*sites.index[sites["mw"] > 0], *hubs.index[hubs["mw_it"] > 0]])


def _sites(facts: Facts, hosts: list[str]) -> Iterator[Event]:
    names = facts.region.hosts["name"].to_dict()
    for host in hosts:
        yield Event(kind="site", id=host, name=str(names[host]), hosts=frozenset([host]))


def _nodes(facts: Facts, hosts: list[str]) -> Iterator[Event]:
    below = defaultdict[str, set[str]](set)
    for host in hosts:
        for node in (host, *facts.above[host]) if host in facts.above else ():
            below[node].add(host)
    names = facts.substations["name"].to_dict()
    for node, out in below.items():
        yield Event(kind="node", id=node, name=str(names[node]), hosts=frozenset(out))


def _zones(facts: Facts, hosts: list[str]) -> Iterator[Event]:
    inside = defaultdict[str, set[str]](set)
    where = facts.region.hosts.loc[hosts]
    for zone, shape in _shapes(facts):
        within = shapely.intersects_xy(shape, where["lon"], where["lat"])
        inside[zone].update(where.index[within])
    for zone, out in inside.items():
        if out:
            yield Event(kind="zone", id=zone, name=zone, hosts=frozenset(out))


def _shapes(facts: Facts) -> Iterator[tuple[str, Any]]:
    """Give every shape of the zones with its name: its `id` or, where that is blank, its `name`."""
    for source in facts.scenario.zones:
        path = facts.scenario.folder / source.path
        read = read_shapes(path, Path(source.path).as_posix(), Findings())
        if read is None:
            continue
        raw, shapes = read
        rows = rows_with_shapes(raw)
        names = np.full(len(rows), "", dtype=object)
        for word in ("name", "id"):
            for column in (c for c in rows.columns if str(c).casefold() == word):
                cells = texts(rows[column])
                names = np.where(blank_texts(cells), names, cells)
        yield from zip(names, shapes, strict=True)


_OF_KIND = {"site": _sites, "node": _nodes, "zone": _zones}
