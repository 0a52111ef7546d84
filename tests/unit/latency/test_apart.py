"""Who is too near whom: pairs on the ground, and the sets that cover them."""

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdc.assembly import assemble
from microdc.errors import InputError
from microdc.ground.distance import geodesic_km
from microdc.inputs.read import read_region
from microdc.latency.apart import cliques_of, pairs_nearer_than
from microdc.scenario import load_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"


def test_pairs_on_the_equator_are_those_of_the_head():
    """A degree is 111.32 km."""
    places = pd.DataFrame({"lat": 0.0, "lon": [0.0, 1.0, 2.0, 180.0, -179.5]})
    assert pairs_nearer_than(places, 111.4).tolist() == [[0, 1], [1, 2], [3, 4]]
    assert pairs_nearer_than(places, 111.3).tolist() == [[3, 4]]
    assert len(pairs_nearer_than(places, 0)) == 0


@pytest.mark.parametrize("km", [3.0, 150.0, 4000.0, 30000.0])
def test_no_pair_is_missed(km):
    rng = np.random.default_rng(3)
    north = 90 if km > 200 else 1
    places = pd.DataFrame({"lat": rng.uniform(-north, north, 60), "lon": rng.uniform(0, 2, 60)})
    lat, lon = places["lat"].to_numpy(), places["lon"].to_numpy()
    one, other = np.array(list(combinations(range(60), 2))).T
    near = geodesic_km(lat[one], lon[one], lat[other], lon[other]) < km
    plainly = np.column_stack([one, other])[near]
    assert pairs_nearer_than(places, km).tolist() == plainly.tolist()


def test_a_triangle_and_a_tail_are_two_sets():
    pairs = np.array([[0, 1], [0, 2], [1, 2], [2, 3]])
    assert list(cliques_of(pairs, 5)) == [[0, 1, 2], [2, 3]]


def test_sets_cover_every_pair_and_nothing_else():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        at = rng.random((25, 2))
        near = np.linalg.norm(at[:, None] - at[None], axis=2) < rng.uniform(0.05, 0.6)
        pairs = {tuple(pair) for pair in np.argwhere(np.triu(near, 1)).tolist()}
        sets = list(cliques_of(np.array(sorted(pairs)).reshape(-1, 2), 25))
        assert {pair for members in sets for pair in combinations(members, 2)} == pairs
        assert len(sets) <= len(pairs)


def test_two_forced_sites_too_near_are_a_fault(tmp_path):
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("limits: {separation_km: 112, force: [west, middle]}\n")
    scenario = load_scenario(folder)
    with pytest.raises(InputError, match=r"found middle and west, 111.319 km apart; .* 112 km"):
        assemble(scenario, read_region(scenario))
