"""
Prices of demand that prove much: climbed to step by step, without a solver.

Where a point is served by more than want to, its price falls; where by fewer, it rises. Held & Karp
1971; the direction remembers those before (Crowder 1976). Near the top such steps prove little: a
bundle of the bids so far then says where all of them together rise most (Lemarechal 1975; Kiwiel
1990, with steps that get longer and shorter).
"""

from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Bid, Fixed, Flags, Ground

_LENGTH = 0.5  # of a step, at first
_PATIENCE = 6  # steps without a better bound, after which they become shorter
_SHORTER = 0.6
_MEMORY = 0.6  # of the direction of the steps before
_HOPE_SHARE = 0.005  # of the bound: how far above it the best is taken to be
_BEYOND_GOAL = 5e-4
_LEAST_HOPE = 1e-5
_ROUNDING_SHARE = 1e-9  # of a point's demand
_NOTHING = 1e-12
_POLISH_SHARE = 1e-3  # of the bound: what the first step of a bundle hopes for
_LEAST_HOPE_SHARE = 1e-7
_WORTH_MOVING = 0.1  # of the rise that was hoped for
_LONGER, _NARROWER = 1.5, 0.7
_SLOPES = 60  # in a bundle
_MIXING_STEPS = 120
_SAME_WEIGHT = 1e-6


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

    def polish(self, price: Floats, steps: int, clock: Clock, kept: list[Bid]) -> Top:
        """Raise the bound from good prices; bids on the way go into `kept`."""
        auction, given = self.auction, self.fixed
        best = auction.at(np.clip(price, 0.0, self.ground.ceiling), self.ground.pairs)
        opened = auction.opened(best.profit_mn_yr, given)
        bound = best.demand_mn_yr - float(best.profit_mn_yr[opened].sum())
        wanted = auction.demand_mw_it - best.served_mw_it(opened)
        bundle = _Bundle(wanted, opened)
        length = _POLISH_SHARE * abs(bound) / max(_NOTHING, float(wanted @ wanted))
        for _ in range(steps):
            direction, hope = bundle.steepest(length)
            if hope <= _LEAST_HOPE_SHARE * abs(bound) or clock.expired:
                break
            price = np.clip(best.price + length * direction, 0.0, self.ground.ceiling)
            bid = auction.at(price, self.ground.pairs)
            kept.append(bid)
            opened = auction.opened(bid.profit_mn_yr, given)
            value = bid.demand_mn_yr - float(bid.profit_mn_yr[opened].sum())
            wanted = auction.demand_mw_it - bid.served_mw_it(opened)
            moved, rise = price - best.price, value - bound
            if rise >= _WORTH_MOVING * hope:
                bundle.move(moved, rise)
                best, bound, error = bid, value, 0.0
                length *= _LONGER if rise >= 0.5 * hope else 1.0
            else:
                error = max(0.0, rise - float(wanted @ moved))
                length *= _NARROWER if error > hope else 1.0
            bundle.add(wanted, opened, error)
        return Top(best, bound, bundle.open_share)


class _Bundle:
    """
    Slopes of the bound at the prices tried, and by how much each lies above it at the best ones.

    `slope` has a row for each, `error_mn_yr` and `opened` (which sites are open there) likewise;
    `weight` mixes them to the steepest way up.
    """

    def __init__(self, slope: Floats, opened: Flags) -> None:
        self.slope, self.opened = slope[None, :], opened[None, :].astype(float)
        self.product: Floats = self.slope @ self.slope.T
        self.error_mn_yr, self.weight = np.zeros(1), np.ones(1)

    @property
    def open_share(self) -> Floats:
        """How much each site is open in the mix: near a solution of the linear relaxation."""
        share: Floats = self.weight @ self.opened
        return share

    def steepest(self, length: float) -> tuple[Floats, float]:
        """Give the direction that all slopes agree on, and the rise that they promise."""
        self.weight = _mixed(length * self.product, self.error_mn_yr, self.weight)
        direction: Floats = self.weight @ self.slope
        hope = length * float(direction @ direction) + float(self.weight @ self.error_mn_yr)
        return direction, hope

    def move(self, by: Floats, rise_mn_yr: float) -> None:
        """Tell errors from better prices."""
        self.error_mn_yr = np.maximum(0.0, self.error_mn_yr + self.slope @ by - rise_mn_yr)

    def add(self, slope: Floats, opened: Flags, error_mn_yr: float) -> None:
        """Take in another slope; of too many, those that matter least go."""
        product = self.slope @ slope
        self.slope = np.vstack([self.slope, slope])
        self.opened = np.vstack([self.opened, opened])
        self.product = np.block(
            [[self.product, product[:, None]], [product[None, :], np.full((1, 1), slope @ slope)]]
        )
        self.error_mn_yr = np.append(self.error_mn_yr, error_mn_yr)
        self.weight = np.append(self.weight, 0.0)
        if len(self.weight) > _SLOPES:
            matters = self.weight.copy()
            matters[-1] = 1.0
            self._keep(np.sort(np.argsort(-matters, kind="stable")[: _SLOPES * 2 // 3]))

    def _keep(self, which: Ints) -> None:
        self.slope, self.opened = self.slope[which], self.opened[which]
        self.product = self.product[np.ix_(which, which)]
        self.error_mn_yr = self.error_mn_yr[which]
        self.weight = self.weight[which] / self.weight[which].sum()


def _mixed(product: Floats, error: Floats, weight: Floats) -> Floats:
    """Minimise w'product w / 2 + error'w over weights that add up to 1 (Beck & Teboulle 2009)."""
    steep = float(np.linalg.norm(product, 2)) + _NOTHING
    ahead, momentum = weight, 1.0
    for _ in range(_MIXING_STEPS):
        new = _onto_simplex(ahead - (product @ ahead + error) / steep)
        further = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / further * (new - weight)
        if np.abs(new - weight).max() < _SAME_WEIGHT:
            return new
        weight, momentum = new, further
    return weight


def _onto_simplex(point: Floats) -> Floats:
    """Give the nearest weights that are none below 0 and add up to 1."""
    falling = np.sort(point)[::-1]
    excess = (np.cumsum(falling) - 1) / np.arange(1, len(point) + 1)
    last = np.flatnonzero(falling > excess)[-1]
    nearest: Floats = np.maximum(point - excess[last], 0.0)
    return nearest
