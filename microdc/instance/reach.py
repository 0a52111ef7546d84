"""Who may serve whom."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    Which sites may serve each demand point: those within its latency bound.

    Point j's sites are `site[start[j]:start[j + 1]]`, rows of `Instance.sites`, each once.
    Memory grows with the pairs alone.
    """

    start: Ints
    site: NDArray[np.int32]

    @property
    def pairs(self) -> int:
        """Number of (point, site) pairs within bound."""
        return len(self.site)

    @property
    def sites_per_point(self) -> Ints:
        """Number of sites in reach of each point; shape (points,)."""
        return np.diff(self.start)

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
            return Reach(start=start, site=self.site)
        _, at = self.of(points)
        start = np.concatenate([[0], np.cumsum(self.sites_per_point[points])])
        return Reach(start=start, site=self.site[at])
