"""Better sites from good ones: one more, one less, or one for another, as the bids have it."""

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.branching.counted import Flags
from microdc.solve.priced.trials.fleets import Fleets

_SAME_SHARE = 1e-9


def improved(fleets: Fleets, sites: Ints, allowed: Flags, tries: int) -> Ints:
    """
    Improve a set of sites, ascending, step by step; give the best that was seen.

    Where sites have room for all, exchanges are enough. Of all neighbours, that is tried which
    costs least by the bids; each trial adds a bid, and so sharpens them. It ends where no neighbour
    can be better, or after so many tries in vain.
    """
    some = fleets.exchanged(sites, allowed), sites
    sites = min(some, key=fleets.cost_mn_yr)
    cost, left = fleets.cost_mn_yr(sites), 0 if fleets.roomy else tries
    while left and not fleets.clock.expired:
        neighbour = _most_promising(fleets, sites, allowed, cost)
        if neighbour is None:
            break
        found = fleets.cost_mn_yr(neighbour)
        left -= 1
        if found < cost - _SAME_SHARE * abs(cost):
            sites, cost, left = neighbour, found, tries
    return sites


def _most_promising(fleets: Fleets, sites: Ints, allowed: Flags, cost: float) -> Ints | None:
    """Give the neighbour that costs least by the bids, of those not tried; None if none is less."""
    bids, auction = fleets.bids, fleets.auction
    inside = np.zeros(len(auction.pue), dtype=bool)
    inside[sites] = True
    out = np.flatnonzero(inside & ~auction.there)
    into = np.flatnonzero(allowed & ~inside)
    least = _costs(bids, sites, out, into)
    room = auction.cap_mw / auction.pue
    short = fleets.need_mw_it - room[sites].sum()
    gained = np.append(room[into], 0.0)[None, :] - np.append(room[out], 0.0)[:, None]
    counted = auction.counted.astype(float)
    more = np.append(counted[into], 0.0)[None, :] - np.append(counted[out], 0.0)[:, None]
    over = counted[sites].sum() + more > auction.most
    least[(gained < short) | (over & auction.counted.any())] = np.inf
    least[-1, -1] = np.inf
    for at in np.argsort(least, axis=None)[: len(fleets.costs) + 1]:
        a, b = divmod(int(at), least.shape[1])
        if least[a, b] >= cost - _SAME_SHARE * abs(cost):
            return None
        neighbour = np.union1d(np.setdiff1d(sites, out[a : a + 1]), into[b : b + 1])
        if not fleets.tried(neighbour):
            return neighbour
    return None


def _costs(bids: Bids, sites: Ints, out: Ints, into: Ints) -> Floats:
    """Give what the bids prove of each neighbour: one out or none (rows), one in or none."""
    here = bids.costs(sites)
    least = np.full((len(out) + 1, len(into) + 1), -np.inf)
    lost = np.hstack([bids.profit_mn_yr[:, out], np.zeros((len(here), 1))])
    won = np.hstack([bids.profit_mn_yr[:, into], np.zeros((len(here), 1))])
    for cost, without, more in zip(here, lost, won, strict=True):
        np.maximum(least, (cost + without)[:, None] - more[None, :], out=least)
    return least
