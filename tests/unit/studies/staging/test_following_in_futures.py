"""Futures that do not decide a risk are planned at least cost on the pilots that were found."""

from dataclasses import replace
from pathlib import Path

import pytest

from microdc.scenario import load_scenario
from microdc.solve.highs import Clock
from microdc.studies.staging.futures.following import least_in_each_future
from microdc.studies.staging.problem import problems_of
from microdc.studies.staging.whole import searched

TINY = Path(__file__).parents[4] / "scenarios" / "tiny-stages" / "unsure.yaml"


def test_what_a_future_has_for_nothing_is_not_built():
    """Beside West as the pilot, the fleet of either future is West and East, 5 MW each."""
    scenario = load_scenario(TINY)
    problems = problems_of(scenario)
    found = searched(scenario, problems, Clock(60), lambda _: None)
    (pilot,) = (name for name in found.sizes_mw.index if name.startswith("0:"))
    wasteful = found.sizes_mw.copy()
    wasteful[f"1:{pilot.removeprefix('0:')}"] = 10.0
    found = replace(found, sizes_mw=wasteful)
    for clock, low_mn_yr in ((Clock(60), 9.0), (Clock(0), 13.0)):
        plans = least_in_each_future(scenario, problems, found, lambda _: None, clock)
        costs = [plan.certificate.cost_mn_yr for plan in plans]
        assert costs == pytest.approx([12.5, low_mn_yr, 9.0], abs=1e-3)
        assert list(plans[0].sites.index) == [pilot.removeprefix("0:")]
