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
"""Nodes: the source, the sink, then the wants, then the open suppliers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """As much as the open suppliers can deliver: capacities and flow, in whole units."""

    suppliers: Ints
    arcs: csr_array
    """Which wants reach which of these: wants x open suppliers, what is wanted (MW IT)."""
    capacity: csr_array
    flow: csr_array

    @property
    def missing(self) -> csr_array:
        """What is left of each want; one row, over all nodes."""
        left = csr_array((self.capacity - self.flow)[[SOURCE], :])
        left.eliminate_zeros()
        return left


class Network:
    """The network of one way to reach: source -> wants -> open suppliers -> sink."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.wants = len(hall.mw_it)
        most = max(1e-9, hall.mw_it.sum(), hall.of.full_mw_it.max(initial=0.0))
        self.units = (INT32_MAX - self.wants - 1) / most  # per MW; as fine as whole numbers allow

    def routed(self, sizes: Sizes) -> Routed:
        """Deliver as much as can be."""
        suppliers = self.hall.open(sizes)
        arcs = csr_array(self.hall.by_supplier[:, suppliers])
        capacity = self._capacity(sizes, suppliers, arcs)
        flow = csr_array(maximum_flow(capacity, SOURCE, SINK).flow)
        return Routed(suppliers=suppliers, arcs=arcs, capacity=capacity, flow=flow)

    def mw_it(self, units: Floats) -> Floats:
        """Give units that are missing in MW IT, rounded up."""
        mw_it: Floats = np.where(units > 0, (units + 1) / self.units, 0.0)
        return mw_it

    def _capacity(self, sizes: Sizes, suppliers: Ints, arcs: csr_array) -> csr_array:
        hall = self.hall
        wants = FIRST + np.arange(self.wants)
        givers = FIRST + self.wants + np.arange(len(suppliers))
        pair = arcs.tocoo()
        of_want, to_giver = pair.coords
        if hall.linking == "strong":
            built = sizes.built[hall.of.site[suppliers]]
            linked = self._up(pair.data * built[to_giver])
        else:
            linked = np.full(len(of_want), INT32_MAX)
        tail = [np.full(self.wants, SOURCE), wants[of_want], givers]
        head = [wants, givers[to_giver], np.full(len(givers), SINK)]
        size = [
            self._down(hall.wanted_mw_it(sizes)),  # demand down, supply up: no false alarm
            linked,
            self._up(hall.supply_mw_it(sizes)[suppliers]),
        ]
        nodes = FIRST + self.wants + len(givers)
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
