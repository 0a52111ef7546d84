"""Sizes that sites may have, the classes that these fall into, and projects of several sites."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microdc.instance.reach import Floats, Ints

WATT_MW = 1e-6
"""Sizes are told apart to a watt, the unit in which plans are verified."""


TIER_STEP_MW = 1e-3
"""A class of sizes begins a kW above where the one before it ends: none is of two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiers:
    """
    Classes of sizes, each with a connection of its own.

    begins_mw, ends_mw
        The smallest and the largest size of each class (MW); shape (tiers,).
    applies
        To which sites there are classes; the others are of the first at any size; shape (sites,).
    site_mn_yr, size_mn_per_mw_yr, site_capital_mn, size_capital_mn_per_mw
        What a site of the class costs beyond what the table of sites says, by the year and in
        capital, for being there and for each MW; shape (sites, tiers). Never less than 0, so that
        the table bounds the cost of every site from below.
    """

    begins_mw: Floats
    ends_mw: Floats
    applies: NDArray[np.bool_]
    site_mn_yr: Floats
    size_mn_per_mw_yr: Floats
    site_capital_mn: Floats
    size_capital_mn_per_mw: Floats

    @property
    def count(self) -> int:
        """Number of classes."""
        return len(self.begins_mw)

    def range_mw(self, least_mw: Floats, most_mw: Floats) -> tuple[Floats, Floats]:
        """
        Give the smallest and the largest size of each site in each class (MW); (sites, tiers).

        `least_mw` and `most_mw` are those of each site in any class. Where a site can have no size
        of a class, the smallest is above the largest, which is 0.
        """
        first = np.arange(self.count) == 0
        applies = self.applies[:, None]
        least = np.where(applies, np.maximum(least_mw[:, None], self.begins_mw), least_mw[:, None])
        most = np.where(applies, np.minimum(most_mw[:, None], self.ends_mw), most_mw[:, None])
        none = (least > most) | ~(applies | first)
        return np.where(none, np.inf, least), np.where(none, 0.0, most)

    def with_sites(self, sites: Ints) -> "Tiers":
        """Give the classes of some of the sites alone."""
        return replace(
            self,
            applies=self.applies[sites],
            site_mn_yr=self.site_mn_yr[sites],
            size_mn_per_mw_yr=self.size_mn_per_mw_yr[sites],
            site_capital_mn=self.site_capital_mn[sites],
            size_capital_mn_per_mw=self.size_capital_mn_per_mw[sites],
        )

    def of(self, sizes_mw: Floats) -> Ints:
        """Give the class of each site by its size (MW): the last that has begun."""
        begun = np.searchsorted(self.begins_mw, sizes_mw + TIER_STEP_MW / 2, side="right")
        return np.where(self.applies, np.maximum(0, begun - 1), 0)

    def more_mn_yr(self, sizes_mw: Floats) -> Floats:
        """Give what each site of some size (MW) costs beyond what the table of sites says."""
        row, tier = np.arange(len(sizes_mw)), self.of(sizes_mw)
        more: Floats = self.site_mn_yr[row, tier] + self.size_mn_per_mw_yr[row, tier] * sizes_mw
        return more

    def costing_nothing(self) -> "Tiers":
        """Let no class cost anything by the year; capital stays."""
        none = np.zeros_like(self.site_mn_yr)
        return replace(self, site_mn_yr=none, size_mn_per_mw_yr=none)

    def costing_times(self, times: Floats) -> "Tiers":
        """Let each site's classes cost so many times as much by the year; shape (sites,)."""
        return replace(
            self,
            site_mn_yr=times[:, None] * self.site_mn_yr,
            size_mn_per_mw_yr=times[:, None] * self.size_mn_per_mw_yr,
        )

    def costing_capital(self) -> "Tiers":
        """Let each class cost by the year what it takes in capital."""
        return replace(
            self, site_mn_yr=self.site_capital_mn, size_mn_per_mw_yr=self.size_capital_mn_per_mw
        )


def attainable_mw(modules_mw: Iterable[float], most_mw: float) -> list[float]:
    """
    List every size (MW) up to `most_mw` that is a sum of modules, ascending, zero included.

    Sizes are told apart to a watt.
    """
    step = WATT_MW
    sizes = {0}
    for module in sorted({round(mw / step) for mw in modules_mw}):
        frontier = sizes
        while frontier:
            frontier = {s + module for s in frontier if (s + module) * step <= most_mw + step / 2}
            frontier -= sizes
            sizes = sizes | frontier
    return [size * step for size in sorted(sizes)]


def irreducible(modules_mw: Iterable[float]) -> tuple[float, ...]:
    """Drop every module that is a sum of smaller ones: cost per MW does not depend on modules."""
    kept: list[float] = []
    for module in sorted(set(modules_mw)):
        smaller = attainable_mw(kept, module)
        if abs(smaller[-1] - module) > 1e-6:
            kept.append(module)
    return tuple(kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projects:
    """
    Sites that are built together: each belongs to one project, which is centred on one of its own.

    joins
        Which sites belong to a project if built; shape (sites,).
    member, centre
        Rows of each site and of each that may be the centre of its project, itself included;
        ascending by both.
    owner
        Number of the owner of each site; shape (sites,).
    least_mw, most_owners
        What the sites of a project have together at least (MW), and how many owners at most; None:
        any number.
    """

    joins: NDArray[np.bool_]
    member: Ints
    centre: Ints
    owner: Ints
    least_mw: float
    most_owners: int | None = None

    @property
    def owned(self) -> tuple[Ints, Ints]:
        """The centres and numbers of owners who may take part, where owners are limited."""
        if self.most_owners is None:
            none = np.empty(0, dtype=np.int64)
            return none, none
        both = np.column_stack([self.centre, self.owner[self.member]])
        centre, owner = np.unique(both, axis=0).T
        return centre, owner

    @property
    def decided(self) -> int:
        """How much is decided: who belongs where, with which size, and who has a part in it."""
        return 2 * len(self.member) + len(self.owned[0])

    def places_of(self, fewer: "Projects", old: Ints) -> Ints:
        """Give where that which is decided of fewer sites, rows `old` of these, stands here."""
        many = max(len(self.joins), int(self.owner.max(initial=0)) + 1)
        pair = np.searchsorted(
            self.member * many + self.centre, old[fewer.member] * many + old[fewer.centre]
        )
        (mine, my_owner), (theirs, their_owner) = self.owned, fewer.owned
        owned = np.searchsorted(mine * many + my_owner, old[theirs] * many + their_owner)
        count = len(self.member)
        return np.concatenate([pair, count + pair, 2 * count + owned])

    def with_sites(self, sites: Ints) -> "Projects":
        """Give the projects of some of the sites alone, in ascending order of row."""
        kept = np.isin(self.member, sites) & np.isin(self.centre, sites)
        return replace(
            self,
            joins=self.joins[sites],
            member=np.searchsorted(sites, self.member[kept]),
            centre=np.searchsorted(sites, self.centre[kept]),
            owner=self.owner[sites],
        )
