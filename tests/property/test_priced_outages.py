"""Prices of service and means where outages are survived, against the textbook model."""

from dataclasses import replace

import numpy as np
import pytest
from instances import FEATURES, random_instance

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings

EXACT = Settings(gap=1e-6, threads=1)
TEXTBOOK = replace(EXACT, formulation="compact")
OUTAGES = ("outages", "outages_relaxed", "outages_of_two", "outages_of_all_sorts")
RULES = ("modules", "tree", "budget", "counts", "apart", "existing", "hubs", "floors", "forced",
         "must_serve", "tiers", "projects", "pue_by_site")  # fmt: skip
AIMS = {
    "least-cost": ("least-cost",),
    "mean": ("least-mean-rtt",),
    "fewest": ("fewest-sites", "least-mean-rtt"),
    "worst": ("least-worst-rtt",),
}
MOST_S = 60.0


def drawn(seed: int, outages: str, *rules: str) -> tuple[Instance, Instance]:
    """Draw an instance whose pairs have prices and round trips, and the same with outages."""
    rng = np.random.default_rng([seed, 121, *"".join([outages, *rules]).encode()])
    instance = random_instance(rng, sites=int(rng.integers(4, 7)))
    for rule in rules:
        instance = FEATURES[rule](rng, instance)
    bound_ms = np.array([8.0, 5.0])[: len(instance.groups)]
    owner = np.repeat(np.arange(len(instance.points)), instance.reach.sites_per_point)
    rtt_ms = rng.uniform(0.5, bound_ms[instance.points["group"]][owner]).round(3)
    price = rng.uniform(0, rng.choice([0.5, 3.0]), instance.reach.pairs).round(3)
    instance = replace(
        instance,
        groups=instance.groups.assign(rtt_bound_ms=bound_ms),
        reach=replace(instance.reach, rtt_ms=rtt_ms, mn_per_mw_it_yr=price),
    )
    return instance, FEATURES[outages](rng, instance)


def answered(instance: Instance, aims: tuple[str, ...], settings: Settings = EXACT) -> Outcome:
    return solve(instance, aims, settings, Clock(MOST_S), lambda _: None)


def same(instance: Instance, aims: tuple[str, ...]) -> Outcome:
    """Hold the answer against that of the textbook model."""
    ours, theirs = answered(instance, aims), answered(instance, aims, TEXTBOOK)
    assert ours.has_plan == theirs.has_plan
    if not theirs.has_plan:
        assert ours.ended is Ended.INFEASIBLE
        return ours
    for mine, other in zip(ours.reached, theirs.reached, strict=True):
        assert mine.value == pytest.approx(other.value, rel=3e-6, abs=1e-6)
        assert mine.bound <= other.value + 1e-6
    # A mean is held to what was found of it, which may be a little longer.
    assert ours.cost == pytest.approx(theirs.cost, rel=3e-6 if len(ours.reached) == 0 else 1e-4)
    if "least-mean-rtt" not in aims:
        assert ours.bound <= theirs.cost * (1 + 1e-9) + 1e-7
    return ours


def binds(seed: int, aims: tuple[str, ...], outages: str, *rules: str) -> bool:
    """Hold the answer against the textbook model; say whether outages have changed it."""
    free, surviving = drawn(seed, outages, *rules)
    ours, without = same(surviving, aims), answered(free, aims)
    return ours.has_plan and abs(without.cost - ours.cost) > 1e-4


@pytest.mark.parametrize("outages", OUTAGES)
def test_the_cost_of_priced_plans_that_survive_is_that_of_the_textbook_model(outages):
    assert sum(binds(seed, AIMS["least-cost"], outages) for seed in range(3)) > 0


@pytest.mark.parametrize("rule", RULES)
def test_priced_plans_survive_under_rules(rule):
    assert any(binds(seed, AIMS["least-cost"], "outages", rule) for seed in range(12))


@pytest.mark.parametrize(
    ("aim", "rule"), [("mean", "budget"), ("fewest", "must_serve"), ("worst", "must_serve")]
)
def test_objectives_of_priced_plans_that_survive(aim, rule):
    assert any(binds(seed, AIMS[aim], "outages", rule) for seed in range(12))


@pytest.mark.parametrize("priced", [True, False])
def test_a_mean_is_kept_by_plans_that_survive(priced):
    binding = 0
    for seed in range(6):
        _, instance = drawn(seed, "outages")
        if not priced:
            instance = replace(instance, reach=instance.reach.unpriced)
        free, shortest = answered(instance, ("least-cost",)), answered(instance, AIMS["mean"])
        if not shortest.has_plan:
            continue
        most_ms = shortest.reached[0].value * 1.05
        kept = same(replace(instance, most_mean_rtt_ms=most_ms), AIMS["least-cost"])
        binding += kept.cost > free.cost + 1e-4
        if binding:
            break
    assert binding


@pytest.mark.long
@pytest.mark.parametrize("aim", AIMS)
def test_priced_plans_survive_where_rules_meet(aim):
    binding = 0
    for seed in range(60):
        rng = np.random.default_rng([seed, 122])
        rules = rng.choice(RULES, 2, replace=False).tolist()
        if set(rules) == {"hubs", "projects"}:
            continue
        more = [] if aim in ("least-cost", "mean") else ["must_serve"]
        rules = [rule for rule in rules if rule not in more] + more
        binding += binds(seed, AIMS[aim], rng.choice(OUTAGES), *rules)
    assert binding > 3


def test_out_of_time_nothing_is_claimed():
    late = solve(drawn(0, "outages")[1], "least-cost", EXACT, Clock(0.0), lambda _: None)
    assert late.ended is Ended.TIME_LIMIT
    assert not late.has_plan
    assert np.isfinite(late.bound)
