"""A search that begins with what another learnt ends with the same answer."""

from dataclasses import replace

import numpy as np
import pytest
from hourly import HOURS
from instances import FEATURES, random_instance, with_far_point

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Outcome, Settings
from microdc.solve.search.known import Known

EXACT = Settings(gap=1e-6, threads=1)
EVERY = {**FEATURES, **{name: feature for name, (feature, _) in HOURS.items()}}


def outcome_of(
    instance: Instance, known: Known | None = None, objective: str = "least-cost"
) -> Outcome:
    return solve(instance, objective, EXACT, Clock(60), lambda _: None, known)


def dearer(rng: np.random.Generator, instance: Instance) -> Instance:
    """Other prices of sites, and a little less of each, but where something must be there."""
    sites = instance.sites
    factor = np.where(sites["standing"], 1.0, rng.uniform(0.6, 1.6, len(sites)))
    return replace(instance, sites=sites.assign(site_mn_yr=sites["site_mn_yr"] * factor))


def expect_same(cold: Outcome, warm: Outcome) -> None:
    assert warm.ended is cold.ended
    assert (warm.cost is None) == (cold.cost is None)
    if cold.cost is not None:
        assert warm.cost == pytest.approx(cold.cost, rel=3e-6, abs=1e-5)
        assert warm.bound <= cold.cost * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize("feature", EVERY)
def test_the_answer_is_the_same_cold_or_warm(feature):
    for seed in range(1):
        rng = np.random.default_rng([seed, *feature.encode()])
        plain = random_instance(rng)
        instance = EVERY[feature](rng, plain)
        known = outcome_of(instance).known
        for other in (dearer(rng, instance), replace(instance, budget_mn=400.0)):
            expect_same(outcome_of(other), outcome_of(other, known))


@pytest.mark.parametrize("feature", ["outages", "outages_relaxed", "hours", "hours_deferring"])
def test_what_is_known_of_less_serves_for_more(feature):
    for seed in range(1):
        rng = np.random.default_rng([seed, *feature.encode()])
        plain = random_instance(rng)
        other = EVERY[feature](rng, plain)
        expect_same(outcome_of(other), outcome_of(other, outcome_of(plain).known))


def test_points_and_sites_may_come_and_go():
    for seed in range(2):
        rng = np.random.default_rng(seed)
        plain = random_instance(rng)
        wider = with_far_point(plain, 3.0)
        fewer = plain.with_points(np.arange(1, len(plain.points)))
        for first, second in ((plain, wider), (wider, plain), (plain, fewer), (fewer, plain)):
            expect_same(outcome_of(second), outcome_of(second, outcome_of(first).known))


def test_the_most_that_can_be_served_is_the_same_cold_or_warm():
    for seed in range(2):
        rng = np.random.default_rng(seed)
        instance = replace(random_instance(rng), budget_mn=200.0)
        known = outcome_of(replace(instance, budget_mn=300.0)).known
        expect_same(
            outcome_of(instance, None, "most-served"), outcome_of(instance, known, "most-served")
        )


def test_a_search_with_the_answer_known_needs_few_rounds():
    rng = np.random.default_rng(7)
    instance = random_instance(rng, sites=15)
    cold = outcome_of(instance)
    assert outcome_of(instance, cold.known).counts.rounds <= cold.counts.rounds
