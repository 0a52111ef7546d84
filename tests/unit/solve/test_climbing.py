"""Prices of demand: lifted one at a time, looked at within a margin, and dived from."""

import numpy as np
import pytest

from benchmarks.literature.drawn import Capacitated, Square, capacitated, every_point_a_site
from benchmarks.literature.instances import capacitated_instance, median_instance
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.climbing.lift import Lift
from microdc.solve.priced.trials.dive import dived
from microdc.solve.priced.trials.start import climbed


def auction_of(seed):
    if seed % 2:
        return Auction(median_instance(every_point_a_site(25, seed).distance, np.ones(25), 4))
    return Auction(capacitated_instance(capacitated(25, 25, 5.0, seed)))


def prices_of(auction, rng):
    return auction.opening() * rng.uniform(0.7, 1.3, len(auction.demand_mw_it))


def test_who_is_alone_with_a_site_is_lifted_to_what_that_costs():
    square = Square(sites=np.array([[0.0, 0.0]]), points=np.array([[0.0, 1.0]]))
    demand, capacity, fixed = (np.array([much]) for much in (2.0, 5.0, 10.0))
    problem = Capacitated(square=square, demand=demand, capacity=capacity, fixed=fixed)
    auction = Auction(capacitated_instance(problem))
    bid = auction.at(np.zeros(1), auction.everywhere.pairs)
    price = Lift(auction, auction.everywhere).lifted(bid, auction.given)
    assert price == pytest.approx([1 + 10 / 2])
    lifted = auction.at(price, auction.everywhere.pairs)
    assert auction.bound_mn_yr(lifted, auction.given) == pytest.approx(12)  # what serving costs


@pytest.mark.parametrize("seed", range(8))
def test_lifted_prices_prove_no_less(seed):
    auction, rng = auction_of(seed), np.random.default_rng(seed)
    bid = auction.at(prices_of(auction, rng), auction.everywhere.pairs)
    lift, rises = Lift(auction, auction.everywhere), 0
    for _ in range(3):
        price = lift.lifted(bid, auction.given)
        before = auction.bound_mn_yr(bid, auction.given)
        assert (price >= bid.price).all()
        bid = auction.at(price, auction.everywhere.pairs)
        after = auction.bound_mn_yr(bid, auction.given)
        assert after >= before - 1e-9 * abs(before)
        rises += after > before
    assert rises


@pytest.mark.parametrize("seed", range(8))
def test_pairs_within_a_margin_are_all_that_matter_while_prices_move_by_no_more(seed):
    auction, rng = auction_of(seed), np.random.default_rng(seed)
    bid = auction.at(prices_of(auction, rng), auction.everywhere.pairs)
    down, up = rng.uniform(0, 0.1, (2, len(bid.price))) * bid.price.mean()
    near = auction.around(bid, auction.everywhere, down, up)
    assert len(near.pairs.point) < len(auction.point)
    for _ in range(5):
        price = rng.uniform(near.floor, near.ceiling)
        few, every = (auction.at(price, some.pairs) for some in (near, auction.everywhere))
        assert few.profit_mn_yr == pytest.approx(every.profit_mn_yr)
        assert auction.at(price, near.pairs, bid).profit_mn_yr == pytest.approx(few.profit_mn_yr)


@pytest.mark.parametrize("seed", range(4))
def test_a_dive_ends_with_room_for_all_on_no_more_sites_than_may_be(seed):
    auction = auction_of(seed)
    top, ground = climbed(Bids(auction), Clock(60.0))
    sites = dived(auction, ground, top, Clock(60.0))
    assert len(sites) == len(set(sites.tolist()))
    assert auction.cap_mw[sites].sum() >= auction.demand_mw_it.sum()
    if auction.counted.any():
        assert len(sites) <= auction.most
