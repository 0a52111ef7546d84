"""
What the sites in reach of some demand could serve, each at full size, whatever they share.

No plan does better, so these are bounds; they take a few max-flows and no search.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from microdc.explain.bottlenecks.bottleneck import at_full_size, must_mw_it
from microdc.instance import Floats, Instance, Ints, Reach
from microdc.oracles.delivery import in_order
from microdc.solve.least_cost import ROUNDING_MW_IT

_MOST_CUTS = 50


def most_share(instance: Instance, points: Ints) -> float:
    """
    Give the largest share of the demand at `points` that can be served at every one of them.

    With everything in order, every site at full size and no limit that sites share: no plan serves
    more. Newton's method on the min cut: of a set that is short, the share that would not be; each
    step is exact for its set, so a few do.
    """
    scaled = np.zeros(len(instance.points), dtype=bool)
    scaled[points] = True
    mw_it = instance.points["mw_it"].to_numpy(dtype=float)
    must = must_mw_it(instance) > ROUNDING_MW_IT
    share = 1.0
    for _ in range(_MOST_CUTS):
        demand = np.where(must, np.where(scaled, share * mw_it, mw_it), 0.0)
        kept = np.flatnonzero(demand > 0)
        trial = _promising(instance, kept, demand[kept])
        sizes = at_full_size(trial)
        cuts = in_order(trial, "weak").violated_by(sizes)
        if not cuts:
            break
        shares = []
        for cut in cuts:
            mine = kept[np.unique(cut.points)]
            mine = mine[scaled[mine]]
            if len(mine):
                shares.append(share - cut.shortfall_mw_it(sizes) / float(mw_it[mine].sum()))
        if not shares or min(shares) <= 0:
            return 0.0
        share = min(shares)
    return share


def first_bound(
    instance: Instance, points: Ints, rtt_ms: Floats, bounds: Sequence[float]
) -> float | None:
    """
    Find the first of ascending bounds (ms) within which the demand at `points` could be served.

    `rtt_ms` are round trips from each of the points to each site, points x sites. With everything
    in order, every site at full size and no limit that sites share: no plan keeps a tighter bound.
    None: any bound would do, or none.
    """
    must = must_mw_it(instance)
    kept = np.flatnonzero(must > ROUNDING_MW_IT)
    position = np.full(len(instance.points), -1)
    position[points] = np.arange(len(points))
    row, mw_it = position[kept], must[kept]

    def served(bound_ms: float) -> bool:
        near = [
            np.flatnonzero(rtt_ms[mine] <= bound_ms)
            if mine >= 0
            else instance.reach.near(int(point))
            for mine, point in zip(row, kept, strict=True)
        ]
        trial = replace(_promising(instance, kept, mw_it), reach=Reach.of_lists(near))
        return not in_order(trial, "weak").violated_by(at_full_size(trial))

    first = bisect_left(bounds, True, key=served)
    return bounds[first] if 0 < first < len(bounds) else None


def _promising(instance: Instance, kept: Ints, mw_it: Floats) -> Instance:
    """Give the instance with some points alone, so much of their demand, all of it promised."""
    fewer = instance.with_points(kept)
    points = fewer.points.assign(mw_it=mw_it, group=0)
    groups = instance.groups[:1].assign(max_unserved_mw_it=0.0)
    return replace(fewer, points=points, groups=groups, outages=None, hours=None)
