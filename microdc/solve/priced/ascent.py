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


class _View(NamedTuple):
    """What is seen at some prices: the bid, its bound, who is open for it, and who wants more."""

    bid: Bid
    bound_mn_yr: float
    opened: Flags
    wanted_mw_it: Floats


class Climb(NamedTuple):
    """A way up: the auction, the pairs looked at, and what is fixed."""

    auction: Auction
    ground: Ground
    fixed: Fixed

    def run(self, price: Floats, steps: int, clock: Clock) -> Top:
        """Raise the bound from some prices, as far as steps and time allow."""
        best, length, idle = None, _LENGTH, 0
        direction = np.zeros_like(price)
        share, weight = np.zeros(len(self.fixed.open)), 0.0
        for _ in range(steps):
            view = self._at(price)
            share, weight = 0.9 * share + 0.1 * view.opened, 0.9 * weight + 0.1
            idle += 1
            if best is None or view.bound_mn_yr > best.bound_mn_yr:
                best, idle = view, 0
            if clock.expired or self._served(view):  # no prices prove more than those that serve
                break
            price = view.bid.price
            if idle >= _PATIENCE:
                length, idle, price = _SHORTER * length, 0, best.bid.price
            direction = _MEMORY * direction + (1 - _MEMORY) * view.wanted_mw_it
            size = float(direction @ direction)
            if size <= 0:
                break
            hope = best.bound_mn_yr + _HOPE_SHARE * abs(best.bound_mn_yr)
            price = price + length * (hope - view.bound_mn_yr) / size * direction
        assert best is not None
        return Top(best.bid, best.bound_mn_yr, share / weight)

    def polish(self, price: Floats, steps: int, clock: Clock, kept: list[Bid]) -> Top:
        """Raise the bound from good prices; bids on the way go into `kept`."""
        best = self._at(price)
        bundle = _Bundle(best.wanted_mw_it, best.opened)
        slope = max(_NOTHING, float(best.wanted_mw_it @ best.wanted_mw_it))
        length = _POLISH_SHARE * abs(best.bound_mn_yr) / slope
        for _ in range(steps):
            direction, hope = bundle.steepest(length)
            if hope <= _LEAST_HOPE_SHARE * abs(best.bound_mn_yr) or clock.expired:
                break
            view = self._at(best.bid.price + length * direction)
            kept.append(view.bid)
            moved = view.bid.price - best.bid.price
            rise = view.bound_mn_yr - best.bound_mn_yr
            error = max(0.0, rise - float(view.wanted_mw_it @ moved))
            if rise >= _WORTH_MOVING * hope:
                bundle.move(moved, rise)
                best, error = view, 0.0
                length *= _LONGER if rise >= 0.5 * hope else 1.0
            elif error > hope:
                length *= _NARROWER
            bundle.add(view.wanted_mw_it, view.opened, error)
        return Top(best.bid, best.bound_mn_yr, bundle.open_share)

    def _at(self, price: Floats) -> _View:
        """See what some prices prove, no higher than the ceiling."""
        auction = self.auction
        bid = auction.at(np.clip(price, 0.0, self.ground.ceiling), self.ground.pairs)
        opened = auction.opened(bid.profit_mn_yr, self.fixed)
        bound = bid.demand_mn_yr - float(bid.profit_mn_yr[opened].sum())
        return _View(bid, bound, opened, auction.demand_mw_it - bid.served_mw_it(opened))

    def _served(self, view: _View) -> bool:
        """Whether everybody is served, and by no more than wanted, to rounding."""
        rounding_mw_it = _ROUNDING_SHARE * self.auction.demand_mw_it
        return bool((np.abs(view.wanted_mw_it) <= rounding_mw_it).all())


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
