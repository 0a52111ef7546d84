"""
Prices lifted one point at a time, as far as no other site would be open for it.

What a site lacks to be open is what its points' prices may still rise by together: who is alone
with a site that it cannot pay for is priced so. Erlenkotter 1978 (dual ascent), with sizes: a price
that stays below the edge of a full site is free there.
"""

import numpy as np

from microdc.instance import Floats
from microdc.solve.priced.auction import Auction, Bid, Ground
from microdc.solve.priced.branching.counted import Fixed

_NOTHING = 1e-9


class Lift:
    """Lifts prices over some pairs."""

    def __init__(self, auction: Auction, ground: Ground, seed: int = 0) -> None:
        self.ground, self.chance = ground, np.random.default_rng(seed)
        pairs = ground.pairs
        order = np.argsort(pairs.point, kind="stable")
        self.site, self.paid = pairs.site[order], pairs.paid[order]
        points = np.arange(len(auction.demand_mw_it) + 1)
        self.start = np.searchsorted(pairs.point[order], points)
        self.demand_mw_it = np.maximum(auction.demand_mw_it, _NOTHING)

    def lifted(self, bid: Bid, fixed: Fixed) -> Floats:
        """Give prices that prove no less than a bid of what is fixed; shape (points,)."""
        price, opened = bid.price.copy(), fixed.opened(bid.profit_mn_yr)
        lacks = np.where(fixed.shut, np.inf, fixed.losses(bid.profit_mn_yr, opened))
        lacks[opened] = 0.0
        untaken_up_to = self.paid + bid.edge[self.site]
        most = self.ground.ceiling - price
        for point in self.chance.permutation(len(price)):
            here = slice(self.start[point], self.start[point + 1])
            free = np.maximum(untaken_up_to[here] - price[point], 0.0)
            rises = free + lacks[self.site[here]] / self.demand_mw_it[point]
            rise = min(most[point], float(rises.min(initial=np.inf)))
            if _NOTHING < rise < np.inf:  # without end: nobody would serve it
                price[point] += rise
                rest = np.maximum(rise - free, 0.0) * self.demand_mw_it[point]
                lacks[self.site[here]] -= rest
        return price
