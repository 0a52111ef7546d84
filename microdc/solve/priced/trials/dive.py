"""Sites that prices speak for, opened a few at a time: a way down to a plan of very many."""

from dataclasses import replace

import numpy as np

from microdc.instance import Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Ground
from microdc.solve.priced.climbing.ascent import Ascent, Goal, Top

_STEPS = 30  # after each
_MARGIN = 0.05  # of prices in the mean, by which they may move on the way
_SURE = 0.9  # share that a site is open of late
_SHARE_AT_ONCE = 0.25  # of what is open besides
_FEW = 3
_NOTHING = 0.05  # of a site


def dived(auction: Auction, ground: Ground, top: Top, clock: Clock) -> Ints:
    """
    Give sites for a plan, ascending, from where a climb of prices came to.

    Those that were most open of late are opened for good, and all others priced anew, until what is
    open is whole.
    """
    margin = np.full(len(top.bid.price), _MARGIN * float(top.bid.price.mean()))
    near = auction.around(top.bid, ground, margin, margin)
    fixed = auction.given
    while not clock.expired:
        share = np.where(fixed.free, top.open_share, 0.0)
        few = max(_FEW, int(_SHARE_AT_ONCE * share.sum()))
        most = np.argsort(-share, kind="stable")[:few]
        more = share >= _SURE
        more[most[share[most] > _NOTHING]] = True
        if not more.any():
            break
        fixed = replace(fixed, open=fixed.open | more)
        top = Ascent(auction, near, fixed, top.bids, top.length).rise(Goal(_STEPS, clock))
    return np.flatnonzero(fixed.open)
