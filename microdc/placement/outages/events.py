"""What may be out: single sites, nodes of the power tree with all below, zones on the map."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from microdc.inputs.region import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that may be out, and the sites and hubs of a plan that it takes with it."""

    kind: str
    """`site`, `node` or `zone`."""
    id: str
    name: str
    hosts: frozenset[str]


def events_of(kinds: Sequence[str], region: Region, hosts: pd.Index) -> list[Event]:
    """
    List everything of some kinds that takes out at least one of a plan's sites and hubs (ids).

    Single sites come first, then nodes of the power tree, the lowest first, then zones; each kind
    by id.
    """
    found = {"site": _sites, "node": _nodes, "zone": _zones}
    return [event for kind, of in found.items() if kind in kinds for event in of(region, hosts)]


def _sites(region: Region, hosts: pd.Index) -> Iterator[Event]:
    names = region.hosts["name"]
    for host in sorted(hosts):
        yield Event(kind="site", id=host, name=names[host], hosts=frozenset([host]))


def _nodes(region: Region, hosts: pd.Index) -> Iterator[Event]:
    parent = region.substations["parent"].to_dict()
    below: dict[str, set[str]] = {}
    for host in hosts[hosts.isin(region.substations.index)]:
        node = host
        while isinstance(node, str):
            below.setdefault(node, set()).add(host)
            node = parent[node]
    names = region.substations["name"]
    for node in sorted(below, key=lambda node: (len(below[node]), node)):
        yield Event(kind="node", id=node, name=names[node], hosts=frozenset(below[node]))


def _zones(region: Region, hosts: pd.Index) -> Iterator[Event]:
    inside = region.zones[region.zones["host"].isin(hosts)]
    for zone, rows in inside.groupby("zone"):
        yield Event(kind="zone", id=str(zone), name=str(zone), hosts=frozenset(rows["host"]))
