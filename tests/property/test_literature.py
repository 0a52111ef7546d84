"""Problems of the literature, written as scenarios and planned, against trying all sites."""

import json
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from benchmarks.literature.drawn import Capacitated, capacitated, every_point_a_site, uniform
from benchmarks.literature.instances import capacitated_instance, median_instance
from benchmarks.literature.textbook import textbook
from benchmarks.literature.told import ours
from benchmarks.literature.write import write_capacitated, write_square
from benchmarks.methods import Limits
from microdc.solve.outcome import Settings

SITES, POINTS, MOST, RADIUS = 6, 9, 2, 5.0
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 6))]
EXACT = ("--gap", 1e-7, "--time-limit", 60, "--force", "--quiet", "--json", "--out", "plan")


@pytest.fixture
def planned(run, tmp_path, monkeypatch) -> Callable[[Path], dict]:
    """Plan a scenario to the last figure, and verify the plan."""
    monkeypatch.chdir(tmp_path)

    def plan(file: Path) -> dict:
        answer = run("plan", file, *EXACT)
        assert answer.code in (0, 6), answer.err
        assert run("verify", "plan").code == 0
        return json.loads(Path("plan/plan.json").read_text("utf-8"))

    return plan


def sets(sites: int) -> Iterator[list[int]]:
    """Give every set of sites that is not empty."""
    for number in range(1, sites + 1):
        yield from map(list, combinations(range(sites), number))


def transported(problem: Capacitated, opened: list[int]) -> float:
    """Give the least cost with exactly these sites; infinite where they hold too little."""
    price = problem.price[opened]
    sites, points = price.shape
    site, point = np.divmod(np.arange(price.size), points)
    ones = np.ones(price.size)
    carried = csr_array((ones, (site, np.arange(price.size))), shape=(sites, price.size))
    served = csr_array((ones, (point, np.arange(price.size))), shape=(points, price.size))
    answer = linprog(
        price.ravel(), A_ub=carried, b_ub=problem.capacity[opened], A_eq=served,
        b_eq=problem.demand,
    )  # fmt: skip
    return float(answer.fun + problem.fixed[opened].sum()) if answer.status == 0 else np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_a_capacitated_problem_costs_what_the_best_set_of_sites_does(planned, tmp_path, seed):
    problem = capacitated(SITES, POINTS, 2.5, seed)
    plan = planned(write_capacitated(problem, tmp_path / "cflp", "cflp"))
    true = min(transported(problem, opened) for opened in sets(SITES))
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(true, rel=2e-6)
    assert plan["certificate"]["bound_mn_yr"] <= true * (1 + 1e-7)
    assert plan["certificate"]["bound_mn_yr"] >= true * (1 - 1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_problems_of_the_square_are_answered_as_by_trying_all(planned, tmp_path, seed):
    square = uniform(SITES, POINTS, seed)
    weight = np.random.default_rng(seed).integers(1, 9, POINTS).astype(float)
    radius = max(RADIUS, float(square.distance.min(axis=0).max()))  # all can be covered
    files = write_square(square, weight, MOST, radius, tmp_path / "square")
    median, center, covering, maximal = map(planned, files)
    nearest = {tuple(some): square.distance[some].min(axis=0) for some in sets(SITES)}
    few = [far for some, far in nearest.items() if len(some) == MOST]
    true = min(float(weight @ far) for far in few)
    assert median["certificate"]["cost_mn_yr"] == pytest.approx(true, rel=2e-6)
    assert len(median["sites"]) <= MOST
    (reached,) = center["certificate"]["reached"]
    assert reached["value"] == reached["bound"] == pytest.approx(min(map(max, few)))
    (reached,) = covering["certificate"]["reached"]
    fewest = min(len(some) for some, far in nearest.items() if (far <= radius).all())
    assert reached["value"] == reached["bound"] == fewest
    most = max(float(weight[far <= radius].sum()) for far in few)
    assert maximal["certificate"]["unserved_mw_it"] == pytest.approx(weight.sum() - most, abs=1e-4)


def with_gaps(folder: Path, distance: np.ndarray) -> None:
    """Leave out of the matrix whatever is infinite."""
    file = folder / "distances.csv"
    table = pd.read_csv(file, index_col=0)
    table.where(np.isfinite(distance.T)).to_csv(file)


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_pairs_of_the_matrix_serve_and_a_point_may_be_a_site(planned, tmp_path, seed):
    square = every_point_a_site(7, seed)
    named = np.random.default_rng(seed).random((7, 7)) < 0.5
    distance = np.where(named | np.eye(7, dtype=bool), square.distance, np.inf)
    weight = np.random.default_rng(seed).integers(1, 9, 7).astype(float)
    nearest = {tuple(some): distance[some].min(axis=0) for some in sets(7)}
    most = min(len(some) for some, far in nearest.items() if np.isfinite(far).all())
    files = write_square(square, weight, most, RADIUS, tmp_path / "gaps")
    with_gaps(tmp_path / "gaps", distance)
    median, center, covering, maximal = map(planned, files)
    few = [far for some, far in nearest.items() if len(some) <= most]
    assert median["certificate"]["cost_mn_yr"] == pytest.approx(min(map(weight.dot, few)), rel=2e-6)
    (reached,) = center["certificate"]["reached"]
    assert reached["value"] == reached["bound"] == pytest.approx(min(map(max, few)))
    (reached,) = covering["certificate"]["reached"]
    fewest = min(len(some) for some, far in nearest.items() if (far <= RADIUS).all())
    assert reached["value"] == reached["bound"] == fewest
    covered = max(float(weight[far <= RADIUS].sum()) for far in few)
    left = maximal["certificate"]["unserved_mw_it"]
    assert left == pytest.approx(weight.sum() - covered, abs=1e-4)


def test_every_point_its_own_site_is_served_over_no_distance(planned, tmp_path):
    files = write_square(every_point_a_site(4, 0), np.ones(4), 4, 1.0, tmp_path / "own")
    median, center, *_ = map(planned, files)
    assert median["certificate"]["cost_mn_yr"] == pytest.approx(0, abs=1e-6)
    (reached,) = center["certificate"]["reached"]
    assert (reached["value"], reached["bound"]) == (0, 0)
    assert center["services"][0]["worst_rtt_ms"] == 0


def test_both_textbook_models_and_the_search_agree():
    problem, limits = capacitated(8, 10, 3, seed=4), Limits(gap=1e-7, seconds=60, threads=1)
    mine = ours(capacitated_instance(problem), Settings(gap=1e-6, threads=1), 60)
    true = min(transported(problem, opened) for opened in sets(8))
    for told in (
        mine,
        textbook(problem, "strong", limits),
        textbook(problem, "aggregated", limits),
    ):
        assert told.cost == pytest.approx(true, rel=1e-5)
        assert told.bound <= true * (1 + 1e-6)
        assert told.gap < 2e-5


def test_a_median_may_be_drawn_on_its_own_points():
    distance = uniform(5, 7, 3).distance
    told = ours(median_instance(distance, np.ones(7), 2), Settings(gap=1e-6, threads=1), 60)
    true = min(distance[list(two)].min(axis=0).sum() for two in combinations(range(5), 2))
    assert told.cost == pytest.approx(true, rel=1e-5)
