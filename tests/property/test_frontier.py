"""Points of frontiers cost what plans found alone cost, and never less as more is asked for."""

from pathlib import Path

import numpy as np
import pytest
from random_scenarios import write_scenario

from microdc.solve.highs import Clock
from microdc.studies.frontier.points import Point
from microdc.studies.frontier.run import Asked, frontier_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
TIGHT: dict[str, object] = {"gap": 1e-4, "threads": 1}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Leave no drafts where tests are run from."""
    monkeypatch.chdir(tmp_path)


def points_of(path: Path, along: str, count: int, *, reuse: bool, **ends: float) -> list[Point]:
    asked = Asked(along=along, points=count, reuse=reuse, **ends)
    return frontier_of(path, asked, TIGHT, lambda _: None, Clock(60)).points


def expect_equal_within_gaps(path: Path, along: str, count: int = 3, **ends: float) -> None:
    reused = points_of(path, along, count, reuse=True, **ends)
    alone = points_of(path, along, count, reuse=False, **ends)
    assert [point.x for point in reused] == [point.x for point in alone]
    for one, other in zip(reused, alone, strict=True):
        assert one.status == other.status
        if one.cost is not None:
            assert one.bound <= other.cost * (1 + 1e-9)
            assert other.bound <= one.cost * (1 + 1e-9)
    costs = [point.cost for point in reused if point.cost is not None]
    assert costs == sorted(costs)
    bounds = [point.bound for point in reused if point.cost is not None]
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("along", ["rtt", "budget", "sites", "served"])
def test_points_equal_what_is_found_alone(along, tmp_path):
    rng = np.random.default_rng([3, *along.encode()])
    expect_equal_within_gaps(write_scenario(rng, {"few"}, tmp_path / "random"), along)


@pytest.mark.parametrize("along", ["budget", "rtt"])
def test_points_of_most_service_equal_what_is_found_alone(along, tmp_path):
    rng = np.random.default_rng([5, *along.encode()])
    most = write_scenario(rng, {"few"}, tmp_path / "random") / "most.yaml"
    more = "objective: most-served\nlimits: {max_sites: 2}\n"
    most.write_text(f"extends: scenario.yaml\nname: most\n{more}", "utf-8")
    expect_equal_within_gaps(most, along)


def test_levels_equal_what_is_found_alone():
    expect_equal_within_gaps(SCENARIOS / "tiny-n-1", "resilience")


def test_places_below_the_least_have_no_plan_either_way():
    expect_equal_within_gaps(SCENARIOS / "tiny", "served", 3, first=70.0, last=100.0)
