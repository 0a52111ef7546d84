"""The largest share of some demand that the sites in its reach could serve, each at full size."""

from dataclasses import replace

import numpy as np

from microdc.explain.bottlenecks.bottleneck import at_full_size, must_mw_it
from microdc.instance import Floats, Instance, Ints
from microdc.oracles.delivery import in_order
from microdc.solve.objective import ROUNDING_MW_IT

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


def _promising(instance: Instance, kept: Ints, mw_it: Floats) -> Instance:
    """Give the instance with some points alone, so much of their demand, all of it promised."""
    fewer = instance.with_points(kept)
    points = fewer.points.assign(mw_it=mw_it, group=0)
    groups = instance.groups[:1].assign(max_unserved_mw_it=0.0)
    return replace(fewer, points=points, groups=groups, outages=None, hours=None)
