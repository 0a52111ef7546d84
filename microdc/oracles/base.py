"""What an oracle is asked, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from microdc.instance import Floats, Ints

TOLERANCE_MW_IT = 1e-5
"""Shortfalls below this are not cut off: HiGHS itself leaves rows violated by 1e-6."""

MOST_CUTS = 200
"""A round; the shortest of power first."""

OPEN = 1e-9
"""A site built to less than this share takes no part in a max-flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """A point of the model: `built` (0-1) and `mw` (grid) by site, `unserved_mw_it` by point."""

    built: Floats
    mw: Floats
    unserved_mw_it: Floats

    @property
    def open(self) -> Ints:
        """Rows of the sites that take part in a max-flow."""
        return np.flatnonzero((self.built > OPEN) | (self.mw > OPEN))

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

    sum(per_site * built + per_mw * mw over `sites`) + sum(share * unserved over `points`)
        >= need_mw_it

    `within_mw_it` is how much of the need lies in each site's reach, `mw_it_per_mw` what each gives
    for a MW of its connection: the two terms of which a row has one. `outage` are the rows of the
    outages that happen together, none of whose sites is among `sites`; None: all is in order. A row
    of no outage in particular, (), counts the sites that the points need whatever is out.
    """

    points: Ints
    share: Floats
    sites: Ints
    within_mw_it: Floats
    mw_it_per_mw: Floats
    per_site: Floats
    per_mw: Floats
    need_mw_it: float
    outage: tuple[int, ...] | None = None

    def shortfall_mw_it(self, sizes: Sizes) -> float:
        """By how much (MW IT) sizes break the row; negative if they keep it."""
        have = self.per_site @ sizes.built[self.sites] + self.per_mw @ sizes.mw[self.sites]
        return float(self.need_mw_it - have - self.share @ sizes.unserved_mw_it[self.points])

    @property
    def counts_power(self) -> bool:
        """Whether the row counts power, not sites."""
        return self.outage != ()

    @property
    def set(self) -> tuple[bytes, tuple[int, ...] | None]:
        """What the row speaks of, whichever terms it has."""
        return self.points.tobytes(), self.outage

    @property
    def key(self) -> int:
        """A number that tells different rows of one instance apart."""
        return hash((self.points.tobytes(), self.outage, np.flatnonzero(self.per_mw).tobytes()))


class OutOfTimeError(Exception):
    """An oracle was asked to stop before it knew the answer."""


class Oracle(Protocol):
    """Answers one physical question about a plan, and knows rows that say why not."""

    def violated_by(self, sizes: Sizes) -> list[Cut]:
        """Give rows that the sizes violate; none if the answer is yes."""
        ...

    def sharpened(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write what known cuts speak of anew for other sizes; give the rows broken then."""
        ...

    def rewritten(self, cuts: list[Cut], sizes: Sizes) -> list[Cut]:
        """Write known cuts anew, as tight as they can be at other sizes."""
        ...

    def delivers(self, sizes: Sizes) -> bool:
        """Tell whether the answer is yes, to what whole units can tell."""
        ...

    def missing_mw_it(self, sizes: Sizes) -> Floats:
        """Give what each point must leave beyond what it does (MW IT) for the answer to be yes."""
        ...

    def carried_over(self, cuts: list[Cut], old: Ints) -> list[Cut]:
        """Write cuts of fewer sites, rows `old` of these, again, now over all."""
        ...
