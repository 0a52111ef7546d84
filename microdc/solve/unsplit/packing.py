"""A first assignment: the largest points first, and more sites for those that found no room."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from microdc.instance import WATT_MW, Floats, Instance, Ints, columns_of
from microdc.model.bound.market import largest_mw
from microdc.solve.textbook import Start

_MUST_MN_PER_MW_IT = 1e6  # what serving is worth where it must be


def packed(instance: Instance, sites: Ints, whole: Ints) -> Start:
    """
    Assign points whole to some sites (rows), then to others that pay for themselves.

    `whole` is the site of each point that stays where it is, -1 for others. These go to the site
    with room where they add least to the cost, to the fullest of equals, the largest first.
    Points that may be split are assigned whole as well, or left: the solver does better by them.
    What sites share is kept to, capital is not looked at.
    """
    packing = _Packing(instance, sites)
    mw_it = instance.points["mw_it"].to_numpy()
    packing.take(whole)
    order = np.argsort(-mw_it, kind="stable")
    left = [j for j in order[whole[order] < 0].tolist() if not packing.assign(j)]
    while left and packing.open_for(left):
        left = [j for j in left if not packing.assign(j)]
    return Start(built=packing.built, served_by=packing.served_by)


class _Packing:
    """Who is where so far, and what room there is."""

    def __init__(self, instance: Instance, sites: Ints) -> None:
        self.instance, self.reach = instance, instance.reach
        of_site = instance.sites
        self.mw_it = instance.points["mw_it"].to_numpy(dtype=float)
        self.pue = of_site["pue"].to_numpy(dtype=float)
        self.per_mw = of_site["size_mn_per_mw_yr"].to_numpy(dtype=float)
        self.per_site = of_site["site_mn_yr"].to_numpy(dtype=float)
        self.cap_mw = largest_mw(instance)
        self.least_mw = np.minimum(of_site["min_mw"].to_numpy(dtype=float), self.cap_mw)
        self.worth = self._worth()
        self.load_mw: Floats = np.zeros(len(of_site))
        self.free_mw = instance.nodes["limit_mw"].to_numpy(dtype=float, copy=True)
        self.above = csr_array(instance.below.T)
        every = np.arange(len(of_site))
        kinds = [columns_of(rows, every) for rows in (instance.counted, instance.apart)]
        self.few = csr_array(vstack(kinds))
        self.most = np.concatenate(
            [instance.counts["most"].to_numpy(dtype=float), np.ones(instance.apart.shape[0])]
        )
        self.built: NDArray[np.bool_] = np.zeros(len(of_site), dtype=bool)
        self.built[sites] = True
        self.served_by: Ints = np.full(len(self.mw_it), -1)

    def _worth(self) -> Floats:
        """Give what serving a MW IT of each point is worth (millions a year)."""
        groups = self.instance.groups
        price = groups["unserved_mn_per_mw_yr"].fillna(0.0).to_numpy(dtype=float)
        must = groups["max_unserved_mw_it"].to_numpy() <= WATT_MW
        worth: Floats = np.where(must, _MUST_MN_PER_MW_IT, price)[self.instance.points["group"]]
        return worth

    def assign(self, point: int) -> bool:
        """Give a point to a site that is built; say if one has room."""
        near = self.reach.near(point)
        adds_mn = self._adds_mn_per_mw_it(point)
        room_mw = self._room_mw(near)
        fits = self.built[near] & (room_mw + WATT_MW >= self.pue[near] * self.mw_it[point])
        fits &= adds_mn < self.worth[point]
        if not fits.any():
            return False
        some = np.flatnonzero(fits)
        best = some[np.lexsort((room_mw[some], adds_mn[some]))[0]]
        self._take(point, int(near[best]))
        return True

    def take(self, site_of: Ints) -> None:
        """Give each point to a site (row), or leave it where that is -1."""
        for point in np.flatnonzero(site_of >= 0).tolist():
            self._take(point, int(site_of[point]))

    def _take(self, point: int, site: int) -> None:
        more_mw = self.pue[site] * self.mw_it[point]
        self.load_mw[site] += more_mw
        self.free_mw[self._nodes(site)] -= more_mw
        self.served_by[point] = site

    def _adds_mn_per_mw_it(self, point: int) -> Floats:
        """Give what a MW IT of a point adds to the cost of each site near."""
        near, price = self.reach.near(point), self.reach.mn_per_mw_it_yr
        pairs = slice(self.reach.start[point], self.reach.start[point + 1])
        paid = np.zeros(len(near)) if price is None else price[pairs]
        adds: Floats = paid + self.pue[near] * self.per_mw[near]
        return adds

    def _room_mw(self, sites: NDArray[np.int32]) -> Floats:
        """Give what some sites have left, and what they hang below."""
        room_mw = self.cap_mw[sites] - self.load_mw[sites]
        if not len(self.free_mw):
            return room_mw
        shared = [self.free_mw[self._nodes(site)].min(initial=np.inf) for site in sites]
        return np.minimum(room_mw, shared)

    def _nodes(self, site: int) -> Ints:
        nodes: Ints = self.above.indices[self.above.indptr[site] : self.above.indptr[site + 1]]
        return nodes

    def open_for(self, points: list[int]) -> bool:
        """Build the site that pays best for some points without one; say if any pays."""
        gain, load_mw = -self.per_site.copy(), np.zeros(len(self.built))
        for point in points:
            near = self.reach.near(point)
            more_mw = self.pue[near] * self.mw_it[point]
            fits = load_mw[near] + more_mw <= self._room_mw(near) + WATT_MW
            some, saved = near[fits], self.worth[point] - self._adds_mn_per_mw_it(point)[fits]
            gain[some] += np.maximum(saved, 0.0) * self.mw_it[point]
            load_mw[some] += more_mw[fits]
        gain -= self.per_mw * np.maximum(self.least_mw - load_mw, 0.0)
        gain[self.built | ~self._may_open() | (load_mw == 0)] = -np.inf
        best = int(np.argmax(gain))
        if not gain[best] > 0:
            return False
        self.built[best] = True
        return True

    def _may_open(self) -> NDArray[np.bool_]:
        """Say which sites may be built beside those that are."""
        used_up = self.few @ self.built.astype(float) >= self.most
        full = self.few.T @ used_up.astype(float)
        forbidden = self.instance.sites["forbidden"].to_numpy(dtype=bool)
        return np.asarray((full == 0) & ~forbidden, dtype=bool)
