"""What scenarios/texas-stages/README.md says of its programme."""

from pathlib import Path

import pytest

from microdc.checking import check_scenario
from microdc.placement.verify.stages import broken_across_stages
from microdc.solve.highs import Clock
from microdc.studies.staging import plan_against_alone

SCENARIO = Path(__file__).parents[2] / "scenarios" / "texas-stages"


def test_works_and_lead_times_give_each_stage_its_own_candidates():
    summary = dict(check_scenario(SCENARIO).summary)
    pilots, fleet = (
        summary[f"{stage}: candidates"] for stage in ("pilots, by 2026-12", "fleet, by 2028-12")
    )
    assert pilots == 281
    assert pilots < fleet < summary["candidates that bear the smallest site"]


@pytest.mark.long
def test_the_programme_is_within_its_gap_and_the_price_of_nestedness_is_proven(tmp_path):
    result = plan_against_alone(
        SCENARIO,
        tmp_path / "plan",
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(3600),
    )
    programme = result.programme
    assert programme.status == "within gap"
    assert programme.gap <= 0.001
    assert len(programme.stages[0].plan.sites) == 5
    price = programme.nestedness
    assert price is not None
    assert 3 <= price.at_least_mn <= price.cost_mn <= price.at_most_mn <= 12
    assert broken_across_stages(tmp_path / "plan") == []
