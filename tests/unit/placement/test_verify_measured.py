"""Round trips that were measured: a plan solved by hand, and what verify makes of changes."""

import json
import shutil
from pathlib import Path

import pytest

from microdc.placement.verify import broken_promises
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"
RTT = "demand,site,rtt_ms\ndune,east,1.5\nashby,west,2.5\n"
"""East answers Dune after all, for both classes; West is too slow for Ashby's `near` (2 ms)."""


@pytest.fixture
def inputs(tmp_path) -> Path:
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    scenario = folder / "scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8") + "measured: {path: rtt.csv}\n", "utf-8")
    (folder / "rtt.csv").write_text(RTT, "utf-8")
    return folder


@pytest.fixture
def folder(inputs) -> Path:
    out, clock = inputs.parent / "plan", Clock(30)
    plan_scenario(inputs, out, force=False, overrides={}, watch=lambda _: None, clock=clock)
    return out


def test_measured_pairs_take_part_in_the_plan_as_the_hand_finds_it(folder):
    """
    Ashby's `near` can only be answered by Middle now, Dune only by East.

    Harbour lets three blocks through, East bears two: 20 of 21 MW IT. Middle takes Ashby's 4 + 8,
    East Dune's 3 and 5 of Brook's 6: 12 + 1.0 for Middle, 8.8 + 1.5 for East, 1.5 for 1 MW IT of
    `far` left: 24.8. Only one block in East would leave 4 MW IT more: 6.0 for 4.4 saved. West
    helps nobody that Middle does not, and costs 0.5.
    """
    document = json.loads((folder / "plan.json").read_text("utf-8"))
    assert document["certificate"]["cost_mn_yr"] == pytest.approx(24.8)
    assert {site["id"]: site["mw"] for site in document["sites"]} == {"middle": 15.0, "east": 10.0}
    assert [row["out_of_reach_mw_it"] for row in document["services"]] == [0, 0]
    assert document["services"][0]["worst_rtt_ms"] == 1.5
    assert broken_promises(folder) == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("dune,east,2.2", "dune, near: east answers in 2.200000 ms, the bound is 2 ms"),
        ("dune,east,1.6", "dune, near: east is said to answer in 1.500000 ms, it is 1.600000 ms"),
        ("dune,west,1.5", "dune, near: east answers in 5.509377 ms, the bound is 2 ms"),
    ],
)
def test_a_table_measured_otherwise_no_longer_fits(folder, inputs, row, says):
    (inputs / "rtt.csv").write_text(RTT.replace("dune,east,1.5", row), "utf-8")
    broken = broken_promises(folder)
    assert any(line.startswith("an input table was changed") for line in broken)
    assert any(line.startswith(says) for line in broken), broken


def test_demand_that_comes_into_reach_is_found(folder, inputs):
    (inputs / "rtt.csv").write_text("demand,site,rtt_ms\nashby,west,2.5\n", "utf-8")
    says = "near: 0.0000 MW IT are said to be out of every site's reach, it is 1.0000 MW IT"
    assert says in broken_promises(folder)
