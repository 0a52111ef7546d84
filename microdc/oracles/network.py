"""Power from sites to demand points as whole units that flow through a network."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from microdc.instance import Floats, Ints
from microdc.oracles.base import Sizes
from microdc.oracles.hall import Hall

INT32_MAX = 2**31 - 1  # scipy's max-flow silently returns 0 above it
SOURCE, SINK, FIRST = 0, 1, 2
"""Nodes: the source, the sink, then the points, then the open sites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """As much as the open sites can deliver: capacities and flow, in whole units."""

    open_sites: Ints
    arcs: csr_array
    """Which points reach which open sites: points x open sites, demand (MW IT) of the point."""
    capacity: csr_array
    flow: csr_array

    @property
    def missing(self) -> csr_array:
        """What is left of each point's demand; one row, over all nodes."""
        left = csr_array((self.capacity - self.flow)[[SOURCE], :])
        left.eliminate_zeros()
        return left


class Network:
    """The network of one way to reach: source -> points -> open sites -> sink."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.points = len(hall.mw_it)
        most = max(1e-9, hall.mw_it.sum(), hall.cap_mw_it.max(initial=0.0))
        self.units = (INT32_MAX - self.points - 1) / most  # per MW; as fine as whole numbers allow

    def routed(self, sizes: Sizes) -> Routed:
        """Deliver as much as can be."""
        open_sites = sizes.open
        arcs = csr_array(self.hall.by_site[:, open_sites])
        capacity = self._capacity(sizes, open_sites, arcs)
        flow = csr_array(maximum_flow(capacity, SOURCE, SINK).flow)
        return Routed(open_sites=open_sites, arcs=arcs, capacity=capacity, flow=flow)

    def mw_it(self, units: Floats) -> Floats:
        """Give units that are missing in MW IT, rounded up."""
        mw_it: Floats = np.where(units > 0, (units + 1) / self.units, 0.0)
        return mw_it

    def _capacity(self, sizes: Sizes, open_sites: Ints, arcs: csr_array) -> csr_array:
        hall = self.hall
        points = FIRST + np.arange(self.points)
        sites = FIRST + self.points + np.arange(len(open_sites))
        pair = arcs.tocoo()
        of_point, to_site = pair.coords
        if hall.linking == "strong":
            linked = self._up(pair.data * sizes.built[open_sites][to_site])
        else:
            linked = np.full(len(of_point), INT32_MAX)
        tail = [np.full(self.points, SOURCE), points[of_point], sites]
        head = [points, sites[to_site], np.full(len(sites), SINK)]
        size = [
            self._down(hall.wanted_mw_it(sizes)),  # demand down, supply up: no false alarm
            linked,
            self._up(sizes.mw[open_sites] / hall.pue[open_sites]),
        ]
        nodes = FIRST + self.points + len(sites)
        entries = np.concatenate(size).astype(np.int32)
        where = (np.concatenate(tail), np.concatenate(head))
        return csr_array((entries, where), shape=(nodes, nodes))

    def _down(self, mw_it: Floats) -> Floats:
        """Round demand down in sum, not point by point: many small points are a large one."""
        whole: Floats = np.diff(np.floor(np.cumsum(mw_it) * self.units), prepend=0)
        return whole

    def _up(self, mw_it: Floats) -> Floats:
        scaled: Floats = np.minimum(np.ceil(np.maximum(mw_it, 0) * self.units), INT32_MAX)
        return scaled
