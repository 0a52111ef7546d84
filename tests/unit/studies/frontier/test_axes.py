"""What a scenario is at a place along an axis."""

from pathlib import Path

import pytest

from microdc.scenario import load_scenario
from microdc.studies.frontier.axes import axis_of

TINY_N_1 = Path(__file__).parents[4] / "scenarios" / "tiny-n-1"


def bounds_ms(scenario) -> tuple[float, float, float]:
    near, far = scenario.services["near"], scenario.services["far"]
    return near.rtt_ms, near.outage.rtt_ms, far.rtt_ms


@pytest.mark.parametrize(
    ("service", "x", "told_ms"),
    [
        (None, 1.0, (3.0, 5.0, 6.0)),
        ("near", 3.0, (3.0, 5.0, 5.0)),
        (None, -100.0, (0.1, 0.1, 0.1)),
        ("near", -100.0, (0.1, 0.1, 5.0)),
    ],
)
def test_the_bounds_of_a_class_move_together_and_stay_above_nothing(service, x, told_ms):
    scenario = load_scenario(TINY_N_1)
    moved = axis_of(scenario, "rtt", service).scenario(scenario, x)
    assert bounds_ms(moved) == pytest.approx(told_ms)
