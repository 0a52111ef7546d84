"""
What many bids prove together of any choice of sites.

A bid is a line over choices of sites: its demand less the profits of the sites that are open. It
lies below what any plan on them costs, so it is a cut of the cost over sites, as Benders has it.
"""

import numpy as np
from scipy.sparse import csr_array

from microdc.instance import Floats, Ints
from microdc.model.build import StandardForm
from microdc.solve.highs import Clock, Options, Program
from microdc.solve.priced.auction import ROUNDING_SHARE, Auction, Bid
from microdc.solve.priced.branching.counted import Fixed, Flags

_MOST = 240
_FIRST = 80  # of the bids, kept for good: those of the best bounds when they were too many


class Bids:
    """
    Bids on the same sites; `profit_mn_yr` has a row for each that is kept, the latest last.

    `seen` counts all that were ever taken in.
    """

    def __init__(self, auction: Auction) -> None:
        self.auction, self.seen = auction, 0
        self.demand_mn_yr: Floats = np.empty(0)
        self.profit_mn_yr: Floats = np.empty((0, len(auction.pue)))
        self.price: Floats = np.empty((0, len(auction.demand_mw_it)))

    def add(self, bids: list[Bid]) -> None:
        """Take in more; where they are too many, the oldest but the best go."""
        self.seen += len(bids)
        self.demand_mn_yr = np.append(self.demand_mn_yr, [bid.demand_mn_yr for bid in bids])
        self.profit_mn_yr = np.vstack([self.profit_mn_yr, *(bid.profit_mn_yr for bid in bids)])
        self.price = np.vstack([self.price, *(bid.price for bid in bids)])
        if len(self.demand_mn_yr) > _MOST:
            best = np.argsort(-self.bounds(self.auction.given), kind="stable")[:_FIRST]
            last = np.arange(len(self.demand_mn_yr))[-(_MOST - 2 * _FIRST) :]
            self._keep(np.union1d(best, last))

    def _keep(self, which: Ints) -> None:
        self.demand_mn_yr = self.demand_mn_yr[which]
        self.profit_mn_yr = self.profit_mn_yr[which]
        self.price = self.price[which]

    def bounds(self, fixed: Fixed) -> Floats:
        """Give what each bid proves of all plans within what is fixed; shape (bids,)."""
        free, counted = fixed.free, self.auction.counted
        earned = self.profit_mn_yr[:, fixed.open].sum(axis=1)
        earned += np.maximum(self.profit_mn_yr[:, free & ~counted], 0.0).sum(axis=1)
        some = np.maximum(self.profit_mn_yr[:, free & counted], 0.0)
        few = max(0, self.auction.most - int((fixed.open & counted).sum()))
        if some.shape[1] > few:
            some = -np.partition(-some, max(0, few - 1), axis=1)[:, :few]
        proven: Floats = self.demand_mn_yr - earned - some.sum(axis=1)
        return proven

    def may_pay(self, goal_mn_yr: float) -> Flags:
        """Say which sites may be part of a plan that costs less than some goal."""
        given = self.auction.given
        paying: Flags = (self.if_open(given) < goal_mn_yr) & ~given.shut
        return paying

    @property
    def with_each_mn_yr(self) -> Floats:
        """What they prove of plans with each site, rounded down; shape (sites,)."""
        proven = self.if_open(self.auction.given)
        return proven - ROUNDING_SHARE * np.abs(np.where(np.isfinite(proven), proven, 0.0))

    def if_any_but(self, sites: Ints) -> float:
        """Give what no plan with any other site can cost less than; infinite: there is none."""
        given = self.auction.given
        others = ~given.shut
        others[sites] = False
        least = float(self.if_open(given)[others].min(initial=np.inf))
        return least - ROUNDING_SHARE * abs(least) if others.any() else np.inf

    def if_open(self, fixed: Fixed) -> Floats:
        """Give what they prove if each of the free sites is open; shape (sites,)."""
        bounds, least = self.bounds(fixed)[:, None], self._least_earned(fixed)[:, None]
        free = np.flatnonzero(fixed.free)
        spared = np.where(self.auction.counted[free], least, 0.0)
        proven = np.full(len(fixed.open), -np.inf)
        more = np.maximum(spared - self.profit_mn_yr[:, free], 0.0)
        proven[free] = (bounds + more).max(axis=0, initial=-np.inf)
        return proven

    def _least_earned(self, fixed: Fixed) -> Floats:
        """Give what the worst of the counted sites earns that would still be open, if all are."""
        some = np.maximum(self.profit_mn_yr[:, fixed.free & self.auction.counted], 0.0)
        few = self.auction.most - int((fixed.open & self.auction.counted).sum())
        if some.shape[1] <= few or few < 1:
            return np.zeros(len(some))
        least: Floats = -np.partition(-some, few - 1, axis=1)[:, few - 1]
        return least

    def costs(self, sites: Ints) -> Floats:
        """Give what each proves of the plans on exactly these sites; shape (bids,)."""
        proven: Floats = self.demand_mn_yr - self.profit_mn_yr[:, sites].sum(axis=1)
        return proven


def cheapest_sites(
    bids: Bids, allowed: Flags, need_mw_it: float, options: Options, clock: Clock
) -> Ints | None:
    """
    Choose the sites among `allowed` that cost least by all bids, with room for what is needed.

    Ascending; None if time ran out first. What no bid knows of, such as a budget, is not looked at.
    """
    auction = bids.auction
    free = np.flatnonzero(allowed | auction.there)
    few, n = len(bids.demand_mn_yr), len(free)
    cost_column = np.ones((few, 1))
    rows = np.vstack(
        [
            np.hstack([bids.profit_mn_yr[:, free], cost_column]),
            np.append((auction.cap_mw / auction.pue)[free], 0.0),
            np.append(auction.counted[free].astype(float), 0.0),
        ]
    )
    most = auction.most if auction.counted.any() else n
    ceiling = float(np.abs(bids.demand_mn_yr).max() + np.abs(bids.profit_mn_yr).max() * n)
    nothing: Floats = np.zeros(n)
    form = StandardForm(
        cost=np.append(nothing, 1.0),
        offset=0.0,
        rows=csr_array(rows),
        row_lower=np.concatenate([bids.demand_mn_yr, [need_mw_it, -np.inf]]),
        row_upper=np.concatenate([np.full(few + 1, np.inf), [float(most)]]),
        lower=np.append(auction.there[free].astype(float), -ceiling),
        upper=np.append(np.ones(n), ceiling),
        integer=np.append(np.ones(n, dtype=bool), False),
    )
    answer = Program(form, options, clock).run()
    return free[answer.values[:n] > 0.5] if answer.has_values else None
