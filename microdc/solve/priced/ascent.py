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
from microdc.solve.priced.auction import Auction, Bid, Ground
from microdc.solve.priced.branching.counted import Fixed, Flags

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
_SLOPES = 100  # in a bundle
_PASSED_ON = 12  # of their prices
_SAME = 1e-6


class Top(NamedTuple):
    """
    Where a climb came to: the best bid, its bound, and how much each site was open of late.

    The last is near a solution of the linear relaxation (Barahona & Anbil 2000).
    """

    bid: Bid
    bound_mn_yr: float
    open_share: Floats
    prices: list[Floats]
    length: float


class Start(NamedTuple):
    """Where a climb starts: prices, the length of a step (0: not known), and the bound to reach."""

    prices: list[Floats]
    length: float = 0.0
    goal_mn_yr: float = np.inf


class _View(NamedTuple):
    """What is seen at some prices: the bid, its bound, who is open for it, and who wants more."""

    bid: Bid
    bound_mn_yr: float
    opened: Flags
    wanted_mw_it: Floats

    def above(self, other: "_View") -> float:
        """Give how far the slope seen here lies above the bound at the prices of another."""
        there = self.wanted_mw_it @ (other.bid.price - self.bid.price)
        return self.bound_mn_yr + float(there) - other.bound_mn_yr


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
            view = self._at(price, best and best.bid)
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
        return Top(best.bid, best.bound_mn_yr, share / weight, [best.bid.price], 0.0)

    def polish(self, start: Start, steps: int, clock: Clock, kept: list[Bid]) -> Top:
        """Raise the bound from good prices, up to a goal; bids on the way go into `kept`."""
        views: list[_View] = []
        for price in start.prices:
            views.append(self._at(price, views[-1].bid if views else None))
        best = max(views, key=lambda view: view.bound_mn_yr)
        bundle = _Bundle(best, [view for view in views if view is not best])
        slope = max(_NOTHING, float(best.wanted_mw_it @ best.wanted_mw_it))
        length = start.length or _POLISH_SHARE * abs(best.bound_mn_yr) / slope
        for _ in range(steps):
            direction, hope = bundle.steepest(length)
            enough = hope <= _LEAST_HOPE_SHARE * abs(best.bound_mn_yr)
            if enough or best.bound_mn_yr >= start.goal_mn_yr or clock.expired:
                break
            view = self._at(best.bid.price + length * direction, best.bid)
            kept.append(view.bid)
            error = max(0.0, view.above(best))
            rise = view.bound_mn_yr - best.bound_mn_yr
            if rise >= _WORTH_MOVING * hope:
                bundle.move(view.bid.price - best.bid.price, rise)
                best, error = view, 0.0
                length *= min(_LONGEST, max(1.0, 0.5 / max(_NOTHING, 1 - rise / hope)))
            elif error > hope:
                length *= _NARROWER
            bundle.add(view, error)
        return Top(best.bid, best.bound_mn_yr, bundle.open_share, bundle.prices, length)

    def _at(self, price: Floats, like: Bid | None = None) -> _View:
        """See what some prices prove, no higher than the ceiling; quicker from a bid alike."""
        auction = self.auction
        bid = auction.at(np.clip(price, 0.0, self.ground.ceiling), self.ground.pairs, like)
        opened = self.fixed.opened(bid.profit_mn_yr)
        bound = bid.demand_mn_yr - float(bid.profit_mn_yr[opened].sum())
        return _View(bid.told, bound, opened, auction.demand_mw_it - bid.served_mw_it(opened))

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

    def __init__(self, best: _View, others: list[_View]) -> None:
        self.views = [best]
        self.slope = best.wanted_mw_it[None, :]
        self.product: Floats = self.slope @ self.slope.T
        self.error_mn_yr, self.weight = np.zeros(1), np.ones(1)
        for view in others:
            self.add(view, max(0.0, view.above(best)))

    @property
    def open_share(self) -> Floats:
        """How much each site is open in the mix: near a solution of the linear relaxation."""
        some = np.flatnonzero(self.weight > 0)
        share: Floats = self.weight[some] @ np.array([self.views[at].opened for at in some], float)
        return share

    @property
    def prices(self) -> list[Floats]:
        """The prices that the mix is of, those of most weight first."""
        order = np.argsort(-self.weight, kind="stable")[: int((self.weight > 0).sum())]
        return [self.views[at].bid.price for at in order[:_PASSED_ON]]

    def steepest(self, length: float) -> tuple[Floats, float]:
        """Give the direction that all slopes agree on, and the rise that they promise."""
        self.weight = _mixed(length * self.product, self.error_mn_yr, self.weight)
        direction: Floats = self.weight @ self.slope
        hope = length * float(direction @ direction) + float(self.weight @ self.error_mn_yr)
        return direction, hope

    def move(self, by: Floats, rise_mn_yr: float) -> None:
        """Tell errors from better prices."""
        self.error_mn_yr = np.maximum(0.0, self.error_mn_yr + self.slope @ by - rise_mn_yr)

    def add(self, view: _View, error_mn_yr: float) -> None:
        """Take in another slope; of too many, those that matter least go."""
        slope = view.wanted_mw_it
        product = self.slope @ slope
        self.views.append(view)
        self.slope = np.vstack([self.slope, slope])
        self.product = np.block(
            [[self.product, product[:, None]], [product[None, :], np.full((1, 1), slope @ slope)]]
        )
        self.error_mn_yr = np.append(self.error_mn_yr, error_mn_yr)
        self.weight = np.append(self.weight, 0.0)
        if len(self.weight) > _SLOPES:
            matters = self.weight.copy()
            matters[-1] = 1.0
            # Of those that matter alike, the latest.
            by_weight = np.lexsort((-np.arange(len(matters)), -matters))
            self._keep(np.sort(by_weight[: _SLOPES * 2 // 3]))

    def _keep(self, which: Ints) -> None:
        self.views = [self.views[at] for at in which]
        self.slope = self.slope[which]
        self.product = self.product[np.ix_(which, which)]
        self.error_mn_yr = self.error_mn_yr[which]
        self.weight = self.weight[which] / self.weight[which].sum()


def _mixed(product: Floats, error: Floats, weight: Floats) -> Floats:
    """
    Minimise w'product w / 2 + error'w over weights that add up to 1 and are none below 0.

    Some are left out at 0 at a time, as Lawson & Hanson 1974 do for least squares.
    """
    many = len(error)
    product = product + _NOTHING * max(1.0, float(np.trace(product))) * np.eye(many)
    weight = weight / weight.sum()
    some = weight > 0
    for _ in range(3 * many):
        target = _among(product, error, some)
        if (target[some] >= 0).all():
            weight = target
            slope = product @ weight + error
            least = float(weight @ slope)
            lower = np.where(some, 0.0, least - slope)
            worst = int(np.argmax(lower))
            if lower[worst] <= _SAME * abs(least):
                break
            some[worst] = True
            continue
        falls = some & (target < 0)
        step = weight[falls] / (weight[falls] - target[falls])
        weight = weight + float(step.min()) * (target - weight)
        some &= ~(falls & (weight <= _NOTHING))
        weight = np.where(some, weight, 0.0)
    mixed: Floats = np.maximum(weight, 0.0)
    return mixed / float(mixed.sum())


def _among(product: Floats, error: Floats, some: Flags) -> Floats:
    """Minimise the same over weights that add up to 1, of some alone, be they below 0 or not."""
    at = np.flatnonzero(some)
    system = np.ones((len(at) + 1, len(at) + 1))
    system[:-1, :-1], system[-1, -1] = product[np.ix_(at, at)], 0.0
    weight = np.zeros(len(error))
    weight[at] = np.linalg.solve(system, np.append(-error[at], 1.0))[:-1]
    return weight
