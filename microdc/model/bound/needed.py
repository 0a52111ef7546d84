"""
How many sites a set of demand points needs, whatever is out: the rows that count sites.

The relaxation spreads a little of each site over many: n sites of which any one may be out need
only n / (n - 1) of what whole sites would. Counted, they are at least two:

    (sites built in reach of S) + per_mw_it * (sum of kept * v over S)  >=  sites
"""

from dataclasses import dataclass

import numpy as np

from microdc.instance import Floats, Instance, Ints, Outages
from microdc.model.bound.prices import CountPrice

_NEARLY = 1e-3
"""A set that lacks less than this share counts as served: else little would have to weigh much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A row that every plan which survives satisfies: so many sites, or so much unserved."""

    sites: int
    per_mw_it: float


class Counter:
    """Counts the sites that sets of points need."""

    def __init__(self, instance: Instance, outages: Outages) -> None:
        self._cap_mw_it = instance.cap_mw_it
        self._at_once, self._reach = outages.at_once, outages.reach
        self._kept_mw_it = outages.kept * instance.points["mw_it"].to_numpy()
        self._may_be_out = np.zeros(len(instance.sites), dtype=bool)
        self._may_be_out[outages.sites.indices] = True
        self._found: dict[bytes, Needed | None] = {}

    def of(self, points: Ints) -> Needed | None:
        """Give how many sites a set needs; None where no number will do."""
        key = points.tobytes()
        if key not in self._found:
            self._found[key] = self.in_reach(points)[-1]
        return self._found[key]

    def in_reach(self, points: Ints) -> tuple[Ints, float, Needed | None]:
        """Give all sites in reach of a set, what it must keep (MW IT), and how many it needs."""
        owner, at = self._reach.of(points)
        sites, which = np.unique(self._reach.site[at].astype(np.int64), return_inverse=True)
        kept_mw_it = self._kept_mw_it[points]
        within_mw_it = np.bincount(which, kept_mw_it[owner]).astype(float)
        need_mw_it = float(kept_mw_it.sum())
        return sites, need_mw_it, self.needed(sites, within_mw_it, need_mw_it)

    def needed(self, sites: Ints, within_mw_it: Floats, need_mw_it: float) -> Needed | None:
        """
        Give how many of the sites in reach of a set it needs; None where no number will do.

        `within_mw_it` is how much of the set each reaches, `need_mw_it` what the set must keep. Of
        n sites the largest may be out, so they give what ranks 2 to n of all add up to; of two
        outages at once, ranks 3 to n.
        """
        lost = self._at_once if self._may_be_out[sites].all() else 0
        most_mw_it = np.sort(np.minimum(self._cap_mw_it[sites], within_mw_it))[::-1]
        most_mw_it[:lost] = 0.0
        given_mw_it = np.concatenate([[0.0], np.cumsum(most_mw_it)])
        count = int(np.searchsorted(given_mw_it, (1 - _NEARLY) * need_mw_it))
        if count in (0, len(given_mw_it)):
            return None
        fewer = np.arange(count)
        per_mw_it = ((count - fewer) / (need_mw_it - given_mw_it[:count])).max()
        return Needed(sites=count, per_mw_it=float(per_mw_it))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What counting rows at their prices are worth (millions a year)."""

    mn_yr: float
    """In all, whatever is built, beyond what `per_mw_it` gives."""
    per_site: Floats
    per_mw_it: Floats
    """For each MW IT served in order, by point."""


def counted(instance: Instance, counter: Counter | None, prices: tuple[CountPrice, ...]) -> Counted:
    """Write the rows of priced sets over all sites of an instance, and price them."""
    per_site, per_mw_it = np.zeros(len(instance.sites)), np.zeros(len(instance.points))
    outages, mn_yr = instance.outages, 0.0
    if outages is None or counter is None:
        return Counted(mn_yr=0.0, per_site=per_site, per_mw_it=per_mw_it)
    for price in prices:
        sites, need_mw_it, row = counter.in_reach(price.points)
        if row is not None:
            per_site[sites] += price.price
            per_mw_it[price.points] += price.price * row.per_mw_it * outages.kept[price.points]
            mn_yr += price.price * (row.sites - row.per_mw_it * need_mw_it)
    return Counted(mn_yr=mn_yr, per_site=per_site, per_mw_it=per_mw_it)
