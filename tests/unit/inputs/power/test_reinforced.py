"""Headroom added by works, and how its arithmetic tells it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from microdc.errors import InputError
from microdc.inputs.read import read_region
from microdc.placement.verify.hours.year import Year
from microdc.scenario import load_scenario

SCENARIOS = Path(__file__).parents[4] / "scenarios"


def reinforced(name, added_mw, changes=None):
    scenario = load_scenario(SCENARIOS / name)
    return scenario.varied({"reinforce": added_mw, **(changes or {})}, name="x")


def test_added_headroom_is_counted_and_told():
    region = read_region(reinforced("tiny", {"harbour": 8.5}))
    row = region.substations.loc["harbour"]
    assert (row["headroom_mw"], row["reinforced_mw"]) == (23.5, 8.5)
    assert row["arithmetic"] == "15 MW + 8.5 MW reinforced"
    assert any("whose cost is not counted: harbour" in line for line in region.warnings)
    assert region.substations.loc["west", "headroom_mw"] == 15
    assert region.substations.loc["west", "arithmetic"] == ""


def test_nothing_is_kept_back_from_what_works_add():
    scenario = reinforced("tiny", {"harbour": 8}, {"substations": {"reserve_share": 0.5}})
    assert read_region(scenario).substations.loc["harbour", "headroom_mw"] == 15.5


def test_adding_nothing_changes_nothing():
    region = read_region(reinforced("tiny", {"harbour": 0}))
    assert region.substations.loc["harbour", "arithmetic"] == ""
    assert not any("works" in line for line in region.warnings)


def test_an_unknown_id_is_told_with_the_nearest():
    with pytest.raises(InputError) as caught:
        read_region(reinforced("tiny", {"harbor": 8}))
    assert "reinforce.harbor: no substation or limit has this id" in caught.value.message
    assert "harbour" in caught.value.message


def copied(tmp_path, old, new):
    shutil.copytree(SCENARIOS / "tiny", tmp_path, dirs_exist_ok=True)
    table = tmp_path / "substations.csv"
    table.write_text(table.read_text().replace(old, new))
    return load_scenario(tmp_path)


def test_a_row_without_a_limit_needs_no_works(tmp_path):
    scenario = copied(tmp_path, "-29.5,15,,false", "-29.5,,,false")
    with pytest.raises(InputError) as caught:
        read_region(scenario.varied({"reinforce": {"harbour": 1}}, name="x"))
    assert "reinforce.harbour: has no limit" in caught.value.message


@pytest.mark.parametrize(
    ("added_mw", "there_mw", "ends"),
    [(2, 0, "= -5 MW + 2 MW reinforced, counted as 0"), (8, 3, "= -5 MW + 8 MW reinforced")],
)
def test_works_first_make_good_what_is_lacking(tmp_path, added_mw, there_mw, ends):
    shutil.copytree(SCENARIOS / "tiny", tmp_path, dirs_exist_ok=True)
    (tmp_path / "substations.csv").write_text(
        "id,name,lat,lon,headroom_mw,transformer_mva,peak_mw,power_factor\n"
        "west,West,0,-30,15,,,\neast,East,0,-28,,20;20,24,0.95\n"
    )
    scenario = load_scenario(tmp_path).varied({"reinforce": {"east": added_mw}}, name="x")
    row = read_region(scenario).substations.loc["east"]
    assert row["headroom_mw"] == pytest.approx(there_mw)
    assert row["arithmetic"].endswith(ends)


@pytest.mark.parametrize("node", ["west", "harbour"])
def test_works_add_the_same_in_every_hour_as_verify_has_it_too(node):
    plain = read_region(load_scenario(SCENARIOS / "tiny-flexible"))
    scenario = reinforced("tiny-flexible", {node: 2.5})
    more = read_region(scenario)
    at = [list(more.substations.index).index(node)]
    before, after = (region.hours.headroom_mw(np.array(at)) for region in (plain, more))
    assert np.ravel(after) == pytest.approx(np.ravel(before) + 2.5)
    assert Year(scenario, more).headroom_mw(node) == pytest.approx(np.ravel(after))
