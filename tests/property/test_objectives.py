"""Fewest sites and least worst round trip, against every number and every bound in turn."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hourly import HOURS
from instances import FEATURES, must_serve, random_instance

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.turns.held import with_most_sites, within_rtt

EXACT = Settings(gap=1e-6, threads=1)
TEXTBOOK = replace(EXACT, formulation="compact")
MOST_S = 60.0
RULES = ("tree", "modules", "budget", "counts", "apart", "hubs", "existing", "forced", "outages")
BINDING = 1
"""Instances of each rule on which it changes the answer; many more under the marker `long`."""
TRIES = 60
OF_HOURS = {name: make for name, (make, _) in HOURS.items()}


def drawn(seed: int, *features: str) -> tuple[Instance, Instance]:
    """Draw an instance of which something must be served, and the same with rules on it."""
    rng = np.random.default_rng([seed, 71, *"".join(features).encode()])
    plain = random_instance(rng, sites=int(rng.integers(4, 8)))
    while (plain.points["group"] > 0).all():  # nothing that must be served
        plain = random_instance(rng, sites=int(rng.integers(4, 8)))
    rtt_ms = rng.integers(1, 12, (len(plain.points), len(plain.sites))) / 7
    ruled = plain = must_serve(rng, plain)
    for feature in features:
        ruled = {**FEATURES, **OF_HOURS, "price": priced}[feature](rng, ruled)
    return timed(plain, rtt_ms), timed(ruled, rtt_ms)


def priced(rng: np.random.Generator, instance: Instance) -> Instance:
    """Give each pair in reach a price."""
    price = rng.uniform(0, 3, instance.reach.pairs).round(3)
    return replace(instance, reach=replace(instance.reach, mn_per_mw_it_yr=price))


def timed(instance: Instance, rtt_ms: np.ndarray) -> Instance:
    """Give each pair in reach its round trip, of points x sites."""
    reach = instance.reach
    point = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
    return replace(instance, reach=replace(reach, rtt_ms=rtt_ms[point, reach.site]))


def asked(instance: Instance, *objective: str) -> Outcome:
    return solve(instance, objective, EXACT, Clock(MOST_S), lambda _: None)


def model(instance: Instance) -> Outcome:
    """Solve the textbook model of an instance for least cost."""
    return solve(instance, "least-cost", TEXTBOOK, Clock(MOST_S), lambda _: None)


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


def binds(objective: str, seed: int, *features: str) -> bool:
    """Hold the answer against trying all; say whether the rules have changed it."""
    plain, ruled = drawn(seed, *features)
    ours, tried = asked(ruled, objective), TRIED[objective](ruled)
    without = TRIED[objective](plain)
    if tried is None:
        assert ours.ended is Ended.INFEASIBLE
        return without is not None
    value, cheapest = tried
    (reached,) = ours.reached
    assert reached.value == pytest.approx(value)
    assert reached.bound == reached.value
    assert ours.ended in (Ended.WITHIN_GAP, Ended.STALLED)  # by the solver's tolerances
    assert ours.cost == pytest.approx(cheapest.cost, rel=3e-6, abs=1e-5)
    assert ours.bound <= cheapest.cost * (1 + 1e-9) + 1e-9
    return without is None or without[0] != value or abs(without[1].cost - cheapest.cost) > 1e-4


@pytest.mark.parametrize(
    ("objective", "rule"),
    [*product(TRIED, [*RULES, "tiers", "projects"]), ("fewest-sites", "hours_shared")],
)
def test_what_an_objective_comes_to_is_what_trying_all_finds_where_a_rule_binds(objective, rule):
    binding = 0
    for seed in range(TRIES):
        binding += binds(objective, seed, rule)
        if binding == BINDING:
            break
    assert binding == BINDING


@pytest.mark.long
@pytest.mark.parametrize("objective", TRIED)
def test_what_an_objective_comes_to_where_rules_meet(objective):
    rules = [*RULES, "parcels", "pue_by_site", "forbidden", "measured", "outages_relaxed"]
    binding = 0
    for seed in range(120):
        rng = np.random.default_rng([seed, 72, *objective.encode()])
        some = rng.choice(rules, 3, replace=False).tolist()
        if "hubs" in some and "measured" in some:
            continue
        binding += binds(objective, seed, *some)
    assert binding > 40


@pytest.mark.long
@pytest.mark.parametrize("objective", TRIED)
def test_what_an_objective_comes_to_where_rules_meet_a_price_on_pairs(objective):
    rules = [*RULES, "parcels", "pue_by_site", "forbidden", "measured", "tiers", "projects"]
    binding = 0
    for seed in range(120):
        rng = np.random.default_rng([seed, 77, *objective.encode()])
        some = rng.choice(rules, 2, replace=False).tolist()
        if "hubs" in some and "measured" in some:
            continue
        binding += binds(objective, seed, *some, "price")
    assert binding > 60


@pytest.mark.long
@pytest.mark.parametrize("rule", OF_HOURS)
def test_the_fewest_sites_by_hour_are_what_trying_all_finds(rule):
    assert sum(binds("fewest-sites", seed, rule) for seed in range(30)) > 5


def test_objectives_in_order_each_hold_on_to_those_before():
    for seed in range(3):
        _, instance = drawn(seed, "tree")
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
        _, instance = drawn(seed, "counts")
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
        _, instance = drawn(seed, "modules", "outages")
        ours = asked(instance, objective)
        theirs = solve(instance, objective, TEXTBOOK, Clock(MOST_S), lambda _: None)
        assert ours.reached == theirs.reached
        if ours.has_plan:
            assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)


@pytest.mark.parametrize("objective", TRIED)
def test_out_of_time_nothing_is_claimed(objective):
    """No time at all: no plan, or one of which no more is proven than what none avoids."""
    late = solve(drawn(0)[1], objective, EXACT, Clock(0.0), lambda _: None)
    assert late.ended is not Ended.WITHIN_GAP
    assert np.isfinite(late.bound)
