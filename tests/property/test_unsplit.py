"""Service by one site each, against trying every assignment; and what is proven of it."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from instances import FEATURES, random_instance

from benchmarks.literature.drawn import capacitated
from benchmarks.literature.instances import capacitated_instance
from microdc.instance import Floats, Instance, attainable_mw
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.unsplit import fitting, search

EXACT = Settings(gap=1e-7, threads=1)
RULES = ("modules", "tree", "budget", "counts", "apart", "forced", "forbidden", "price")
POINTS = 4


def drawn(seed: int, *rules: str) -> Instance:
    """Draw a few points, large beside the sites, that are served by one site each or not at all."""
    rng = np.random.default_rng([seed, 31, *"".join(rules).encode()])
    instance = random_instance(rng, sites=int(rng.integers(3, 5)))
    instance = instance.with_points(np.arange(min(POINTS, len(instance.points))))
    larger = instance.points["mw_it"] * float(rng.uniform(1, 2.5))
    instance = replace(instance, points=instance.points.assign(mw_it=larger))
    most = instance.demand_by_group_mw_it * [rng.random() < 0.7, 1.0]
    instance = replace(instance, groups=instance.groups.assign(max_unserved_mw_it=most))
    for rule in rules:
        instance = priced(rng, instance) if rule == "price" else FEATURES[rule](rng, instance)
    return replace(instance, groups=instance.groups.assign(split=False))


def priced(rng: np.random.Generator, instance: Instance) -> Instance:
    price = rng.uniform(0, rng.choice([0.5, 3.0]), instance.reach.pairs).round(3)
    return replace(instance, reach=replace(instance.reach, mn_per_mw_it_yr=price))


def least_mn_yr(instance: Instance) -> float:
    """Try every assignment of points to sites in reach or to none; infinite where none will do."""
    near = [[-1, *instance.reach.near(j).tolist()] for j in range(len(instance.points))]
    return min(cost_mn_yr(instance, np.array(chosen)) for chosen in product(*near))


def cost_mn_yr(instance: Instance, chosen: np.ndarray) -> float:
    """Give the cost of an assignment with sites as small as will do; infinite if not allowed."""
    mw_it, group = (instance.points[c].to_numpy() for c in ("mw_it", "group"))
    left = np.bincount(group, mw_it * (chosen < 0), len(instance.groups))
    if (left > instance.groups["max_unserved_mw_it"] + 1e-9).any():
        return np.inf
    sites, served = instance.sites, np.flatnonzero(chosen >= 0)
    load_mw = np.bincount(chosen[served], mw_it[served], len(sites)) * sites["pue"].to_numpy()
    built = (load_mw > 0) | sites["forced"].to_numpy()
    size_mw = smallest_mw(instance, load_mw) * built
    if not allowed(instance, built, size_mw) or waits_too_long(instance, chosen):
        return np.inf
    paid = sum(mw_it[j] * price_of(instance, j, chosen[j]) for j in served)
    return float(
        paid
        + built @ sites["site_mn_yr"].to_numpy()
        + size_mw @ sites["size_mn_per_mw_yr"].to_numpy()
        + left @ instance.groups["unserved_mn_per_mw_yr"].to_numpy()
    )


def price_of(instance: Instance, point: int, site: int) -> float:
    if instance.reach.mn_per_mw_it_yr is None:
        return 0.0
    (at,) = np.flatnonzero(instance.reach.near(point) == site)
    return instance.reach.mn_per_mw_it_yr[instance.reach.start[point] + at]


def waits_too_long(instance: Instance, chosen: np.ndarray) -> bool:
    """Tell whether those in reach of some site wait longer in the mean than they may."""
    if instance.most_mean_rtt_ms is None:
        return False
    mw_it, reached = instance.points["mw_it"].to_numpy(), instance.reach.sites_per_point > 0
    waits_ms = np.where(reached, instance.unserved_ms, 0.0)
    for point in np.flatnonzero(chosen >= 0):
        (at,) = np.flatnonzero(instance.reach.near(point) == chosen[point])
        waits_ms[point] = instance.reach.rtt_ms[instance.reach.start[point] + at]
    return bool(mw_it @ waits_ms > instance.most_mean_rtt_ms * mw_it[reached].sum() + 1e-9)


def smallest_mw(instance: Instance, load_mw: Floats) -> Floats:
    """Give the smallest size of each site that carries its load; infinite where none does."""
    least = np.maximum(load_mw, instance.sites["min_mw"].to_numpy())
    if instance.modules_mw:
        sums = np.append(attainable_mw(instance.modules_mw, 60.0), np.inf)
        least = np.array([min(mw for mw in sums if mw >= one - 1e-9) for one in least])
    return np.where(least <= instance.sites["cap_mw"].to_numpy() + 1e-9, least, 1e6)


def allowed(instance: Instance, built: np.ndarray, size_mw: Floats) -> bool:
    sites = instance.sites
    capital = built @ sites["site_capital_mn"] + size_mw @ sites["size_capital_mn_per_mw"]
    return not (
        (size_mw > sites["cap_mw"].to_numpy() + 1e-9).any()
        or (built & sites["forbidden"].to_numpy()).any()
        or (instance.below @ size_mw > instance.nodes["limit_mw"] + 1e-9).any()
        or (len(instance.counts) and (instance.counted @ built > instance.counts["most"]).any())
        or (instance.apart.shape[0] and (instance.apart @ built > 1).any())
        or (instance.budget_mn is not None and capital > instance.budget_mn + 1e-9)
    )  # fmt: skip


def asked(instance: Instance, settings: Settings = EXACT) -> Outcome:
    return solve(instance, "least-cost", settings, Clock(60.0), lambda _: None)


def holds(instance: Instance) -> bool:
    """Hold the answer against trying all; say if split service would be cheaper."""
    ours, true = asked(instance), least_mn_yr(instance)
    if not np.isfinite(true):
        assert ours.ended is Ended.INFEASIBLE
        return False
    assert ours.cost == pytest.approx(true, rel=3e-6, abs=1e-5)
    assert ours.bound == pytest.approx(true, rel=1e-5, abs=1e-4)
    assert ours.bound <= true * (1 + 1e-9) + 1e-9
    assert_whole(instance, ours)
    split = asked(replace(instance, groups=instance.groups.drop(columns="split")))
    assert split.cost <= true * (1 + 1e-6) + 1e-6
    return bool(split.cost < true - 1e-3)


def assert_whole(instance: Instance, outcome: Outcome) -> None:
    """Each point is with one built site in its reach that has room for all of its own."""
    load_mw = np.zeros(len(instance.sites))
    for point, site in enumerate(outcome.served_by):
        if site >= 0:
            assert site in instance.reach.near(point)
            load_mw[site] += instance.points["mw_it"][point] * instance.sites["pue"].iloc[site]
    size_mw = outcome.sizes_mw.reindex(instance.sites.index, fill_value=0.0)
    assert (load_mw <= size_mw + 1e-6).all()


@pytest.mark.parametrize("rule", RULES)
def test_no_assignment_is_cheaper(rule):
    assert any(holds(drawn(seed, rule)) for seed in range(3))


@pytest.mark.long
def test_no_assignment_is_cheaper_where_rules_meet():
    for seed in range(60):
        rng = np.random.default_rng([seed, 32])
        holds(drawn(seed, *rng.choice(RULES, 3, replace=False).tolist()))


def test_the_textbook_model_comes_to_the_same_where_some_may_be_split():
    textbook = replace(EXACT, formulation="compact")
    for seed in range(4):
        instance = drawn(seed, "price") if seed % 2 else drawn(seed, "tree")
        mixed = replace(instance, groups=instance.groups.assign(split=[False, True]))
        ours, theirs = asked(mixed), asked(mixed, textbook)
        assert ours.ended == theirs.ended or ours.has_plan == theirs.has_plan
        if ours.has_plan:
            assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)
            assert_whole(mixed, ours)


def within_a_mean(free: Instance, seed: int, most_ms: float) -> Instance:
    rtt_ms = np.random.default_rng(seed).uniform(0.5, 5, free.reach.pairs).round(3)
    return replace(
        free,
        reach=replace(free.reach, rtt_ms=rtt_ms),
        groups=free.groups.assign(rtt_bound_ms=[8.0, 5.0]),
        most_mean_rtt_ms=most_ms,
    )


def test_whom_no_site_can_hold_counts_in_the_mean():
    """Points of up to five times the size, of which some fit no site and are left."""
    too_large, binding = 0, 0
    for seed in range(8):
        free = drawn(seed)
        larger = free.points["mw_it"] * np.random.default_rng(seed).choice([1, 5], len(free.points))
        free = replace(free, points=free.points.assign(mw_it=larger))
        every = free.groups.assign(max_unserved_mw_it=free.demand_by_group_mw_it)
        limited = within_a_mean(replace(free, groups=every), seed, 5.5)
        too_large += len(fitting.too_large(limited)[0]) > 0
        holds(limited)
        unlimited = replace(limited, most_mean_rtt_ms=None)
        binding += least_mn_yr(limited) > least_mn_yr(unlimited) + 1e-4
    assert too_large > 2
    assert binding > 1


def test_the_most_is_served_where_some_fit_no_site():
    for seed in range(6):
        free = drawn(seed, "counts")
        larger = free.points["mw_it"] * np.random.default_rng(seed).choice([1, 5], len(free.points))
        free = replace(free, points=free.points.assign(mw_it=larger))
        groups = free.groups.assign(
            max_unserved_mw_it=free.demand_by_group_mw_it, unserved_mn_per_mw_yr=0.01
        )
        most = solve(
            replace(free, groups=groups), "most-served", EXACT, Clock(60.0), lambda _: None
        )
        assert float(most.unserved_mw_it.sum()) <= most.unserved_bound_mw_it + 1e-4


def test_the_textbook_model_comes_to_the_same_within_a_mean():
    binding = 0
    for seed in range(4):
        free = drawn(seed, "price" if seed % 2 else "tree")
        limited = within_a_mean(free, seed, 3.0)
        ours, theirs = asked(limited), asked(limited, replace(EXACT, formulation="compact"))
        assert ours.has_plan == theirs.has_plan
        if ours.has_plan:
            assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)
            assert_whole(limited, ours)
        binding += not ours.has_plan or ours.cost > asked(free).cost + 1e-4
    assert binding > 0


def test_where_all_pairs_are_too_many_the_bound_of_split_service_is_told_as_such(monkeypatch):
    monkeypatch.setattr(search, "MOST_WHOLE_PAIRS", 0)
    told = 0
    for seed in range(5):
        instance = drawn(seed, "price")
        ours, true = asked(instance), least_mn_yr(instance)
        assert ours.bound <= true * (1 + 1e-9) + 1e-9
        if ours.has_plan:
            assert ours.cost >= true - 1e-5
            assert ours.bound_of_split
            told += ours.ended is Ended.STALLED
        else:
            assert ours.ended is not Ended.INFEASIBLE or not np.isfinite(true)
    assert told > 0


def test_a_problem_of_the_literature_with_one_site_for_each_point():
    """30 sites and points, all sites together with ten times the demand, to 0.5 %."""
    instance = capacitated_instance(capacitated(30, 30, 10, 1))
    instance = replace(instance, groups=instance.groups.assign(split=False))
    ours = asked(instance, Settings(gap=0.005, threads=1))
    assert ours.ended is Ended.WITHIN_GAP
    assert_whole(instance, ours)
    assert (ours.served_by >= 0).all()


@pytest.mark.parametrize("objective", ["most-served", "fewest-sites", "least-worst-rtt"])
def test_other_objectives_keep_to_one_site_each(objective):
    for seed in range(2):
        instance = drawn(seed, "counts")
        rtt_ms = np.random.default_rng(seed).uniform(1, 5, instance.reach.pairs).round(2)
        instance = replace(instance, reach=replace(instance.reach, rtt_ms=rtt_ms))
        ours = solve(instance, objective, EXACT, Clock(60.0), lambda _: None)
        theirs = solve(
            instance, objective, replace(EXACT, formulation="compact"), Clock(60.0), lambda _: None
        )
        assert ours.has_plan == theirs.has_plan
        if ours.has_plan:
            assert_whole(instance, ours)
            assert [one.value for one in ours.reached] == pytest.approx(
                [one.value for one in theirs.reached], abs=1e-5
            )
            assert ours.cost == pytest.approx(theirs.cost, rel=1e-5, abs=1e-4)
