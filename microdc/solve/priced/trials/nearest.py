"""
Better sites where everybody is served from the cheapest: by exchanges, all weighed at once.

Taking a site in spares those who are nearer to it; leaving one out sends its own to their second
best, or to what is taken in for it (Whitaker 1983; Resende & Werneck 2007).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Ground
from microdc.solve.priced.branching.counted import Flags

_SAME_SHARE = 1e-9


class TwoBest(NamedTuple):
    """What the best and second best of some sites cost each point, and which is best; -1: none."""

    first: Floats
    second: Floats
    who: Ints


class Neighbourhood(NamedTuple):
    """Some of the sites, by number, as if there were no others, and which of them are open."""

    nearest: "Nearest"
    sites: Ints
    open: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """
    Who is nearest to whom over some pairs, as if sites had room for all.

    point, site, paid
        Pairs, those of a point together, by what a MW IT costs over them (millions a year).
    elsewhere
        What a MW IT of each point costs that none of the sites serves.
    demand_mw_it
        Of each point.
    fixed_mn_yr, stays, counted
        Of each site: its cost if it is open, whether it must be, whether `most` counts it.
    """

    point: Ints
    site: Ints
    paid: Floats
    elsewhere: Floats
    demand_mw_it: Floats
    fixed_mn_yr: Floats
    stays: Flags
    counted: Flags
    most: int

    @classmethod
    def of(cls, auction: Auction, ground: Ground) -> "Nearest":
        """Take the pairs of a ground."""
        point, site, paid = ground.pairs
        whole = paid + (auction.per_mw * auction.pue)[site]
        order = np.lexsort((whole, point))
        most = whole.max(initial=0)
        return cls(
            point=point[order],
            site=site[order],
            paid=whole[order],
            elsewhere=np.where(np.isfinite(ground.ceiling), ground.ceiling, most),
            demand_mw_it=auction.demand_mw_it,
            fixed_mn_yr=auction.fixed_mn_yr,
            stays=auction.there,
            counted=auction.counted,
            most=auction.most,
        )

    def cost_mn_yr(self, sites: Ints) -> float:
        """Give what some sites cost, and whom they serve."""
        return self._cost(sites, self.served(sites))

    def improved(self, sites: Ints, allowed: Flags, clock: Clock) -> Ints:
        """Exchange, take in or leave out one site at a time, whatever helps most; ascending."""
        before = np.inf
        while True:
            served = self.served(sites)
            cost = self._cost(sites, served)
            if cost >= before - _SAME_SHARE * abs(before) or clock.expired:
                return sites
            before = cost
            move = self._best_move(sites, allowed, served)
            if move is None:
                return sites
            out, into = move
            sites = np.union1d(np.setdiff1d(sites, out), into)

    def around(self, sites: Ints, some: Ints) -> Ints:
        """Give those of some sites that serve, or could, whom others would if they were open."""
        who = self.served(np.union1d(sites, some)).who
        mine = (self._flags(some)[who] & (who >= 0))[self.point]
        near = self._flags(self.site[mine & self._flags(sites)[self.site]])
        return sites[near[sites]]

    def part(self, sites: Ints, inner: Ints, allowed: Flags) -> Neighbourhood:
        """
        Give what can be changed around `inner`, some of the sites, if the others stay open.

        Those are the sites that would serve whom the inner ones serve better than the others do.
        """
        outer = np.setdiff1d(sites, inner)
        elsewhere = self.served(outer).first
        moved = self.served(sites).first < elsewhere
        matters = self.paid < elsewhere[self.point]
        near = self._flags(self.site[matters & moved[self.point]]) & allowed
        near[outer] = False
        near[inner] = True
        keep = np.flatnonzero(matters & near[self.site])
        names = np.flatnonzero(near)
        points, point = np.unique(self.point[keep], return_inverse=True)
        nearest = Nearest(
            point=point,
            site=(np.cumsum(near) - 1)[self.site[keep]],
            paid=self.paid[keep],
            elsewhere=elsewhere[points],
            demand_mw_it=self.demand_mw_it[points],
            fixed_mn_yr=self.fixed_mn_yr[names],
            stays=self.stays[names],
            counted=self.counted[names],
            most=self.most - int(self.counted[outer].sum()),
        )
        return Neighbourhood(nearest, names, np.searchsorted(names, inner))

    def served(self, sites: Ints) -> TwoBest:
        """Serve every point as some sites do it best."""
        at = np.flatnonzero(self._flags(sites)[self.site])
        start = np.searchsorted(self.point[at], np.arange(len(self.elsewhere) + 1))
        many = np.diff(start)
        has, has_two = many > 0, many > 1
        first, second = self.elsewhere.copy(), self.elsewhere.copy()
        who = np.full(len(first), -1)
        one, two = at[start[:-1][has]], at[start[:-1][has_two] + 1]
        first[has], who[has] = np.minimum(first[has], self.paid[one]), self.site[one]
        second[has_two] = np.minimum(second[has_two], self.paid[two])
        return TwoBest(first, second, who)

    def missed(self, served: TwoBest) -> Floats:
        """Give what leaving each site out would cost those it serves; shape (sites,)."""
        first, second, who = served
        spared = self.demand_mw_it * (second - first) * (who >= 0)
        return np.bincount(np.maximum(who, 0), spared, len(self.stays)).astype(float)

    def _flags(self, sites: Ints) -> Flags:
        flags = np.zeros(len(self.stays), dtype=bool)
        flags[sites] = True
        return flags

    def _cost(self, sites: Ints, served: TwoBest) -> float:
        return float(self.demand_mw_it @ served.first + self.fixed_mn_yr[sites].sum())

    def _best_move(self, sites: Ints, allowed: Flags, served: TwoBest) -> tuple[Ints, Ints] | None:
        """Give what to leave out and what to take in, if anything helps."""
        first, second, who = served
        mw_it, fixed, many = self.demand_mw_it, self.fixed_mn_yr, len(allowed)
        near = np.flatnonzero(self.paid < second[self.point])
        point, site, paid = self.point[near], self.site[near], self.paid[near]
        gained = np.bincount(site, mw_it[point] * np.maximum(0.0, first[point] - paid), many)
        lost = self.missed(served)
        place = np.full(many + 1, -1)  # and the last, for who is served by none
        place[sites] = np.arange(len(sites))
        own = place[who[point]]
        some = own >= 0
        spared = mw_it[point] * (second[point] - np.maximum(paid, first[point]))
        cell = own[some] * many + site[some]
        both = np.bincount(cell, spared[some], len(sites) * many).astype(float)  # even of nothing
        both = both.reshape(len(sites), many)
        both += (gained - fixed)[None, :]
        both -= (lost - fixed)[sites][:, None]
        both[self.stays[sites]] = -np.inf
        worth = np.vstack([both, gained - fixed])
        worth[:, ~allowed | (place[:-1] >= 0)] = -np.inf
        counted = self.counted
        if counted.any() and counted[sites].sum() >= self.most:
            worth[-1, counted] = -np.inf
            worth[:-1][~counted[sites]] = np.where(counted, -np.inf, worth[:-1][~counted[sites]])
        fewer = np.where(self.stays[sites], -np.inf, (fixed - lost)[sites])
        out, taken = divmod(int(np.argmax(worth)), many)
        most, spare = worth[out, taken], fewer.max(initial=-np.inf)
        if max(most, spare) <= 0:
            return None
        if spare > most:
            return sites[[int(np.argmax(fewer))]], sites[:0]
        return sites[out : out + 1], np.array([taken])
