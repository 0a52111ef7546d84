"""Branch and bound over sites: against all choices, one by one."""

import os
import time
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.literature.drawn import capacitated, every_point_a_site
from benchmarks.literature.instances import capacitated_instance, median_instance
from microdc.solve.highs import Clock, Options
from microdc.solve.objective import solve
from microdc.solve.outcome import Settings
from microdc.solve.priced.auction import Auction
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.branching import helpers
from microdc.solve.priced.branching.counted import Fixed, Region
from microdc.solve.priced.branching.helpers import search
from microdc.solve.priced.branching.tree import Tree
from microdc.solve.priced.core import Core
from microdc.solve.priced.trials.fleets import Fleets
from microdc.solve.priced.trials.start import climbed

MOST_S = 60


def halved(rng, sites):
    """Bound some sites, halve them, and so on."""
    many = len(sites)
    least, most = sorted(rng.integers(0, many + 1, 2).tolist())
    region = Region(sites, least if rng.random() < 0.5 else 0, most if rng.random() < 0.7 else many)
    if many < 2 or rng.random() < 0.3:
        return region
    cut = int(rng.integers(1, many))
    return replace(region, halves=(halved(rng, sites[:cut]), halved(rng, sites[cut:])))


def within(region, opened):
    inner = all(within(half, opened) for half in region.halves or ())
    return inner and region.least <= opened[region.sites].sum() <= region.most


def drawn(seed):
    rng = np.random.default_rng(seed)
    many = int(rng.integers(3, 8))
    state = rng.choice([0, 0, 0, 1, 2], many)
    counted = halved(rng, rng.permutation(many)[: int(rng.integers(1, many + 1))])
    return Fixed(state == 1, state == 2, counted), rng.normal(0, 1, many)


@pytest.mark.parametrize("seed", range(60))
def test_the_sites_chosen_within_bounds_earn_most_and_others_lose_what_is_said(seed):
    fixed, profit = drawn(seed)
    every = [np.array(choice, dtype=bool) for choice in product([0, 1], repeat=len(profit))]
    some = [
        opened
        for opened in every
        if opened[fixed.open].all()
        and not opened[fixed.shut].any()
        and within(fixed.region, opened)
    ]
    assert fixed.possible == bool(some)
    if not some:
        return
    opened = fixed.opened(profit)
    most = max(profit[one].sum() for one in some)
    assert any((opened == one).all() for one in some)
    assert profit[opened].sum() == pytest.approx(most)
    losses = fixed.losses(profit, opened)
    for site in np.flatnonzero(fixed.free):
        other = [profit[one].sum() for one in some if one[site] != opened[site]]
        assert losses[site] <= most - max(other, default=-np.inf) + 1e-9


def planted(instance, gap):
    """Give a tree that has tried nothing but the sites that a climb ends with."""
    auction = Auction(instance)
    bids = Bids(auction)
    top, ground = climbed(bids, Clock(MOST_S))
    options = Options(threads=1, gap=gap)
    fleets = Fleets(Core(auction, instance), ground, bids, options, Clock(MOST_S))
    fleets.cost_mn_yr(fleets.filled(auction.given, top))
    return Tree(fleets, ground, top, Clock(MOST_S))


@pytest.mark.parametrize("seed", range(4))
def test_a_tree_of_sites_finds_the_best_of_all(seed):
    instance = capacitated_instance(capacitated(9, 14, 3.0, seed))
    tree = planted(instance, 1e-4)
    search(tree, 1, lambda: None)
    all_sites = range(len(instance.sites))
    sets = product([False, True], repeat=len(all_sites))
    best = min(planted_cost(tree, np.flatnonzero(chosen)) for chosen in sets if any(chosen))
    assert tree.bound_mn_yr <= best * (1 + 1e-9)
    assert tree.bound_mn_yr >= tree.fleets.best_mn_yr * (1 - 1e-4) - 1e-9
    assert tree.fleets.best_mn_yr == pytest.approx(best, rel=1e-4)


def planted_cost(tree, sites):
    other = Fleets(tree.fleets.core, tree.ground, tree.fleets.bids, tree.fleets.options, tree.clock)
    return other.cost_mn_yr(sites)


def test_a_tree_counts_sites_where_their_number_is_given():
    distance = every_point_a_site(40, 1).distance
    instance = median_instance(distance, np.ones(40), 4)
    tree = planted(instance, 1e-6)
    search(tree, 1, lambda: None)
    assert len(tree.fleets.best) == 4
    assert tree.bound_mn_yr == pytest.approx(tree.fleets.best_mn_yr, rel=1e-6)


def test_out_of_time_a_tree_still_knows_what_it_has_proven():
    tree = planted(median_instance(every_point_a_site(40, 2).distance, np.ones(40), 4), 1e-6)
    least = tree.bound_mn_yr
    tree.clock = Clock(0.0)
    search(tree, 1, lambda: None)
    assert tree.bound_mn_yr >= least
    assert tree.heap


@pytest.fixture
def soon_shared(monkeypatch):
    """Let others take part in a search after a few looks."""
    monkeypatch.setattr(helpers, "_LOOKS_ALONE", 20)
    monkeypatch.setattr(helpers, "_LOOKS_A_ROUND", 10)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_tree_that_others_search_too_proves_the_same(seed, soon_shared):
    instance = capacitated_instance(capacitated(40, 40, 5.0, seed))
    alone, shared = planted(instance, 1e-6), planted(instance, 1e-6)
    search(alone, 1, lambda: None)
    search(shared, 2, lambda: None)
    assert shared.fleets.best_mn_yr == pytest.approx(alone.fleets.best_mn_yr, rel=1e-6)
    assert shared.bound_mn_yr >= shared.fleets.best_mn_yr * (1 - 1e-6)
    assert shared.elsewhere_mn_yr == np.inf


def test_what_another_process_is_lost_over_is_searched_all_the_same(soon_shared, monkeypatch):
    tree = planted(capacitated_instance(capacitated(40, 40, 5.0, 1)), 1e-6)
    monkeypatch.setattr(helpers, "_searched", lost)
    search(tree, 2, lambda: None)
    assert tree.bound_mn_yr >= tree.fleets.best_mn_yr * (1 - 1e-6)


def lost(*_):
    os._exit(1)


def test_a_search_ends_in_time_whatever_others_do(soon_shared, monkeypatch):
    tree = planted(capacitated_instance(capacitated(40, 40, 5.0, 1)), 1e-6)
    tree.clock = Clock(0.5)
    monkeypatch.setattr(helpers, "_searched", late)
    least, clock = tree.bound_mn_yr, Clock(MOST_S)
    search(tree, 2, lambda: None)
    assert clock.seconds < MOST_S / 4
    assert least <= tree.bound_mn_yr <= tree.fleets.best_mn_yr
    assert tree.heap


def late(*_):
    time.sleep(MOST_S)


lost.__module__ = late.__module__ = "__main__"  # so that they are handed over by value


def test_sites_that_only_all_together_have_room_are_a_plan():
    """Whom the dearest of 17 small sites must serve, too, is not told by the 16 nearest."""
    small, large = np.ones((17, 2)), np.full((1, 2), 0.5)
    small[16] = 2.0
    problem = SimpleNamespace(
        capacity=np.array([1.0] * 17 + [17.0]),
        fixed=np.array([1.0] * 17 + [100.0]),
        demand=np.array([8.5, 8.5]),
        price=np.vstack([small, large]),
    )
    settings = Settings(gap=1e-6, threads=1, seed=0)
    found = solve(
        capacitated_instance(problem), "least-cost", settings, Clock(MOST_S), lambda _: None
    )
    assert found.cost == pytest.approx(17 + 16 + 2)
    assert len(found.sizes_mw) == 17
    assert found.bound <= found.cost * (1 + 1e-9)
