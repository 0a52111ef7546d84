"""
Can these sites serve this demand within its latency bounds? A max-flow knows.

When they cannot, min cuts say why.

By Hall's theorem in Hoffman's form, demand can be delivered exactly if every set S of demand
points finds enough power within its reach N(S):

    sum over i in N(S) of min(x_i / PUE_i, d(S in reach of i) z_i) + sum of v_j over S  >=  d(S)

Either of the two terms makes a valid linear row. The second is what strong linking rows
(flow <= demand x built) project to; it is the tighter one where a site reaches little of S.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from microdc.instance import Floats, Instance, Ints
from microdc.oracles.base import TOLERANCE_MW_IT, Cut, Sizes

Linking = Literal["weak", "strong"]

_MOST_CUTS = 200  # a round; the shortest of power first
_OPEN = 1e-9  # a site built to less than this share takes no part in a max-flow
_INT32_MAX = 2**31 - 1  # scipy's max-flow silently returns 0 above it
_SOURCE, _SINK, _FIRST_POINT = 0, 1, 2


class Delivery:
    """Finds sets of demand points whose reach has too little power for them."""

    def __init__(self, instance: Instance, linking: Linking = "strong") -> None:
        self.linking = linking
        self._mw_it = instance.points["mw_it"].to_numpy()
        self._pue = instance.sites["pue"].to_numpy()
        self._cap_mw_it = instance.cap_mw_it
        points, sites = len(instance.points), len(instance.sites)
        reach = instance.reach
        demand_mw_it = np.repeat(self._mw_it, reach.sites_per_point)
        self._reached_mw_it = csr_array(
            (demand_mw_it, reach.site, reach.start), shape=(points, sites)
        )
        self._by_site = self._reached_mw_it.tocsc()
        most = max(1e-9, self._mw_it.sum(), self._cap_mw_it.max(initial=0.0))
        self._units = (_INT32_MAX - points - 1) / most  # per MW; as fine as whole numbers allow

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give a row for every set of points found short of power: the largest, and local ones."""
        open_sites = np.flatnonzero((sizes.built > _OPEN) | (sizes.mw > _OPEN))
        arcs = csr_array(self._by_site[:, open_sites])
        extreme, local = self._short_sets(sizes, open_sites, arcs)
        parts = [part for points in extreme for part in _parts(arcs[points], points)]
        # Crumbs that each part may be short of add up.
        return self._short([*parts, *local], sizes) or self._short(extreme, sizes)

    def sharpened(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write cuts anew for other sizes; give those that are broken then. Needs no max-flow."""
        sets = [(cut.points, cut.sites, cut.within_mw_it) for cut in cuts]
        return _broken([self._tightest(*known, sizes) for known in sets], sizes)

    def _short(self, sets: list[Ints], sizes: Sizes) -> list[Cut]:
        different = {points.tobytes(): points for points in sets}
        return _broken(self.cuts(list(different.values()), sizes), sizes)

    def cuts(self, sets: list[Ints], sizes: Sizes) -> list[Cut]:
        """Write for every set of points the row that is tightest at these sizes."""
        within = self._within(sets)
        return [
            self._tightest(points, sites, within_mw_it, sizes)
            for points, (sites, within_mw_it) in zip(sets, within, strict=True)
        ]

    def _tightest(self, points: Ints, sites: Ints, within_mw_it: Floats, sizes: Sizes) -> Cut:
        """Write the row of a set of points that is tightest at these sizes."""
        by_size = sizes.mw[sites] / self._pue[sites]
        by_reach = within_mw_it * sizes.built[sites]
        closed = sizes.built[sites] <= _OPEN
        use_reach = self._worth_reach(sites, within_mw_it) & ((by_reach < by_size) | closed)
        return self._cut(points, sites, within_mw_it, use_reach)

    def delivers(self, sizes: Sizes) -> bool:
        """Tell whether all demand can be delivered, to what the units of a max-flow can tell."""
        return not self.missing_mw_it(sizes).any()

    def missing_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each point misses (MW IT) where as much as possible is delivered."""
        open_sites = np.flatnonzero((sizes.built > _OPEN) | (sizes.mw > _OPEN))
        capacity = self._network(sizes, open_sites, csr_array(self._by_site[:, open_sites]))
        left = (capacity - maximum_flow(capacity, _SOURCE, _SINK).flow)[[_SOURCE], :]
        points = slice(_FIRST_POINT, _FIRST_POINT + len(self._mw_it))
        missing: Floats = left.toarray()[0][points] / self._units
        return np.where(missing > 0, missing + 1 / self._units, 0.0)

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[Cut]:
        """
        Write cuts of fewer sites again, now over all; `old` are the rows of those they were of.

        Sites that were not there come in as closed ones do.
        """
        carried = []
        within = self._within([cut.points for cut in cuts])
        for cut, (sites, within_mw_it) in zip(cuts, within, strict=True):
            by_reach = np.isin(sites, old[cut.sites[cut.per_mw == 0]])
            fresh = ~np.isin(sites, old) & self._worth_reach(sites, within_mw_it)
            carried.append(self._cut(cut.points, sites, within_mw_it, by_reach | fresh))
        return carried

    def _worth_reach(self, sites: Ints, within_mw_it: Floats) -> NDArray[np.bool_]:
        """Tell where the term by reach can be the tighter: a site that could hold more."""
        if self.linking == "weak":
            return np.zeros(len(sites), dtype=bool)
        return np.asarray(within_mw_it < self._cap_mw_it[sites])

    def _cut(
        self, points: Ints, sites: Ints, within_mw_it: Floats, use_reach: NDArray[np.bool_]
    ) -> Cut:
        return Cut(
            points=points,
            sites=sites,
            within_mw_it=within_mw_it,
            per_site=np.where(use_reach, within_mw_it, 0.0),
            per_mw=np.where(use_reach, 0.0, 1 / self._pue[sites]),
            need_mw_it=float(self._mw_it[points].sum()),
        )

    def _within(self, sets: list[Ints]) -> list[tuple[Ints, Floats]]:
        """Give for each set of points the sites in its reach, and the demand in theirs (MW IT)."""
        if not sets:
            return []
        start = np.concatenate([[0], np.cumsum([len(points) for points in sets])])
        shape = (len(sets), len(self._mw_it))
        member = csr_array((np.ones(start[-1]), np.concatenate(sets), start), shape=shape)
        within = csr_array(member @ self._reached_mw_it)
        within.sort_indices()
        rows = [slice(a, b) for a, b in zip(within.indptr, within.indptr[1:], strict=False)]
        return [(within.indices[row].astype(np.int64), within.data[row]) for row in rows]

    def _short_sets(
        self, sizes: Sizes, open_sites: Ints, arcs: csr_array
    ) -> tuple[list[Ints], list[Ints]]:
        """Give sets of points that are short: those of both extreme min cuts, and local ones."""
        capacity = self._network(sizes, open_sites, arcs)
        flow = maximum_flow(capacity, _SOURCE, _SINK)
        residual = csr_array(capacity - flow.flow)
        missing = residual[[_SOURCE], :]
        missing.eliminate_zeros()
        if not missing.nnz:
            return [], []
        residual.data = (residual.data > 0).astype(np.int32)
        residual.eliminate_zeros()
        near_source = _reached(residual, _SOURCE)
        near_sink = _reached(csr_array(residual.T), _SINK)
        unmet = missing.indices[np.argsort(-missing.data, kind="stable")]
        extreme = [self._points(near_source), self._points(~near_sink)]
        return extreme, self._local_sets(residual, near_source, unmet)

    def _local_sets(
        self, residual: csr_array, near_source: NDArray[np.bool_], unmet: Ints
    ) -> list[Ints]:
        """
        Give the smallest short set around each of the points that get too little.

        From such a point the residual network leads to all that compete with it for power.
        """
        nodes = np.flatnonzero(near_source)[1:]  # but for the source, which leads to all of them
        around = csr_array(residual[nodes][:, nodes])
        sets, met = [], np.zeros(residual.shape[0], dtype=bool)
        for point in unmet[:_MOST_CUTS]:
            if not met[point]:
                side = np.zeros_like(met)
                side[nodes[_reached(around, np.searchsorted(nodes, point))]] = True
                met |= side
                sets.append(self._points(side))
        return sets

    def _points(self, side: NDArray[np.bool_]) -> Ints:
        """Give the demand points on a side of a cut."""
        return np.flatnonzero(side[_FIRST_POINT : _FIRST_POINT + len(self._mw_it)])

    def _network(self, sizes: Sizes, open_sites: Ints, arcs: csr_array) -> csr_array:
        """Build source -> points -> open sites -> sink, in whole units of power."""
        points = _FIRST_POINT + np.arange(len(self._mw_it))
        sites = _FIRST_POINT + len(points) + np.arange(len(open_sites))
        pair = arcs.tocoo()
        of_point, to_site = pair.coords
        if self.linking == "strong":
            linked = self._up(pair.data * sizes.built[open_sites][to_site])
        else:
            linked = np.full(len(of_point), _INT32_MAX)
        wanted_mw_it = np.maximum(self._mw_it - sizes.unserved_mw_it, 0.0)
        tail = [np.full(len(points), _SOURCE), points[of_point], sites]
        head = [points, sites[to_site], np.full(len(sites), _SINK)]
        size = [
            self._down(wanted_mw_it),  # demand down, supply up: no false alarm
            linked,
            self._up(sizes.mw[open_sites] / self._pue[open_sites]),
        ]
        nodes = _FIRST_POINT + len(points) + len(sites)
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


def _broken(cuts: list[Cut], sizes: Sizes) -> list[Cut]:
    """Give the cuts that sizes break, the most broken first."""
    short_mw_it = np.array([cut.shortfall_mw_it(sizes) for cut in cuts])
    worst = np.argsort(-short_mw_it, kind="stable")[:_MOST_CUTS]
    return [cuts[k] for k in worst if short_mw_it[k] > TOLERANCE_MW_IT]


def _parts(arcs: csr_array, short: Ints) -> list[Ints]:
    """Split a short set into parts that share no open site; `arcs` are its points' alone."""
    of_point, site = arcs.nonzero()
    nodes = len(short) + arcs.shape[1]
    ends = (of_point, len(short) + site)
    graph = csr_array((np.ones(len(site), np.int8), ends), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[: len(short)], kind="stable")
    return np.split(short[order], np.flatnonzero(np.diff(label[: len(short)][order])) + 1)


def _reached(graph: csr_array, start: int | np.intp) -> NDArray[np.bool_]:
    reached = np.zeros(graph.shape[0], dtype=bool)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached
