"""Where the search begins: prices of demand, and the best sites that trying finds."""

from dataclasses import replace

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.ascent import Climb, Top
from microdc.solve.priced.auction import Bid, Ground
from microdc.solve.priced.bids import Bids, cheapest_sites
from microdc.solve.priced.core import cheapest
from microdc.solve.priced.fleets import Fleets
from microdc.solve.priced.swaps import improved

_STEPS = 160
_REACH = 1.5  # of the price at first: pairs at more are not looked at
_NEAR = 25  # pairs of each point to begin with, at least
_FARTHER = 3  # times as many, where pairs that are not looked at hold prices down
_KEPT = 60  # of the last bids
_ROUNDS = 6
_TRIES = 40
_WITHIN = 0.999  # of the gap: what rounding may not take


def climbed(bids: Bids, clock: Clock) -> tuple[Top, Ground]:
    """Price demand as well as a climb can, into the bids; give also the pairs looked at."""
    auction = bids.auction
    price = auction.opening()
    looked_at = auction.paid <= _REACH * price[auction.point]
    near = _NEAR
    while True:
        looked_at |= cheapest(auction, auction.paid, near)
        ground = auction.ground(looked_at)
        climb = Climb(auction, ground, auction.given)
        top = climb.run(price, _STEPS, clock)
        price = top.bid.price
        held = (price >= ground.ceiling) & (ground.ceiling < auction.most_price)
        if not held.any() or clock.expired:
            break
        near *= _FARTHER
    kept: list[Bid] = []
    top = climb.polish(price, _STEPS, clock, kept)
    bids.add([*kept[-_KEPT:], top.bid])
    return top, ground


def good_sites(fleets: Fleets, top: Top) -> Ints | None:
    """
    Try the sites that a climb ends with, those that all bids speak for, and their neighbours.

    Gives the best, ascending; None if no plan was found.
    """
    sites: Ints | None = _filled(fleets, top.open_share, top.bid.profit_mn_yr)
    for _ in range(_ROUNDS):
        if sites is None or fleets.tried(sites) or fleets.clock.expired:
            break
        goal = within(fleets.best_mn_yr, fleets.options.gap)
        improved(fleets, sites, fleets.bids.may_pay(goal), _TRIES)
        goal = within(fleets.best_mn_yr, fleets.options.gap)
        if fleets.bids.bounds(fleets.auction.given).max() >= goal:
            break
        allowed = fleets.bids.may_pay(goal)
        options = replace(fleets.options, gap=fleets.options.gap / 4, presolve=True)
        sites = cheapest_sites(fleets.bids, allowed, fleets.need_mw_it, options, fleets.clock)
    return fleets.best


def within(cost_mn_yr: float, gap: float) -> float:
    """Give the bound that shows a plan of some cost to be within a gap."""
    return cost_mn_yr - _WITHIN * gap * abs(cost_mn_yr) if cost_mn_yr < np.inf else np.inf


def _filled(fleets: Fleets, open_share: Floats, profit_mn_yr: Floats) -> Ints:
    """Choose sites, ascending: the most open in a climb, then those that earn most, as needed."""
    auction, given = fleets.auction, fleets.auction.given
    order = np.lexsort((-profit_mn_yr, -np.round(open_share, 1), ~given.open))
    order = order[~given.shut[order]]
    room = np.cumsum((auction.cap_mw / auction.pue)[order])
    enough = int(np.searchsorted(room, fleets.need_mw_it)) + 1
    many = max(enough, round(float(open_share.sum())), int(given.open.sum()))
    if auction.counted.any():
        many = min(many, auction.most)
    return np.sort(order[:many])
