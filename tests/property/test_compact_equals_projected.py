"""The projected model, cuts and all, against the textbook model and against brute force."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hourly import HOURS
from instances import FEATURES, must_serve, random_instance, surviving
from often import often
from scipy.optimize import linprog

from microdc.instance import Instance, Projects, Reach, rows_of
from microdc.model.build import compile_model
from microdc.model.compact import build_compact
from microdc.solve.forms import relaxed
from microdc.solve.highs import Clock, Options, Program, Status
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.search import relaxation, shortlist
from microdc.solve.search.loop import Search
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-6)
MOST_S = 60.0
BINDING = often(4, many=30)  # instances per feature
BINDING_OUTAGES = often(3, many=15)  # whose textbook models are as large as there are outages
BINDING_HOURS = often(3, many=15)  # and likewise of hours
TRIES = 300


def projected(instance: Instance) -> Outcome:
    return solve(instance, "least-cost", EXACT, Clock(MOST_S), lambda _: None)


def compact(instance: Instance) -> Outcome:
    return textbook(instance, EXACT, Clock(MOST_S))


def expect_same(instance: Instance) -> Outcome:
    """Expect one optimum, one bound of the relaxation, and bounds on the right side of costs."""
    ours, theirs = projected(instance), compact(instance)
    assert (ours.ended is Ended.INFEASIBLE) == (theirs.ended is Ended.INFEASIBLE)
    expect_same_relaxation(instance)
    if ours.ended is not Ended.INFEASIBLE:
        assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)
        assert ours.bound <= theirs.cost * (1 + 1e-9) + 1e-9
        assert theirs.bound <= ours.cost * (1 + 1e-9) + 1e-9
    return theirs


def expect_same_relaxation(instance: Instance) -> None:
    textbook_form = relaxed(compile_model(build_compact(instance)))
    theirs = Program(textbook_form, Options(), Clock(MOST_S)).run()
    search = Search(instance, replace(EXACT, gap=0.0), Clock(MOST_S), lambda _: None)
    assert search.relaxes() == (theirs.status is Status.SOLVED)
    if theirs.status is Status.SOLVED:
        ours = search.master.relaxation.run().objective
        least = theirs.objective - 1e-6 * max(1, abs(theirs.objective))
        # Rows that count sites prove more; and where prices know that sizes are sums of modules,
        # candidates that the textbook's relaxation would use stay out of the list.
        # The same goes where prices do not know of projects, and then they prove less.
        together = instance.projects is not None
        knows_more = instance.outages is not None or bool(instance.modules_mw) or together
        assert ours >= least if knows_more else ours == pytest.approx(theirs.objective, 1e-6, 1e-6)
        # Prices know which sizes are sums of modules, so they may prove more.
        assert together or search.bound >= ours - 1e-6 * max(1, abs(ours))


def differs(one: Outcome, other: Outcome) -> bool:
    if one.cost is None or other.cost is None:
        return (one.cost is None) != (other.cost is None)
    return abs(one.cost - other.cost) > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("feature", FEATURES)
def test_compact_equals_projected_where_a_feature_binds(feature):
    binding, large = 0, 0
    wanted = BINDING_OUTAGES if feature.startswith("outages") else BINDING
    for seed in range(TRIES):
        rng = np.random.default_rng([seed, *feature.encode()])
        plain = random_instance(rng, sites=int(rng.integers(10, 16)) if seed % 2 else None)
        featured = FEATURES[feature](rng, plain)
        with_feature = compact(featured)
        if with_feature.cost is None or not differs(with_feature, compact(plain)):
            continue
        expect_same(featured)
        binding += 1
        large += len(plain.sites) >= 10
        if binding >= wanted and 2 * large >= binding:
            break
    assert binding >= wanted
    assert 2 * large >= binding


@pytest.mark.slow
@pytest.mark.parametrize("feature", HOURS)
def test_compact_equals_projected_where_hours_bind(feature):
    make, without = HOURS[feature]
    binding, large = 0, 0
    for seed in range(TRIES):
        rng = np.random.default_rng([seed, *feature.encode()])
        plain = random_instance(rng, sites=int(rng.integers(10, 16)) if seed % 2 else None)
        featured = make(rng, plain)
        if not differs(compact(featured), compact(without(featured))):
            continue
        expect_same(featured)
        binding += 1
        large += len(plain.sites) >= 10
        if binding >= BINDING_HOURS and 2 * large >= binding:
            break
    assert binding >= BINDING_HOURS
    assert 2 * large >= binding


@pytest.mark.slow
@pytest.mark.parametrize("feature", HOURS)
def test_compact_equals_projected_where_hours_meet_other_features(feature):
    others = [name for name in FEATURES if not name.startswith("outages")]
    for seed in range(often(3, many=12)):
        rng = np.random.default_rng([seed, 61, *feature.encode()])
        instance = random_instance(rng, sites=int(rng.integers(3, 11)))
        before, after = np.array_split(rng.choice(others, 4, replace=False), 2)
        for name in before:
            instance = FEATURES[name](rng, instance)
        instance = HOURS[feature][0](rng, instance)
        for name in after:
            instance = FEATURES[name](rng, instance)
        expect_same(instance)


@pytest.mark.slow
def test_compact_equals_projected_where_features_meet():
    for seed in range(often(8, many=25)):
        rng = np.random.default_rng([seed, 7])
        instance = random_instance(rng)
        for feature in rng.choice(list(FEATURES), 4, replace=False):
            instance = FEATURES[feature](rng, instance)
        expect_same(instance)


@pytest.mark.slow
def test_a_shortlist_of_candidates_loses_nothing(monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", 0)
    monkeypatch.setattr(shortlist, "_PER_POINT", 1)
    for seed in range(often(15, many=50)):
        rng = np.random.default_rng([seed, 19])
        instance = random_instance(rng, sites=int(rng.integers(8, 16)))
        for feature in rng.choice(list(FEATURES), seed % 4, replace=False):
            instance = FEATURES[feature](rng, instance)
        expect_same(instance)


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_sets_written_in_full_say_what_all_their_cuts_say(times, monkeypatch):
    monkeypatch.setattr(relaxation, "_OFTEN", times)
    for seed in range(often(5, many=20)):
        rng = np.random.default_rng([seed, 37, times])
        instance = random_instance(rng)
        for feature in rng.choice(list(FEATURES), 1 + seed % 2, replace=False):
            instance = FEATURES[feature](rng, instance)
        expect_same(instance)


@pytest.mark.slow
def test_sites_that_serve_in_outages_alone_are_looked_for(monkeypatch):
    monkeypatch.setattr(shortlist, "_FEW", 0)
    monkeypatch.setattr(shortlist, "_PER_POINT", 1)
    for seed in range(often(4, many=12)):
        rng = np.random.default_rng([seed, 43])
        instance = random_instance(rng, sites=8)
        away = instance.reach.site % 3 == 0  # every third site reaches nobody in order
        alone = np.bincount(owners(instance)[~away], minlength=len(instance.points)) == 0
        near = ~away | alone[owners(instance)]
        start = np.concatenate([[0], np.cumsum(near)])[instance.reach.start]
        in_order = Reach(start=start, site=instance.reach.site[near])
        promised = surviving(instance, [[i] for i in range(8)], np.ones(len(instance.points)))
        expect_same(replace(promised, reach=in_order))


def owners(instance: Instance) -> np.ndarray:
    return np.repeat(np.arange(len(instance.points)), instance.reach.sites_per_point)


@pytest.mark.slow
def test_both_find_the_same_instances_infeasible():
    wanted, infeasible, cures = (
        often(10, many=30),
        0,
        ("tree", "budget", "counts", "forbidden", "modules", "floors"),
    )
    for seed in range(TRIES):
        rng = np.random.default_rng([seed, 11])
        instance = must_serve(rng, random_instance(rng))
        for feature in rng.choice(cures, 2, replace=False):
            instance = FEATURES[feature](rng, instance)
        tight = instance.points.assign(mw_it=instance.points["mw_it"] * 1.25)
        found = expect_same(replace(instance, points=tight))
        infeasible += found.ended is Ended.INFEASIBLE
        if infeasible == wanted:
            break
    assert infeasible == wanted


@pytest.mark.slow
@pytest.mark.parametrize("feature", [None, "hours_flexible", "hours_of_all_sorts"])
def test_serving_most_within_a_number_of_sites_equals_the_textbook_model(feature):
    for seed in range(often(10, many=30) if feature is None else often(3, many=10)):
        rng = np.random.default_rng([seed, 13])
        instance = FEATURES["counts"](rng, random_instance(rng))
        if feature is not None:
            instance = HOURS[feature][0](rng, instance)
        ours = solve(instance, "most-served", EXACT, Clock(MOST_S), lambda _: None)
        theirs = solve(
            instance,
            "most-served",
            replace(EXACT, formulation="compact"),
            Clock(MOST_S),
            lambda _: None,
        )
        assert ours.unserved_mw_it.sum() == pytest.approx(theirs.unserved_mw_it.sum(), abs=1e-3)
        assert ours.unserved_bound_mw_it <= theirs.unserved_mw_it.sum() + 1e-6
        assert ours.cost == pytest.approx(theirs.cost, rel=1e-4)


def test_brute_force_over_site_subsets_finds_nothing_cheaper():
    for seed in range(often(10, many=25)):
        rng = np.random.default_rng([seed, 17])
        instance = random_instance(rng, sites=int(rng.integers(3, 7)))
        instance = FEATURES["prices"](rng, FEATURES["tree"](rng, instance))
        best = min(
            cost_of(instance, built)
            for k in range(len(instance.sites) + 1)
            for built in combinations(range(len(instance.sites)), k)
        )
        assert projected(instance).cost == pytest.approx(best, rel=1e-6, abs=1e-5)


def test_brute_force_over_size_classes_finds_nothing_cheaper():
    split = 0
    for seed in range(5):
        rng = np.random.default_rng([seed, 71])
        instance = FEATURES["tiers"](rng, random_instance(rng, sites=int(rng.integers(3, 5))))
        n, classes = len(instance.sites), range(instance.tiers.count)
        best = min(
            cost_of(in_classes(instance, built, of), built)
            for k in range(n + 1)
            for built in combinations(range(n), k)
            for of in product(classes, repeat=k)
        )
        found = projected(instance)
        assert found.cost == pytest.approx(best, rel=1e-6, abs=1e-5)
        sizes_mw = found.sizes_mw.reindex(instance.sites.index, fill_value=0.0).to_numpy()
        split += len(set(instance.tiers.of(sizes_mw)[sizes_mw > 0])) > 1
    assert split >= 2


def in_classes(instance: Instance, built: tuple[int, ...], of: tuple[int, ...]) -> Instance:
    """Give built sites the sizes and the prices of one class each, and no classes."""
    tiers, sites = instance.tiers, instance.sites.copy()
    least_mw, most_mw = instance.tier_range_mw
    for i, c in zip(built, of, strict=True):
        sites.iloc[i, sites.columns.get_loc("min_mw")] = least_mw[i, c]
        sites.iloc[i, sites.columns.get_loc("cap_mw")] = most_mw[i, c]
        sites.iloc[i, sites.columns.get_loc("site_mn_yr")] += tiers.site_mn_yr[i, c]
        sites.iloc[i, sites.columns.get_loc("size_mn_per_mw_yr")] += tiers.size_mn_per_mw_yr[i, c]
    return replace(instance, sites=sites, tiers=None)


def test_brute_force_over_projects_finds_nothing_cheaper():
    several = 0
    for seed in range(10):
        rng = np.random.default_rng([seed, 73])
        instance = FEATURES["projects"](rng, random_instance(rng, sites=int(rng.integers(3, 6))))
        priced = {
            fleet: cost_of(instance, built, fleet)
            for k in range(len(instance.sites) + 1)
            for built in combinations(range(len(instance.sites)), k)
            for fleet in fleets_of(instance.projects, built)
        }
        found = projected(instance)
        assert found.cost == pytest.approx(min(priced.values()), rel=1e-6, abs=1e-5)
        assert set(found.projects.index) == set(found.sizes_mw.index)
        several += len(found.projects) > found.projects.nunique() > 0
    assert several >= 2


def fleets_of(projects: Projects, built: tuple[int, ...]) -> set[frozenset[frozenset[int]]]:
    """List all ways to draw projects around some sites, each around one of its own."""
    near = set(zip(projects.member.tolist(), projects.centre.tolist(), strict=True))
    ways = product(*([k for k in built if (i, k) in near] for i in built))
    drawn = [dict(zip(built, way, strict=True)) for way in ways]
    around_own = [way for way in drawn if all(way[k] == k for k in way.values())]
    fleets = {
        frozenset(frozenset(i for i in way if way[i] == k) for k in way.values())
        for way in around_own
    }
    owners = {fleet: [len(set(projects.owner[list(one)])) for one in fleet] for fleet in fleets}
    return {fleet for fleet in fleets if max(owners[fleet], default=0) <= projects.most_owners}


def cost_of(
    instance: Instance, built: tuple[int, ...], fleet: frozenset[frozenset[int]] = frozenset()
) -> float:
    """
    Price the cheapest sizes and service on these sites; written without the model.

    Each project of a fleet has the least that it must.
    """
    sites, points, reach = instance.sites, instance.points, instance.reach
    if (sites["min_mw"] > sites["cap_mw"]).iloc[list(built)].any():
        return np.inf
    pairs = [
        (j, i)
        for j in range(len(points))
        for i in reach.site[reach.start[j] : reach.start[j + 1]]
        if i in built
    ]
    n, p, m = len(built), len(pairs), len(points)
    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[points["group"]]
    cost = np.concatenate([sites["size_mn_per_mw_yr"].iloc[list(built)], np.zeros(p), price])
    serve = np.zeros((m, n + p + m))
    carry = np.zeros((n, n + p + m))
    for k, (j, i) in enumerate(pairs):
        serve[j, n + k] = 1
        carry[built.index(i), n + k] = sites["pue"].iloc[i]
    serve[:, n + p :] = np.eye(m)
    carry[:, :n] = -np.eye(n)
    limit = np.zeros((len(instance.nodes), n + p + m))
    for row, below in zip(limit, rows_of(instance.below), strict=True):
        row[:n] = np.isin(built, below)
    least = np.zeros((len(fleet), n + p + m))
    for row, project in zip(least, fleet, strict=True):
        row[:n] = -1.0 * np.isin(built, list(project))
    least_mw = np.full(len(fleet), instance.projects.least_mw if fleet else 0.0)
    answer = linprog(
        cost,
        A_ub=np.vstack([carry, limit, least]),
        b_ub=np.concatenate([np.zeros(n), instance.nodes["limit_mw"], -least_mw]),
        A_eq=serve,
        b_eq=points["mw_it"],
        bounds=[
            *zip(sites["min_mw"].iloc[list(built)], sites["cap_mw"].iloc[list(built)], strict=True),
            *[(0, None)] * (p + m),
        ],
    )
    fixed = sites["site_mn_yr"].iloc[list(built)].sum()
    return answer.fun + fixed if answer.success else np.inf
