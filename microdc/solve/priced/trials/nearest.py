"""
Better sites where everybody is served from the cheapest: by exchanges, all weighed at once.

Taking a site in spares those who are nearer to it; leaving one out sends its own to their second
best, or to what is taken in for it (Whitaker 1983; Resende & Werneck 2007).
"""

from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Ground
from microdc.solve.priced.branching.counted import Flags

_SAME_SHARE = 1e-9
_MOST_SHAKEN = 6  # sites at once
_LIKELY = 0.02  # share that a site is open of late


class Until(NamedTuple):
    """When to stop shaking: at a cost no higher than a goal, or after so many times in vain."""

    goal_mn_yr: float
    in_vain: int
    clock: Clock
    seed: int


class Nearest:
    """Who is nearest to whom over the pairs looked at, as if sites had room for all."""

    def __init__(self, auction: Auction, ground: Ground) -> None:
        self.auction = auction
        point, site, paid = ground.pairs
        self.cost_mn_yr = auction.fixed_mn_yr
        per_mw = auction.per_mw * auction.pue
        whole = paid + per_mw[site]
        order = np.lexsort((whole, point))
        self.point, self.site, self.paid = point[order], site[order], whole[order]
        self.farthest = np.where(np.isfinite(ground.ceiling), ground.ceiling, whole.max(initial=0))

    def shaken(self, sites: Ints, open_share: Floats, until: Until) -> Ints:
        """
        Improve, then exchange some at random and improve again, more each time it is in vain.

        Sites come in that were open of late in a climb; some go that are missed least. Hansen &
        Mladenovic 1997.
        """
        chance, clock = np.random.default_rng(until.seed), until.clock
        allowed = ~self.auction.given.shut
        likely = allowed & (open_share > _LIKELY)
        sites = self.improved(sites, allowed, clock)
        best, many, vain = self._cost(sites), 1, 0
        while likely.any() and best > until.goal_mn_yr and vain < until.in_vain:
            if clock.expired:
                break
            other = self.improved(self._shuffled(sites, likely, many, chance), allowed, clock)
            cost = self._cost(other)
            many, vain = many % _MOST_SHAKEN + 1, vain + 1
            if cost < best - _SAME_SHARE * abs(best):
                sites, best, many, vain = other, cost, 1, 0
        return sites

    def _shuffled(self, sites: Ints, likely: Flags, many: int, chance: np.random.Generator) -> Ints:
        """Take some likely sites in, and as many out of those that are missed least then."""
        into = np.setdiff1d(np.flatnonzero(likely), sites)
        may_go = sites[~self.auction.there[sites]]
        many = min(many, len(into), len(may_go))
        into = chance.choice(into, many, replace=False)
        first, second, who = self._two_best(np.union1d(sites, into))
        missed = self.auction.demand_mw_it * (second - first) * (who >= 0)
        lost = np.bincount(np.maximum(who, 0), missed, len(likely))[may_go]
        least = may_go[np.argsort(lost - self.cost_mn_yr[may_go], kind="stable")[: 3 * many]]
        return np.union1d(np.setdiff1d(sites, chance.choice(least, many, replace=False)), into)

    def _cost(self, sites: Ints) -> float:
        first, _, _ = self._two_best(sites)
        return float(self.auction.demand_mw_it @ first + self.cost_mn_yr[sites].sum())

    def improved(self, sites: Ints, allowed: Flags, clock: Clock) -> Ints:
        """Exchange, take in or leave out one site at a time, whatever helps most; ascending."""
        before = np.inf
        while True:
            first, second, who = self._two_best(sites)
            cost = float(self.auction.demand_mw_it @ first + self.cost_mn_yr[sites].sum())
            if cost >= before - _SAME_SHARE * abs(before) or clock.expired:
                return sites
            before = cost
            move = self._best_move(sites, allowed, first, second, who)
            if move is None:
                return sites
            out, into = move
            sites = np.union1d(np.setdiff1d(sites, out), into)

    def _two_best(self, sites: Ints) -> tuple[Floats, Floats, Ints]:
        """Give what the best and second best of some sites cost each point, and which is best."""
        many = len(self.auction.demand_mw_it)
        at = np.flatnonzero(np.isin(self.site, sites))
        point = self.point[at]
        start = np.searchsorted(point, np.arange(many + 1))
        has, has_two = np.diff(start) > 0, np.diff(start) > 1
        first, second, who = self.farthest.copy(), self.farthest.copy(), np.full(many, -1)
        first[has] = np.minimum(first[has], self.paid[at[start[:-1][has]]])
        who[has] = self.site[at[start[:-1][has]]]
        second[has_two] = np.minimum(second[has_two], self.paid[at[start[:-1][has_two] + 1]])
        return first, second, who

    def _best_move(
        self, sites: Ints, allowed: Flags, first: Floats, second: Floats, who: Ints
    ) -> tuple[Ints, Ints] | None:
        """Give what to leave out and what to take in, if anything helps."""
        auction, mw_it, many = self.auction, self.auction.demand_mw_it, len(allowed)
        near = np.flatnonzero(self.paid < second[self.point])
        point, site, paid = self.point[near], self.site[near], self.paid[near]
        gained = np.bincount(site, mw_it[point] * np.maximum(0.0, first[point] - paid), many)
        lost = np.bincount(np.maximum(who, 0), mw_it * (second - first) * (who >= 0), many)
        place = np.full(many + 1, -1)  # and the last, for who is served by none
        place[sites] = np.arange(len(sites))
        own = place[who[point]]
        some = own >= 0
        spared = mw_it[point] * (second[point] - np.maximum(paid, first[point]))
        cell = own[some] * many + site[some]
        both = np.bincount(cell, spared[some], len(sites) * many).reshape(len(sites), many)
        both += (gained - self.cost_mn_yr)[None, :]
        both -= (lost - self.cost_mn_yr)[sites][:, None]
        both[auction.there[sites]] = -np.inf
        worth = np.vstack([both, gained - self.cost_mn_yr])
        into = allowed & (place[:-1] < 0)
        worth[:, ~into] = -np.inf
        counted = auction.counted
        if counted.any() and counted[sites].sum() >= auction.most:
            worth[-1, counted] = -np.inf
            worth[:-1][~counted[sites]] = np.where(counted, -np.inf, worth[:-1][~counted[sites]])
        fewer = np.where(auction.there[sites], -np.inf, (self.cost_mn_yr - lost)[sites])
        out, taken = divmod(int(np.argmax(worth)), many)
        most, spare = worth[out, taken], fewer.max(initial=-np.inf)
        if max(most, spare) <= 0:
            return None
        if spare > most:
            return sites[[int(np.argmax(fewer))]], sites[:0]
        return sites[out : out + 1], np.array([taken])
