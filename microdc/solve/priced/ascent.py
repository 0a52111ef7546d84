"""
Prices of demand that prove much: climbed to step by step, without a solver.

Put a price on each point's demand. Every site then serves, of what it reaches, what pays most above
what serving it costs, up to its size: a fractional knapsack. No plan costs less than all demand at
its price less what sites can earn so, whatever the prices are. Where a point is served by more than
want to, its price falls; where by fewer, it rises.

Held & Karp 1971 (the ascent); Cornuejols, Sridharan & Thizy 1991 (on capacitated sites).
"""

from dataclasses import dataclass

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.solve.highs import Clock

_STEPS = 160
_PATIENCE = 10  # steps without a better bound, after which they become shorter
_SHORTER = 0.7
_MEMORY = 0.7  # of the direction of the steps before
_HOPE_SHARE = 0.03  # of the bound: how far above it the best is taken to be


@dataclass(frozen=True, slots=True, kw_only=True)
class Bid:
    """
    What some prices prove.

    price
        Of a MW IT of each point (millions a year).
    bound_mn_yr
        What no plan can cost less than, in exact arithmetic.
    profit_mn_yr
        What each site earns at best above its cost.
    worth_mn_per_mw_yr
        What another MW (grid) would earn each site, where it is as large as can be.
    served_mw_it
        How much of each point is served by the sites that earn something.
    """

    price: Floats
    bound_mn_yr: float
    profit_mn_yr: Floats
    worth_mn_per_mw_yr: Floats
    served_mw_it: Floats


class Auction:
    """Sites that bid for demand; pairs are `point`, `site`, at `paid` (millions per MW IT)."""

    def __init__(self, instance: Instance) -> None:
        sites, reach = instance.sites, instance.reach
        self.instance = instance
        self.point: Ints = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
        self.site: Ints = reach.site.astype(np.int64)
        assert reach.mn_per_mw_it_yr is not None
        self.paid: Floats = reach.mn_per_mw_it_yr
        self.demand_mw_it: Floats = instance.points["mw_it"].to_numpy(float)
        self.pue, self.cap_mw = (sites[c].to_numpy(float) for c in ("pue", "cap_mw"))
        self.least_mw = np.minimum(sites["min_mw"].to_numpy(float), self.cap_mw)
        self.per_mw = sites["size_mn_per_mw_yr"].to_numpy(float)
        self.fixed_mn_yr = sites["site_mn_yr"].to_numpy(float) + self.per_mw * self.least_mw
        self.there = (sites["standing"] | sites["forced"]).to_numpy(bool)
        self.shut = sites["forbidden"].to_numpy(bool) & ~self.there
        may_leave = instance.groups["max_unserved_mw_it"].to_numpy(float) > 0
        price = instance.groups["unserved_mn_per_mw_yr"].to_numpy(float)
        self.most_price = np.where(may_leave, price, np.inf)[instance.points["group"]]

    def at(self, price: Floats) -> Bid:
        """Let every site bid at some prices of demand."""
        gain = price[self.point] - self.paid
        some = np.flatnonzero(gain > 0)
        gain, site, point = gain[some], self.site[some], self.point[some]
        order = np.lexsort((-gain, site))
        gain, site, point = gain[order], site[order], point[order]
        pue = self.pue[site]
        mw = pue * self.demand_mw_it[point]
        ends = np.cumsum(mw)
        ends -= np.concatenate([[0.0], ends])[np.searchsorted(site, site)]
        begins = ends - mw
        least, cap = self.least_mw[site], self.cap_mw[site]
        net = gain / pue - self.per_mw[site]  # of a MW beyond the least size
        within = np.clip(np.minimum(ends, least) - begins, 0.0, None)
        beyond = np.clip(np.minimum(ends, cap) - np.maximum(begins, least), 0.0, None)
        beyond = np.where(net > 0, beyond, 0.0)
        n = len(self.pue)
        profit = np.bincount(site, within * gain / pue + beyond * net, n) - self.fixed_mn_yr
        profit[self.shut] = 0.0
        worth = np.zeros(n)
        np.maximum.at(worth, site, np.where((ends > cap) & (net > 0), net, 0.0))
        earns = (profit > 0) | self.there
        taken = np.where(earns[site], (within + beyond) / pue, 0.0)
        earned = float(profit[earns].sum())
        return Bid(
            price=price,
            bound_mn_yr=float(price @ self.demand_mw_it) - earned + self.instance.constant_mn_yr,
            profit_mn_yr=profit,
            worth_mn_per_mw_yr=worth,
            served_mw_it=np.bincount(point, taken, len(self.demand_mw_it)).astype(float),
        )

    def opening(self) -> Floats:
        """Give prices at which no site loses: each point served the cheapest way by a full site."""
        room = np.maximum(self.cap_mw, 1e-9)
        full = self.fixed_mn_yr + self.per_mw * (self.cap_mw - self.least_mw)
        rate = np.maximum(0.0, full * self.pue / room)
        price = np.full(len(self.demand_mw_it), np.inf)
        np.minimum.at(price, self.point, self.paid + rate[self.site])
        return np.minimum(np.where(np.isfinite(price), price, 0.0), self.most_price)

    def climb(self, clock: Clock) -> Bid:
        """Raise the bound as far as steps and time allow; give the best bid."""
        best = self.at(self.opening())
        price, length, idle = best.price, 1.0, 0
        direction = np.zeros_like(price)
        bid = best
        for _ in range(_STEPS):
            wanted = self.demand_mw_it - bid.served_mw_it
            direction = _MEMORY * direction + (1 - _MEMORY) * wanted
            size = float(direction @ direction)
            if clock.expired or size <= 0:
                break
            hope = best.bound_mn_yr + _HOPE_SHARE * abs(best.bound_mn_yr)
            price = price + length * (hope - bid.bound_mn_yr) / size * direction
            price = np.clip(price, 0.0, self.most_price)
            bid = self.at(price)
            if bid.bound_mn_yr > best.bound_mn_yr:
                best, idle = bid, 0
                continue
            idle += 1
            if idle == _PATIENCE:
                length, idle, price, bid = _SHORTER * length, 0, best.price, best
        return best
