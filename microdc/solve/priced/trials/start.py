"""Where the search begins: prices of demand, and the best sites that trying finds."""

from dataclasses import replace

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Bid, Ground
from microdc.solve.priced.bids import Bids, cheapest_sites
from microdc.solve.priced.climbing.ascent import Ascent, Goal, Top, climb
from microdc.solve.priced.climbing.lift import Lift
from microdc.solve.priced.trials.fleets import Fleets
from microdc.solve.priced.trials.swaps import improved

_STEPS = 160
_LIFTS, _LIFTS_OF_MANY, _STEPS_A_LIFT = 4, 20, 40
_REACH = 1.5  # of the price at first: pairs at more are not looked at
_NEAR = 25  # pairs of each point to begin with, at least
_KEPT = 60  # of the last bids
_MOST_ROUNDS, _ROUNDS_IN_VAIN = 8, 2  # one after the other
_TRIES = 40


@np.errstate(over="ignore", invalid="ignore")  # where power is short, prices rise without end
def climbed(
    bids: Bids, clock: Clock, most_mn_yr: float = np.inf, good: Floats | None = None
) -> tuple[Top, Ground]:
    """
    Price demand as well as a climb can, into the bids; give also the pairs looked at.

    A bound above `most_mn_yr`, what any plan costs at most, ends it: there is none. From prices
    that are `good` already, over all pairs, it goes on with a bundle at once.
    """
    auction = bids.auction
    if good is None:
        price, ground = _risen(auction, clock)
    else:
        price, ground = good, auction.everywhere
    kept: list[Bid] = []
    ascent = Ascent(auction, ground, auction.given, [auction.at(price, ground.pairs)])
    lift = Lift(auction, ground)
    for _ in range(_LIFTS if good is None else _LIFTS_OF_MANY):
        ascent.go_to(lift.lifted(ascent.best.bid, auction.given))
        top = ascent.rise(Goal(_STEPS_A_LIFT, clock, most_mn_yr), kept)
        if clock.expired or top.bound_mn_yr >= most_mn_yr:
            break
    bids.add([*kept[-_KEPT:], top.bid.bare])
    return top, ground


def _risen(auction: Auction, clock: Clock) -> tuple[Floats, Ground]:
    """Raise prices from those of the opening; give also the pairs that it took."""
    price = auction.opening()
    looked_at = auction.paid <= _REACH * price[auction.point]
    looked_at |= auction.rank < _NEAR
    while True:
        ground = auction.ground(looked_at)
        price = climb(auction, ground, price, Goal(_STEPS, clock)).price
        held = (price >= ground.ceiling) & (ground.ceiling < auction.most_price)
        if not held.any() or clock.expired:
            return price, ground
        looked_at |= held[auction.point]


def good_sites(fleets: Fleets, top: Top) -> Ints | None:
    """
    Try the sites that a climb ends with, those that all bids speak for, and their neighbours.

    Gives the best, ascending; None if no plan was found.
    """
    given = fleets.auction.given
    sites: Ints | None = fleets.filled(given, top)
    if fleets.roomy:
        fleets.shake(fleets.ground, given, top, _TRIES)
        return fleets.best
    best, vain = np.inf, 0
    for _ in range(_MOST_ROUNDS):
        if sites is None or fleets.tried(sites) or fleets.clock.expired:
            break
        for at_once in (1, 2):
            may = fleets.bids.may_pay(fleets.goal_mn_yr)
            sites = improved(fleets, sites, may, _TRIES, at_once)
            if fleets.bids.bounds(given).max() >= fleets.goal_mn_yr:
                return fleets.best
        vain = 0 if fleets.best_mn_yr < best else vain + 1
        best = fleets.best_mn_yr
        if vain == _ROUNDS_IN_VAIN:
            break
        allowed = fleets.bids.may_pay(fleets.goal_mn_yr)
        options = replace(fleets.options, gap=fleets.options.gap / 4, presolve=True)
        sites = cheapest_sites(fleets.bids, allowed, fleets.need_mw_it, options, fleets.clock)
    return fleets.best
