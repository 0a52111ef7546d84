"""
Can these sites serve this demand within its latency bounds? A max-flow knows.

When they cannot, min cuts say which demand points find too little power in their reach; `hall`
writes the rows that those put on the sites.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from microdc.instance import Floats, Instance, Ints
from microdc.oracles.base import MOST_CUTS, Cut, Sizes
from microdc.oracles.hall import Hall, Linking, around_of, at_full_size, broken
from microdc.oracles.network import FIRST, SINK, SOURCE, Network, Routed


def in_order(instance: Instance, linking: Linking = "strong") -> "Delivery":
    """Ask for all demand at its peak, from all that is connected."""
    whole = np.ones(len(instance.points))
    return Delivery(Hall(instance, at_full_size(instance, instance.reach, whole), linking))


class Delivery:
    """Finds sets of what is wanted whose reach has too little power for them."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.network = Network(hall)

    def alone(self) -> list[Cut]:
        """Give the row of each want by itself."""
        around = self.hall.around([np.array([k]) for k in range(len(self.hall.mw_it))])
        return [self.hall.cut(one, self.hall.worth_reach(one)) for one in around]

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give a row for every set found short of power: the largest, and local ones."""
        whole, local = short_sets(self.network.routed(sizes))
        # Crumbs that each part may be short of add up.
        return self.short_of(local, sizes) or self.short_of(whole, sizes)

    def sharpened(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write cuts anew for other sizes; give those that are broken then. Needs no max-flow."""
        return broken(self.rewritten(cuts, sizes), sizes)

    def rewritten(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write cuts anew, as tight as they can be at other sizes."""
        return [self.hall.tightest(around_of(cut), sizes) for cut in cuts if self._mine(cut)]

    def delivers(self, sizes: Sizes) -> bool:
        """Tell whether all demand can be delivered, to what the units of a max-flow can tell."""
        return not self.missing_mw_it(sizes).any()

    def missing_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each point must leave (MW IT) where as much as possible is delivered."""
        left = self.network.routed(sizes).missing.toarray()[0]
        missing_mw_it = self.network.mw_it(left[FIRST : FIRST + self.network.wants])
        worst: Floats = np.zeros(len(sizes.unserved_mw_it))
        np.maximum.at(worst, self.hall.of.point, missing_mw_it / self.hall.share)
        return worst

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[Cut]:
        """
        Write cuts of fewer sites again, now over all; `old` are the rows of those they were of.

        Sites that were not there come in as closed ones do.
        """
        mine = [cut for cut in cuts if self._mine(cut)]
        return [self.hall.cut(*carried) for carried in self.hall.carried_over(mine, old)]

    def _mine(self, cut: Cut) -> bool:
        return cut.situation == (self.hall.period, None)

    def short_of(self, sets: list[Ints], sizes: Sizes) -> list[Cut]:
        """Write the rows of sets, each as tight as it can be; give those that are broken."""
        different = {wants.tobytes(): wants for wants in sets}
        around = self.hall.around(list(different.values()))
        return broken([self.hall.tightest(one, sizes) for one in around], sizes)


def short_sets(routed: Routed) -> tuple[list[Ints], list[Ints]]:
    """
    Give sets of wants that are short of power: those of both extreme min cuts, and smaller ones.

    The smaller ones are the parts of the former that share no open supplier, and what is short
    around each of the wants that get too little.
    """
    missing = routed.missing
    if not missing.nnz:
        return [], []
    residual = _residual(routed)
    near_source = _reached(residual, SOURCE)
    near_sink = _reached(csr_array(residual.T), SINK)
    unmet = missing.indices[np.argsort(-missing.data, kind="stable")]
    count = routed.arcs.shape[0]
    extreme = [_wants(near_source, count), _wants(~near_sink, count)]
    parts = [part for wants in extreme for part in parts_of(routed.arcs[wants], wants)]
    return extreme, parts + _local_sets(residual, near_source, unmet, count)


def nearest_sets(routed: Routed) -> list[Ints]:
    """
    Give the min cut nearest the source in parts that share no open supplier.

    It is the smallest set of greatest shortage: each part is short by exactly its share of that.
    """
    if not routed.missing.nnz:
        return []
    residual = _residual(routed)
    wants = _wants(_reached(residual, SOURCE), routed.arcs.shape[0])
    return parts_of(routed.arcs[wants], wants)


def _residual(routed: Routed) -> csr_array:
    """Tell along which arcs more could flow."""
    residual = csr_array(routed.capacity - routed.flow)
    residual.data = (residual.data > 0).astype(np.int32)
    residual.eliminate_zeros()
    return residual


def _local_sets(
    residual: csr_array, near_source: NDArray[np.bool_], unmet: Ints, count: int
) -> list[Ints]:
    """
    Give the smallest short set around each of the wants that get too little.

    From such a want the residual network leads to all that compete with it for power.
    """
    nodes = np.flatnonzero(near_source)[1:]  # but for the source, which leads to all of them
    around = csr_array(residual[nodes][:, nodes])
    sets, met = [], np.zeros(residual.shape[0], dtype=bool)
    for want in unmet[:MOST_CUTS]:
        if not met[want]:
            side = np.zeros_like(met)
            side[nodes[_reached(around, np.searchsorted(nodes, want))]] = True
            met |= side
            sets.append(_wants(side, count))
    return sets


def _wants(side: NDArray[np.bool_], count: int) -> Ints:
    """Give the wants, of so many, on a side of a cut."""
    return np.flatnonzero(side[FIRST : FIRST + count])


def parts_of(arcs: csr_array, short: Ints) -> list[Ints]:
    """Split a short set into parts that share no open supplier; `arcs` are its wants' alone."""
    of_want, giver = arcs.nonzero()
    nodes = len(short) + arcs.shape[1]
    ends = (of_want, len(short) + giver)
    graph = csr_array((np.ones(len(giver), np.int8), ends), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[: len(short)], kind="stable")
    return np.split(short[order], np.flatnonzero(np.diff(label[: len(short)][order])) + 1)


def _reached(graph: csr_array, start: int | np.intp) -> NDArray[np.bool_]:
    reached = np.zeros(graph.shape[0], dtype=bool)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached
