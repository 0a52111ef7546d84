"""Better sites from good ones: up to two more, less, or for others, as the bids have it."""

from itertools import combinations

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.priced.branching.counted import Flags
from microdc.solve.priced.trials.fleets import Fleets

_SAME_SHARE = 1e-9
_MOST_OUT, _MOST_INTO = 50, 30  # sites that may be one of two


def improved(fleets: Fleets, sites: Ints, allowed: Flags, tries: int, at_once: int = 1) -> Ints:
    """
    Improve a set of sites, ascending, step by step; give the best that was seen.

    Where sites have room for all, exchanges are enough. Of all neighbours, that is tried which
    costs least by the bids; each trial adds a bid, and so sharpens them. It ends where no neighbour
    can be better, or after so many tries in vain: one site for one, then up to two for two if so
    many may be exchanged `at_once`, which helps where capacities are hard to fill up.
    """
    some = fleets.exchanged(sites, allowed), sites
    sites = min(some, key=fleets.cost_mn_yr)
    many = 1
    while many <= at_once and not fleets.roomy and not fleets.clock.expired:
        better = _better(fleets, sites, allowed, tries, many)
        many = many + 1 if better is None else 1
        sites = sites if better is None else better
    return sites


def _better(fleets: Fleets, sites: Ints, allowed: Flags, tries: int, at_once: int) -> Ints | None:
    """Give a better neighbour, if there is one; after so many tries there is taken to be none."""
    cost = fleets.cost_mn_yr(sites)
    less = cost - _SAME_SHARE * abs(cost) if cost < np.inf else cost
    exchanges = _Exchanges.of_one(fleets, sites, allowed)
    if at_once == 2:
        exchanges = exchanges.of_two()
    for _ in range(tries):
        neighbour = exchanges.most_promising(less)
        if neighbour is None or fleets.clock.expired:
            return None
        if fleets.cost_mn_yr(neighbour) < less:
            return neighbour
        exchanges.learn()
    return None


class _Exchanges:
    """
    What the bids prove of neighbours of a set of sites: some out (rows), others in (columns).

    `out` and `into` have a row for each choice, with sites, or with nobody's number.
    """

    def __init__(self, fleets: Fleets, sites: Ints, out: Ints, into: Ints) -> None:
        self.fleets, self.sites = fleets, sites
        self.auction, self.nobody = fleets.auction, len(fleets.auction.pue)
        none = np.full((1, out.shape[1]), self.nobody)
        self.out, self.into = np.vstack([out, none]), np.vstack([into, none])
        self.least = np.where(self._possible(), -np.inf, np.inf)
        self.learnt = 0
        self.learn()

    @classmethod
    def of_one(cls, fleets: Fleets, sites: Ints, allowed: Flags) -> "_Exchanges":
        """Give those of one site at most for one at most."""
        inside = np.isin(np.arange(len(allowed)), sites)
        out = np.flatnonzero(inside & ~fleets.auction.there)
        into = np.flatnonzero(allowed & ~inside)
        return cls(fleets, sites, out[:, None], into[:, None])

    def of_two(self) -> "_Exchanges":
        """Give those of up to two sites for up to two, of the sites that promise most alone."""
        out = self._best(self.out, self.least.min(axis=1), _MOST_OUT)
        into = self._best(self.into, self.least.min(axis=0), _MOST_INTO)
        return _Exchanges(self.fleets, self.sites, out, into)

    def _best(self, choices: Ints, least: Floats, many: int) -> Ints:
        some = choices[np.argsort(least, kind="stable"), 0]
        some = some[some < self.nobody][:many]
        two = np.array(list(combinations(some, 2)), dtype=int).reshape(-1, 2)
        return np.vstack([np.column_stack([some, np.full(len(some), self.nobody)]), two])

    def _possible(self) -> Flags:
        """Say where there is room for what must be served, and no more sites than may be."""
        fleets, auction = self.fleets, self.auction
        room = auction.cap_mw / auction.pue
        gained = self._sum(self.into, room)[None, :] - self._sum(self.out, room)[:, None]
        counted = auction.counted.astype(float)
        more = self._sum(self.into, counted)[None, :] - self._sum(self.out, counted)[:, None]
        fits = gained >= fleets.need_mw_it - room[self.sites].sum()
        few: Flags = counted[self.sites].sum() + more <= auction.most
        both: Flags = fits & few if auction.counted.any() else fits
        return both

    @staticmethod
    def _sum(choices: Ints, of: Floats) -> Floats:
        total: Floats = np.append(of, 0.0)[choices].sum(axis=1)
        return total

    def learn(self) -> None:
        """Take in what bids prove that are new."""
        bids = self.fleets.bids
        costs = bids.costs(self.sites)
        old = max(0, len(costs) - (bids.seen - self.learnt))
        self.learnt = bids.seen
        for cost, profit in zip(costs[old:], bids.profit_mn_yr[old:], strict=True):
            rise = self._sum(self.out, profit)[:, None] - self._sum(self.into, profit)[None, :]
            np.maximum(self.least, cost + rise, out=self.least)

    def most_promising(self, less: float) -> Ints | None:
        """Give the neighbour that costs least by the bids, of those not tried; None if too much."""
        while True:
            at, into = divmod(int(np.argmin(self.least)), self.least.shape[1])
            if self.least[at, into] >= less:
                return None
            self.least[at, into] = np.inf
            left = np.setdiff1d(self.sites, self.out[at])
            added = self.into[into]
            neighbour: Ints = np.union1d(left, added[added < self.nobody])
            if not self.fleets.tried(neighbour):
                return neighbour
