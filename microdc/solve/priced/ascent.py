"""
Prices of demand that prove much: climbed to step by step, without a solver.

Where a point is served by more than want to, its price falls; where by fewer, it rises. Held & Karp
1971; the direction remembers those before (Crowder 1976).
"""

from typing import NamedTuple

import numpy as np

from microdc.instance import Floats
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Bid, Fixed, Ground

_LENGTH = 0.5  # of a step, at first
_PATIENCE = 6  # steps without a better bound, after which they become shorter
_SHORTER = 0.6
_MEMORY = 0.6  # of the direction of the steps before
_HOPE_SHARE = 0.005  # of the bound: how far above it the best is taken to be
_BEYOND_GOAL = 5e-4
_LEAST_HOPE = 1e-5
_ROUNDING_SHARE = 1e-9  # of a point's demand


class Top(NamedTuple):
    """
    Where a climb came to: the best bid, its bound, and how much each site was open of late.

    The last is near a solution of the linear relaxation (Barahona & Anbil 2000).
    """

    bid: Bid
    bound_mn_yr: float
    open_share: Floats


class Climb(NamedTuple):
    """A way up: the auction, the pairs looked at, and what is fixed."""

    auction: Auction
    ground: Ground
    fixed: Fixed

    def run(
        self,
        price: Floats,
        steps: int,
        clock: Clock,
        goal: float = np.inf,
        kept: list[Bid] | None = None,
    ) -> Top:
        """
        Raise the bound from some prices, up to a goal, as far as steps and time allow.

        Bids on the way go into `kept`.
        """
        auction, shut, length = self.auction, self.fixed.shut, _LENGTH
        pairs = self.ground.pairs
        pairs = pairs.some(~shut[pairs.site]) if shut.any() else pairs
        price = np.clip(price, 0.0, self.ground.ceiling)
        best, bound, idle = None, -np.inf, 0
        direction = np.zeros_like(price)
        share, weight = np.zeros(len(shut)), 0.0
        for _ in range(steps):
            bid = auction.at(price, pairs)
            opened = auction.opened(bid.profit_mn_yr, self.fixed)
            value = bid.demand_mn_yr - float(bid.profit_mn_yr[opened].sum())
            share, weight = 0.9 * share + 0.1 * opened, 0.9 * weight + 0.1
            idle += 1
            if kept is not None:
                kept.append(bid)
            if best is None or value > bound:
                best, bound, idle = bid, value, 0
            if bound >= goal or clock.expired:
                break
            if idle >= _PATIENCE:
                length, idle, price = _SHORTER * length, 0, best.price
            wanted = auction.demand_mw_it - bid.served_mw_it(opened)
            direction = _MEMORY * direction + (1 - _MEMORY) * wanted
            size = float(direction @ direction)
            served = (np.abs(wanted) <= _ROUNDING_SHARE * auction.demand_mw_it).all()
            if size <= 0 or served:  # no prices prove more than these
                break
            hope = bound + _HOPE_SHARE * abs(bound)
            hope = hope if np.isinf(goal) else goal + _BEYOND_GOAL * abs(goal)
            rise = max(_LEAST_HOPE * abs(bound), hope - value)
            price = np.clip(price + length * rise / size * direction, 0.0, self.ground.ceiling)
        assert best is not None
        return Top(best, bound, share / weight)
