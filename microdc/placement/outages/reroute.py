"""How much of what the sites that are out served can be served from those that are left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from microdc.instance import WATT_MW, Floats, Ints, Reach
from microdc.placement.outages.fleet import Fleet

Mask = NDArray[np.bool_]

NOTHING_MW_IT = 1e-5
"""The search itself calls a shortfall of so little none (MW IT)."""

_UNITS = 2**30
"""Flows are whole numbers of 32 bits: what is to be moved is cut into so many parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Some of a plan's service, and the room that it leaves: a flow to be changed as sites fail."""

    reach: Reach
    serves: csr_array
    """What each host serves of each want (MW IT), hosts x wants."""
    room_mw_it: Floats
    """What each host could serve beside; shape (hosts,)."""
    eases: Mask
    """Hosts with room, or that can pass on some of what they serve to one that eases."""


def load_of(fleet: Fleet, share: Floats) -> Load:
    """Take a share (0 to 1) of what is served of each want for the load; the rest is shed."""
    mw_it = fleet.mw_it * share[fleet.want]
    shape = (len(fleet.hosts), len(fleet.wants))
    serves = csr_array((mw_it, (fleet.host, fleet.want)), shape=shape)
    serves.sum_duplicates()
    serves.eliminate_zeros()
    carried_mw_it = np.asarray(serves.sum(axis=1)).ravel()
    room_mw_it = np.maximum(fleet.hosts["mw_it"].to_numpy() - carried_mw_it, 0.0)
    room_mw_it[room_mw_it < WATT_MW] = 0.0
    eases = _eases(fleet.reach, serves, room_mw_it)
    return Load(reach=fleet.reach, serves=serves, room_mw_it=room_mw_it, eases=eases)


def _eases(reach: Reach, serves: csr_array, room_mw_it: Floats) -> Mask:
    """
    Find the hosts from which room can be reached by moving load.

    In an outage there are never more: rerouting along one way opens no way for those that had none.
    """
    eases = room_mw_it > 0
    some = np.flatnonzero(reach.sites_per_point)
    served = serves.tocoo()
    while len(some):
        movable = np.zeros(len(reach.start) - 1, bool)
        movable[some] = np.logical_or.reduceat(eases[reach.site], reach.start[some])
        more = eases.copy()
        more[served.row[movable[served.col]]] = True
        if (more == eases).all():
            break
        eases = more
    return eases


def lost_mw_it(load: Load, out: Ints) -> float:
    """
    Give what of a load cannot be served while some hosts (rows) are out (MW IT).

    Only what they served moves: it looks for room among those in reach, and those that these can
    pass load on to, ring by ring, until there is enough or nobody is left. Good to some ten watts.
    """
    moved = np.zeros(load.serves.shape[1])
    for host in out:
        mine = slice(*load.serves.indptr[host : host + 2])
        moved[load.serves.indices[mine]] += load.serves.data[mine]
    wants = np.flatnonzero(moved)
    if not len(wants):
        return 0.0
    helps = load.eases.copy()
    helps[out] = False
    around = _Around(load, helps, wants)
    enough_mw_it = float(moved.sum())
    while True:
        grown = around.grow()
        if grown and around.room_mw_it < enough_mw_it:
            continue
        lost = _not_moved_mw_it(load, around, moved)
        if lost <= NOTHING_MW_IT:
            return 0.0
        if not grown:
            return lost
        enough_mw_it = 2 * around.room_mw_it


class _Around:
    """Whoever may take part: wants without a host, hosts in their reach, wants served there, ..."""

    def __init__(self, load: Load, helps: Mask, wants: Ints) -> None:
        self.load, self.helps = load, helps
        self.edge = wants
        self.wants, self.hosts = wants, np.empty(0, np.int64)
        self.known = np.zeros(load.serves.shape[1], bool)
        self.known[wants] = True
        self.room_mw_it = 0.0

    def grow(self) -> bool:
        """Take in one ring more; False if there is none."""
        _, at = self.load.reach.of(self.edge)
        fresh = np.unique(self.load.reach.site[at]).astype(np.int64)
        fresh = fresh[self.helps[fresh]]
        self.helps[fresh] = False
        self.hosts = np.concatenate([self.hosts, fresh])
        self.room_mw_it += float(self.load.room_mw_it[fresh].sum())
        serves = self.load.serves[fresh].indices.astype(np.int64)
        self.edge = np.unique(serves[~self.known[serves]])
        self.known[self.edge] = True
        self.wants = np.concatenate([self.wants, self.edge])
        return bool(len(fresh))


def _not_moved_mw_it(load: Load, around: _Around, moved_mw_it: Floats) -> float:
    """Give what cannot be moved within some wants and hosts: a max-flow on what is left."""
    wants, hosts = around.wants, around.hosts
    total = float(moved_mw_it.sum())
    if not len(hosts):
        return total
    row_of_want, row_of_host = (np.full(count, -1) for count in load.serves.shape[::-1])
    row_of_want[wants], row_of_host[hosts] = np.arange(len(wants)), np.arange(len(hosts))
    owner, at = load.reach.of(wants)
    near = row_of_host[load.reach.site[at]]
    owner, near = owner[near >= 0], near[near >= 0]
    held = load.serves[hosts].tocoo()
    want, host = 2 + np.arange(len(wants)), 2 + len(wants) + np.arange(len(hosts))
    arcs = [
        (np.zeros(len(wants), int), want, moved_mw_it[wants]),
        (want[owner], host[near], np.full(len(owner), total)),
        (host[held.row], want[row_of_want[held.col]], held.data),
        (host, np.ones(len(hosts), int), load.room_mw_it[hosts]),
    ]
    tail, head, mw_it = (np.concatenate(part) for part in zip(*arcs, strict=True))
    units = np.rint(np.minimum(mw_it / total, 1.0) * _UNITS).astype(np.int32)
    shape = (2 + len(wants) + len(hosts),) * 2
    network = csr_array((units, (tail, head)), shape=shape)
    left = int(units[: len(wants)].sum()) - int(maximum_flow(network, 0, 1).flow_value)
    return left / _UNITS * total
