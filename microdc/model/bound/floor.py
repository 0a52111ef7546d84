"""The cost that no plan avoids."""

from dataclasses import dataclass

import numpy as np

from microdc.instance import Floats, Instance, Ints


def floor_mn_yr(instance: Instance) -> float:
    """
    Give the cost that no plan avoids: every MW at its cheapest reachable price (millions a year).

    A point pays at least the least price per MW among the sites in its reach, or, where it may
    stay unserved, the price of that; but as much as existing sites can carry is paid already. What
    those cost as they stand is paid in any case. With hours it is the most that any of them asks
    for: sites are sized for each, and what a point leaves then it leaves all the year.
    """
    rate, price = _cheapest_reached(instance), _price_of_leaving(instance)
    mw_it: Floats = instance.points["mw_it"].to_numpy()
    existing = _existing(instance)
    asked = []
    for share in _demanded_at_once(instance):
        # A MW IT that is left of the peak spares only a share of a MW IT at this time.
        left = np.divide(price, share, out=np.full_like(price, np.inf), where=share > 0)
        cheapest = np.minimum(rate, left)
        known = np.isfinite(cheapest)
        paid = existing.saved_mn_yr(share * mw_it, cheapest)
        asked.append(float((share * mw_it)[known] @ cheapest[known]) - paid)
    return max(asked) + _standing_mn_yr(instance) + instance.constant_mn_yr


def _demanded_at_once(instance: Instance) -> Floats:
    """Give the share of each point's peak that cannot wait, hours x points; without hours, all."""
    if instance.hours is None:
        return np.ones((1, len(instance.points)))
    services = instance.hours.services
    waits = services["deferred_share"].where(services["defer_h"] > 0, 0.0).to_numpy()
    at_once: Floats = instance.hours.share_of_points * (1 - waits[instance.hours.service])
    return at_once


def _price_of_leaving(instance: Instance) -> Floats:
    """Give the price of each point's unserved demand (per MW IT); infinite if it must be served."""
    may_leave = instance.groups["max_unserved_mw_it"].to_numpy() > 0
    price = np.where(may_leave, instance.groups["unserved_mn_per_mw_yr"].to_numpy(), np.inf)
    of_point: Floats = price[instance.points["group"]]
    return of_point


def _cheapest_reached(instance: Instance) -> Floats:
    """Give the least price per MW IT of the sites that each point reaches; infinite if of none."""
    rate: Floats = (instance.sites["size_mn_per_mw_yr"] * instance.sites["pue"]).to_numpy()
    reached = instance.reach.sites_per_point > 0
    cheapest = np.full(len(reached), np.inf)
    if reached.any():
        start = instance.reach.start[:-1][reached]
        cheapest[reached] = np.minimum.reduceat(rate[instance.reach.site], start)
    return cheapest


def _standing_mn_yr(instance: Instance) -> float:
    """Give what existing sites cost if they do not grow (millions a year): their energy."""
    existing = instance.sites[instance.sites["existing_mw"] > 0]
    return float(
        (existing["site_mn_yr"] + existing["size_mn_per_mw_yr"] * existing["existing_mw"]).sum()
    )


@dataclass(frozen=True, slots=True)
class _Existing:
    """What exists at each site (MW IT), and each point with an existing site in its reach."""

    mw_it: Floats
    point: Ints
    site: Ints

    def saved_mn_yr(self, mw_it: Floats, price: Floats) -> float:
        """
        Give the most that it can save of what points pay for `mw_it` at a price (millions a year).

        Each existing site carries what it has, or all in its reach where that is less; together
        they carry points in reach of any of them, those of the highest price first.
        """
        near_mw_it = np.bincount(self.site, weights=mw_it[self.point], minlength=len(self.mw_it))
        carried_mw_it = np.minimum(self.mw_it, near_mw_it).sum()
        near = np.unique(self.point)
        dearest = near[np.argsort(-price[near])]
        before_mw_it = np.cumsum(mw_it[dearest]) - mw_it[dearest]
        taken_mw_it = np.clip(carried_mw_it - before_mw_it, 0.0, mw_it[dearest])
        return float(taken_mw_it @ price[dearest])


def _existing(instance: Instance) -> _Existing:
    mw_it = (instance.sites["existing_mw"] / instance.sites["pue"]).to_numpy()
    pairs = np.flatnonzero(mw_it[instance.reach.site] > 0)
    point = np.searchsorted(instance.reach.start, pairs, side="right") - 1
    return _Existing(mw_it, point, instance.reach.site[pairs].astype(np.int64))
