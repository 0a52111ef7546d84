"""Fewest sites and least worst round trip, against every number and every bound in turn."""

from dataclasses import replace

import numpy as np
import pytest
from instances import FEATURES, must_serve, random_instance

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.stages.held import with_most_sites, within_rtt
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6, threads=1)
MOST_S = 60.0
RULES = ("tree", "modules", "budget", "counts", "apart", "hubs", "existing", "outages")


def drawn(seed: int, *features: str) -> Instance:
    """Draw an instance with something that must be served, and rules, and round trips."""
    rng = np.random.default_rng([seed, 71, *"".join(features).encode()])
    instance = random_instance(rng, sites=int(rng.integers(4, 8)))
    while (instance.points["group"] > 0).all():  # nothing that must be served
        instance = random_instance(rng, sites=int(rng.integers(4, 8)))
    instance = must_serve(rng, instance)
    for feature in features:
        instance = FEATURES[feature](rng, instance)
    rtt_ms = rng.integers(1, 12, instance.reach.pairs) / 7
    return replace(instance, reach=replace(instance.reach, rtt_ms=rtt_ms))


def asked(instance: Instance, *objective: str) -> Outcome:
    return solve(instance, objective, EXACT, Clock(MOST_S), lambda _: None)


def model(instance: Instance) -> Outcome:
    """Solve the textbook model of an instance, where everything is within reach of somebody."""
    if (instance.reach.sites_per_point == 0).any():
        return asked(instance, "least-cost")
    return textbook(instance, EXACT, Clock(MOST_S))


def fewest(instance: Instance) -> tuple[int, Outcome] | None:
    """Try no site, one, two ...: the first number with a plan, and the cheapest of these."""
    for most in range(len(instance.sites) + 1):
        found = model(with_most_sites(instance, most))
        if found.has_plan:
            return most, found
    return None


def shortest(instance: Instance) -> tuple[float, Outcome] | None:
    """Try every round trip of a pair, the shortest first, as `fewest` does numbers of sites."""
    for most_ms in np.unique(instance.reach.rtt_ms):
        found = model(within_rtt(instance, most_ms))
        if found.has_plan:
            return most_ms, found
    return None


TRIED = {"fewest-sites": fewest, "least-worst-rtt": shortest}


@pytest.mark.parametrize("feature", RULES)
@pytest.mark.parametrize("objective", TRIED)
def test_what_an_objective_comes_to_is_what_trying_all_finds(objective, feature):
    plans = 0
    for seed in range(5):
        instance = drawn(seed, feature)
        ours, tried = asked(instance, objective), TRIED[objective](instance)
        if tried is None:
            assert ours.ended is Ended.INFEASIBLE
            continue
        value, cheapest = tried
        (reached,) = ours.reached
        assert reached.value == pytest.approx(value)
        assert reached.bound == reached.value
        assert ours.ended in (Ended.WITHIN_GAP, Ended.STALLED)  # by the solver's tolerances
        assert ours.cost == pytest.approx(cheapest.cost, rel=3e-6, abs=1e-5)
        assert ours.bound <= cheapest.cost * (1 + 1e-9) + 1e-9
        plans += 1
    assert plans


def test_objectives_in_order_each_hold_on_to_those_before():
    for seed in range(3):
        instance = drawn(seed, "tree")
        ours = asked(instance, "fewest-sites", "least-worst-rtt")
        tried = fewest(instance)
        if tried is None:
            assert ours.ended is Ended.INFEASIBLE
            continue
        few = with_most_sites(instance, tried[0])
        worst_ms, cheapest = shortest(few)
        assert [one.value for one in ours.reached] == pytest.approx([tried[0], worst_ms])
        assert ours.cost == pytest.approx(cheapest.cost, rel=3e-6, abs=1e-5)
        other = asked(instance, "least-worst-rtt", "fewest-sites", "least-cost")
        worst_ms, _ = shortest(instance)
        most, cheapest = fewest(within_rtt(instance, worst_ms))
        assert [one.value for one in other.reached] == pytest.approx([worst_ms, most])
        assert other.cost == pytest.approx(cheapest.cost, rel=3e-6, abs=1e-5)


def test_most_served_comes_before_or_after():
    for seed in range(3):
        instance = drawn(seed, "counts")
        first = asked(instance, "most-served", "least-worst-rtt")
        if first.ended is Ended.INFEASIBLE:
            continue
        most = asked(instance, "most-served")
        assert first.unserved_mw_it.sum() == pytest.approx(most.unserved_mw_it.sum(), abs=1e-4)
        last = asked(instance, "least-worst-rtt", "most-served")
        assert last.reached[0].value <= first.reached[0].value
        assert last.unserved_mw_it.sum() >= first.unserved_mw_it.sum() - 1e-4


@pytest.mark.parametrize("objective", TRIED)
def test_the_textbook_model_comes_to_the_same(objective):
    for seed in range(3):
        instance = drawn(seed, "modules", "outages")
        ours = asked(instance, objective)
        compact = replace(EXACT, formulation="compact")
        theirs = solve(instance, objective, compact, Clock(MOST_S), lambda _: None)
        assert ours.reached == theirs.reached
        if ours.has_plan:
            assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)


@pytest.mark.parametrize("objective", TRIED)
def test_out_of_time_nothing_is_claimed(objective):
    """No time at all: no plan, or one of which no more is proven than what none avoids."""
    late = solve(drawn(0), objective, EXACT, Clock(0.0), lambda _: None)
    assert late.ended is not Ended.WITHIN_GAP
    assert np.isfinite(late.bound)
