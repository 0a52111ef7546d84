"""
What sites can earn from what is wanted hour by hour, each hour by itself.

A site that holds power for a service that does not move is paid for it all year; that pay may be
shared out over the hours in any way, since what is held in each is no more than what is held in
all. At the shares that the relaxation pays, the bound is the relaxation's.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from microdc.instance import Floats, Hours, Instance, Ints
from microdc.instance.periods import periods_of
from microdc.model.bound.earnings import Steps, merged
from microdc.model.bound.prices import HeldPrices, Prices


class HourlyPay:
    """What each point pays in each hour, and what limits of the tree cost sites in it."""

    def __init__(self, instance: Instance, hours: Hours, prices: Prices) -> None:
        self._hours = hours
        self._pue = instance.sites["pue"].to_numpy()
        self._limit = prices.limit_by_hour @ hours.below  # of a MW drawn, hours x sites
        peak_mw_it = instance.points["mw_it"].to_numpy()
        self.worth_mn_yr_per_mw_it = np.zeros(len(peak_mw_it))
        self._wanted: list[tuple[int, Ints, Floats, Floats]] = []  # hour, point, MW IT, price
        periods = list(periods_of(hours))
        for paid in prices.hours:
            period = periods[paid.period]
            point, share = period.point[paid.wants], period.share[paid.wants]
            np.add.at(self.worth_mn_yr_per_mw_it, point, share * paid.price)
            for at, hour in enumerate(period.hours):
                here = (period.first[paid.wants] <= at) & (at <= period.last[paid.wants])
                if here.any():
                    mw_it = (share * peak_mw_it[point])[here]
                    self._wanted.append((int(hour), point[here], mw_it, paid.price[here]))
        self._held = prices.held
        self._peak_mw_it = peak_mw_it
        for held in self._held:
            self.worth_mn_yr_per_mw_it[held.points] += held.price

    def credit_mn_yr(self, existing_mw: Floats) -> Floats:
        """Give what sites get back for what they draw already: limits are net of it."""
        credit: Floats = self._limit.sum(axis=0) * existing_mw
        return credit

    def steps(self, sites: Ints, site: Ints, point: Ints) -> Steps:
        """
        Give what the next MW of some sites is worth over all hours; `site` counts among them.

        `site` (position in `sites`) and `point` are the pairs of these sites.
        """
        parts = [
            self._parts(sites, site, point, hour, wanted) for hour, *wanted in self._wanted
        ] + [part for held in self._held for part in self._held_parts(sites, site, point, held)]
        if not parts:
            none = np.empty(0)
            return Steps(site=none.astype(np.int64), begin_mw=none, mw=none, price=none)
        owner, hour, mw, price = (np.concatenate(column) for column in zip(*parts, strict=True))
        price = price - self._limit[hour, sites[owner]]
        pays = price > 0
        owner, hour, mw, price = owner[pays], hour[pays], mw[pays], price[pays]
        in_hour = owner * len(self._hours.what) + hour
        order = np.lexsort((-price, in_hour))
        available_mw = self._hours.available_mw[hour, sites[owner]][order]
        steps = Steps.in_line(owner[order], in_hour[order], mw[order], price[order])
        left_mw = np.maximum(0.0, available_mw - steps.begin_mw)
        steps = replace(steps, mw=np.minimum(steps.mw, left_mw)).where(left_mw > 0)
        return merged(steps) if len(steps.site) else steps

    def _parts(
        self, sites: Ints, site: Ints, point: Ints, hour: int, wanted: list[Any]
    ) -> tuple[Ints, Ints, Floats, Floats]:
        """Give what some sites may serve in an hour: site, hour, MW, price of a MW."""
        of_point, mw_it, price = wanted
        order = np.argsort(of_point, kind="stable")
        begin = np.searchsorted(of_point[order], point)
        count = np.searchsorted(of_point[order], point, side="right") - begin
        owner = np.repeat(site, count)
        at = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count - begin, count)
        want, pue = order[at], self._pue[sites[owner]]
        return owner, np.full(len(owner), hour), mw_it[want] * pue, price[want] / pue

    def _held_parts(
        self, sites: Ints, site: Ints, point: Ints, held: HeldPrices
    ) -> Iterator[tuple[Ints, Ints, Floats, Floats]]:
        """Give what some sites may hold for a service, in each hour that it is paid in."""
        paid = np.zeros(len(self._peak_mw_it))
        paid[held.points] = held.price
        there = paid[point] > 0
        owner, point = site[there], point[there]
        pue, row = self._pue[sites[owner]], sites[owner]
        for hour, share in enumerate(self._hours.share[:, held.service]):
            part = held.by_hour[hour, row]
            some = part > 0
            mw = share * self._peak_mw_it[point[some]] * pue[some]
            price = part[some] * paid[point[some]] / (share * pue[some])
            yield owner[some], np.full(some.sum(), hour), mw, price
