"""How a part of the choices of sites is taken in two."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from microdc.instance import Floats, Ints
from microdc.solve.priced.branching.counted import Fixed, Region, inwards
from microdc.solve.priced.branching.halving import Likeness

Way = tuple[Fixed, Fixed]

_BY_COUNT = 2  # ways
_BY_SITE = 1
_LEAST_TORN = 0.03
_WHOLE = 0.2  # how much rather all sites are counted than some
_LEAST_OPEN = 1.2  # of a part of the map that is halved


def ways(fixed: Fixed, share: Floats, likeness: Likeness) -> list[Way]:
    """
    Give some ways to take a part in two, the most promising first; none if all is said.

    `share` says how much each site is open in a solution of the relaxation: what is least whole,
    be it the number of sites open in some part of the map or a site, is made whole.
    """
    free = np.flatnonzero(fixed.free)
    counts = sorted(_counts(fixed, share, likeness), key=lambda count: -count.torn)
    found = [_by_count(fixed, count) for count in counts[:_BY_COUNT]]
    torn = np.minimum(share[free], 1 - share[free])
    some = _BY_SITE if found else _BY_COUNT + _BY_SITE
    return found + [_by_site(fixed, site) for site in free[np.argsort(-torn)][:some]]


class _Count(NamedTuple):
    """How far from whole a number of open sites is, of a region or of a half of it to be."""

    torn: float
    region: Region
    half: Ints | None
    floor: int


def _counts(fixed: Fixed, share: Floats, likeness: Likeness) -> Iterator[_Count]:
    for region in inwards(fixed.region):
        many = float(share[region.sites].sum())
        torn = _torn(many) + (_WHOLE if region is fixed.region else 0.0)
        if _torn(many) > _LEAST_TORN:
            yield _Count(torn, region, None, int(many))
        left = region.sites[~fixed.shut[region.sites]]
        if region.halves is None and len(left) > 2 and share[left].sum() > _LEAST_OPEN:
            half, many = likeness.half(left, share)
            if _torn(many) > _LEAST_TORN:
                yield _Count(_torn(many), region, half, int(many))


def _torn(many: float) -> float:
    return min(many % 1, -many % 1)


def _by_count(fixed: Fixed, count: _Count) -> Way:
    """Have at most so many open in a region or one half of it; or more."""
    _, region, half, most = count
    if half is None:
        fewer, more = region.within(0, most), region.within(most + 1, region.most)
    else:
        rest = np.setdiff1d(region.sites, half)
        other, one = Region(rest, 0, len(rest)), Region(half, 0, len(half))
        fewer = replace(region, halves=(one.within(0, most), other))
        more = replace(region, halves=(one.within(most + 1, len(half)), other))
    return fixed.counting(region, fewer), fixed.counting(region, more)


def _by_site(fixed: Fixed, site: int) -> Way:
    """Have a site open; or shut."""
    one = np.zeros(len(fixed.open), dtype=bool)
    one[site] = True
    return replace(fixed, open=fixed.open | one), replace(fixed, shut=fixed.shut | one)
