"""Plans of random scenarios survive what they are to survive, and lose what they say."""

import numpy as np
import pytest
from random_scenarios import write_scenario

from microdc import workflow
from microdc.placement.store import read_plan
from microdc.solve.highs import Clock

SEEDS = {
    4: {"zones", "tree", "floors"},
    11: {"zones", "hubs", "existing"},
    23: {"outages", "measured", "most_served"},
    31: {"two_at_once", "hubs", "existing"},
}


@pytest.mark.parametrize(("seed", "features"), SEEDS.items())
def test_a_plan_that_survives_outages_is_sound(tmp_path, seed, features):
    """It is written only if `verify` finds every promise kept and every loss as it is told."""
    folder = write_scenario(np.random.default_rng(seed), features, tmp_path / "in")
    result = workflow.plan_scenario(
        folder,
        tmp_path / "plan",
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(float("inf")),
    )
    outages = result.plan.outages
    assert outages is not None
    assert outages.worst is not None
    assert outages.worst.broken_mw_it < 1e-4
    again, told = read_plan(tmp_path / "plan").to_document(), result.plan.to_document()
    assert all(again[key] == told[key] for key in ("outages", "sites", "hubs", "not_checked"))
