"""Alternatives against all fleets there are, each solved on its own by the textbook model."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from instances import random_instance

from microdc.instance import Instance
from microdc.solve.differing import Next, differing, what_next
from microdc.solve.highs import Clock
from microdc.solve.least_cost import set_aside
from microdc.solve.objective import solve
from microdc.solve.outcome import Outcome, Settings
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)
WITHIN = 0.03


def cost_of_fleets(instance: Instance) -> dict[frozenset[str], float]:
    """Give the least cost of every set of sites: these are built, all others are not."""
    costs, ids = {}, list(instance.sites.index)
    for count in range(len(ids) + 1):
        for fleet in combinations(ids, count):
            built = instance.sites.index.isin(fleet)
            alone = replace(instance, sites=instance.sites.assign(forced=built, forbidden=~built))
            outcome = textbook(alone, EXACT, Clock(20))
            if outcome.cost is not None:
                costs[frozenset(fleet)] = outcome.cost
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
