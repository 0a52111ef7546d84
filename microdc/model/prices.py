"""
What the model's prices prove: a bound on the cost of any plan, and what each site could earn.

Put a price on demand at every point and on every limit of the planner. A site then earns the price
of the demand it serves, and pays for itself and for the limits it takes up. No plan costs less
than all demand at its price, less the limits at theirs, less what sites can earn at best: the
Lagrangian bound, whose best value is that of the relaxation with all strong Hall cuts. It needs
no cuts and no solver to be worked out, whatever the prices are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from microdc.instance import WATT_MW, Floats, Instance, Ints, Reach, attainable_mw

ROUNDING_SHARE = 1e-12
"""By how much sums of floats may be off, as a share of the sum of their absolute values."""

_BANDS = 24  # of prices, in which all points are taken for as dear as the dearest
_SITES_AT_ONCE = 2_000  # bounds the memory of one pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices (millions a year), none below zero; arrays in the order of the instance's tables."""

    point: Floats
    """Of a MW IT of demand, by demand point."""
    node: Floats
    """Of a MW of growth below a limit of the power tree."""
    count: Floats
    """Of a site of a kind of which only so many may be built."""
    apart: Floats
    """Of a site of a set of which only one may be built."""
    group: Floats
    """Of a MW IT left unserved of a group that may leave only a part."""
    in_all: float
    """Of a MW IT left unserved, where that is limited over all groups."""
    budget: float
    """Of a million of capital."""

    @classmethod
    def of(
        cls, instance: Instance, point: Floats, by_rule: Mapping[str, Mapping[Any, float]]
    ) -> "Prices":
        """Take the prices of the limits from the row prices of `model.constraints`, by rule."""

        def paid(rule: str, keys: list[Any]) -> Floats:
            rows = by_rule.get(rule, {})
            return np.array([max(0.0, -rows.get(key, 0.0)) for key in keys], dtype=float)

        return cls(
            point=point,
            node=paid("draw_within_tree_limit", list(instance.nodes.index)),
            count=paid("build_at_most", list(instance.counts.index)),
            apart=paid("keep_apart", list(range(instance.apart.shape[0]))),
            group=paid("leave_unserved_at_most", list(instance.groups.index)),
            in_all=float(paid("leave_unserved_in_all_at_most", [0])[0]),
            budget=float(paid("spend_within_budget", [0])[0]),
        )


class Market:
    """All candidates of an instance and the demand in their reach, for whatever prices."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        reach = instance.reach
        ones = np.ones(reach.pairs, dtype=np.int8)
        shape = (len(instance.points), len(instance.sites))
        by_site = csr_array((ones, reach.site, reach.start), shape=shape).tocsc()
        self._start = by_site.indptr.astype(np.int64)
        self._point = by_site.indices
        self._mw_it = instance.points["mw_it"].to_numpy()
        self._cap_mw = _largest_mw(instance)
        self._least_mw = np.minimum(instance.sites["min_mw"].to_numpy(), self._cap_mw)
        self._pue = instance.sites["pue"].to_numpy()

    def reached(self, of_point: Floats) -> Floats:
        """Add up a number of every demand point over the points in each site's reach."""
        total = np.zeros(len(self._cap_mw))
        for first in range(0, len(total), _SITES_AT_ONCE):
            last = min(first + _SITES_AT_ONCE, len(total))
            start = self._start[first : last + 1]
            values = of_point[self._point[start[0] : start[-1]]]
            some = np.flatnonzero(np.diff(start))
            if len(some):
                total[first + some] = np.add.reduceat(values, start[some] - start[0])
        return total

    def listed(self, sites: Ints) -> Instance:
        """Give the instance with some of its sites alone, in ascending order of row."""
        length = self._start[sites + 1] - self._start[sites]
        start = np.concatenate([[0], np.cumsum(length)])
        at = np.arange(start[-1]) + np.repeat(self._start[sites] - start[:-1], length)
        ones = np.ones(len(at), dtype=np.int8)
        shape = (len(self._mw_it), len(sites))
        pairs = csc_array((ones, self._point[at], start), shape=shape).tocsr()
        reach = Reach(start=pairs.indptr.astype(np.int64), site=pairs.indices.astype(np.int32))
        return self.instance.with_sites(sites, reach)

    def profit_mn_yr(self, prices: Prices) -> Floats:
        """
        Give what each site earns at most above its cost (millions a year); shape (sites,).

        Exact for sites that may earn something and for those that are there anyway; of others a
        number that they do not exceed.
        """
        per_site, per_mw = self._costs(prices)
        profit = self._at_most(prices, per_site, per_mw)
        sites = self.instance.sites
        near = profit > -0.05 * np.abs(per_site + per_mw * self._least_mw)
        near |= (sites["standing"] | sites["forced"]).to_numpy()
        chosen = np.flatnonzero(near)
        for first in range(0, len(chosen), _SITES_AT_ONCE):
            some = chosen[first : first + _SITES_AT_ONCE]
            profit[some] = self._exactly(some, prices.point, per_site, per_mw)
        return profit

    def bound_mn_yr(self, prices: Prices, profit_mn_yr: Floats) -> float:
        """Give what no plan can cost less than (millions a year), rounding taken off."""
        instance = self.instance
        sites = instance.sites
        saved = np.minimum(0.0, self.loss_mn_yr_per_mw_it(prices))
        there = (sites["standing"] | sites["forced"]).to_numpy()
        earned = np.where(there, profit_mn_yr, np.maximum(0.0, profit_mn_yr))
        limited = np.where(prices.group > 0, instance.groups["max_unserved_mw_it"], 0.0)
        terms = [
            prices.point * self._mw_it,
            saved * instance.most_unserved_by_point_mw_it,
            -prices.group * limited,
            -prices.node * instance.nodes["limit_mw"].to_numpy(),
            -prices.count * instance.counts["most"].to_numpy(),
            -prices.apart,
            -earned[~sites["forbidden"].to_numpy() | there],
            np.array([
                instance.constant_mn_yr,
                -prices.in_all * (instance.most_unserved_mw_it or 0.0),
                -prices.budget * (instance.budget_mn or 0.0),
            ]),
        ]  # fmt: skip
        everything = np.concatenate(terms)
        return float(everything.sum() - ROUNDING_SHARE * np.abs(everything).sum())

    def loss_mn_yr_per_mw_it(self, prices: Prices) -> Floats:
        """Give by how much leaving demand costs more than its price, by point."""
        instance = self.instance
        group = instance.points["group"].to_numpy()
        unserved = instance.groups["unserved_mn_per_mw_yr"].to_numpy() + prices.group
        loss: Floats = unserved[group] + prices.in_all - prices.point
        return loss

    def _costs(self, prices: Prices) -> tuple[Floats, Floats]:
        """Give what being there, and a MW, cost each site (millions a year), limits included."""
        instance, sites = self.instance, self.instance.sites
        of_nodes = _spread(instance.below, prices.node)
        per_mw = sites["size_mn_per_mw_yr"] + prices.budget * sites["size_capital_mn_per_mw"]
        per_site = sites["site_mn_yr"] + prices.budget * sites["site_capital_mn"]
        per_site = per_site - of_nodes * sites["existing_mw"]
        per_site += _spread(instance.counted, prices.count) + _spread(instance.apart, prices.apart)
        return per_site.to_numpy(dtype=float), (per_mw + of_nodes).to_numpy(dtype=float)

    def _at_most(self, prices: Prices, per_site: Floats, per_mw: Floats) -> Floats:
        """Give a profit that no site exceeds: demand goes for the highest price in its band."""
        profit: Floats = -per_site - per_mw * self._least_mw
        paid = prices.point[prices.point > 0]
        if not len(paid):
            return profit
        edges = np.unique(np.quantile(paid, np.linspace(0, 1, _BANDS + 1)))[::-1]
        edges = np.append(edges, 0.0)
        taken = np.zeros(len(profit))
        for high, low in pairwise(edges):
            in_band = (prices.point <= high) & (prices.point > low)
            if in_band.any():
                within = self._pue * self.reached(np.where(in_band, self._mw_it, 0.0))
                profit += self._gain(taken, within, high / self._pue, per_mw, slice(None))
                taken += within
        return profit

    def _exactly(self, sites: Ints, point: Floats, per_site: Floats, per_mw: Floats) -> Floats:
        """Give what some sites earn at most: each serves the dearest demand in its reach first."""
        length = self._start[sites + 1] - self._start[sites]
        site = np.repeat(np.arange(len(sites)), length)
        first = np.cumsum(length) - length
        at = np.arange(len(site)) - first[site] + self._start[sites][site]
        mine = self._point[at]
        order = np.lexsort((-point[mine], site))
        mine = mine[order]
        mw = self._mw_it[mine] * self._pue[sites][site]
        up_to = np.cumsum(mw)
        before = up_to - mw - np.concatenate([[0.0], up_to])[first][site]
        gain = self._gain(before, mw, point[mine] / self._pue[sites][site], per_mw, sites[site])
        earned = np.bincount(site, gain, minlength=len(sites))
        profit: Floats = earned - per_site[sites] - per_mw[sites] * self._least_mw[sites]
        return profit

    def _gain(
        self, before: Floats, mw: Floats, price: Floats, per_mw: Floats, of: Ints | slice
    ) -> Floats:
        """
        Give what serving the next `mw` earns beyond the MW it takes.

        Up to its least size a site is paid for already; beyond, it grows only where that pays.
        """
        least, cap = self._least_mw[of], self._cap_mw[of]
        paid = np.minimum(before + mw, least) - np.minimum(before, least)
        more = np.minimum(before + mw, cap) - np.minimum(before, cap) - paid
        gain: Floats = paid * price + more * np.maximum(0.0, price - per_mw[of])
        return gain


def _largest_mw(instance: Instance) -> Floats:
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
