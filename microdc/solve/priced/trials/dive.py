"""Sites that prices speak for, opened a few at a time: a way down to a plan of very many."""

from dataclasses import replace

import numpy as np

from microdc.instance import Ints
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction, Ground
from microdc.solve.priced.branching.counted import Fixed
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
        more = _most_open(auction, fixed, top)
        if not len(more):
            break
        opened = fixed.open.copy()
        opened[more] = True
        fixed = replace(fixed, open=opened)
        top = Ascent(auction, near, fixed, top.bids, top.length).rise(Goal(_STEPS, clock))
    return np.flatnonzero(fixed.open)


def _most_open(auction: Auction, fixed: Fixed, top: Top) -> Ints:
    """Give free sites that are as good as open, and some of those most open besides."""
    share = np.where(fixed.free, top.open_share, 0.0)
    order = np.argsort(-share, kind="stable")
    few = max(_FEW, int(_SHARE_AT_ONCE * share.sum()), int((share >= _SURE).sum()))
    most = order[:few][share[order[:few]] > _NOTHING]
    counted = auction.counted[most]
    left = auction.most - int(fixed.open[auction.counted].sum())
    return most[~counted | (np.cumsum(counted) <= left)]
