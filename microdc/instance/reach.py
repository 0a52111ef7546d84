"""Who may serve whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    Which sites may serve each demand point: those within its latency bound.

    Point j's sites are `site[start[j]:start[j + 1]]`, rows of `Instance.sites`, each once.
    `rtt_ms` is the round trip of each of these pairs, where it is asked for; NaN where it does not
    count. `mn_per_mw_it_yr` is the price of serving a MW IT over each (millions a year), where
    there is one. Memory grows with the pairs alone.
    """

    start: Ints
    site: NDArray[np.int32]
    rtt_ms: Floats | None = None
    mn_per_mw_it_yr: Floats | None = None

    @classmethod
    def of_lists(cls, near: Sequence[NDArray[Any]]) -> "Reach":
        """Take for each point the list of its sites."""
        start = np.concatenate([[0], np.cumsum([len(sites) for sites in near], dtype=np.int64)])
        return cls(
            start=start, site=np.concatenate([np.empty(0, np.int32), *near]).astype(np.int32)
        )

    @property
    def pairs(self) -> int:
        """Number of (point, site) pairs within bound."""
        return len(self.site)

    @property
    def sites_per_point(self) -> Ints:
        """Number of sites in reach of each point; shape (points,)."""
        return np.diff(self.start)

    def near(self, point: int) -> NDArray[np.int32]:
        """Give the sites in reach of one point."""
        return self.site[self.start[point] : self.start[point + 1]]

    def of(self, points: Ints) -> tuple[Ints, Ints]:
        """Give the pairs of some points: position in `points` and place in `site`, aligned."""
        length = self.start[points + 1] - self.start[points]
        owner = np.repeat(np.arange(len(points)), length)
        before = np.repeat(np.cumsum(length) - length, length)
        return owner, self.start[points][owner] + np.arange(len(owner)) - before

    def keep(self, points: Ints) -> "Reach":
        """Give the reach of some points alone, in that order."""
        if self.sites_per_point[points].sum() == self.pairs and (np.diff(points) > 0).all():
            start = np.append(self.start[points], self.pairs)  # the others reach nothing
            return replace(self, start=start)
        _, at = self.of(points)
        start = np.concatenate([[0], np.cumsum(self.sites_per_point[points])])
        return self._of_pairs(start, at)

    @property
    def unpriced(self) -> "Reach":
        """Who may serve whom, at no price."""
        return replace(self, mn_per_mw_it_yr=None)

    @property
    def priced(self) -> "Reach":
        """Who may serve whom, at a price of nothing where none is stated."""
        if self.mn_per_mw_it_yr is not None:
            return self
        return replace(self, mn_per_mw_it_yr=np.zeros(self.pairs))

    def within(self, most_ms: float, points: NDArray[np.bool_]) -> "Reach":
        """
        Give the reach without the pairs of some points with longer round trips.

        `points` tells which, shape (points,). All pairs stay where no round trip is told.
        """
        if self.rtt_ms is None:
            return self
        return self.only(~((self.rtt_ms > most_ms) & np.repeat(points, self.sites_per_point)))

    def only(self, pairs: NDArray[np.bool_]) -> "Reach":
        """Give the reach of some pairs alone; shape (pairs,)."""
        start = np.concatenate([[0], np.cumsum(pairs)])[self.start]
        return self._of_pairs(start, np.flatnonzero(pairs))

    def among(self, sites: Ints, many: int) -> "Reach":
        """Give the reach of some of so many sites alone, by row, ascending, numbered anew."""
        number = np.full(many, -1, dtype=np.int32)
        number[sites] = np.arange(len(sites))
        kept = self.only(number[self.site] >= 0)
        return replace(kept, site=number[kept.site])

    def _of_pairs(self, start: Ints, at: Ints) -> "Reach":
        """Give the reach of some pairs alone, at these places."""
        rtt_ms, price = self.rtt_ms, self.mn_per_mw_it_yr
        return Reach(
            start=start,
            site=self.site[at],
            rtt_ms=None if rtt_ms is None else rtt_ms[at],
            mn_per_mw_it_yr=None if price is None else price[at],
        )
