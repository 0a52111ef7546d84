"""
What a site can earn at best from demand at given prices: a fractional knapsack.

With x MW a site serves, in each state by itself, the dearest demand in its reach up to x. So its
next MW is worth the sum over states of the price reached there: a step function that only falls.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.prices import Prices

_BANDS = 24  # of prices, in which all points are taken for as dear as the dearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Demand that sites may serve: from `begin_mw` on, `mw` (grid) at a price per MW and year."""

    site: Ints
    begin_mw: Floats
    mw: Floats
    price: Floats

    @classmethod
    def by_price(cls, site: Ints, owner: Ints, mw: Floats, price: Floats) -> "Steps":
        """Line up the demand of each owner, a site in a state, the dearest first."""
        order = np.lexsort((-price, owner))
        return cls.in_line(site[order], owner[order], mw[order], price[order])

    @classmethod
    def in_line(cls, site: Ints, owner: Ints, mw: Floats, price: Floats) -> "Steps":
        """Line up demand that is in order: by owner, ascending, and the dearest first."""
        up_to = np.cumsum(mw)
        first = np.searchsorted(owner, owner)
        begin_mw = up_to - mw - np.concatenate([[0.0], up_to])[first]
        return cls(site=site, begin_mw=begin_mw, mw=mw, price=price)

    def of(self, sites: Ints) -> "Steps":
        """Give the steps of some sites, ascending by row; `site` becomes the position in them."""
        at = np.searchsorted(sites, self.site)
        mine = sites[np.minimum(at, len(sites) - 1)] == self.site
        return replace(self, site=at).where(mine)

    def where(self, kept: NDArray[np.bool_]) -> "Steps":
        """Give some of the steps alone."""
        return Steps(
            site=self.site[kept],
            begin_mw=self.begin_mw[kept],
            mw=self.mw[kept],
            price=self.price[kept],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """What each site may be (MW), and what being there and each MW cost (millions a year)."""

    least_mw: Floats
    cap_mw: Floats
    pue: Floats
    mn_yr: Floats
    mn_per_mw_yr: Floats

    def of(self, sites: Ints) -> "Sizing":
        """Give that of some sites alone."""
        return Sizing(
            least_mw=self.least_mw[sites],
            cap_mw=self.cap_mw[sites],
            pue=self.pue[sites],
            mn_yr=self.mn_yr[sites],
            mn_per_mw_yr=self.mn_per_mw_yr[sites],
        )

    @property
    def as_large_as_paid(self) -> "Sizing":
        """The same, but who is paid to be large, by a stage before, is as large as can be."""
        paid = self.mn_per_mw_yr < 0
        return replace(self, least_mw=np.where(paid, self.cap_mw, self.least_mw))

    @property
    def least_mn_yr(self) -> Floats:
        """What a site costs at its least size (millions a year)."""
        return self.mn_yr + self.mn_per_mw_yr * self.least_mw

    def earned_mn_yr(self, steps: Steps) -> Floats:
        """Give what each site earns at most above its cost, from steps that do not overlap."""
        gain = self.gain(steps.begin_mw, steps.mw, steps.price, steps.site)
        earned = np.bincount(steps.site, gain, minlength=len(self.mn_yr)).astype(float)
        return earned - self.least_mn_yr

    def within_cap(self, steps: Steps) -> Steps:
        """Give the steps that a site can ever come to."""
        return steps.where(steps.begin_mw < self.cap_mw[steps.site])

    def revenue_mn_yr(self, steps: Steps) -> Floats:
        """Give what each site is paid for what it can carry at full size (millions a year)."""
        cap_mw = self.cap_mw[steps.site]
        carried_mw = np.minimum(steps.begin_mw + steps.mw, cap_mw)
        carried_mw -= np.minimum(steps.begin_mw, cap_mw)
        paid = np.bincount(steps.site, carried_mw * steps.price, minlength=len(self.cap_mw))
        return paid.astype(float)

    def gain(self, before: Floats, mw: Floats, price: Floats, of: Ints | slice) -> Floats:
        """
        Give what serving the next `mw` earns beyond the MW it takes.

        Up to its least size a site is paid for already; beyond, it grows only where that pays.
        """
        least, cap = self.least_mw[of], self.cap_mw[of]
        paid = np.minimum(before + mw, least) - np.minimum(before, least)
        more = np.minimum(before + mw, cap) - np.minimum(before, cap) - paid
        gain: Floats = paid * price + more * np.maximum(0.0, price - self.mn_per_mw_yr[of])
        return gain


def at_most(
    sums: Callable[[Floats], Floats], point: Floats, mw_it: Floats, sizing: Sizing
) -> Floats:
    """
    Give a profit that no site exceeds in order: demand goes for the highest price in its band.

    `sums` adds up a number of every point over the points in each site's reach.
    """
    profit: Floats = -sizing.least_mn_yr
    paid = point[point > 0]
    if not len(paid):
        return profit
    edges = np.unique(np.quantile(paid, np.linspace(0, 1, _BANDS + 1)))[::-1]
    edges = np.append(edges, 0.0)
    taken = np.zeros(len(profit))
    for high, low in pairwise(edges):
        in_band = (point <= high) & (point > low)
        if in_band.any():
            within = sizing.pue * sums(np.where(in_band, mw_it, 0.0))
            profit += sizing.gain(taken, within, high / sizing.pue, slice(None))
            taken += within
    return profit


def outage_steps(instance: Instance, prices: Prices, pue: Floats) -> Steps:
    """Give the demand that each site may have to keep in outages that leave it standing."""
    outages, none = instance.outages, np.empty(0)
    if outages is None or not prices.outages:
        return Steps(site=none.astype(np.int64), begin_mw=none, mw=none, price=none)
    states = np.repeat(np.arange(len(prices.outages)), [len(p.points) for p in prices.outages])
    price = np.concatenate([p.price for p in prices.outages])
    dearest = np.lexsort((-price, states))
    states, price = states[dearest], price[dearest]
    points = np.concatenate([p.points for p in prices.outages])[dearest]
    kept_mw_it = (outages.kept * instance.points["mw_it"].to_numpy())[points]
    pair, at = outages.reach.of(points)
    ends = (pair.astype(np.int32), outages.reach.site[at])
    by_site = csc_array((np.ones(len(at), np.int8), ends), shape=(len(points), len(pue)))
    site, pair = np.repeat(np.arange(len(pue)), np.diff(by_site.indptr)), by_site.indices
    out = [k * len(pue) + outages.state(*p.rows).out for k, p in enumerate(prices.outages)]
    there = ~np.isin(states[pair] * len(pue) + site, np.concatenate(out))
    site, pair = site[there], pair[there]
    owner = site * len(prices.outages) + states[pair]
    return Steps.in_line(site, owner, kept_mw_it[pair] * pue[site], price[pair] / pue[site])


def merged(*of_states: Steps) -> Steps:
    """Add up the steps of several states: what a site's next MW is worth over all of them."""
    site = np.concatenate([np.tile(steps.site, 2) for steps in of_states])
    level = np.concatenate([e for s in of_states for e in (s.begin_mw, s.begin_mw + s.mw)])
    rise = np.concatenate([e for s in of_states for e in (s.price, -s.price)])
    order = np.lexsort((level, site))
    site, level, rise = site[order], level[order], rise[order]
    # What a site's steps rise by they fall by again, so one sum over all sites will do.
    price = np.maximum(0.0, np.cumsum(rise))[:-1]
    same = site[1:] == site[:-1]
    return Steps(
        site=site[:-1][same],
        begin_mw=level[:-1][same],
        mw=np.diff(level)[same],
        price=price[same],
    )
