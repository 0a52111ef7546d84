"""The scenario of the README: what it must reach, on the data that ships."""

from pathlib import Path

import pytest

from microdc.checking import check_scenario
from microdc.placement.plan import Plan
from microdc.placement.store import read_plan
from microdc.placement.verify import broken_promises
from microdc.solve.highs import Clock
from microdc.workflow import PlanResult, plan_scenario

SCENARIO = Path(__file__).parents[2] / "scenarios" / "texas"


@pytest.fixture(scope="module")
def result(tmp_path_factory) -> PlanResult:
    return plan_scenario(
        SCENARIO,
        tmp_path_factory.mktemp("plans") / "texas",
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(float("inf")),
    )


@pytest.fixture
def plan(result) -> Plan:
    return result.plan


def test_at_least_twenty_five_sites_are_built_within_their_limits(plan):
    assert len(plan.sites) >= 25
    assert plan.sites["mw"].between(5, 10).all()


def test_the_gap_is_within_a_thousandth_and_two_percent_of_what_is_avoidable(plan):
    assert plan.status == "within gap"
    assert plan.certificate.gap <= 0.001
    assert plan.certificate.gap_avoidable <= 0.02


def test_everyone_is_served_within_the_bound(plan):
    assert plan.services["served_share"].min() == pytest.approx(1)
    assert (plan.services["worst_rtt_ms"] <= plan.services["rtt_bound_ms"]).all()


def test_it_verifies_and_reads_back_the_same(result):
    assert broken_promises(result.folder) == []
    again = read_plan(result.folder).to_document()
    assert again["verdict"] == result.plan.to_document()["verdict"]
    assert again["certificate"] == result.plan.to_document()["certificate"]


def test_it_says_that_headroom_is_modelled(plan):
    assert any("modelled" in credit for credit in plan.attributions)


def test_check_reads_it_without_a_warning_about_units_or_reach():
    found = check_scenario(SCENARIO)
    assert found.unreachable == []
    assert not any("kW" in warning for warning in found.warnings)
