"""A frontier of Texas equals places searched alone, in half as many rounds."""

from dataclasses import replace
from pathlib import Path

import pytest

from microdc.solve.highs import Clock
from microdc.studies.frontier.run import Asked, Frontier, frontier_of

TEXAS = Path(__file__).parents[2] / "scenarios" / "texas"
RTT = Asked(along="rtt", points=12, first=-1.0, last=2.0)


def frontier(*, reuse: bool) -> Frontier:
    asked = replace(RTT, reuse=reuse)
    return frontier_of(TEXAS, asked, {"gap": 0.002}, lambda _: None, Clock(float("inf")))


@pytest.mark.slow
def test_reuse_gives_the_same_frontier_in_half_the_rounds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where drafts may stand
    reused, alone = frontier(reuse=True).points, frontier(reuse=False).points
    for one, other in zip(reused, alone, strict=True):
        assert one.status == other.status == "within gap"
        assert one.bound <= other.cost * (1 + 1e-9)
        assert other.bound <= one.cost * (1 + 1e-9)
    assert [one.cost for one in reused] == sorted(one.cost for one in reused)
    assert 2 * sum(one.rounds for one in reused) <= sum(one.rounds for one in alone)
