"""Demand that no site reaches within its latency bound although it must be served."""

import numpy as np

from microdc.explain.bottlenecks.bottleneck import Bottleneck, Kind
from microdc.instance import Instance, Ints
from microdc.solve.least_cost import ROUNDING_MW_IT


def out_of_reach(instance: Instance, area: Ints) -> list[Bottleneck]:
    """
    Find the demand in nobody's reach of which too little may stay unserved, by area.

    `area` numbers the area of each point; shape (points,).
    """
    lost = np.flatnonzero(instance.reach.sites_per_point == 0)
    group, mw_it = (instance.points[c].to_numpy()[lost] for c in ("group", "mw_it"))
    most_mw_it = instance.groups["max_unserved_mw_it"].to_numpy()
    over_mw_it = np.bincount(group, weights=mw_it, minlength=len(most_mw_it)) - most_mw_it
    named = lost[over_mw_it[group] > ROUNDING_MW_IT]
    return [
        _in_area(instance, named[area[named] == number], over_mw_it)
        for number in np.unique(area[named])
    ]


def _in_area(instance: Instance, points: Ints, over_mw_it: np.ndarray) -> Bottleneck:
    group, mw_it = (instance.points[c].to_numpy()[points] for c in ("group", "mw_it"))
    by_group = np.bincount(group, weights=mw_it, minlength=len(over_mw_it))
    short_mw_it = float(np.minimum(by_group, np.maximum(over_mw_it, 0.0)).sum())
    return Bottleneck(
        kind=Kind.OUT_OF_REACH,
        points=tuple(points.tolist()),
        need_mw_it=float(mw_it.sum()),
        short_mw_it=short_mw_it,
        most_short_mw_it=short_mw_it,
        witness=tuple(points[np.argsort(mw_it)[:1]].tolist()),
        irreducible=True,
    )
