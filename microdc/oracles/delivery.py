"""
Can these sites serve this demand within its latency bounds? A max-flow knows.

When they cannot, a min cut says why.

By Hall's theorem in Hoffman's form, demand can be delivered exactly if every set S of demand
points finds enough power within its reach N(S):

    sum over i in N(S) of min(x_i / PUE_i, d(S in reach of i) z_i) + sum of V_g over S  >=  d(S)

Either of the two terms makes a valid linear row. The second is what strong linking rows
(flow <= demand x built) project to; it is the tighter one where a site reaches little of S.
"""

from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from microdc.instance import Floats, Instance, Ints
from microdc.oracles.base import TOLERANCE_MW_IT, Cut, Sizes

Linking = Literal["weak", "strong"]

_OPEN = 1e-9  # a site built to less than this share takes no part in a max-flow
_INT32_MAX = 2**31 - 1  # scipy's max-flow silently returns 0 above it
_SOURCE, _SINK, _FIRST_POINT = 0, 1, 2


class Delivery:
    """Finds sets of demand points whose reach has too little power for them."""

    def __init__(self, instance: Instance, linking: Linking = "strong") -> None:
        self.linking = linking
        self._reach = instance.reach
        self._mw_it = instance.points["mw_it"].to_numpy()
        self._group = instance.points["group"].to_numpy()
        self._pue = instance.sites["pue"].to_numpy()
        self._cap_mw_it = instance.cap_mw_it
        self._groups = len(instance.groups)
        points, sites = len(instance.points), len(instance.sites)
        pairs = csr_array(
            (np.ones(instance.reach.pairs, np.int8), instance.reach.site, instance.reach.start),
            shape=(points, sites),
        )
        self._points_of = pairs.tocsc()
        most = max(1e-9, self._mw_it.sum(), self._cap_mw_it.max(initial=0.0))
        self._units = (_INT32_MAX - points - 1) / most  # per MW; as fine as whole numbers allow

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give a row for every set of points found short of power, from both extreme min cuts."""
        open_sites = np.flatnonzero((sizes.built > _OPEN) | (sizes.mw > _OPEN))
        arcs = self._points_of[:, open_sites]
        cuts: dict[int, Cut] = {}
        for short in self._short_sets(sizes, open_sites, arcs):
            parts = [self.cut(part, sizes) for part in self._parts(short, arcs, sizes)]
            broken = [cut for cut in parts if cut.shortfall_mw_it(sizes) > TOLERANCE_MW_IT]
            if not broken:  # crumbs that each part may be short of add up
                whole = self.cut(short, sizes)
                broken = [whole] if whole.shortfall_mw_it(sizes) > TOLERANCE_MW_IT else []
            cuts |= {cut.key: cut for cut in broken}
        return list(cuts.values())

    def cut(self, points: Ints, sizes: Sizes) -> Cut:
        """Write the row of a set of points that is tightest at these sizes."""
        owner, at = self._reach.of(points)
        within_mw_it = np.bincount(
            self._reach.site[at], weights=self._mw_it[points][owner], minlength=len(self._pue)
        )
        sites = np.flatnonzero(within_mw_it)
        within_mw_it = within_mw_it[sites]
        by_size = sizes.mw[sites] / self._pue[sites]
        by_reach = within_mw_it * sizes.built[sites]
        closed = sizes.built[sites] <= _OPEN
        # Where a site reaches more than it can hold, its size is the tighter term throughout.
        use_reach = ((by_reach < by_size) | closed) & (within_mw_it < self._cap_mw_it[sites])
        use_reach &= self.linking == "strong"
        return Cut(
            points=points,
            sites=sites,
            per_site=np.where(use_reach, within_mw_it, 0.0),
            per_mw=np.where(use_reach, 0.0, 1 / self._pue[sites]),
            groups=np.unique(self._group[points]),
            need_mw_it=float(self._mw_it[points].sum()),
        )

    def _short_sets(self, sizes: Sizes, open_sites: Ints, arcs: csr_array) -> list[Ints]:
        """Give the source sides of the min cuts nearest the source and nearest the sink."""
        capacity = self._network(sizes, open_sites, arcs)
        flow = maximum_flow(capacity, _SOURCE, _SINK)
        demand = capacity.data[capacity.indptr[_SOURCE] : capacity.indptr[_SOURCE + 1]]
        if flow.flow_value >= demand.sum(dtype=np.int64):
            return []
        residual = csr_array(capacity - flow.flow)
        residual.data = (residual.data > 0).astype(np.int32)
        residual.eliminate_zeros()
        near_source = _reached(residual, _SOURCE)
        near_sink = ~_reached(csr_array(residual.T), _SINK)
        points = slice(_FIRST_POINT, _FIRST_POINT + len(self._mw_it))
        sets = [np.flatnonzero(side[points]) for side in (near_source, near_sink)]
        return sets[:1] if np.array_equal(sets[0], sets[1]) else sets

    def _network(self, sizes: Sizes, open_sites: Ints, arcs: csr_array) -> csr_array:
        """Build source -> points -> open sites and groups -> sink, in whole units of power."""
        points = _FIRST_POINT + np.arange(len(self._mw_it))
        first_site = _FIRST_POINT + len(points)
        sites = first_site + np.arange(len(open_sites))
        groups = first_site + len(sites) + np.arange(self._groups)
        pair = arcs.tocoo()
        of_point, to_site = pair.coords
        if self.linking == "strong":
            linked = self._up(self._mw_it[of_point] * sizes.built[open_sites][to_site])
        else:
            linked = np.full(len(of_point), _INT32_MAX)
        relieved = np.flatnonzero(sizes.unserved_mw_it[self._group] > 0)
        tail = [np.zeros(len(points), int), points[of_point], points[relieved], sites, groups]
        head = [points, sites[to_site], groups[self._group[relieved]], *_to_sink(sites, groups)]
        size = [
            self._down(self._mw_it),  # demand down, supply up: no false alarm
            linked,
            np.full(len(relieved), _INT32_MAX),
            self._up(sizes.mw[open_sites] / self._pue[open_sites]),
            self._up(sizes.unserved_mw_it),
        ]
        nodes = first_site + len(sites) + self._groups
        entries = np.concatenate(size).astype(np.int32)
        where = (np.concatenate(tail), np.concatenate(head))
        return csr_array((entries, where), shape=(nodes, nodes))

    def _down(self, mw_it: Floats) -> Floats:
        """Round demand down in sum, not point by point: many small points are a large one."""
        whole: Floats = np.diff(np.floor(np.cumsum(mw_it) * self._units), prepend=0)
        return whole

    def _up(self, mw_it: Floats) -> Floats:
        scaled: Floats = np.minimum(np.ceil(np.maximum(mw_it, 0) * self._units), _INT32_MAX)
        return scaled

    def _parts(self, short: Ints, arcs: csr_array, sizes: Sizes) -> list[Ints]:
        """
        Split a short set into parts that share no open site; points in the dark go by neighbours.

        Where parts lean on the same unserved demand the whole set is kept as well: each part
        alone would count that relief in full.
        """
        label = self._region(short, arcs)
        order = np.argsort(label, kind="stable")
        parts = np.split(short[order], np.flatnonzero(np.diff(label[order])) + 1)
        relieved = [
            np.unique(self._group[part][sizes.unserved_mw_it[self._group[part]] > 0])
            for part in parts
        ]
        leaning = list(chain.from_iterable(relieved))
        shared = len(leaning) > len(set(leaning))
        return [*parts, short] if shared and len(parts) > 1 else parts

    def _region(self, short: Ints, arcs: csr_array) -> Ints:
        """Number the region of each point of a set: joined by open sites or the nearest site."""
        of_point, open_site = arcs[short].nonzero()
        owner = np.arange(len(short))
        reached = self._reach.sites_per_point[short] > 0
        first = self._reach.site[self._reach.start[short[reached]]]
        _, nearest = np.unique(first, return_inverse=True)
        dark = np.setdiff1d(owner[reached], of_point)
        nearest_of = np.zeros(len(short), int)
        nearest_of[owner[reached]] = nearest
        first_open, first_near = len(short), len(short) + arcs.shape[1]
        tail = np.concatenate([of_point, dark])
        head = np.concatenate([first_open + open_site, first_near + nearest_of[dark]])
        nodes = first_near + len(nearest)
        graph = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(nodes, nodes))
        _, label = connected_components(graph, directed=False)
        return np.asarray(label[: len(short)], dtype=np.int64)


def _to_sink(sites: Ints, groups: Ints) -> tuple[Ints, Ints]:
    return np.full(len(sites), _SINK), np.full(len(groups), _SINK)


def _reached(graph: csr_array, start: int) -> NDArray[np.bool_]:
    reached = np.zeros(graph.shape[0], dtype=bool)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached
