import hashlib
import re

import numpy as np
import pytest

from benchmarks.instances import DATA, load
from benchmarks.names import SAMPLED
from microdc.assembly import assemble
from microdc.inputs.read import read_region
from microdc.scenario import load_scenario

SCENARIOS = DATA.parent / "scenarios"
README = (DATA / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def texas():
    return load("texas")


def test_texas_has_the_sites_points_and_pairs_that_its_readme_states(texas):
    assert (len(texas.sites), len(texas.points), texas.reach.pairs) == (2997, 588, 462_002)
    assert "462,002" in README


def test_texas_is_one_group_at_one_price_on_the_grid_side(texas):
    assert texas.groups["unserved_mn_per_mw_yr"].tolist() == [100.0]
    assert texas.groups["max_unserved_mw_it"].sum() == pytest.approx(texas.points["mw_it"].sum())
    assert (texas.sites["pue"] == 1).all()
    assert texas.sites["cap_mw"].between(5, 20).all()


def test_a_point_reaches_no_site_twice(texas):
    reach = texas.reach
    point = np.repeat(np.arange(len(texas.points)), reach.sites_per_point)
    pairs = np.unique(point * len(texas.sites) + reach.site)
    assert len(pairs) == reach.pairs


@pytest.mark.parametrize("file", re.findall(r"^\| `(\S+)`.*`([0-9a-f]{64})`", README, re.MULTILINE))
def test_a_table_is_the_one_that_was_described(file):
    name, digest = file
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest


def test_four_tables_are_described():
    assert {path.name for path in DATA.glob("*.parquet")} == set(
        re.findall(r"`(\S+?parquet)`", README)
    )


def test_samples_are_nested_and_in_proportion():
    small, large = load("headroom-100"), load("headroom-300")
    assert set(small.sites.index) < set(large.sites.index)
    assert set(small.points["place"]) < set(large.points["place"])
    assert (len(small.points), len(large.points)) == (33, 99)
    assert SAMPLED["headroom-300"] == len(large.sites)


def test_the_scenario_of_texas_states_the_same_problem(texas):
    scenario = load_scenario(SCENARIOS / "texas")
    planned = assemble(scenario, read_region(scenario))
    money = ["cap_mw", "pue", "site_mn_yr", "size_mn_per_mw_yr", "min_mw"]
    np.testing.assert_allclose(planned.sites[money], texas.sites[money], atol=1e-6)
    assert (planned.groups["unserved_mn_per_mw_yr"] == 100).all()
    assert planned.points["mw_it"].sum() == pytest.approx(texas.points["mw_it"].sum())
    # On the ellipsoid, not on the sphere.
    assert planned.reach.pairs == pytest.approx(texas.reach.pairs, rel=0.002)
