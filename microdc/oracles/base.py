"""What an oracle is asked, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from microdc.instance import Floats, Ints

TOLERANCE_MW_IT = 1e-5
"""Shortfalls below this are not cut off: HiGHS itself leaves rows violated by 1e-6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """A point of the model: `built` (0-1) and `mw` (grid) by site, `unserved_mw_it` by point."""

    built: Floats
    mw: Floats
    unserved_mw_it: Floats

    def toward(self, other: "Sizes", share: float) -> "Sizes":
        """Give the point that lies `share` of the way to another."""
        return Sizes(
            built=self.built + share * (other.built - self.built),
            mw=self.mw + share * (other.mw - self.mw),
            unserved_mw_it=self.unserved_mw_it
            + share * (other.unserved_mw_it - self.unserved_mw_it),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """
    A row that every deliverable plan satisfies: these sites can serve what these points need.

    sum(per_site * built + per_mw * mw over `sites`) + sum(unserved over `points`) >= need_mw_it

    `within_mw_it` is how much of the need lies in each site's reach.
    """

    points: Ints
    sites: Ints
    within_mw_it: Floats
    per_site: Floats
    per_mw: Floats
    need_mw_it: float

    def shortfall_mw_it(self, sizes: Sizes) -> float:
        """By how much (MW IT) sizes break the row; negative if they keep it."""
        have = self.per_site @ sizes.built[self.sites] + self.per_mw @ sizes.mw[self.sites]
        return float(self.need_mw_it - have - sizes.unserved_mw_it[self.points].sum())

    @property
    def key(self) -> int:
        """A number that tells different rows of one instance apart."""
        return hash((self.points.tobytes(), np.flatnonzero(self.per_mw).tobytes()))


class Oracle(Protocol):
    """Answers one physical question about a plan."""

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give rows that the sizes violate; none if the answer is yes."""
        ...
