"""A limit on the mean round trip, against every set of sites, and the textbook model."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from instances import FEATURES, random_instance
from scipy.optimize import linprog
from scipy.sparse import coo_array

from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.priced import core, search

EXACT = Settings(gap=1e-7, threads=1)
TEXTBOOK = replace(EXACT, formulation="compact")
MOST_S = 60.0
SMALL = ("counts", "floors", "must_serve")
RULES = ("modules", "tree", "budget", "existing", "hubs", "apart", "forced")


def drawn(seed: int, *rules: str) -> Instance:
    """Draw an instance with rules on it; everyone is nearer than their bound to some sites."""
    rng = np.random.default_rng([seed, 101, *"".join(rules).encode()])
    instance = random_instance(rng, sites=int(rng.integers(3, 6)))
    for rule in rules:
        instance = FEATURES[rule](rng, instance)
    bound_ms = np.array([8.0, 5.0])[: len(instance.groups)]
    owner = np.repeat(np.arange(len(instance.points)), instance.reach.sites_per_point)
    rtt_ms = rng.uniform(0.5, bound_ms[instance.points["group"]][owner]).round(3)
    price = rng.uniform(0, 2, instance.reach.pairs).round(3) if seed % 2 else None
    return replace(
        instance,
        groups=instance.groups.assign(rtt_bound_ms=bound_ms),
        reach=replace(instance.reach, rtt_ms=rtt_ms, mn_per_mw_it_yr=price),
    )


def within_mean(instance: Instance, most_ms: float) -> Instance:
    return replace(instance, most_mean_rtt_ms=most_ms)


def by_all_sets(instance: Instance, *, timed: bool = False) -> float:
    """Try every set of sites: the least cost, or the least mean; infinite where none will do."""
    sites, n = instance.sites, len(instance.sites)
    must = set(np.flatnonzero(sites["standing"] | sites["forced"]))
    tried = (set(s) for k in range(n + 1) for s in combinations(range(n), k))
    return min((on_sites(instance, s, timed) for s in tried if must <= s), default=np.inf)


def on_sites(instance: Instance, built: set[int], timed: bool) -> float:
    """Size these sites and serve from them at the least cost, or in the least mean time."""
    sites, reach, points = instance.sites, instance.reach, instance.points
    z = np.array([i in built for i in range(len(sites))], dtype=float)
    if len(instance.counts) and (instance.counted @ z > instance.counts["most"]).any():
        return np.inf
    n, m, p = len(z), len(points), reach.pairs
    demand, group = points["mw_it"].to_numpy(), points["group"].to_numpy()
    owner = np.repeat(np.arange(m), reach.sites_per_point)
    x, v, y = np.arange(n), n + np.arange(m), n + m + np.arange(p)
    serve = entries((owner, y, 1), (np.arange(m), v, 1), shape=(m, n + m + p))
    waits = np.zeros(n + m + p)
    waits[v] = instance.groups["rtt_bound_ms"].to_numpy()[group]
    waits[y] = reach.rtt_ms
    most_ms = np.inf if instance.most_mean_rtt_ms is None else instance.most_mean_rtt_ms
    above = entries(
        (reach.site, y, sites["pue"].to_numpy()[reach.site]),
        (x, x, -1),
        (n + group, v, 1),
        (np.full(n + m + p, n + len(instance.groups)), np.arange(n + m + p), waits),
        shape=(n + len(instance.groups) + 1, n + m + p),
    )
    most_mw_ms = min(most_ms * demand.sum(), 1e9)
    most = np.concatenate([np.zeros(n), instance.groups["max_unserved_mw_it"], [most_mw_ms]])
    cost = np.zeros(n + m + p)
    cost[x] = sites["size_mn_per_mw_yr"]
    cost[v] = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[group]
    cost[y] = 0.0 if reach.mn_per_mw_it_yr is None else reach.mn_per_mw_it_yr
    low, high = np.zeros(n + m + p), np.full(n + m + p, np.inf)
    low[x], high[x] = sites["min_mw"] * z, sites["cap_mw"] * z
    answer = linprog(
        waits if timed else cost, above, most, serve, demand, np.column_stack([low, high])
    )
    if answer.status == 2:
        return np.inf
    assert answer.status == 0, answer.message
    if timed:
        return answer.fun / demand.sum()
    return answer.fun + sites["site_mn_yr"].to_numpy() @ z + instance.constant_mn_yr


def entries(*parts: tuple, shape: tuple[int, int]) -> coo_array:
    """Put values at rows and columns of a matrix."""
    row, column, value = zip(*(np.broadcast_arrays(*part) for part in parts), strict=True)
    places = (np.concatenate(row), np.concatenate(column))
    return coo_array((np.concatenate(value).astype(float), places), shape=shape).tocsr()


def found(instance: Instance, settings: Settings = EXACT, objective="least-cost") -> Outcome:
    return solve(instance, objective, settings, Clock(MOST_S), lambda _: None)


def same(ours: Outcome, true: float) -> None:
    assert ours.cost == pytest.approx(true, rel=3e-6, abs=1e-5)
    assert true * (1 - 1e-4) - 1e-3 <= ours.bound <= true * (1 + 1e-9) + 1e-9


@pytest.fixture(params=["few pairs", "pairs"])
def pairs(request, monkeypatch):
    """Search from all pairs, or from as few as can be."""
    if request.param == "few pairs":
        for module, name in ((search, "_PER_POINT"), (search, "_MORE"), (core, "_AMONG")):
            monkeypatch.setattr(module, name, 1)


@pytest.mark.parametrize("rule", SMALL)
def test_the_cost_within_a_mean_is_that_of_the_best_set_of_sites(rule, pairs):
    binding = 0
    for seed in range(30):
        free = drawn(seed, rule)
        least_ms = by_all_sets(free, timed=True)
        if not np.isfinite(least_ms):
            continue
        limited = within_mean(free, least_ms + 0.15 * (1 + seed % 3))
        true = by_all_sets(limited)
        same(found(limited), true)
        binding += true > by_all_sets(free) + 1e-4
        if binding:
            break
    assert binding
    assert found(within_mean(free, least_ms - 0.01)).ended is Ended.INFEASIBLE


@pytest.mark.parametrize("rule", RULES)
def test_the_cost_within_a_mean_is_that_of_the_textbook_model(rule):
    binding = 0
    for seed in range(30):
        free = drawn(seed, rule)
        cheapest = found(free, TEXTBOOK)
        limited = within_mean(free, 3.5 - 0.3 * (seed % 3))
        theirs = found(limited, TEXTBOOK)
        ours = found(limited)
        if not theirs.has_plan:
            assert ours.ended is Ended.INFEASIBLE
            continue
        same(ours, theirs.cost)
        binding += theirs.cost > cheapest.cost + 1e-4
        if binding:
            break
    assert binding


@pytest.mark.parametrize("rule", SMALL)
def test_the_shortest_mean_is_that_of_the_best_set_of_sites_and_then_cost_counts(rule):
    for seed in range(3):
        instance = drawn(seed, rule)
        true_ms = by_all_sets(instance, timed=True)
        ours = found(instance, objective="least-mean-rtt")
        if not np.isfinite(true_ms):
            assert ours.ended is Ended.INFEASIBLE
            continue
        (reached,) = ours.reached
        assert reached.value == pytest.approx(true_ms, abs=1e-5)
        assert true_ms - 1e-4 <= reached.bound <= true_ms + 1e-7
        same(ours, by_all_sets(within_mean(instance, reached.value + 1e-6)))


def test_the_textbook_model_comes_to_the_same_mean():
    instance = drawn(0, "tree")
    ours, theirs = (found(instance, one, "least-mean-rtt") for one in (EXACT, TEXTBOOK))
    assert ours.reached[0].value == pytest.approx(theirs.reached[0].value, abs=1e-4)
    assert ours.cost == pytest.approx(theirs.cost, rel=1e-5)


def test_out_of_time_nothing_is_claimed_of_a_mean():
    late = solve(within_mean(drawn(0), 3.0), "least-mean-rtt", EXACT, Clock(0.0), lambda _: None)
    assert late.ended is not Ended.WITHIN_GAP
    assert np.isfinite(late.bound)


def test_a_mean_below_that_of_everybodys_best_is_impossible_whatever_the_time():
    free = drawn(0, "counts")
    least_ms = free.least_wait_mw_ms / free.reached_mw_it
    asked = within_mean(free, least_ms - 0.01), "least-cost", EXACT
    outcome = solve(*asked, Clock(0.0), lambda _: None)
    assert outcome.ended is Ended.INFEASIBLE
