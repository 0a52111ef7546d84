"""What the prices of a relaxation prove, and how that is told to anyone who wants to check it."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from microdc.instance import Floats, Instance, rows_of
from microdc.model.bound.market import Market
from microdc.model.bound.needed import Counter
from microdc.model.bound.prices import Prices
from microdc.solve.outcome import PriceProof


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Prices, what every candidate could earn at them, and the bound that follows."""

    prices: Prices
    profit_mn_yr: Floats
    bound: float

    def told(self, instance: Instance) -> PriceProof:
        """Name what each price is of."""
        prices, groups = self.prices, instance.groups.index
        sets, ids = rows_of(instance.apart), instance.sites.index
        return PriceProof(
            points=_of_points(instance, prices),
            needed=_of_needed(instance, prices),
            nodes=_some(prices.node, instance.nodes.index),
            counts=_some(prices.count, instance.counts.index),
            apart=tuple(
                (tuple(ids[sets[k]]), float(prices.apart[k])) for k in np.flatnonzero(prices.apart)
            ),
            groups=_some(prices.group, groups),
            in_all_mn_per_mw_it_yr=prices.in_all,
            budget=prices.budget,
            bound_mn_yr=self.bound,
        )


def _named(instance: Instance) -> pd.DataFrame:
    """Name each point: `place`, `service`, `group`."""
    group = instance.groups.index[instance.points["group"]]
    return instance.points[["place", "service"]].assign(group=group)


def _of_points(instance: Instance, prices: Prices) -> pd.DataFrame:
    """Give `PriceProof.points`."""
    named = _named(instance)
    in_order = named.assign(outage="", mn_per_mw_it_yr=prices.point)
    in_outages = [
        named.iloc[one.points].assign(outage=_out(instance, one.rows), mn_per_mw_it_yr=one.price)
        for one in prices.outages
    ]
    return pd.concat([in_order, *in_outages], ignore_index=True)


def _out(instance: Instance, rows: tuple[int, ...]) -> str:
    """Name some outages that happen together."""
    assert instance.outages is not None
    what = instance.outages.what.iloc[list(rows)]
    return json.dumps(what[["kind", "id"]].to_numpy().tolist(), ensure_ascii=False)


def _of_needed(instance: Instance, prices: Prices) -> pd.DataFrame:
    """Give `PriceProof.needed`."""
    sets = [_named(instance).iloc[:0].assign(set=0, sites=0, mn_per_site_yr=0.0)]
    if instance.outages is not None and prices.needed:
        counter, named = Counter(instance, instance.outages), _named(instance)
        rows = [(one, counter.in_reach(one.points)[2]) for one in prices.needed]
        sets += [
            named.iloc[one.points].assign(set=k, sites=row.sites, mn_per_site_yr=one.price)
            for k, (one, row) in enumerate(rows)
            if row is not None
        ]
    return pd.concat(sets, ignore_index=True)


def prove(market: Market, prices: Prices) -> Proof:
    """Work out what prices prove."""
    profit_mn_yr = market.profit_mn_yr(prices)
    bound = market.bound_mn_yr(prices, profit_mn_yr)
    return Proof(prices=prices, profit_mn_yr=profit_mn_yr, bound=bound)


def _some(price: Floats, index: pd.Index) -> "pd.Series[float]":
    """Give the prices that are something, by name."""
    prices = pd.Series(price, index=index, dtype=float)
    return prices[prices > 0]
