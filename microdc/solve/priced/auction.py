"""
Prices of demand, and what every site earns at them: a bound on the cost of any choice of sites.

Put a price on each point's demand. Every site then serves, of what it reaches, what pays most above
what serving it costs, up to its size: a fractional knapsack. A plan costs no less than all demand
at its price less what its sites earn so, whatever the prices are.

Cornuejols, Sridharan & Thizy 1991 (capacitated sites, demand priced).
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from microdc.instance import Floats, Instance, Ints
from microdc.solve.priced.branching.counted import Fixed, Flags, Region, count_of

ROUNDING_SHARE = 1e-9
_BLUR = 4 * np.finfo(float).eps  # of the dearest MW, for each site: what one sort cannot tell
_HARDLY = 2.0  # times as far below the edge as prices have moved: what a site will hardly take


class Pairs(NamedTuple):
    """Pairs of point and site, by site, at what a MW IT over them costs (millions a year)."""

    point: Ints
    site: Ints
    paid: Floats

    def some(self, which: Flags) -> "Pairs":
        """Give some of them."""
        at = np.flatnonzero(which)
        return Pairs(self.point[at], self.site[at], self.paid[at])


class Taken(NamedTuple):
    """Pairs that sites take, by site, and how much."""

    point: Ints
    site: Ints
    mw_it: Floats


class Ground(NamedTuple):
    """Pairs by site, and the prices of each point between which no other pair would matter."""

    pairs: Pairs
    floor: Floats
    ceiling: Floats

    def on(self, sites: Flags) -> "Ground":
        """Leave out the pairs of other sites."""
        return self._replace(pairs=self.pairs.some(sites[self.pairs.site]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """
    What some prices prove.

    price
        Of a MW IT of each point (millions a year).
    demand_mn_yr
        What all demand costs at its price, with all that no choice changes.
    profit_mn_yr
        What each site earns at best above its cost, if it is open.
    edge
        What the last MW IT gains that each site has room for; 0 where it has room for all.
    taken
        Whom each site serves for that, if it is open; None: no longer kept.
    """

    price: Floats
    demand_mn_yr: float
    profit_mn_yr: Floats
    edge: Floats
    taken: Taken | None

    def served_mw_it(self, open_: Flags) -> Floats:
        """Give how much of each point is served by some sites; at times more than there is."""
        assert self.taken is not None
        point, site, mw_it = self.taken
        return np.bincount(point, np.where(open_[site], mw_it, 0.0), len(self.price)).astype(float)

    @property
    def bare(self) -> "Bid":
        """The same without whom each site serves, which takes room."""
        return replace(self, taken=None)


class Auction:
    """
    The sites of an instance, which bid for demand at prices.

    `point`, `site` and `paid` tell of all its pairs; what limits sites together is left out, but
    for `most`, the number of `counted` sites that may be open.
    """

    def __init__(self, instance: Instance) -> None:
        sites, reach = instance.sites, instance.reach
        assert reach.mn_per_mw_it_yr is not None
        self.constant_mn_yr = instance.constant_mn_yr
        self.point: Ints = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
        self.site: Ints = reach.site.astype(np.int64)
        self.paid: Floats = reach.mn_per_mw_it_yr
        self.demand_mw_it: Floats = instance.points["mw_it"].to_numpy(float)
        self.pue, self.cap_mw = (sites[c].to_numpy(float) for c in ("pue", "cap_mw"))
        self.least_mw = np.minimum(sites["min_mw"].to_numpy(float), self.cap_mw)
        self.per_mw = sites["size_mn_per_mw_yr"].to_numpy(float)
        self.fixed_mn_yr = sites["site_mn_yr"].to_numpy(float) + self.per_mw * self.least_mw
        self.there = (sites["standing"] | sites["forced"]).to_numpy(bool)
        may_leave = instance.groups["max_unserved_mw_it"].to_numpy(float) > 0
        price = instance.groups["unserved_mn_per_mw_yr"].to_numpy(float)
        self.most_price = np.where(may_leave, price, np.inf)[instance.points["group"]]
        self.most, self.counted = count_of(instance)
        forbidden = sites["forbidden"].to_numpy(bool) & ~self.there
        counted = self.counted if self.counted.any() else np.ones(len(sites), dtype=bool)
        most = self.most if self.counted.any() else len(sites)
        region = Region(np.flatnonzero(counted), 0, most)
        self.given = Fixed(self.there, forbidden, region)

    def ground(self, which: Flags) -> Ground:
        """Give some of the pairs, and the prices up to which they are enough."""
        at = self.by_site[which[self.by_site]]
        ceiling = self.most_price.copy()
        np.minimum.at(ceiling, self.point[~which], self.paid[~which])
        pairs = Pairs(self.point[at], self.site[at], self.paid[at])
        return Ground(pairs, np.zeros(len(ceiling)), ceiling)

    @cached_property
    def everywhere(self) -> Ground:
        """All pairs."""
        return self.ground(np.ones(len(self.point), dtype=bool))

    def around(self, bid: Bid, ground: Ground, down: Floats, up: Floats) -> Ground:
        """
        Give the pairs that matter while prices fall and rise by no more than so much each.

        A site that is full at a bid gives no MW IT away for less than its edge, less what prices
        in its reach may have fallen by.
        """
        pairs = ground.pairs
        falls = np.zeros(len(self.pue))
        np.maximum.at(falls, pairs.site, down[pairs.point])
        least = np.maximum(bid.edge - falls, 0.0)
        may = (bid.price + up)[pairs.point] - pairs.paid > least[pairs.site]
        return Ground(
            pairs.some(may),
            np.maximum(ground.floor, bid.price - down),
            np.minimum(ground.ceiling, bid.price + up),
        )

    def below_edge(self, bid: Bid, ground: Ground) -> Floats:
        """Give how much less each pair gains than the last MW IT that its site takes."""
        pairs = ground.pairs
        below: Floats = bid.edge[pairs.site] - bid.price[pairs.point] + pairs.paid
        return below

    def pairs_of(self, sites: Ints) -> Ints:
        """Give the places of all pairs of some sites, one site after another."""
        first, last = self._ends[sites], self._ends[sites + 1]
        before = np.cumsum(last - first) - (last - first)
        return self.by_site[
            np.repeat(first - before, last - first) + np.arange(int((last - first).sum()))
        ]

    def at(self, price: Floats, pairs: Pairs, like: Bid | None = None) -> Bid:
        """
        Let every site bid for demand at prices no higher than the ceiling of its ground.

        A bid at prices alike tells which pairs each site will hardly take, and so saves time.
        """
        gain = price[pairs.point] - pairs.paid
        if like is None or not like.edge.any():
            some = np.flatnonzero(gain > 0)
        else:
            moved = float(np.linalg.norm(price - like.price)) / np.sqrt(len(price))
            least = np.maximum(0.0, like.edge - _HARDLY * moved)
            some = np.flatnonzero(gain > least[pairs.site])
            site = pairs.site[some]
            mw = self.pue[site] * self.demand_mw_it[pairs.point[some]]
            short = (np.bincount(site, mw, len(self.pue)) <= self.cap_mw) & (least > 0)
            if short.any():
                least[short] = 0.0
                some = np.flatnonzero(gain > least[pairs.site])
        return self._bid(price, Pairs(pairs.point[some], pairs.site[some], gain[some]))

    def _bid(self, price: Floats, pairs: Pairs) -> Bid:
        """Let every site take of some pairs, told with what each gains, those that gain most."""
        point, site, gain = pairs
        pue = self.pue[site]
        per_mw, mw = gain / pue, pue * self.demand_mw_it[point]
        if self.least_mw.any() or (np.bincount(site, mw, len(self.pue)) > self.cap_mw).any():
            order = self._dearest_first(site, per_mw, float(price @ self.demand_mw_it))
            point, site, pue = point[order], site[order], pue[order]
            per_mw, mw = per_mw[order], mw[order]
            within, beyond, edge = self._best_first(site, per_mw, mw)
        else:  # there is room for all
            within, beyond, edge = np.zeros(len(mw)), mw, np.zeros(len(self.pue))
        net = per_mw - self.per_mw[site]
        beyond = np.where(net > 0, beyond, 0.0)
        earned = np.bincount(site, within * per_mw + beyond * net, len(self.pue))
        taken = within + beyond
        some = np.flatnonzero(taken)
        return Bid(
            price=price,
            demand_mn_yr=float(price @ self.demand_mw_it) + self.constant_mn_yr,
            profit_mn_yr=earned - self.fixed_mn_yr,
            edge=edge,
            taken=Taken(point[some], site[some], (taken / pue)[some]),
        )

    def _dearest_first(self, site: Ints, per_mw: Floats, demand_mn_yr: float) -> Ints:
        """Order pairs by site, and in each by what a MW gains, the most first."""
        most = float(per_mw.max(initial=1e-9))
        blur_mn_yr = _BLUR * len(self.pue) * most * float(self.demand_mw_it.sum())
        if blur_mn_yr > ROUNDING_SHARE * demand_mn_yr:  # a price so high leaves others no digits
            return np.lexsort((-per_mw, site))
        return np.argsort(site - per_mw / (1.000001 * most))  # one sort of one number is faster

    def _best_first(self, site: Ints, per_mw: Floats, mw: Floats) -> tuple[Floats, Floats, Floats]:
        """Fill sites in the order of pairs: up to the least size, beyond it, and `Bid.edge`."""
        ends = np.cumsum(mw)
        first = np.searchsorted(site, np.arange(len(self.pue)))
        ends -= np.concatenate([[0.0], ends])[first][site]
        begins = ends - mw
        within = np.clip(self.least_mw[site] - begins, 0.0, mw)
        beyond = np.clip(self.cap_mw[site] - begins, 0.0, mw) - within
        last = (begins < self.cap_mw[site]) & (ends >= self.cap_mw[site])
        edge = np.zeros(len(self.pue))
        edge[site[last]] = (per_mw * self.pue[site])[last]
        return within, beyond, edge

    def bound_mn_yr(self, bid: Bid, fixed: Fixed) -> float:
        """Give what no plan within what is fixed can cost less than, whatever rounding added."""
        opened = fixed.opened(bid.profit_mn_yr)
        earned = float(bid.profit_mn_yr[opened].sum())
        return bid.demand_mn_yr - earned - ROUNDING_SHARE * (abs(bid.demand_mn_yr) + abs(earned))

    def worth_mn_per_mw_yr(self, bid: Bid) -> Floats:
        """Give what the last MW (grid) earns each site that is as large as can be."""
        worth: Floats = np.maximum(0.0, bid.edge / self.pue - self.per_mw) * (bid.edge > 0)
        return worth

    def opening(self) -> Floats:
        """
        Give prices to begin with: each point served the cheapest way by a full site.

        Where few sites may be open, it is served at least as dearly as if they were spread evenly.
        """
        room = np.maximum(self.cap_mw, 1e-9)
        full = self.fixed_mn_yr + self.per_mw * (self.cap_mw - self.least_mw)
        rate = np.maximum(0.0, full * self.pue / room)
        price = np.full(len(self.demand_mw_it), np.inf)
        np.minimum.at(price, self.point, self.paid + rate[self.site])
        price = np.maximum(price, self._spread_evenly()) if self.counted.any() else price
        return np.minimum(np.where(np.isfinite(price), price, 0.0), self.most_price)

    def _spread_evenly(self) -> Floats:
        """Give what serving each point costs from the nearest of sites spread evenly."""
        many = np.bincount(self.point, minlength=len(self.demand_mw_it))
        wanted = np.minimum(len(self.pue) // max(1, self.most), many - 1)
        at = np.flatnonzero(self.rank == wanted[self.point])
        price = np.zeros(len(many))
        price[self.point[at]] = self.paid[at]
        return price

    @cached_property
    def by_site(self) -> Ints:
        """All pairs in the order of their sites, and of points in each; shape (pairs,)."""
        many = np.bincount(self.point, minlength=len(self.demand_mw_it))
        by_point = (np.arange(len(self.site)), self.site, np.append(0, np.cumsum(many)))
        pairs = csr_array(by_point, shape=(len(many), len(self.pue)))
        order: Ints = pairs.tocsc().data  # a counting sort
        return order

    @cached_property
    def _ends(self) -> Ints:
        """Where the pairs of each site begin in `by_site`, and where the last end."""
        return np.append(0, np.cumsum(np.bincount(self.site, minlength=len(self.pue))))

    @cached_property
    def rank(self) -> NDArray[np.int32]:
        """How many of a point's pairs cost less than each; shape (pairs,)."""
        scale = 1.000001 * max(1e-9, float(self.paid.max(initial=0.0)))
        order = np.argsort(self.point + self.paid / scale)
        many = np.bincount(self.point, minlength=len(self.demand_mw_it))
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order)) - np.repeat(np.cumsum(many) - many, many)
        return rank
