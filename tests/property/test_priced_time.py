"""A price on every pair, against trying every set of sites with a program of our own for each."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from instances import FEATURES, random_instance
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, lil_array

from microdc.instance import Instance, Ints, irreducible
from microdc.solve.highs import Clock, Options
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Settings
from microdc.solve.priced import core, large, search
from microdc.solve.priced.auction import Auction
from microdc.solve.priced.bids import Bids
from microdc.solve.priced.core import Core
from microdc.solve.priced.trials.fleets import Fleets
from microdc.solve.priced.trials.start import climbed

EXACT = Settings(gap=1e-7, threads=1)
RULES = ("modules", "tree", "budget", "counts", "apart", "existing", "hubs", "floors", "forced")
MOST_S = 60.0


def drawn(seed: int, *rules: str) -> tuple[Instance, Instance]:
    """Draw an instance with rules on it, and the same with a price on every pair."""
    rng = np.random.default_rng([seed, 91, *"".join(rules).encode()])
    instance = random_instance(rng, sites=int(rng.integers(3, 6)))
    for rule in rules:
        instance = FEATURES[rule](rng, instance)
    price = rng.uniform(0, rng.choice([0.5, 3.0, 9.0]), instance.reach.pairs).round(3)
    return instance, replace(instance, reach=replace(instance.reach, mn_per_mw_it_yr=price))


def least_mn_yr(instance: Instance) -> float:
    """Try every set of sites; infinite where none will do."""
    return min((on_sites(instance, set(s)) for s in sets_of(instance)), default=np.inf)


def on_sites(instance: Instance, built: set[int]) -> float:
    """Give the least cost with exactly these sites: sizes, modules, service and what is left."""
    z = np.array([i in built for i in range(len(instance.sites))], dtype=float)
    too_many = len(instance.counts) and (instance.counted @ z > instance.counts["most"]).any()
    if too_many or (instance.apart.shape[0] and (instance.apart @ z > 1).any()):
        return np.inf
    sites, reach = instance.sites, instance.reach
    n, m, p = len(z), len(instance.points), reach.pairs
    existing, cap = (sites[c].to_numpy(float) * z for c in ("existing_mw", "cap_mw"))
    modules = np.array(irreducible(instance.modules_mw))
    modular = sites["modular"].to_numpy(bool) & (len(modules) > 0)
    # x (sites), v (points), y (pairs), then a number of each module at each site
    width = n + m + p + n * len(modules)
    point = np.repeat(np.arange(m), reach.sites_per_point)
    ones, pairs = np.ones(p), n + m + np.arange(p)
    serve = csr_array((ones, (point, pairs)), shape=(m, width)).tolil()
    serve[np.arange(m), n + np.arange(m)] = 1
    pue = sites["pue"].to_numpy(float)
    carry = csr_array((pue[reach.site], (reach.site, pairs)), shape=(n, width)).tolil()
    carry[np.arange(n), np.arange(n)] = -1
    sums = lil_array((n, width))
    for i in np.flatnonzero(modular):
        sums[i, i] = 1
        sums[i, n + m + p + i * len(modules) + np.arange(len(modules))] = -modules
    left = hstack([csr_array((len(instance.groups), n)), instance.members])
    left.resize(len(instance.groups), width)
    draws = csr_array(instance.below).copy()
    draws.resize(len(instance.nodes), width)
    capital = csr_array(np.append(sites["size_capital_mn_per_mw"], np.zeros(width - n))[None])
    spent = sites["site_capital_mn"].to_numpy(float) @ z
    budget = np.inf if instance.budget_mn is None else instance.budget_mn - spent
    rows = [
        LinearConstraint(csr_array(serve), *[instance.points["mw_it"].to_numpy(float)] * 2),
        LinearConstraint(csr_array(carry), -np.inf, 0),
        LinearConstraint(csr_array(sums), *[np.where(modular, existing, 0)] * 2),
        LinearConstraint(left, -np.inf, instance.groups["max_unserved_mw_it"].to_numpy(float)),
        LinearConstraint(capital, -np.inf, budget),
    ]
    if len(instance.nodes):
        limit = instance.nodes["limit_mw"].to_numpy(float) + instance.below @ existing
        rows.append(LinearConstraint(draws, -np.inf, limit))
    unserved = instance.groups["unserved_mn_per_mw_yr"].to_numpy(float)
    cost = np.concatenate([
        sites["size_mn_per_mw_yr"], unserved[instance.points["group"]], reach.mn_per_mw_it_yr,
        np.zeros(n * len(modules)),
    ])  # fmt: skip
    low = np.zeros(width)
    low[:n] = sites["min_mw"].to_numpy(float) * z
    high = np.full(width, np.inf)
    high[:n] = cap
    whole = np.arange(width) >= n + m + p
    answer = milp(cost, constraints=rows, bounds=Bounds(low, high), integrality=whole)
    if answer.status == 2:
        return np.inf
    assert answer.status == 0, answer.message
    fixed = sites["site_mn_yr"].to_numpy(float) @ z + instance.constant_mn_yr
    return float(answer.fun + fixed)


def checked(seed: int, *rules: str, settings: Settings) -> bool:
    """Hold a priced answer against trying all; say if the price has changed sites or service."""
    free, priced = drawn(seed, *rules)
    ours = solve(priced, "least-cost", settings, Clock(MOST_S), lambda _: None)
    true = least_mn_yr(priced)
    if not np.isfinite(true):
        assert ours.ended is Ended.INFEASIBLE
        return False
    assert ours.cost == pytest.approx(true, rel=3e-6, abs=1e-5)
    assert true * (1 - 1e-4) - 1e-3 <= ours.bound <= true * (1 + 1e-9) + 1e-9
    other = solve(free, "least-cost", EXACT, Clock(MOST_S), lambda _: None)
    same = other.sizes_mw.index.equals(ours.sizes_mw.index)
    return not same or not np.allclose(other.unserved_mw_it, ours.unserved_mw_it, atol=1e-3)


@pytest.fixture(
    params=["few pairs", "pairs", "parts", pytest.param("textbook", marks=pytest.mark.long)]
)
def way(request, monkeypatch):
    """Search from all pairs or few, or by parts, or hand over the textbook model whole."""
    if request.param == "few pairs":
        for module, name in ((search, "_PER_POINT"), (search, "_MORE"), (core, "_AMONG")):
            monkeypatch.setattr(module, name, 1)
    if request.param == "parts":
        monkeypatch.setattr(large, "_MANY_SITES", 1)
    return replace(EXACT, formulation="compact") if request.param == "textbook" else EXACT


@pytest.mark.parametrize("rule", RULES)
def test_the_cost_with_a_price_on_time_is_that_of_the_best_set_of_sites(rule, way):
    assert any(checked(seed, rule, settings=way) for seed in range(20))


@pytest.mark.long
def test_the_cost_with_a_price_on_time_where_rules_meet(way):
    changed = 0
    for seed in range(200):
        rules = np.random.default_rng([seed, 92]).choice(RULES, 2, replace=False)
        changed += checked(seed, *rules.tolist(), settings=way)
    assert changed > 60


@pytest.mark.parametrize("rule", ["tiers", "projects"])
def test_the_cost_with_a_price_on_time_is_that_of_the_textbook_model(rule, way):
    """Size classes and projects, which the trials of sites do not know."""
    binding = 0
    for seed in range(12):
        _, priced = drawn(seed, rule)
        ours, theirs = (
            solve(priced, "least-cost", settings, Clock(MOST_S), lambda _: None)
            for settings in (way, replace(EXACT, formulation="compact"))
        )
        assert ours.cost == pytest.approx(theirs.cost, rel=3e-6, abs=1e-5)
        assert theirs.cost * (1 - 1e-4) - 1e-3 <= ours.bound <= theirs.cost * (1 + 1e-9) + 1e-9
        assert sorted(ours.projects.index) == sorted(theirs.projects.index)
        plain = replace(priced, tiers=None, projects=None)
        other = solve(plain, "least-cost", EXACT, Clock(MOST_S), lambda _: None)
        binding += ours.has_plan and len(ours.sizes_mw) and abs(other.cost - ours.cost) > 1e-4
        if binding == 2:
            break
    assert binding == 2


def sets_of(instance: Instance) -> list[Ints]:
    """List all sets of sites that planners' flags allow, ascending each."""
    sites, n = instance.sites, len(instance.sites)
    must = set(np.flatnonzero(sites["standing"] | sites["forced"]))
    may = set(range(n)) - set(np.flatnonzero(sites["forbidden"])) | must
    every = (set(s) for k in range(n + 1) for s in combinations(range(n), k))
    return [np.array(sorted(s), dtype=np.int64) for s in every if must <= s <= may]


@pytest.mark.parametrize("rules", [("existing", "floors"), ("counts", "forced"), ("hubs",)])
def test_no_prices_of_demand_prove_more_of_any_sites_than_a_plan_on_them_costs(rules):
    for seed in range(4):
        _, priced = drawn(seed, *rules)
        auction, rng = Auction(priced), np.random.default_rng(seed)
        everywhere = auction.ground(np.ones(len(auction.point), dtype=bool))
        bids = Bids(auction)
        top, _ = climbed(bids, Clock(MOST_S))
        for _ in range(20):
            price = rng.uniform(0, rng.choice([1, 5, 20]), len(priced.points))
            price = np.minimum(price, auction.most_price)
            bids.add([auction.at(price, everywhere.pairs)])
        true = {tuple(s): on_sites(priced, set(s.tolist())) for s in sets_of(priced)}
        least = min(true.values()) * (1 + 1e-9) + 1e-9
        assert top.bound_mn_yr <= least
        assert bids.bounds(auction.given).max() <= least
        for sites, cost in true.items():
            assert bids.costs(np.array(sites, dtype=np.int64)).max() <= cost * (1 + 1e-9) + 1e-9
        for site, proven in enumerate(bids.if_open(auction.given)):
            with_it = [cost for sites, cost in true.items() if site in sites]
            assert proven <= min(with_it, default=np.inf) * (1 + 1e-9) + 1e-9


@pytest.mark.parametrize("rule", ["tree", "budget", "counts", "existing", "floors", "smallest"])
def test_a_trial_of_sites_costs_what_the_best_plan_on_them_does(rule):
    for seed in range(4):
        _, priced = drawn(seed, *([] if rule == "smallest" else [rule]))
        if rule == "smallest":
            priced = replace(priced, sites=priced.sites.assign(min_mw=0.0))
        auction = Auction(priced)
        bids = Bids(auction)
        _, ground = climbed(bids, Clock(MOST_S))
        fleets = Fleets(Core(auction, priced), ground, bids, Options(threads=1), Clock(MOST_S))
        true = {s.tobytes(): on_sites(priced, set(s.tolist())) for s in sets_of(priced)}
        for sites in sets_of(priced):
            assert fleets.cost_mn_yr(sites) == pytest.approx(true[sites.tobytes()], rel=1e-6)
        assert fleets.best_mn_yr == pytest.approx(min(true.values()), rel=1e-6)


def test_out_of_time_nothing_is_claimed():
    late = solve(drawn(0)[1], "least-cost", EXACT, Clock(0.0), lambda _: None)
    assert late.ended is Ended.TIME_LIMIT
    assert not late.has_plan
    assert np.isfinite(late.bound)


def test_looking_around_keeps_the_rules_and_only_ever_saves():
    saved = 0
    for seed in range(12):
        _, priced = drawn(seed, "tree", "counts" if seed % 2 else "existing")
        some = np.random.default_rng(seed).permutation(len(sets_of(priced)))[:4]
        costs = {at: on_sites(priced, set(sets_of(priced)[at].tolist())) for at in some}
        possible = {at: cost for at, cost in costs.items() if np.isfinite(cost)}
        if not possible:
            continue
        begun = large.LargeSearch(priced, EXACT, Clock(MOST_S), lambda _: None)
        begun.begin_with(begun.chosen, sets_of(priced)[max(possible, key=costs.get)], begun.floor)
        before = begun.cost
        assert before == pytest.approx(max(possible.values()), rel=1e-6)
        begun._improve()
        built = set(np.flatnonzero(begun.best[: len(priced.sites)] > 0.5).tolist())
        assert begun.cost <= before * (1 + 1e-9)
        assert on_sites(priced, built) <= begun.cost * (1 + 1e-6)
        saved += begun.cost < before * (1 - 1e-6)
    assert saved > 4


def test_very_many_sites_are_planned_anew_part_by_part_before_the_proof():
    _, priced = drawn(0)
    search = large.LargeSearch(priced, EXACT, Clock(MOST_S), lambda _: None)
    phases = [mark.phase for mark in search.run().trail]
    assert "parts" in phases
    assert phases.index("parts") < len(phases) - 1
