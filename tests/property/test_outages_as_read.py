"""Outages of random scenarios: what is assembled is what the raw tables say, told the plain way."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from random_scenarios import FEATURES, OUTAGES, write_scenario

from microdc.assembly import assemble
from microdc.inputs.read import read_region
from microdc.scenario import load_scenario


def plainly(folder: Path, sites: set[str], zones: bool) -> list[set[str]]:
    """Give the sites that each site, node and zone takes out, row by row."""
    table = pd.read_csv(folder / "substations.csv")
    hubs = pd.read_csv(folder / "hubs.csv")
    parent = dict(zip(table["id"], table["parent"], strict=True))
    taken = [{site} for site in sites]
    taken += [{i for i in sites if i == node or parent.get(i) == node} for node in table["id"]]
    if not zones:
        return taken
    places = pd.concat([table, hubs])[["id", "lat", "lon"]].dropna().to_numpy()
    inside: dict[str, set[str]] = {}
    for feature in json.loads((folder / "zones.geojson").read_text("utf-8"))["features"]:
        (west, south), _, (east, north), *_ = feature["geometry"]["coordinates"][0]
        inside.setdefault(feature["properties"]["id"], set()).update(
            i for i, lat, lon in places if south <= lat <= north and west <= lon <= east
        )
    return taken + [members & sites for members in inside.values()]


@pytest.mark.parametrize("seed", range(12))
def test_outages_are_those_of_the_tables_but_for_what_lies_within_another(seed, tmp_path):
    rng = np.random.default_rng([seed, 41])
    features = {OUTAGES[seed % len(OUTAGES)], *rng.choice(FEATURES, 3)} - LEAVING_NOBODY
    folder = write_scenario(rng, features, tmp_path / "in")
    scenario = load_scenario(folder)
    instance = assemble(scenario, read_region(scenario))
    outages, ids = instance.outages, instance.sites.index
    told = [set(ids[outages.state(row).out]) for row in range(len(outages.what))]
    plain = plainly(folder, set(ids), "zones" in features)
    assert all(any(one <= other for other in told) for one in plain)
    assert all(one in plain for one in told)
    assert not any(one <= other for one in told for other in told if one is not other)
    assert len(list(outages.states())) == pairs_of(len(told), outages.at_once)


LEAVING_NOBODY = {"forced", "forbidden"}
"""Features that contradict others where a site bears nothing: a fault, not a scenario."""


def pairs_of(count: int, at_once: int) -> int:
    return count if at_once == 1 or count < 2 else count * (count - 1) // 2


@pytest.mark.parametrize("seed", range(12))
def test_who_may_serve_whom_in_an_outage_is_whoever_is_near_enough(seed, tmp_path):
    """A wider bound of its own is what a scenario with that bound in order would reach."""
    rng = np.random.default_rng([seed, 43])
    some = {*rng.choice(["measured", "hubs", "existing"], 2), "floors"}
    folder = write_scenario(rng, {"outages", *some}, tmp_path / "in")
    scenario = load_scenario(folder)
    region = read_region(scenario)
    instance = assemble(scenario, region)
    wider = (
        (folder / "scenario.yaml")
        .read_text("utf-8")
        .replace("chat: {rtt_ms: 1.6", "chat: {rtt_ms: 2.4")
    )
    (folder / "scenario.yaml").write_text(wider, "utf-8")
    in_order = assemble(load_scenario(folder), region).reach
    assert instance.outages.reach.start.tolist() == in_order.start.tolist()
    assert instance.outages.reach.site.tolist() == in_order.site.tolist()
    assert instance.outages.reach.pairs >= instance.reach.pairs
