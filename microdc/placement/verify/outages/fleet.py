"""A plan's service and sizes as whole milliwatts, once for every turn in which demand is served."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from microdc.placement.verify.facts import RTT_MS, Facts
from microdc.placement.verify.outages.events import Hosts, hosts_of
from microdc.placement.verify.outages.network import Network
from microdc.placement.verify.proof.near import answered, bounds_in_outages

MILLIWATTS = 10**9
"""Of a MW: supply is rounded down to whole milliwatts, demand up."""

Share = Mapping[str, float]
Lost = dict[tuple[str, str], float]
"""What is lost (MW IT) by place and class."""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """
    What stands, what it serves of whom in order, and who may serve whom in an outage.

    hosts, mw_it
        Sites and hubs that can carry load, by id, and their power (MW IT).
    wants
        Places with their classes that are served in order.
    served_mw_it
        Who serves what of which want (rows), in MW IT.
    near
        Hosts (rows) that answer each want within the bound of its class in an outage.
    """

    facts: Facts
    hosts: list[str]
    mw_it: list[float]
    wants: list[tuple[str, str]]
    served_mw_it: list[dict[int, float]]
    near: Sequence[Sequence[int]]

    @cached_property
    def row(self) -> dict[str, int]:
        """Give the row of each host."""
        return {host: row for row, host in enumerate(self.hosts)}

    @cached_property
    def turns(self) -> list[tuple[str, bool, Network]]:
        """
        Give the turns in which demand is served: the class, whether it is its promise, and so far.

        First what is promised, then the rest; each time the dearest class first, and before all
        those that have no price because they must be served in full.
        """
        services = self.facts.scenario.services
        kept = self.kept
        price = {n: s.unserved_mn_per_mw_yr for n, s in services.items()}
        ranked = sorted(price, key=lambda n: -math.inf if (mn := price[n]) is None else -mn)
        present = {service for _, service in self.wants}
        share, turns = dict.fromkeys(services, 0.0), []
        for promised in (True, False):
            for name in ranked:
                more = kept[name] if promised else 1.0
                if name in present and more > share[name]:
                    share[name] = more
                    turns.append((name, promised, self.network(share)))
        return turns

    @cached_property
    def promised(self) -> Network:
        """Give the network that serves what is promised, and nothing else."""
        return self.network(self.kept)

    @cached_property
    def kept(self) -> dict[str, float]:
        """Give the share of its service that each class keeps in an outage; 0: no promise."""
        services = self.facts.scenario.services.items()
        return {name: stated.outage.served if stated.outage else 0.0 for name, stated in services}

    def network(self, share: Share) -> Network:
        """Serve a share of what each class is served in order."""
        serves: list[dict[int, int]] = []
        for served in self.served_mw_it:
            wanted = ((want, mw_it * share[self.wants[want][1]]) for want, mw_it in served.items())
            serves.append({want: math.ceil(mw * MILLIWATTS) for want, mw in wanted if mw > 0})
        room = [math.floor(mw_it * MILLIWATTS) - sum(served.values())
                for mw_it, served in zip(self.mw_it, serves, strict=True)]  # fmt: skip
        return Network(self.near, serves, room)

    def lost_mw_it(self, network: Network, hosts: Hosts) -> tuple[Lost, set[int]]:
        """Give what a network loses without some hosts, and whose load changes (rows)."""
        lost, touched = network.without(self.row[host] for host in hosts)
        return {self.wants[want]: mw / MILLIWATTS for want, mw in lost.items()}, touched

    def in_all_mw_it(self, hosts: Hosts) -> float:
        """Give what is lost in all without some hosts (MW IT); what is asked twice is known."""
        if hosts not in self._in_all and self.turns:
            self._in_all[hosts] = sum(self.lost_mw_it(self.turns[-1][2], hosts)[0].values())
        return self._in_all.get(hosts, 0.0)

    @cached_property
    def _in_all(self) -> dict[Hosts, float]:
        return {}

    def by_turn_mw_it(self, hosts: Hosts) -> Iterator[tuple[str, bool, float]]:
        """Give what each turn loses without some hosts: class, whether promised, MW IT."""
        before = 0.0
        for name, promised, network in self.turns:
            so_far = sum(self.lost_mw_it(network, hosts)[0].values())
            yield name, promised, max(0.0, so_far - before)
            before = so_far


def fleet_of(facts: Facts) -> Fleet:
    """Lay out a plan as it is stated; who is near whom is worked out from the tables."""
    hosts = hosts_of(facts)
    row = {host: number for number, host in enumerate(hosts)}
    pue, sites, hubs = facts.substations["pue"], facts.sites["mw"], facts.hubs["mw_it"]
    served: list[dict[int, float]] = [{} for _ in hosts]
    wants: dict[tuple[str, str], int] = {}
    columns = (facts.served[column] for column in ("place", "service", "site", "mw_it"))
    for place, service, site, mw_it in zip(*columns, strict=True):
        if site in row and 0 < mw_it < math.inf:
            want = wants.setdefault((place, service), len(wants))
            served[row[site]][want] = served[row[site]].get(want, 0.0) + float(mw_it)
    return Fleet(
        facts=facts,
        hosts=hosts,
        mw_it=[float(sites[h] / pue[h] if h in sites.index else hubs[h]) for h in hosts],
        wants=list(wants),
        served_mw_it=served,
        near=_near(facts, hosts, wants),
    )


def _near(facts: Facts, hosts: list[str], wants: dict[tuple[str, str], int]) -> list[list[int]]:
    """Find the hosts that answer each want in time while something is out."""
    where = facts.region.hosts.loc[hosts, ["lat", "lon", "processing_ms"]]
    where = where.fillna({"processing_ms": facts.scenario.latency.processing_ms})
    want_of_row = np.array([wants.get(key, -1) for key in facts.demand.index])
    near = defaultdict[int, list[int]](list)
    for some, (within,) in answered(facts, where, bounds_in_outages(facts), (RTT_MS,)):
        for host, row in zip(*np.nonzero(within & (want_of_row >= 0)), strict=True):
            near[int(want_of_row[row])].append(some.start + int(host))
    return [near[want] for want in range(len(wants))]
