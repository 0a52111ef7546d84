"""What scenarios/texas-n-1/README.md says of its outages."""

from pathlib import Path

import pytest

from microdc.checking import check_scenario
from microdc.placement.verify import proven_by_prices
from microdc.placement.verify.document import read_prices
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

SCENARIO = Path(__file__).parents[2] / "scenarios" / "texas-n-1"


def test_check_counts_the_outages_and_finds_nobody_who_cannot_be_kept():
    told = check_scenario(SCENARIO)
    summary = dict(told.summary)
    counts = [summary[f"outages to survive: {kind}"] for kind in ("site", "node")]
    assert [*counts, summary["of them within no other, and so in force"]] == [416, 597, 181]
    assert summary["kept of rtt-2ms in every outage"] == "100 % within 2 ms"
    assert told.exposed == []


@pytest.mark.slow
def test_the_prices_of_outages_prove_the_bound_again(tmp_path):
    quiet, clock = lambda _: None, Clock(60)
    plan_scenario(
        SCENARIO, tmp_path / "plan", force=False, overrides={"gap": 0.01}, watch=quiet, clock=clock
    )
    prices, proven = read_prices(tmp_path / "plan"), proven_by_prices(tmp_path / "plan")
    assert len(prices.points["outage"].unique()) > 5
    assert len(prices.needed["set"].unique()) > 5
    assert proven.by_prices_mn_yr == pytest.approx(proven.stated_mn_yr, rel=1e-9)
