"""Stopped at any moment, a search has a sound plan or says that it has none; its bound holds."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from hourly import HOURS
from instances import FEATURES, random_instance
from often import often

from microdc.instance import Instance
from microdc.oracles.base import Sizes
from microdc.oracles.delivery import in_order
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Mark, Outcome, Settings
from microdc.solve.search import shortlist
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)
EVERY = often(3, many=1)
"""Every so many moments a search is stopped; at the others, that of the next instance."""


def hard(seed: int, sites: int = 14, feature: str = "modules") -> Instance:
    """Draw an instance whose relaxation is not whole, so that the search has some way to go."""
    rng = np.random.default_rng([seed, 23])
    return FEATURES[feature](rng, random_instance(rng, sites=sites))


def stopped(instance: Instance, at_mark: int) -> tuple[Outcome, bool]:
    """Search until so many marks have been told; say also whether it was stopped there."""
    clock, told = Clock(60), count(1)

    def stop(_: Mark) -> None:
        if next(told) == at_mark:
            clock.interrupt()

    return solve(instance, "least-cost", EXACT, clock, stop), clock.interrupted


def stopped_again_and_again(instance: Instance, seed: int) -> Iterator[tuple[Outcome, bool]]:
    """Stop a search at one moment after the other, until it comes to its end."""
    early = True
    for at_mark in count(1 + seed % EVERY, EVERY):
        if not early:
            return
        outcome, early = stopped(instance, at_mark)
        yield outcome, early


def expect_sound(outcome: Outcome, instance: Instance, optimum: float) -> None:
    assert outcome.bound <= optimum + 1e-6
    if not outcome.has_plan:
        assert outcome.ended is Ended.INTERRUPTED
        return
    assert outcome.cost >= optimum - 1e-5
    built = instance.sites.index.isin(outcome.sizes_mw.index)
    sizes = Sizes(
        built=built.astype(float),
        mw=outcome.sizes_mw.reindex(instance.sites.index, fill_value=0.0).to_numpy(),
        unserved_mw_it=np.zeros(len(instance.points)),
    )
    missing = in_order(instance, "weak").missing_mw_it(sizes)
    assert missing.sum() <= outcome.unserved_mw_it.sum() + 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("few", [0, 1000])
def test_stopped_at_every_moment_a_search_is_sound(few, monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", few)
    monkeypatch.setattr(shortlist, "_PER_POINT", 2)
    moments = with_plan = 0
    for seed in range(6):
        instance = hard(seed)
        optimum = textbook(instance, EXACT, Clock(60)).cost
        for outcome, early in stopped_again_and_again(instance, seed):
            expect_sound(outcome, instance, optimum)
            moments += early
            with_plan += early and outcome.has_plan
    assert moments * EVERY >= 40
    assert with_plan * EVERY >= 5


@pytest.mark.slow
@pytest.mark.parametrize("feature", ["outages", "outages_relaxed", "outages_of_two"])
def test_stopped_at_every_moment_a_plan_survives_outages(feature, monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", 0)
    monkeypatch.setattr(shortlist, "_PER_POINT", 2)
    moments = 0
    for seed in range(4):
        instance = hard(seed, sites=8, feature=feature)
        optimum = textbook(instance, EXACT, Clock(60)).cost
        for outcome, early in stopped_again_and_again(instance, seed):
            expect_sound(outcome, instance, optimum)
            expect_it_serves_what_it_says(outcome, instance)
            moments += early
    assert moments * EVERY >= 15


def expect_it_serves_what_it_says(outcome: Outcome, instance: Instance) -> None:
    """Expect a plan, if there is one, to cost what the textbook model makes of its sites."""
    if outcome.has_plan:
        again = textbook(with_sizes_of(outcome, instance), EXACT, Clock(60))
        assert again.cost == pytest.approx(outcome.cost, rel=1e-4)


def with_sizes_of(outcome: Outcome, instance: Instance) -> Instance:
    """Leave open only who is served from where: the sites and sizes are those of a plan."""
    built = instance.sites.index.isin(outcome.sizes_mw.index)
    mw = outcome.sizes_mw.reindex(instance.sites.index, fill_value=0.0)
    fixed = {"min_mw": mw, "cap_mw": mw + 1e-5, "forced": built, "forbidden": ~built}
    return replace(instance, sites=instance.sites.assign(**fixed))


@pytest.mark.slow
def test_runs_and_numbers_of_threads_agree_within_the_gap():
    for seed in range(often(3, many=6)):
        instance, settings = hard(seed), Settings(gap=0.001)
        costs = [
            solve(instance, "least-cost", s, Clock(60), lambda _: None).cost
            for s in (settings, settings, replace(settings, threads=1))
        ]
        assert costs[0] == costs[1]
        assert max(costs) - min(costs) <= settings.gap * max(costs)


@pytest.mark.slow
@pytest.mark.parametrize("feature", ["hours_shared", "hours_of_all_sorts"])
def test_stopped_at_every_moment_every_hour_is_served(feature, monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", 0)
    monkeypatch.setattr(shortlist, "_PER_POINT", 2)
    moments = 0
    for seed in range(3):
        rng = np.random.default_rng([seed, 29])
        instance = HOURS[feature][0](rng, random_instance(rng, sites=8))
        optimum = textbook(instance, EXACT, Clock(60)).cost
        for outcome, early in stopped_again_and_again(instance, seed):
            assert outcome.bound <= optimum + 1e-6
            expect_it_serves_what_it_says(outcome, instance)
            moments += early
    assert moments * EVERY >= 10
