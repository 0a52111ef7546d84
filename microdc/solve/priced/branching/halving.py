"""Halves of a set of sites: those that would serve the same demand stay together."""

from contextlib import suppress

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from microdc.instance import Floats, Ints
from microdc.solve.priced.auction import Auction, Bid, Ground
from microdc.solve.priced.branching.counted import Flags

_LEAST_SHARE = 0.25  # of what is open, in either half
_NOTHING = 1e-12
_FEW = 60  # sites, of which all eigenvectors are soon found
_ROUGHLY = 1e-3


class Likeness:
    """How much demand any two of some sites would both serve at some prices, by what they gain."""

    def __init__(self, auction: Auction, ground: Ground, bid: Bid, sites: Flags) -> None:
        point, site, paid = ground.pairs
        gain = (bid.price[point] - paid) / auction.pue[site]
        self.place = np.cumsum(sites) - 1
        keep = sites[site] & (gain > 0)
        shape = (len(auction.demand_mw_it), int(sites.sum()))
        served = csr_array((gain[keep], (point[keep], self.place[site[keep]])), shape=shape)
        self.alike: Floats = (served.T @ served).toarray()

    def half(self, sites: Ints, share: Floats) -> tuple[Ints, float]:
        """
        Give one half of some sites, cut where the sum of their shares is least whole, and that.

        The order is that of the second eigenvector of their Laplacian (Fiedler 1973).
        """
        at = self.place[sites]
        alike = self.alike[np.ix_(at, at)]
        scale = np.sqrt(alike.sum(axis=1)) + _NOTHING
        order = np.argsort(_second(alike / np.outer(scale, scale)) / scale, kind="stable")
        sums = np.cumsum(share[sites[order]])[:-1]
        inner = np.abs(sums / max(_NOTHING, share[sites].sum()) - 0.5) <= 0.5 - _LEAST_SHARE
        torn = np.where(inner, 0.5 - np.abs(sums - np.floor(sums) - 0.5), -1.0)
        cut = int(np.argmax(torn))
        return sites[order[: cut + 1]], float(sums[cut])


def _second(matrix: Floats) -> Floats:
    """Give the eigenvector of the second largest value; the same every time."""
    vectors: Floats
    if len(matrix) > _FEW:
        with suppress(ArpackNoConvergence):
            vectors = eigsh(matrix, 2, which="LA", v0=np.ones(len(matrix)), tol=_ROUGHLY)[1]
            return vectors[:, 0]
    vectors = np.linalg.eigh(matrix)[1]
    return vectors[:, -2]
