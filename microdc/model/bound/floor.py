"""The cost that no plan avoids."""

import numpy as np

from microdc.instance import Floats, Instance


def floor_mn_yr(instance: Instance) -> float:
    """
    Give the cost that no plan avoids: every MW at its cheapest reachable price (millions a year).

    A point pays at least the least price per MW among the sites in its reach, or, where it may
    stay unserved, the price of that; but as much as existing sites can carry is paid already. What
    those cost as they stand is paid in any case.
    """
    mw_it, group = instance.points["mw_it"].to_numpy(), instance.points["group"].to_numpy()
    rate: Floats = (instance.sites["size_mn_per_mw_yr"] * instance.sites["pue"]).to_numpy()
    may_wait = instance.groups["max_unserved_mw_it"].to_numpy() > 0
    price = np.where(may_wait, instance.groups["unserved_mn_per_mw_yr"].to_numpy(), np.inf)
    cheapest = price[group]
    reached = instance.reach.sites_per_point > 0
    if reached.any():
        start = instance.reach.start[:-1][reached]
        nearest = np.minimum.reduceat(rate[instance.reach.site], start)
        cheapest[reached] = np.minimum(cheapest[reached], nearest)
    known = np.isfinite(cheapest)
    paid = _saved_by_existing(instance, cheapest) - _standing_mn_yr(instance)
    return float(mw_it[known] @ cheapest[known]) - paid + instance.constant_mn_yr


def _standing_mn_yr(instance: Instance) -> float:
    """Give what existing sites cost if they do not grow (millions a year): their energy."""
    existing = instance.sites[instance.sites["existing_mw"] > 0]
    return float(
        (existing["site_mn_yr"] + existing["size_mn_per_mw_yr"] * existing["existing_mw"]).sum()
    )


def _saved_by_existing(instance: Instance, price: Floats) -> float:
    """
    Give the most that existing megawatts can save of what points pay (millions a year).

    Each existing site carries what it has, or all in its reach where that is less; together they
    carry points in reach of any of them, those of the highest price (millions per MW IT) first.
    """
    existing_mw_it = (instance.sites["existing_mw"] / instance.sites["pue"]).to_numpy()
    if not existing_mw_it.any():
        return 0.0
    reach, mw_it = instance.reach, instance.points["mw_it"].to_numpy()
    owner = np.repeat(np.arange(len(mw_it)), reach.sites_per_point)
    near_mw_it = np.bincount(reach.site, weights=mw_it[owner], minlength=len(existing_mw_it))
    carried_mw_it = np.minimum(existing_mw_it, near_mw_it).sum()
    near = np.unique(owner[existing_mw_it[reach.site] > 0])
    dearest = near[np.argsort(-price[near])]
    before_mw_it = np.cumsum(mw_it[dearest]) - mw_it[dearest]
    taken_mw_it = np.clip(carried_mw_it - before_mw_it, 0.0, mw_it[dearest])
    return float(taken_mw_it @ price[dearest])
