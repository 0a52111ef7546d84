"""Which sites can hold a point whole."""

import numpy as np
from numpy.typing import NDArray

from microdc.instance import WATT_MW, Floats, Instance, Ints
from microdc.model.bound.market import largest_mw


def that_fit(instance: Instance) -> Instance:
    """Leave out pairs of unsplit points with sites that cannot be large enough for them."""
    if not instance.unsplit.any():
        return instance
    fits = _fits(instance)
    if fits.all():
        return instance
    return instance.with_reach(instance.reach.only(fits))


def too_large(instance: Instance) -> tuple[Ints, Ints]:
    """
    Find unsplit points that some sites reach and none can hold whole.

    Gives them (rows), and the site in reach of each (row) that can hold most.
    """
    if not instance.unsplit.any():
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    fitting = instance.reach.only(_fits(instance)).sites_per_point > 0
    points = np.flatnonzero((instance.reach.sites_per_point > 0) & ~fitting)
    most_mw_it = _most_mw_it(instance)
    near = map(instance.reach.near, points.tolist())
    largest = [int(sites[np.argmax(most_mw_it[sites])]) for sites in near]
    return points, np.array(largest, dtype=np.int64)


def _fits(instance: Instance) -> NDArray[np.bool_]:
    """Tell of each pair whether the site can hold the point, or need not; shape (pairs,)."""
    reach = instance.reach
    point = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
    mw_it = instance.points["mw_it"].to_numpy(dtype=float)[point]
    held = mw_it <= _most_mw_it(instance)[reach.site] + WATT_MW
    return np.asarray(held | ~instance.unsplit[point], dtype=bool)


def _most_mw_it(instance: Instance) -> Floats:
    """Give the most IT power of each site (MW IT), in whole modules where it has them."""
    allowed = ~instance.sites["forbidden"] | instance.sites["standing"]
    most: Floats = largest_mw(instance) / instance.sites["pue"].to_numpy() * allowed.to_numpy()
    return most
