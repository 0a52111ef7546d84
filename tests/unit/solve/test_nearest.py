"""Exchanges where everybody is served from the nearest: against all exchanges, one by one."""

import numpy as np
import pytest

from benchmarks.literature.drawn import every_point_a_site
from benchmarks.literature.instances import median_instance
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction
from microdc.solve.priced.trials.nearest import Nearest


@pytest.mark.parametrize("seed", range(3))
def test_no_exchange_of_one_site_for_another_is_better_than_the_best(seed):
    distance = every_point_a_site(30, seed).distance
    auction = Auction(median_instance(distance, np.ones(30), 4))
    nearest = Nearest(auction, auction.ground(np.ones(len(auction.point), dtype=bool)))
    allowed = np.ones(30, dtype=bool)
    found = nearest.improved(np.arange(4), allowed, Clock(60.0))

    def cost(sites):
        return distance[sites].min(axis=0).sum()

    assert len(found) == 4
    for out in found:
        for into in np.setdiff1d(np.arange(30), found):
            assert cost([*np.setdiff1d(found, [out]), into]) >= cost(found) - 1e-9


def test_only_sites_that_are_allowed_come_in():
    distance = every_point_a_site(30, 3).distance
    auction = Auction(median_instance(distance, np.ones(30), 4))
    nearest = Nearest(auction, auction.ground(np.ones(len(auction.point), dtype=bool)))
    allowed = np.arange(30) < 8
    assert (nearest.improved(np.arange(4), allowed, Clock(60.0)) < 8).all()
