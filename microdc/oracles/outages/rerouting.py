"""
What the sites that are out did serve, sent elsewhere: only that has to be routed anew.

A flow in order leaves a residual network: what points could still get from sites, what sites have
to spare, and what they could give up because others can take it over. From the points that lost
something the search looks no further than it must: first at the sites in their reach, then at
whom those serve, and so on, until all is served again or there is nowhere left to look.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from microdc.instance import Ints
from microdc.oracles.network import FIRST, SINK, SOURCE, Routed


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What cannot be served in an outage: a set of points short of power, and who misses what."""

    points: Ints
    """The set nearest to those that miss something."""
    missing_points: Ints
    missing: Ints
    """Whole units, by `missing_points`."""


class Rerouting:
    """A flow in order, taken apart so that outages can be tried on it one after another."""

    def __init__(self, routed: Routed) -> None:
        points, sites = routed.arcs.shape
        first_site = FIRST + points
        pairs, of_sites = slice(FIRST, first_site), slice(first_site, first_site + sites)
        self.room = _positive(csr_array((routed.capacity - routed.flow)[pairs][:, of_sites]))
        carried = _positive(csr_array(routed.flow[pairs][:, of_sites]))
        self.by_site: csc_array = carried.tocsc()
        to_sink = (routed.capacity - routed.flow)[of_sites][:, [SINK]]
        self.spare: Ints = to_sink.toarray()[:, 0].astype(np.int64)
        self.load: Ints = np.asarray(carried.sum(axis=0)).astype(np.int64)

    def without(self, out: Ints) -> Lost | None:
        """Tell what is lost when some of the open sites (by position) are out; None: nothing."""
        _, point, flow = _entries(self.by_site, out)
        points, which = np.unique(point, return_inverse=True)
        lost = np.bincount(which, weights=flow).astype(np.int64)
        left = self.spare.copy()
        left[out] = 0
        if self._fits(points, lost, left):
            return None
        gone = np.zeros(len(self.spare), dtype=bool)
        gone[out] = True
        wanted = np.zeros(self.room.shape[0], dtype=np.int64)
        wanted[points] = lost
        while True:
            sites = _present(_entries(self.room, points)[1], gone)
            trial = self._trial(points, wanted[points], sites)
            found = maximum_flow(trial, SOURCE, SINK)
            if found.flow_value == lost.sum():
                return None
            wider = np.union1d(points, _entries(self.by_site, sites)[1])
            if len(wider) == len(points):
                return _short(trial, csr_array(found.flow), points)
            points = wider

    def _fits(self, points: Ints, lost: Ints, left: Ints) -> bool:
        """Tell whether the sites around have what was lost to spare, taken as it comes."""
        start, site, room = self.room.indptr, self.room.indices, self.room.data
        for point in np.argsort(start[points + 1] - start[points], kind="stable"):
            pairs = slice(start[points[point]], start[points[point] + 1])
            near = site[pairs]
            free = np.minimum(room[pairs], left[near])
            up_to = np.cumsum(free)
            if not len(up_to) or up_to[-1] < lost[point]:
                return False
            left[near] -= np.clip(lost[point] - (up_to - free), 0, free)
        return True

    def _trial(self, points: Ints, lost: Ints, sites: Ints) -> csr_array:
        """Build the residual network among some points and sites, with what the points lost."""
        at_point, at_site = FIRST + np.arange(len(points)), FIRST + len(points)
        of_site = np.full(self.room.shape[1], -1)
        of_site[sites] = at_site + np.arange(len(sites))
        of_point = np.full(self.room.shape[0], -1)
        of_point[points] = at_point
        sender, site, room = _entries(self.room, points)
        giver, point, flow = _entries(self.by_site, sites)
        out, back = of_site[site] >= 0, of_point[point] >= 0
        tail = [
            np.full(len(points), SOURCE), at_point[sender[out]],
            at_site + giver[back], at_site + np.arange(len(sites)),
        ]  # fmt: skip
        head = [at_point, of_site[site[out]], of_point[point[back]], np.full(len(sites), SINK)]
        size = np.concatenate([lost, room[out], flow[back], self.spare[sites]]).astype(np.int32)
        nodes = at_site + len(sites)
        return csr_array((size, (np.concatenate(tail), np.concatenate(head))), (nodes, nodes))


def _positive(flows: csr_array) -> csr_array:
    flows.data = np.maximum(flows.data, 0)
    flows.eliminate_zeros()
    return flows


def _entries(matrix: csr_array | csc_array, major: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the entries of some rows (of a csc matrix: columns): which, index and value."""
    start = matrix.indptr[major]
    length = matrix.indptr[major + 1] - start
    which = np.repeat(np.arange(len(major)), length)
    at = np.arange(len(which)) - np.repeat(np.cumsum(length) - length - start, length)
    return which, matrix.indices[at], matrix.data[at]


def _present(sites: Ints, gone: np.ndarray) -> Ints:
    found = np.zeros(len(gone), dtype=bool)
    found[sites] = True
    return np.flatnonzero(found & ~gone)


def _short(trial: csr_array, flow: csr_array, points: Ints) -> Lost:
    """Read off who misses something, and the points that compete with them."""
    residual = csr_array(trial - flow)
    left = residual[[SOURCE], :].toarray()[0][FIRST : FIRST + len(points)]
    missing = np.flatnonzero(left > 0)
    residual.data = (residual.data > 0).astype(np.int32)
    residual.eliminate_zeros()
    side = breadth_first_order(residual, SOURCE, return_predecessors=False)
    near = side[(side >= FIRST) & (side < FIRST + len(points))] - FIRST
    return Lost(points=np.sort(points[near]), missing_points=points[missing], missing=left[missing])
