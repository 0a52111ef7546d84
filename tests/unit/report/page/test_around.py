"""What the sites of a plan have around them."""

import shutil
from pathlib import Path

import pytest

from microdc.report.page.data.around import around
from microdc.report.page.inputs import inputs_of
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY_FEWEST = Path(__file__).parents[4] / "scenarios" / "tiny-fewest"


def test_reach_is_as_short_as_the_objective_came_to(tmp_path):
    """Within 4 ms West and East both answer everybody; within the 1.33 ms reached, their own."""
    shutil.copytree(TINY_FEWEST, tmp_path / "in")
    file = tmp_path / "in" / "scenario.yaml"
    text = file.read_text("utf-8").replace("near: {rtt_ms: 2,", "near: {rtt_ms: 4,")
    asked = "objective: least-worst-rtt\nlimits: {max_sites: 2}"
    file.write_text(text.replace("objective: fewest-sites", asked), "utf-8")
    result = plan_scenario(
        tmp_path / "in",
        tmp_path / "plan",
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(30),
    )
    inputs, _ = inputs_of(result.plan)
    assert inputs is not None
    near = around(result.plan, inputs)
    assert near["only_here_mw_it"].to_dict() == pytest.approx({"west": 4.0, "east": 2.0})
