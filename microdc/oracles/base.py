"""What an oracle is asked, and what it answers."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

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
    """
    A point of the model: `built` (0-1) and `mw` (grid) by site, `unserved_mw_it` by point.

    `load_mw` is what sites draw in hours, as `model.loads` lists it.
    """

    built: Floats
    mw: Floats
    unserved_mw_it: Floats
    load_mw: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def power_mw(self) -> Floats:
        """What there is to serve with: the size of each site, then the loads."""
        return np.concatenate([self.mw, self.load_mw])

    def leaving(self, more_mw_it: Floats) -> "Sizes":
        """Give the point that leaves more of each demand point unserved (MW IT)."""
        return replace(self, unserved_mw_it=self.unserved_mw_it + more_mw_it)

    def toward(self, other: "Sizes", share: float) -> "Sizes":
        """Give the point that lies `share` of the way to another."""
        return Sizes(
            built=self.built + share * (other.built - self.built),
            mw=self.mw + share * (other.mw - self.mw),
            unserved_mw_it=self.unserved_mw_it
            + share * (other.unserved_mw_it - self.unserved_mw_it),
            load_mw=self.load_mw + share * (other.load_mw - self.load_mw),
        )


class Situation(NamedTuple):
    """What a row speaks of, beside a set: a period of hours, and outages that happen together."""

    period: int | None = None
    """Number among the periods of the instance; after them come services that do not move."""
    outages: tuple[int, ...] | None = None
    """Rows of `Outages.sites`; None: all is in order; (): whatever is out."""


IN_ORDER = Situation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """
    A row that every deliverable plan satisfies: these suppliers can give what is wanted here.

    sum(per_site * built over `sites`) + sum(per_mw * power over `power`)
        + sum(share * unserved over `points`)  >=  need_mw_it

    A want is the demand of a point, a supplier is a site; but in a period of several hours each of
    them in each hour, so that points and sites come more than once. `power` are the places in
    `Sizes.power_mw` of what each supplier has. `within_mw_it` is how much of the need lies in its
    reach, or what it can give at most; `mw_it_per_mw` what it gives for a MW of its power: the two
    terms of which a row has one. No supplier is out. A row of no outage in particular, (), counts
    the sites that the points need whatever is out.
    """

    wants: Ints
    points: Ints
    share: Floats
    suppliers: Ints
    sites: Ints
    power: Ints
    within_mw_it: Floats
    mw_it_per_mw: Floats
    per_site: Floats
    per_mw: Floats
    need_mw_it: float
    situation: Situation = IN_ORDER

    def shortfall_mw_it(self, sizes: Sizes) -> float:
        """By how much (MW IT) sizes break the row; negative if they keep it."""
        power_mw = sizes.power_mw[self.power]
        have = self.per_site @ sizes.built[self.sites] + self.per_mw @ power_mw
        return float(self.need_mw_it - have - self.share @ sizes.unserved_mw_it[self.points])

    @property
    def counts_power(self) -> bool:
        """Whether the row counts power, not sites."""
        return self.situation.outages != ()

    @property
    def set(self) -> tuple[bytes, Situation]:
        """What the row speaks of, whichever terms it has."""
        return self.wants.tobytes(), self.situation

    @property
    def key(self) -> int:
        """A number that tells different rows of one instance apart."""
        return hash((self.wants.tobytes(), self.situation, np.flatnonzero(self.per_mw).tobytes()))


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
