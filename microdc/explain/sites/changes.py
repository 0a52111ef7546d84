"""By how much the least cost changes when the problem does: between what two proofs leave open."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Exactness = Literal["exact", "between", "at least", "at most", "impossible", "unknown"]
Way = Literal["tighter", "looser", "other"]
"""A tighter problem allows fewer plans than the one before, a looser one more."""

TOLD_MN_YR = 0.005
"""Changes that lie within so little of each other read the same: half a hundredth of a million."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The cost of the best plan known (inf: none is), and what none costs less than; M a year."""

    cost: float
    bound: float

    @property
    def impossible(self) -> bool:
        """Whether it is proven that there is no plan."""
        return self.bound == np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    By how much the least cost changes (millions a year).

    It lies between `least_mn_yr` and `most_mn_yr`, both proven; `found_mn_yr` is by how much the
    best plan found afterwards costs more than the best before (None: none was found).
    """

    least_mn_yr: float
    most_mn_yr: float
    found_mn_yr: float | None

    @classmethod
    def between(cls, before: Solved, after: Solved, way: Way) -> "Change":
        """
        Give the change from one problem to the other.

        What is a plan of the tighter problem is one of the looser, and what bounds the looser
        bounds the tighter: so each may know more of the other than that did itself.
        """
        found = after.cost - before.cost if np.isfinite(after.cost) else None
        low, high = (before, after) if way == "tighter" else (after, before)
        if way != "other":
            low = Solved(cost=min(low.cost, high.cost), bound=low.bound)
            high = Solved(cost=high.cost, bound=max(low.bound, high.bound))
            before, after = (low, high) if way == "tighter" else (high, low)
        least, most = after.bound - before.cost, after.cost - before.bound
        if way == "tighter":
            least, most = max(0.0, least), max(0.0, most)
        if way == "looser":
            least, most = min(0.0, least), min(0.0, most)
        return cls(least_mn_yr=float(least), most_mn_yr=float(most), found_mn_yr=found)

    @property
    def exactness(self) -> Exactness:
        """Say what is known of the change."""
        if self.least_mn_yr == np.inf:
            return "impossible"
        if self.most_mn_yr - self.least_mn_yr <= TOLD_MN_YR:
            return "exact"
        known = np.isfinite(self.least_mn_yr), np.isfinite(self.most_mn_yr)
        if all(known):
            return "between"
        return "at least" if known[0] else "at most" if known[1] else "unknown"

    @property
    def may_be_nothing(self) -> bool:
        """Whether nothing proves that the least cost changes at all."""
        return self.least_mn_yr <= TOLD_MN_YR and self.most_mn_yr >= -TOLD_MN_YR
