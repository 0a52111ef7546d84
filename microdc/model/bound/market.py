"""
What prices prove: a bound on the cost of any plan, and what each site could earn.

Put a price on demand at every point, in order and in every outage, and on every limit of the
planner. A site then earns the price of the demand it serves in each state, and pays for itself and
for the limits it takes up. No plan costs less than all demand at its price, less the limits at
theirs, less what sites can earn at best: the Lagrangian bound, whose best value is that of the
relaxation with all strong Hall cuts. It needs no cuts and no solver to be worked out, whatever the
prices are.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from microdc.instance import WATT_MW, Floats, Instance, Ints, attainable_mw
from microdc.instance.stages.weighed import weighed
from microdc.model.bound.by_site import SITES_AT_ONCE, BySite
from microdc.model.bound.earnings import Sizing, Steps, at_most, merged, outage_steps
from microdc.model.bound.hourly import HourlyPay
from microdc.model.bound.needed import Counter, counted
from microdc.model.bound.prices import Prices

ROUNDING_SHARE = 1e-12
"""By how much sums of floats may be off, as a share of the sum of their absolute values."""

_SITES_AT_ONCE_BY_HOUR = 500
_NEAR_SHARE = 0.05  # a site that may earn its cost but for this share is looked at closely


class Market:
    """All candidates of an instance and the demand in their reach, for whatever prices."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        size = len(instance.points), len(instance.sites)
        self.by_site = BySite(instance.reach, *size)
        self.in_outages = self.by_site
        if instance.outages is not None and instance.outages.reach is not instance.reach:
            self.in_outages = BySite(instance.outages.reach, *size)
        self.counter = Counter(instance, instance.outages) if instance.outages else None
        self._mw_it = instance.points["mw_it"].to_numpy()
        cap_mw = largest_mw(instance)
        self._cap_mw = cap_mw
        self._least_mw = np.minimum(instance.sites["min_mw"].to_numpy(), cap_mw)
        self._pue = instance.sites["pue"].to_numpy()

    def at(self, prices: Prices) -> "Market":
        """Give the market where futures weigh what prices say; this one where they say nothing."""
        if prices.futures is None:
            return self
        other = copy(self)  # who reaches whom, and how large sites are, stays
        other.instance = weighed(self.instance, prices.futures)
        return other

    @property
    def ample(self) -> bool:
        """Whether every site can serve all that it reaches, so that sizes hold nothing up."""
        wanted_mw_it = self.by_site.sums(self._mw_it)
        return bool((self._cap_mw / self._pue >= (1 - ROUNDING_SHARE) * wanted_mw_it).all())

    def listed(self, sites: Ints) -> Instance:
        """Give the instance with some of its sites alone, in ascending order of row."""
        reach = self.by_site.only(sites)
        same = self.in_outages is self.by_site
        return self.instance.with_sites(
            sites, reach, reach if same else self.in_outages.only(sites)
        )

    def profit_mn_yr(self, prices: Prices) -> Floats:
        """
        Give what each site earns at most above its cost (millions a year); shape (sites,).

        Exact for sites that may earn something and for those that are there anyway; of others a
        number that they do not exceed. Where sizes have classes, a site is of the one in which it
        earns most.
        """
        earned = self._earned_in_order if self.instance.hours is None else self._earned_by_hour
        profits = [
            np.where(possible, earned(prices, sizing), -np.inf)
            for sizing, possible in self._by_tier(self._sizing(prices), self._capital(prices))
        ]
        most: Floats = np.max(profits, axis=0)
        return most

    def _earned_in_order(self, prices: Prices, sizing: Sizing) -> Floats:
        """Give what each site earns at most with everything in order, and in outages."""
        in_outages = sizing.within_cap(outage_steps(self.instance, prices, self._pue))
        profit = at_most(self.by_site.sums, prices.point, self._mw_it, sizing)
        profit += sizing.revenue_mn_yr(in_outages)
        sites = self.instance.sites
        near = profit > -_NEAR_SHARE * np.abs(sizing.least_mn_yr)
        near |= (sites["standing"] | sites["forced"]).to_numpy()
        chosen = np.flatnonzero(near)
        for first in range(0, len(chosen), SITES_AT_ONCE):
            some = chosen[first : first + SITES_AT_ONCE]
            steps = self._steps(some, prices.point)
            if len(in_outages.site):
                steps = merged(sizing.of(some).within_cap(steps), in_outages.of(some))
            profit[some] = sizing.of(some).earned_mn_yr(steps)
        return profit

    def _earned_by_hour(self, prices: Prices, sizing: Sizing) -> Floats:
        """Give what each site earns at most over all hours."""
        pay = self._pay(prices)
        assert pay is not None
        profit: Floats = -sizing.least_mn_yr
        for first in range(0, len(profit), _SITES_AT_ONCE_BY_HOUR):
            some = np.arange(first, min(first + _SITES_AT_ONCE_BY_HOUR, len(profit)))
            steps = pay.steps(some, *self.by_site.pairs(some))
            profit[some] = sizing.of(some).earned_mn_yr(sizing.of(some).within_cap(steps))
        return profit

    def _pay(self, prices: Prices) -> HourlyPay | None:
        hours = self.instance.hours
        return None if hours is None else HourlyPay(self.instance, hours, prices)

    def _steps(self, sites: Ints, point: Floats) -> Steps:
        """Give the demand in reach of some sites in order, the dearest first."""
        site, mine = self.by_site.pairs(sites)
        pue = self._pue[sites][site]
        return Steps.by_price(site, site, self._mw_it[mine] * pue, point[mine] / pue)

    def bound_mn_yr(self, prices: Prices, profit_mn_yr: Floats) -> float:
        """Give what no plan can cost less than (millions a year), rounding taken off."""
        instance = self.instance
        sites = instance.sites
        saved = np.minimum(0.0, self.loss_mn_yr_per_mw_it(prices))
        there = (sites["standing"] | sites["forced"]).to_numpy()
        earned = np.where(there, profit_mn_yr, np.maximum(0.0, profit_mn_yr))
        limited = np.where(prices.group > 0, instance.groups["max_unserved_mw_it"], 0.0)
        terms = [
            self.worth_mn_yr_per_mw_it(prices) * self._mw_it,
            saved * instance.most_unserved_by_point_mw_it,
            -prices.group * limited,
            -prices.node * instance.nodes["limit_mw"].to_numpy(),
            -self._beyond_limits_mn_yr(prices),
            -prices.count * instance.counts["most"].to_numpy(),
            -prices.apart,
            *([] if instance.hours is None else
              [(-prices.limit_by_hour * instance.hours.limit_mw)[prices.limit_by_hour > 0]]),
            -earned[~sites["forbidden"].to_numpy() | there],
            np.array([
                instance.constant_mn_yr,
                counted(instance, self.counter, prices.needed).mn_yr,
                -prices.in_all * (instance.most_unserved_mw_it or 0.0),
                -prices.budget * (instance.budget_mn or 0.0),
            ]),
            self._of_budgets_by_stage(prices),
        ]  # fmt: skip
        everything = np.concatenate(terms)
        return float(everything.sum() - ROUNDING_SHARE * np.abs(everything).sum())

    def _of_budgets_by_stage(self, prices: Prices) -> Floats:
        """Give what the capital of each stage is worth, taken off."""
        stages = self.instance.stages
        if stages is None or prices.stages is None:
            return np.zeros(0)
        some = prices.stages.budget > 0
        worth: Floats = -(prices.stages.budget[some] * stages.budget_mn[some])
        return worth

    def _beyond_limits_mn_yr(self, prices: Prices) -> Floats:
        """Give what having more than limits allow gains at best, where it costs less."""
        instance, elastic = self.instance, self.instance.elastic_nodes
        node = prices.node[instance.nodes.index.isin(elastic.index)]
        gain = np.maximum(0.0, node - elastic["more_mn_per_mw_yr"].to_numpy())
        of_nodes: Floats = gain * elastic["most_more_mw"].to_numpy()
        if not instance.elastic_budget:
            return of_nodes
        of_budget = max(0.0, prices.budget - (instance.more_budget_mn_yr or 0.0))
        return np.append(of_nodes, of_budget * instance.most_more_budget_mn)

    def loss_mn_yr_per_mw_it(self, prices: Prices) -> Floats:
        """Give by how much leaving demand costs more than its price, by point."""
        instance = self.instance
        group = instance.points["group"].to_numpy()
        unserved = instance.groups["unserved_mn_per_mw_yr"].to_numpy() + prices.group
        unserved = unserved + prices.in_all * instance.months
        loss: Floats = unserved[group] - self.worth_mn_yr_per_mw_it(prices)
        return loss

    def worth_mn_yr_per_mw_it(self, prices: Prices) -> Floats:
        """
        Give what a MW IT of each point is worth over all states; shape (points,).

        Served in order, a share of it is kept in every outage; of its peak, one in every hour.
        """
        worth = prices.point + counted(self.instance, self.counter, prices.needed).per_mw_it
        if self.instance.outages is not None:
            for state in prices.outages:
                worth[state.points] += self.instance.outages.kept[state.points] * state.price
        if (pay := self._pay(prices)) is not None:
            worth = worth + pay.worth_mn_yr_per_mw_it
        return worth

    def _sizing(self, prices: Prices) -> Sizing:
        """Give what sites may be and what that costs (millions a year), limits included."""
        instance, sites, capital = self.instance, self.instance.sites, self._capital(prices)
        of_nodes = _spread(instance.below, prices.node)
        per_mw = sites["size_mn_per_mw_yr"] + capital * sites["size_capital_mn_per_mw"] + of_nodes
        per_site = sites["site_mn_yr"] + capital * sites["site_capital_mn"]
        per_site = per_site - of_nodes * sites["existing_mw"]
        if (pay := self._pay(prices)) is not None:
            per_site -= pay.credit_mn_yr(sites["existing_mw"].to_numpy())
        per_site -= counted(instance, self.counter, prices.needed).per_site
        per_site += _spread(instance.counted, prices.count) + _spread(instance.apart, prices.apart)
        if prices.stages is not None:
            per_site, per_mw = per_site + prices.stages.site, per_mw + prices.stages.mw
        return Sizing(
            least_mw=self._least_mw,
            cap_mw=self._cap_mw,
            pue=self._pue,
            mn_yr=per_site.to_numpy(dtype=float),
            mn_per_mw_yr=per_mw.to_numpy(dtype=float),
        )

    def _capital(self, prices: Prices) -> Floats:
        """Give the price of a million of capital at each site, in all and of its stage."""
        capital = np.full(len(self.instance.sites), prices.budget)
        if self.instance.stages is not None and prices.stages is not None:
            capital += prices.stages.budget[self.instance.stages.of]
        return capital

    def _by_tier(
        self, sizing: Sizing, capital: Floats
    ) -> Iterator[tuple[Sizing, NDArray[np.bool_]]]:
        """Give sizes and costs in each class of sizes, and which sites may be of it."""
        tiers = self.instance.tiers
        if tiers is None:
            yield sizing.as_large_as_paid, np.ones(len(sizing.cap_mw), dtype=bool)
            return
        least_mw, most_mw = tiers.range_mw(sizing.least_mw, sizing.cap_mw)
        price = capital[:, None]
        mn_yr = sizing.mn_yr[:, None] + tiers.site_mn_yr + price * tiers.site_capital_mn
        mn_per_mw_yr = sizing.mn_per_mw_yr[:, None] + tiers.size_mn_per_mw_yr
        mn_per_mw_yr = mn_per_mw_yr + price * tiers.size_capital_mn_per_mw
        possible = least_mw <= most_mw
        least_mw = np.where(possible, least_mw, 0.0)
        for c in range(tiers.count):
            in_tier = replace(
                sizing,
                least_mw=least_mw[:, c],
                cap_mw=most_mw[:, c],
                mn_yr=mn_yr[:, c],
                mn_per_mw_yr=mn_per_mw_yr[:, c],
            )
            yield in_tier.as_large_as_paid, possible[:, c]


def largest_mw(instance: Instance) -> Floats:
    """Give the largest size of each site (MW): its cap, or the most modules within it."""
    sites = instance.sites
    cap_mw: Floats = sites["cap_mw"].to_numpy(dtype=float)
    if not instance.modules_mw:
        return cap_mw
    existing_mw = sites["existing_mw"].to_numpy()
    room_mw = cap_mw - existing_mw
    sums_mw = np.array(attainable_mw(instance.modules_mw, room_mw.max(initial=0.0)))
    most = np.searchsorted(sums_mw, room_mw + WATT_MW / 2, side="right") - 1
    return np.where(sites["modular"], existing_mw + sums_mw[most], cap_mw)


def _spread(rows: csr_array, price: Floats) -> Floats:
    """Add up the prices of the rows that each site is in; shape (sites,), or (1,) without rows."""
    spread: Floats = rows.T @ price if len(price) else np.zeros(1)
    return spread
