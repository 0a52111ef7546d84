"""Who reaches whom, seen from the sites."""

import numpy as np
from scipy.sparse import csc_array, csr_array

from microdc.instance import Floats, Ints, Reach

SITES_AT_ONCE = 2_000  # bounds the memory of one pass


class BySite:
    """The pairs of sites and demand points within bound, in the order of the sites."""

    def __init__(self, reach: Reach, points: int, sites: int) -> None:
        ones = np.ones(reach.pairs, dtype=np.int8)
        by_site = csr_array((ones, reach.site, reach.start), shape=(points, sites)).tocsc()
        self.points, self.sites = points, sites
        self.start: Ints = by_site.indptr.astype(np.int64)
        self.point = by_site.indices

    def sums(self, of_point: Floats) -> Floats:
        """Add up a number of every demand point over the points in each site's reach."""
        total = np.zeros(self.sites)
        for first in range(0, len(total), SITES_AT_ONCE):
            last = min(first + SITES_AT_ONCE, len(total))
            start = self.start[first : last + 1]
            values = of_point[self.point[start[0] : start[-1]]]
            some = np.flatnonzero(np.diff(start))
            if len(some):
                total[first + some] = np.add.reduceat(values, start[some] - start[0])
        return total

    def pairs(self, sites: Ints) -> tuple[Ints, Ints]:
        """Give the pairs of some sites: position in `sites`, and point."""
        length = self.start[sites + 1] - self.start[sites]
        site = np.repeat(np.arange(len(sites)), length)
        first = np.cumsum(length) - length
        return site, self.point[np.arange(len(site)) - first[site] + self.start[sites][site]]

    def only(self, sites: Ints) -> Reach:
        """Give the reach among some of the sites alone, in ascending order of row."""
        site, point = self.pairs(sites)
        start = np.concatenate([[0], np.cumsum(self.start[sites + 1] - self.start[sites])])
        ones = np.ones(len(site), dtype=np.int8)
        pairs = csc_array((ones, point, start), shape=(self.points, len(sites))).tocsr()
        return Reach(start=pairs.indptr.astype(np.int64), site=pairs.indices.astype(np.int32))
