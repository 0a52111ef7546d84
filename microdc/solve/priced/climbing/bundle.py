"""
What many bids say together of how a bound rises from the best prices.

Each bid is a slope that the bound stays below; the steepest way up is the shortest mix of slopes
that are nearly the best (Lemarechal 1975; Kiwiel 1990). Prices are measured by demand: to raise all
prices alike is one step for small and large points.
"""

from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.priced.auction import Auction, Bid
from microdc.solve.priced.branching.counted import Fixed, Flags

_SLOPES = 100
_PASSED_ON = 12  # of their bids
_NOTHING = 1e-12
_SAME = 1e-6


class View(NamedTuple):
    """What is seen at some prices: the bid, its bound, who is open for it, and who wants more."""

    bid: Bid
    bound_mn_yr: float
    opened: Flags
    wanted_mw_it: Floats

    @classmethod
    def of(cls, auction: Auction, fixed: Fixed, bid: Bid) -> "View":
        """See what a bid proves of all plans within what is fixed."""
        opened = fixed.opened(bid.profit_mn_yr)
        bound = bid.demand_mn_yr - float(bid.profit_mn_yr[opened].sum())
        return cls(bid, bound, opened, auction.demand_mw_it - bid.served_mw_it(opened))

    def above(self, other: "View") -> float:
        """Give how far the slope seen here lies above the bound at the prices of another."""
        there = self.wanted_mw_it @ (other.bid.price - self.bid.price)
        return self.bound_mn_yr + float(there) - other.bound_mn_yr


class Bundle:
    """
    Slopes of the bound at the prices tried, and by how much each lies above it at the best ones.

    `slope` has a row for each, over the square root of demand; `error_mn_yr` likewise; `weight`
    mixes them to the steepest way up.
    """

    def __init__(self, best: View, others: list[View], demand_mw_it: Floats) -> None:
        self.views, self.root = [best], np.sqrt(np.maximum(demand_mw_it, _NOTHING))
        self.slope = (best.wanted_mw_it / self.root)[None, :]
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
    def bids(self) -> list[Bid]:
        """The bids that the mix is of, those of most weight first."""
        order = np.argsort(-self.weight, kind="stable")[: int((self.weight > 0).sum())]
        return [self.views[at].bid for at in order[:_PASSED_ON]]

    def steepest(self, length: float) -> tuple[Floats, float]:
        """Give the way up that all slopes agree on (of prices), and the rise that they promise."""
        self.weight = _mixed(length * self.product, self.error_mn_yr, self.weight)
        direction: Floats = self.weight @ self.slope
        hope = length * float(direction @ direction) + float(self.weight @ self.error_mn_yr)
        return direction / self.root, hope

    def move(self, by: Floats, rise_mn_yr: float) -> None:
        """Tell errors from better prices."""
        there = self.slope @ (self.root * by)
        self.error_mn_yr = np.maximum(0.0, self.error_mn_yr + there - rise_mn_yr)

    def add(self, view: View, error_mn_yr: float) -> None:
        """Take in another slope; of too many, those that matter least go."""
        slope = view.wanted_mw_it / self.root
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
