"""What sites earn at prices of demand."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.literature.drawn import capacitated
from benchmarks.literature.instances import capacitated_instance
from microdc.solve.priced.auction import Auction


def earned(auction, price):
    """What each site earns at best, one after the other, the dearest MW first."""
    profit = -auction.fixed_mn_yr
    for site in range(len(profit)):
        at = auction.pairs_of(np.array([site]))
        gain = price[auction.point[at]] - auction.paid[at]
        room = auction.cap_mw[site]
        for k in np.argsort(-gain):
            mw = min(room, auction.demand_mw_it[auction.point[at[k]]])
            profit[site] += max(0.0, gain[k]) * mw
            room -= mw if gain[k] > 0 else 0.0
    return profit


@pytest.mark.parametrize("dearest", [1e2, 1e6, 1e10, 1e14])
def test_sites_earn_as_much_as_they_can_however_dear_a_crumb_is(dearest):
    problem, rng = capacitated(12, 12, 3.0, 0), np.random.default_rng(0)
    crumb = replace(problem, demand=np.append(1e-9, problem.demand[1:]))
    auction = Auction(capacitated_instance(crumb))
    price = auction.opening() * (1 + 1e-3 * rng.random(12)) + 20
    price[0] = dearest
    bid = auction.at(price, auction.everywhere.pairs)
    assert bid.profit_mn_yr == pytest.approx(earned(auction, price), rel=1e-9)
