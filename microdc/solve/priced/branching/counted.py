"""
How many sites of a part of the map may be open, and which of them earn most then.

Parts are halved again and again, so any two are apart or one is in the other; the best choice
within such bounds takes sites by what they earn (a matroid: Edmonds 1971), and to have one site
otherwise costs no more than to have one other site instead (Murota 2003).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from microdc.instance import Floats, Instance, Ints
from microdc.instance.rows import rows_of

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Region:
    """Some sites, of which at least and at most so many are open, and what it is halved into."""

    sites: Ints
    least: int
    most: int
    halves: "tuple[Region, Region] | None" = None

    def within(self, least: int, most: int) -> "Region":
        """Give the same with closer bounds."""
        return Region(self.sites, max(self.least, least), min(self.most, most), self.halves)


@dataclass(frozen=True, slots=True)
class Fixed:
    """
    Sites that are open, and sites that are shut, whatever the rest do; shape (sites,).

    `region` holds those whose number is bounded; the others are as many as pay.
    """

    open: Flags
    shut: Flags
    region: Region

    @property
    def free(self) -> Flags:
        """Sites of which neither is said."""
        return ~self.open & ~self.shut

    @property
    def possible(self) -> bool:
        """Whether any choice of sites is within the bounds."""
        return _range(self.region, self) is not None

    def opened(self, profit: Floats) -> Flags:
        """Choose the sites that earn most together."""
        chosen = self.open | (self.free & (profit > 0))
        sure, more = _ranked(self.region, self, profit)
        chosen[self.region.sites] = False
        chosen[sure] = True
        chosen[more[profit[more] > 0]] = True
        return chosen

    def counting(self, old: Region, new: Region) -> "Fixed":
        """Give the same with other bounds in a region."""
        return replace(self, region=_exchanged(self.region, old, new))

    def losses(self, profit: Floats, opened: Flags) -> Floats:
        """Give what it costs at least to have each free site otherwise than in the best choice."""
        free = self.free
        idle, busy = free & ~opened, free & opened
        spared, gained = profit[busy].min(initial=0.0), profit[idle].max(initial=0.0)
        loss = np.where(idle, spared - profit, profit - gained)
        for region in inwards(self.region):
            here = np.zeros(len(free), dtype=bool)
            here[region.sites] = True
            many = int((opened & here).sum())
            if many >= region.most:  # another must go
                loss[idle & here] = profit[busy & here].min(initial=np.inf) - profit[idle & here]
            if many <= region.least:  # another must come
                loss[busy & here] = profit[busy & here] - profit[idle & here].max(initial=-np.inf)
        return np.where(free, np.maximum(loss, 0.0), 0.0)


def inwards(region: Region) -> list[Region]:
    """List a region and all that it is halved into, each before its halves."""
    listed = [region]
    for half in region.halves or ():
        listed += inwards(half)
    return listed


def _exchanged(region: Region, old: Region, new: Region) -> Region:
    if region is old or region.halves is None:
        return new if region is old else region
    one, other = (_exchanged(half, old, new) for half in region.halves)
    return replace(region, halves=(one, other))


def _range(region: Region, fixed: Fixed) -> tuple[int, int] | None:
    """Give how few and how many sites can be open; None if that is no number."""
    if region.halves is None:
        few = int(fixed.open[region.sites].sum())
        many = len(region.sites) - int(fixed.shut[region.sites].sum())
    else:
        ranges = [_range(half, fixed) for half in region.halves]
        known = [each for each in ranges if each is not None]
        if len(known) < len(ranges):
            return None
        few, many = (sum(ends) for ends in zip(*known, strict=True))
    few, many = max(few, region.least), min(many, region.most)
    return (few, many) if few <= many else None


def _ranked(region: Region, fixed: Fixed, profit: Floats) -> tuple[Ints, Ints]:
    """Give the sites that must be open for the bounds, and those that may be too, best first."""
    if region.halves is None:
        sites = region.sites[~fixed.shut[region.sites]]
        sites = sites[np.lexsort((-profit[sites], ~fixed.open[sites]))]
        sure: Ints = sites[: int(fixed.open[sites].sum())]
        more = sites[len(sure) :]
    else:
        ranked = [_ranked(half, fixed, profit) for half in region.halves]
        sure, more = (np.concatenate(parts) for parts in zip(*ranked, strict=True))
        more = more[np.argsort(-profit[more], kind="stable")]
    forced = max(0, region.least - len(sure))
    allowed = max(forced, region.most - len(sure))
    return np.concatenate([sure, more[:forced]]), more[forced:allowed]


def count_of(instance: Instance) -> tuple[int, Flags]:
    """Give the one limit on numbers of sites there is, and whom it counts; or none of nobody."""
    nobody = np.zeros(len(instance.sites), dtype=bool)
    if len(instance.counts) != 1:
        return 0, nobody
    nobody[rows_of(instance.counted)[0]] = True
    return int(instance.counts["most"].iloc[0]), nobody
