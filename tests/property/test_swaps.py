"""Exchanges of sites: against all neighbours, one by one."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from benchmarks.literature.drawn import capacitated
from benchmarks.literature.instances import capacitated_instance
from microdc.solve.highs import Clock, Options
from microdc.solve.objective import solve
from microdc.solve.outcome import Settings
from microdc.solve.priced.auction import Auction
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.core import Core
from microdc.solve.priced.trials.fleets import Fleets, nothing_but_counts
from microdc.solve.priced.trials.start import climbed
from microdc.solve.priced.trials.swaps import improved

MANY = 1000


def fleets_of(instance):
    auction = Auction(instance)
    bids = Bids(auction)
    top, ground = climbed(bids, Clock(60))
    fleets = Fleets(Core(auction, instance), ground, bids, Options(threads=1), Clock(60))
    return fleets, fleets.filled(auction.given, top)


def up_to(most, sites):
    return [some for many in range(most + 1) for some in combinations(sites, many)]


@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_no_neighbour_is_better_where_tries_suffice(at_once, seed):
    fleets, start = fleets_of(capacitated_instance(capacitated(9, 14, 2.5, seed)))
    every = np.ones(9, dtype=bool)
    sites = improved(fleets, start, every, MANY, at_once)
    assert fleets.cost_mn_yr(sites) <= fleets.cost_mn_yr(start)
    others = np.setdiff1d(np.arange(9), sites)
    neighbours = (
        np.union1d(np.setdiff1d(sites, out), into).astype(int)
        for out in up_to(at_once, sites)
        for into in up_to(at_once, others)
    )
    costs = [fleets.cost_mn_yr(one) for one in neighbours if len(one)]
    assert min(costs) >= fleets.cost_mn_yr(sites) * (1 - 1e-8)


def test_two_at_once_find_what_one_at_a_time_does_not():
    found = []
    for at_once in (1, 2):
        fleets, start = fleets_of(capacitated_instance(capacitated(60, 60, 10.0, 0)))
        improved(fleets, start, np.ones(60, dtype=bool), MANY, at_once)
        found.append(fleets.best_mn_yr)
    assert found[1] < found[0] * (1 - 1e-4)


def test_what_is_proven_of_sites_is_what_the_best_plan_on_them_costs():
    fleets, start = fleets_of(capacitated_instance(capacitated(30, 40, 5.0, 0)))
    assert fleets.bound_mn_yr(start) == pytest.approx(fleets.cost_mn_yr(start), rel=1e-6)
    assert fleets.bound_mn_yr(start[:1]) == np.inf


@pytest.mark.parametrize(("size_mn_per_mw_yr", "only_sites_matter"), [(0.0, True), (1.0, False)])
def test_a_least_size_that_costs_nothing_is_none(size_mn_per_mw_yr, only_sites_matter):
    instance = capacitated_instance(capacitated(5, 8, 2.5, 0))
    least = {"min_mw": 0.001, "size_mn_per_mw_yr": size_mn_per_mw_yr}
    instance = replace(instance, sites=instance.sites.assign(**least))
    assert nothing_but_counts(instance) is only_sites_matter


@pytest.mark.parametrize("seed", range(3))
def test_a_least_size_that_costs_nothing_changes_no_plan(seed):
    instance = capacitated_instance(capacitated(9, 14, 2.5, seed))
    least = replace(instance, sites=instance.sites.assign(min_mw=0.001))
    settings = Settings(gap=1e-6, threads=1)
    found = [solve(one, "least-cost", settings, Clock(60), print) for one in (instance, least)]
    assert found[0].cost == pytest.approx(found[1].cost, rel=1e-5)
    assert found[1].bound <= found[0].cost * (1 + 1e-9)
