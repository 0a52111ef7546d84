"""Who may serve whom."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    count. Memory grows with the pairs alone.
    """

    start: Ints
    site: NDArray[np.int32]
    rtt_ms: Floats | None = None

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
            return Reach(start=start, site=self.site, rtt_ms=self.rtt_ms)
        _, at = self.of(points)
        start = np.concatenate([[0], np.cumsum(self.sites_per_point[points])])
        rtt_ms = None if self.rtt_ms is None else self.rtt_ms[at]
        return Reach(start=start, site=self.site[at], rtt_ms=rtt_ms)

    def within(self, most_ms: float) -> "Reach":
        """Give the reach without the pairs of longer round trips; all stay where none is told."""
        if self.rtt_ms is None:
            return self
        near = ~(self.rtt_ms > most_ms)
        start = np.concatenate([[0], np.cumsum(near)])[self.start]
        return Reach(start=start, site=self.site[near], rtt_ms=self.rtt_ms[near])
