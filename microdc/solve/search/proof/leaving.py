"""How much demand a plan may leave unserved and be worth a look, by what prices prove of it."""

import numpy as np

from microdc.instance import Floats
from microdc.model.bound.market import Market
from microdc.solve.search.proof.told import Proof

_NEAR_PRICE = 0.5  # of what serving a point costs: what leaving it may cost more


def below_cost_mw_it(market: Market, proof: Proof, cost: float) -> Floats:
    """Give how much of each point (MW IT) a plan that costs less leaves at most: reduced costs."""
    market = market.at(proof.prices)
    most = market.instance.most_unserved_by_point_mw_it
    loss = market.loss_mn_yr_per_mw_it(proof.prices)
    unlimited = np.full_like(loss, np.inf)
    return np.minimum(most, np.divide(cost - proof.bound, loss, out=unlimited, where=loss > 0))


def near_their_price_mw_it(market: Market, proof: Proof) -> Floats:
    """Give how much of each point may be left (MW IT): nothing where serving it plainly pays."""
    market = market.at(proof.prices)
    loss = market.loss_mn_yr_per_mw_it(proof.prices)
    worth = market.worth_mn_yr_per_mw_it(proof.prices)
    near = loss <= _NEAR_PRICE * worth
    return np.where(near, market.instance.most_unserved_by_point_mw_it, 0.0)
