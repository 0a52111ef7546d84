"""
What the sites that are out did serve, sent elsewhere: only that has to be routed anew.

A flow in order leaves a residual network: what points could still get from sites, what sites have
to spare, and what they could give up because others can take it over. From the points that lost
something the search looks no further than it must: first at the sites in their reach, then at
whom those serve, and so on, until all is served again or there is nowhere left to look.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
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
        pairs, into_sink = slice(FIRST, first_site), slice(first_site, first_site + sites)
        room = csr_array((routed.capacity - routed.flow)[pairs][:, into_sink])
        room.eliminate_zeros()
        carried = csr_array(routed.flow[pairs][:, into_sink])
        carried.data = np.maximum(carried.data, 0)
        carried.eliminate_zeros()
        self.room = room
        self.carried = carried
        self.by_site = carried.tocsc()
        to_sink = (routed.capacity - routed.flow)[into_sink][:, [SINK]]
        self.spare: Ints = to_sink.toarray()[:, 0]
        self.load: Ints = np.asarray(self.by_site.sum(axis=0)).astype(np.int64)

    def without(self, out: Ints) -> Lost | None:
        """Tell what is lost when some of the open sites (by position) are out; None: nothing."""
        lost = csr_array(self.by_site[:, out].tocsr()).sum(axis=1)
        points = np.flatnonzero(lost)
        gone = np.zeros(self.room.shape[1], dtype=bool)
        gone[out] = True
        while True:
            sites = _present(self.room[points].indices, gone)
            trial = self._trial(points, lost[points], sites)
            flow = maximum_flow(trial, SOURCE, SINK)
            if flow.flow_value == lost.sum():
                return None
            wider = np.union1d(points, self.by_site[:, sites].indices)
            if len(wider) == len(points):
                return _short(trial, csr_array(flow.flow), points)
            points = wider

    def _trial(self, points: Ints, lost: Ints, sites: Ints) -> csr_array:
        """Build the residual network among some points and sites, with what the points lost."""
        at_site = FIRST + len(points) + np.arange(len(sites))
        of_sites = np.full(self.room.shape[1], -1)
        of_sites[sites] = at_site
        room, carried = self.room[points].tocoo(), self.carried[points].tocoo()
        here = of_sites[room.coords[1]] >= 0
        back = of_sites[carried.coords[1]] >= 0
        at_point = FIRST + np.arange(len(points))
        tail = [
            np.full(len(points), SOURCE),
            at_point[room.coords[0][here]],
            of_sites[carried.coords[1][back]],
            at_site,
        ]
        head = [
            at_point,
            of_sites[room.coords[1][here]],
            at_point[carried.coords[0][back]],
            np.full(len(sites), SINK),
        ]
        size = [lost, room.data[here], carried.data[back], self.spare[sites]]
        nodes = FIRST + len(points) + len(sites)
        entries = np.concatenate(size).astype(np.int32)
        return csr_array((entries, (np.concatenate(tail), np.concatenate(head))), (nodes, nodes))


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
