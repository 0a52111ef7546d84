"""
Prices of demand that prove much: climbed to step by step, without a solver.

Where a point is served by more than want to, its price falls; where by fewer, it rises, by the
share of its demand. Held & Karp 1971; the direction remembers those before (Crowder 1976). Near the
top such steps prove little: a bundle of the bids so far then says where all of them together rise
most, with steps that get longer and shorter (Kiwiel 1990).
"""

from typing import NamedTuple

import numpy as np

from microdc.instance import Floats
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Bid, Ground
from microdc.solve.priced.branching.counted import Fixed
from microdc.solve.priced.climbing.bundle import Bundle, View

_LENGTH = 0.5  # of a step, at first
_PATIENCE = 6  # steps without a better bound, after which they become shorter
_SHORTER = 0.6
_MEMORY = 0.6  # of the direction of the steps before
_HOPE_SHARE = 0.005  # of the bound: how far above it the best is taken to be
_ROUNDING_SHARE = 1e-9  # of a point's demand
_NOTHING = 1e-12
_POLISH_SHARE = 0.1  # of the bound: what the first step of a bundle hopes for
_LEAST_HOPE_SHARE = 1e-7
_WORTH_MOVING = 0.01  # of the rise that was hoped for
_LONGEST, _NARROWER = 10.0, 0.7
_PAIRS_NEAR = 0.2  # share of pairs that a margin is for
_LEAST_MARGIN = 0.01  # of prices in the mean
_FEW_PAIRS = 250_000  # of which all are looked at
_STEPS_NEAR = 25  # with the same pairs
_WIDER, _AT_MARGIN = 3.0, 0.99


class Top(NamedTuple):
    """
    Where a climb came to: the best bid, its bound, and how much each site was open of late.

    The last is near a solution of the linear relaxation (Barahona & Anbil 2000). `bids` are those
    to go on from, with steps of a `length`.
    """

    bid: Bid
    bound_mn_yr: float
    open_share: Floats
    bids: list[Bid]
    length: float

    @property
    def bare(self) -> "Top":
        """The same without whom each site serves at which bid, which takes room."""
        return self._replace(bid=self.bid.bare, bids=[bid.bare for bid in self.bids])


class Goal(NamedTuple):
    """How far to go: so many steps, up to a bound, or as long as there is time."""

    steps: int
    clock: Clock
    bound_mn_yr: float = np.inf


def climb(auction: Auction, ground: Ground, price: Floats, goal: Goal) -> Bid:
    """Raise the bound of all plans from some prices, step by step; give the best bid."""
    best, length, idle = None, _LENGTH, 0
    direction = np.zeros_like(price)
    demand_mw_it = np.maximum(auction.demand_mw_it, _NOTHING)
    for _ in range(goal.steps):
        price = np.clip(price, ground.floor, ground.ceiling)
        bid = auction.at(price, ground.pairs, best and best.bid)
        view = View.of(auction, auction.given, bid)
        idle += 1
        if best is None or view.bound_mn_yr > best.bound_mn_yr:
            best, idle = view, 0
        if goal.clock.expired or _served(view, demand_mw_it):
            break  # no prices prove more than those that serve
        if idle >= _PATIENCE:
            length, idle, price = _SHORTER * length, 0, best.bid.price
        direction = _MEMORY * direction + (1 - _MEMORY) * view.wanted_mw_it / demand_mw_it
        size = float(demand_mw_it @ direction**2)
        if size <= 0:
            break
        hope = best.bound_mn_yr + _HOPE_SHARE * abs(best.bound_mn_yr)
        price = price + length * (hope - view.bound_mn_yr) / size * direction
    assert best is not None
    return best.bid


def _served(view: View, demand_mw_it: Floats) -> bool:
    """Whether everybody is served, and by no more than wanted, to rounding."""
    return bool((np.abs(view.wanted_mw_it) <= _ROUNDING_SHARE * demand_mw_it).all())


class Ascent:
    """
    A bundle on its way up from some bids, within what is fixed; it can go on at any time.

    Where pairs are many, those are looked at that matter within a margin around the best prices.
    """

    def __init__(
        self, auction: Auction, ground: Ground, fixed: Fixed, bids: list[Bid], length: float = 0.0
    ) -> None:
        """Begin with steps of a `length`; 0: not known."""
        self.auction, self.ground, self.fixed = auction, ground, fixed
        views = [View.of(auction, fixed, bid) for bid in bids]
        self.best = max(views, key=lambda view: view.bound_mn_yr)
        others = [view for view in views if view is not self.best]
        self.bundle = Bundle(self.best, others, auction.demand_mw_it)
        slope = max(_NOTHING, float(self.bundle.product[0, 0]))
        self.length = length or _POLISH_SHARE * abs(self.best.bound_mn_yr) / slope
        self.margin = _Margin(auction, ground, self.best.bid)

    @property
    def top(self) -> Top:
        """Where it has come to."""
        best, bundle = self.best, self.bundle
        return Top(best.bid, best.bound_mn_yr, bundle.open_share, bundle.bids, self.length)

    def go_to(self, price: Floats) -> None:
        """Try some prices, and go on from there if they prove more."""
        price = np.clip(price, self.ground.floor, self.ground.ceiling)
        bid = self.auction.at(price, self.ground.pairs, self.best.bid)
        view = View.of(self.auction, self.fixed, bid)
        error = max(0.0, view.above(self.best))
        if view.bound_mn_yr > self.best.bound_mn_yr:
            self._move_to(view)
            error = 0.0
        self.bundle.add(view, error)

    def rise(self, goal: Goal, kept: list[Bid] | None = None) -> Top:
        """Go on; bids on the way go into `kept`."""
        bundle = self.bundle
        for step in range(goal.steps):
            best = self.best
            direction, hope = bundle.steepest(self.length)
            enough = hope <= _LEAST_HOPE_SHARE * abs(best.bound_mn_yr)
            if enough or best.bound_mn_yr >= goal.bound_mn_yr or goal.clock.expired:
                break
            if step % _STEPS_NEAR == 0:
                near = self.margin.around(best.bid)
            price = np.clip(best.bid.price + self.length * direction, near.floor, near.ceiling)
            view = View.of(self.auction, self.fixed, self.auction.at(price, near.pairs, best.bid))
            if kept is not None:
                kept.append(view.bid.bare)
            self._take(view, hope)
        return self.top

    def _take(self, view: View, hope: float) -> None:
        """Move to what is seen if the bound is better there, and learn its slope."""
        error = max(0.0, view.above(self.best))
        rise = view.bound_mn_yr - self.best.bound_mn_yr
        if rise >= _WORTH_MOVING * hope:
            self._move_to(view)
            error = 0.0
            self.length *= min(_LONGEST, max(1.0, 0.5 / max(_NOTHING, 1 - rise / hope)))
        elif error > hope:
            self.length *= _NARROWER
        self.bundle.add(view, error)

    def _move_to(self, view: View) -> None:
        rise = view.bound_mn_yr - self.best.bound_mn_yr
        self.bundle.move(view.bid.price - self.best.bid.price, rise)
        self.best = view


class _Margin:
    """How far prices may move until other pairs are looked at; more where they would go on."""

    def __init__(self, auction: Auction, ground: Ground, bid: Bid) -> None:
        self.auction, self.ground, self.center = auction, ground, bid.price
        below = auction.below_edge(bid, ground)
        near = float(np.quantile(below, _PAIRS_NEAR)) / 2 if len(below) else 0.0
        self.least = max(near, _LEAST_MARGIN * float(bid.price.sum()) / max(1, len(bid.price)))
        self.up = self.down = np.full(len(bid.price), self.least)

    def around(self, bid: Bid) -> Ground:
        """Give the pairs that matter around a bid, and how far its prices may move."""
        if len(self.ground.pairs.point) <= _FEW_PAIRS:
            return self.ground
        moved = bid.price - self.center
        self.up, self.down = self._next(self.up, moved), self._next(self.down, -moved)
        self.center = bid.price
        return self.auction.around(bid, self.ground, self.down, self.up)

    def _next(self, margin: Floats, moved: Floats) -> Floats:
        wider = np.where(moved >= _AT_MARGIN * margin, _WIDER * margin, margin / 2)
        return np.maximum(wider, self.least)
