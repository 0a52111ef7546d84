"""Exchanges where everybody is served from the nearest: against all of them, one by one."""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.literature.drawn import every_point_a_site
from benchmarks.literature.instances import median_instance
from microdc.solve.highs import Clock
from microdc.solve.priced.auction import Auction
from microdc.solve.priced.trials.nearest import Nearest
from microdc.solve.priced.trials.shaking import Until, shaken


def nearest_of(auction):
    return Nearest.of(auction, auction.everywhere)


def among(points, most, seed):
    """Points at random, each a site, of which so many may be open."""
    distance = every_point_a_site(points, seed).distance
    return nearest_of(Auction(median_instance(distance, np.ones(points), most)))


@pytest.mark.parametrize("seed", range(3))
def test_no_exchange_of_one_site_for_another_is_better_than_the_best(seed):
    distance = every_point_a_site(30, seed).distance
    nearest = among(30, 4, seed)
    allowed = np.ones(30, dtype=bool)
    found = nearest.improved(np.arange(4), allowed, Clock(60.0))

    def cost(sites):
        return distance[sites].min(axis=0).sum()

    assert len(found) == 4
    for out in found:
        for into in np.setdiff1d(np.arange(30), found):
            assert cost([*np.setdiff1d(found, [out]), into]) >= cost(found) - 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_a_part_of_the_sites_costs_what_it_adds_to_the_others(seed):
    """Whichever sites of a part are open, the whole costs as much more as the part does."""
    nearest, sites = among(40, 6, seed), np.arange(6)
    inner = nearest.around(sites, sites[2:3])
    part = nearest.part(sites, inner, np.ones(40, dtype=bool))
    outer = np.setdiff1d(sites, inner)
    assert (part.sites[part.open] == inner).all()
    assert not np.isin(outer, part.sites).any()
    chance, every = np.random.default_rng(seed), np.arange(len(part.sites))
    some = [np.sort(chance.choice(every, len(inner), replace=False)) for _ in range(100)]
    more = [
        nearest.cost_mn_yr(np.union1d(outer, part.sites[one])) - part.nearest.cost_mn_yr(one)
        for one in some
    ]
    assert np.ptp(more) < 1e-9 * (1 + max(more))


def test_those_next_to_a_site_are_around_it():
    on_a_line = np.abs(np.subtract.outer(np.arange(30.0), np.arange(30.0)))
    nearest = nearest_of(Auction(median_instance(on_a_line, np.ones(30), 5)))
    nearest = nearest.part(np.array([2, 8, 14, 20, 26]), np.array([8, 14, 20]), np.ones(30) > 0)
    found = nearest.sites[nearest.nearest.around(nearest.open, nearest.open[1:2])]
    assert found.tolist() == [8, 14, 20]


def test_shaken_sites_are_as_good_as_any():
    """Of all choices of three sites, where one exchange after another may stop short."""
    nearest = among(25, 3, 0)
    best = min(nearest.cost_mn_yr(np.array(sites)) for sites in combinations(range(25), 3))
    likely, nobody = np.ones(25), np.zeros(25, dtype=bool)
    for first in ([0, 1, 2], [5, 11, 24], [20, 21, 22]):
        until = Until(goal_mn_yr=0.0, in_vain=40, clock=Clock(60.0), seed=0)
        found = shaken(nearest, np.array(first), nobody, likely, until)
        assert nearest.cost_mn_yr(found) == pytest.approx(best)


def test_where_every_site_is_open_nothing_is_shaken():
    nearest, every = among(6, 6, 0), np.arange(6)
    until = Until(goal_mn_yr=-1.0, in_vain=4, clock=Clock(60.0), seed=0)
    found = shaken(nearest, every, np.zeros(6, dtype=bool), np.ones(6), until)
    assert found.tolist() == every.tolist()


def test_only_sites_that_are_allowed_come_in():
    nearest = among(30, 4, 3)
    allowed = np.arange(30) < 8
    assert (nearest.improved(np.arange(4), allowed, Clock(60.0)) < 8).all()
