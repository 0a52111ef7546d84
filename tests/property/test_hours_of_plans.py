"""Plans of random scenarios with hours keep what they promise in each, and tell it as it is."""

import numpy as np
import pytest
from random_scenarios import write_scenario

from microdc import workflow
from microdc.placement.store import read_plan
from microdc.solve.highs import Clock

SEEDS = {
    29: {"flexible", "held", "waiting", "floors", "modules", "tree", "measured", "counts"},
    31: {"flexible", "held", "existing", "modules", "measured", "counts"},
    35: {"flexible", "existing", "modules", "floors", "tree"},
    39: {"flexible", "held", "hubs", "measured"},
    22: {"waiting", "existing", "hubs", "floors", "tree"},
}


@pytest.mark.parametrize(("seed", "features"), SEEDS.items())
def test_a_plan_with_hours_is_sound(tmp_path, seed, features):
    """It is written only if `verify` finds every promise kept and every figure as it is told."""
    folder = write_scenario(np.random.default_rng(seed), {"hours", *features}, tmp_path / "in")
    result = workflow.plan_scenario(
        folder,
        tmp_path / "plan",
        force=False,
        overrides={"gap": 0.001},
        watch=lambda _: None,
        clock=Clock(float("inf")),
    )
    told = result.plan.to_document()
    assert told["hours"]["count"] == 48
    again = read_plan(tmp_path / "plan").to_document()
    assert all(again[key] == told[key] for key in ("hours", "sites", "hubs", "not_checked"))
