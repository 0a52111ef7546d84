"""Alternatives against all fleets there are, each solved on its own by the textbook model."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from instances import FEATURES, random_instance

from microdc.instance import Instance
from microdc.solve.differing import (
    Next,
    as_alternative,
    differing,
    nearly_as_good,
    what_next,
)
from microdc.solve.highs import Clock
from microdc.solve.least_cost import set_aside
from microdc.solve.objective import solve
from microdc.solve.outcome import Outcome, Settings
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)
WITHIN = 0.03


def cost_of_fleets(instance: Instance) -> dict[frozenset[str], float]:
    """Give the least cost of every set of sites: these are built, all others are not."""
    costs = {}
    for fleet in all_fleets(instance):
        built = instance.sites.index.isin(fleet)
        alone = replace(instance, sites=instance.sites.assign(forced=built, forbidden=~built))
        outcome = textbook(alone, EXACT, Clock(20))
        if outcome.cost is not None:
            costs[fleet] = outcome.cost
    return costs


def search(instance: Instance, fleets: list[frozenset[str]], least: int) -> Outcome:
    ids = [pd.Index(sorted(fleet)) for fleet in fleets]
    others = differing(instance, ids, least) if fleets else instance
    return solve(others, "least-cost", EXACT, Clock(30), lambda _: None)


@pytest.mark.parametrize(
    ("seed", "priced"), [(0, False), (1, False), (2, False), (0, True), (3, True)]
)
def test_each_is_the_cheapest_that_differs_until_there_are_no_more(seed, priced):
    rng = np.random.default_rng([seed, 91])
    instance = set_aside(random_instance(rng, sites=4))[0]
    if priced:
        price = rng.uniform(0, 2, instance.reach.pairs).round(3)
        instance = replace(instance, reach=replace(instance.reach, mn_per_mw_it_yr=price))
    costs, least = cost_of_fleets(instance), 1 + seed % 2
    best = min(costs.values())
    fleets: list[frozenset[str]] = []
    while all(len(fleet) >= least for fleet in fleets):
        left = [
            cost
            for fleet, cost in costs.items()
            if all(len(before - fleet) >= least for before in fleets)
        ]
        outcome = search(instance, fleets, least)
        found = what_next(outcome, best * (1 + WITHIN))
        if min(left, default=np.inf) > best * (1 + WITHIN):
            assert found is Next.NO_MORE
            return
        assert found is Next.FOUND
        assert outcome.cost == pytest.approx(min(left), rel=1e-5)
        assert outcome.bound <= min(left) * (1 + 1e-9)
        fleets.append(frozenset(outcome.sizes_mw.index))


OF = {
    "most-served": "counts",
    "fewest-sites": "must_serve",
    "least-worst-rtt": "must_serve",
    "least-mean-rtt": "budget",
}


@pytest.mark.parametrize("objective", OF)
def test_the_next_is_the_cheapest_that_differs_and_is_nearly_as_good(objective):
    """How good each fleet can be is found for that fleet alone, and all cost as textbooks say."""
    share, found = 0.25, []
    for seed in range(4):
        instance = timed(np.random.default_rng([seed, 93]), OF[objective])
        best = solve(instance, objective, EXACT, Clock(30), lambda _: None)
        if not best.has_plan or not len(best.sizes_mw):
            continue
        near = nearly_as_good(instance, best, share)
        first = best.sizes_mw.index
        outcome = solve(differing(near, [first], 1), "least-cost", EXACT, Clock(30), lambda _: None)
        costs = cost_of_fleets(near)
        left = [cost for fleet, cost in costs.items() if set(first) - fleet]
        assert outcome.has_plan == bool(left)
        if left:
            assert outcome.cost == pytest.approx(min(left), rel=1e-5)
            told = as_alternative(outcome, instance, best, share)
            found.append(no_worse(told, best, instance, share))
        for fleet in all_fleets(instance):
            built = instance.sites.index.isin(fleet)
            alone = instance.sites.assign(forced=built, forbidden=~built)
            one = solve(replace(instance, sites=alone), objective, EXACT, Clock(30), lambda _: None)
            as_good = one.has_plan and no_worse(one, best, instance, share)
            assert as_good == (fleet in costs)
        if found:
            break
    assert found == [True]


def timed(rng: np.random.Generator, rule: str) -> Instance:
    instance = FEATURES[rule](rng, random_instance(rng, sites=4))
    rtt_ms = rng.uniform(0.5, 5, instance.reach.pairs).round(3)
    groups = instance.groups.assign(rtt_bound_ms=5.0)
    return replace(instance, groups=groups, reach=replace(instance.reach, rtt_ms=rtt_ms))


def all_fleets(instance: Instance) -> list[frozenset[str]]:
    ids = list(instance.sites.index)
    return [frozenset(some) for count in range(len(ids) + 1) for some in combinations(ids, count)]


def no_worse(one: Outcome, best: Outcome, instance: Instance, share: float) -> bool:
    """Tell whether a plan is worse than the best by no more than a share, whatever it is of."""
    for mine, theirs in zip(one.reached, best.reached, strict=True):
        assert mine.bound <= mine.value
        if mine.value > theirs.value * (1 + share) + 1e-5:
            return False
    if best.unserved_bound_mw_it is None:
        return True
    wanted = instance.demand_by_group_mw_it.sum()
    served, most = (wanted - plan.unserved_mw_it.sum() for plan in (one, best))
    return bool(served >= most * (1 - share) - 1e-4)
