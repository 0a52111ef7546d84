"""What the prices of a relaxation prove, and how that is told to anyone who wants to check it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from microdc.instance import Floats, Instance, rows_of
from microdc.model.bound.market import Market
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
        points = instance.points[["place", "service"]].assign(
            group=groups[instance.points["group"]], mn_per_mw_it_yr=prices.point
        )
        sets, ids = rows_of(instance.apart), instance.sites.index
        return PriceProof(
            points=points,
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


def prove(market: Market, prices: Prices) -> Proof:
    """Work out what prices prove."""
    profit_mn_yr = market.profit_mn_yr(prices)
    bound = market.bound_mn_yr(prices, profit_mn_yr)
    return Proof(prices=prices, profit_mn_yr=profit_mn_yr, bound=bound)


def _some(price: Floats, index: pd.Index) -> "pd.Series[float]":
    """Give the prices that are something, by name."""
    prices = pd.Series(price, index=index, dtype=float)
    return prices[prices > 0]
