"""The shipped US dataset is what `data/README.md` and `data/us/origin.json` say it is."""

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

US = Path(__file__).resolve().parents[2] / "data" / "us"
ORIGIN = json.loads((US / "origin.json").read_text(encoding="utf-8"))
HOSTING_MW = 5
NEW_YORK = "5128581"
BOROUGHS = ["Brooklyn", "Queens", "Manhattan", "The Bronx", "Staten Island"]


@pytest.fixture(scope="module")
def substations():
    return pd.read_parquet(US / "substations.parquet")


@pytest.fixture(scope="module")
def areas():
    return pd.read_parquet(US / "areas.parquet")


@pytest.fixture(scope="module")
def places():
    return pd.read_parquet(US / "places.parquet")


@pytest.fixture(scope="module")
def hours():
    return pd.read_parquet(US / "texas_hours.parquet")


def hosting_below_areas(substations, areas):
    """Headroom (MW) of the substations with 5 MW or more by area, and the area's limit."""
    hosting = substations[substations["headroom_mw"] >= HOSTING_MW]
    below_mw = hosting.groupby("parent")["headroom_mw"].sum()
    return below_mw, areas.set_index("id")["headroom_mw"].loc[below_mw.index]


@pytest.mark.parametrize("name", sorted(ORIGIN["files"]))
def test_a_file_is_the_one_that_origin_describes(name):
    described = ORIGIN["files"][name]
    content = (US / name).read_bytes()
    table = gpd.read_parquet(US / name) if name == "states.parquet" else pd.read_parquet(US / name)
    assert hashlib.sha256(content).hexdigest() == described["sha256"]
    assert len(content) == described["bytes"]
    assert len(table) == described["rows"]
    assert list(table.columns) == list(described["columns"])
    assert all(source in ORIGIN["sources"] for source in described["sources"])


def test_every_shipped_file_is_described_and_all_are_small():
    files = [file for file in US.rglob("*") if file.is_file()]
    names = {file.relative_to(US).as_posix() for file in files}
    assert names == {*ORIGIN["files"], "origin.json"}
    assert sum(file.stat().st_size for file in files) < 10_000_000


def test_every_source_names_its_licence_and_citation():
    for source in ORIGIN["sources"].values():
        assert source["licence"]
        assert source["citation"]


def test_the_grid_has_the_published_size(substations):
    assert len(substations) == 37_021
    assert substations["peak_mw"].sum() == pytest.approx(812_685, abs=1)
    assert ORIGIN["files"]["network/buses.parquet"]["rows"] == 82_071
    assert ORIGIN["files"]["network/branches.parquet"]["rows"] == 104_192


def test_headroom_is_distributed_as_the_british_table(substations):
    headroom_mw = substations["headroom_mw"]
    assert (headroom_mw == 0).mean() == pytest.approx(0.44, abs=0.01)
    assert (headroom_mw >= HOSTING_MW).mean() == pytest.approx(0.30, abs=0.01)
    assert headroom_mw.median() == pytest.approx(0.5, abs=0.1)
    assert headroom_mw.mean() == pytest.approx(5.2, abs=0.15)
    assert 80 < headroom_mw.max() <= 84


def test_utilisation_is_distributed_as_published(substations):
    peak_mw = substations.loc[substations["peak_mw"] > 1, "peak_mw"]
    utilisation = peak_mw / (peak_mw + substations["thermal_headroom_mw"])
    published = [0.21, 0.41, 0.54, 0.67, 0.89]
    assert np.allclose(utilisation.quantile([0.05, 0.25, 0.5, 0.75, 0.95]), published, atol=0.01)


def test_areas_allow_two_thirds_of_what_hangs_below_them(substations, areas):
    below_mw, limit_mw = hosting_below_areas(substations, areas)
    assert np.minimum(below_mw, limit_mw).sum() / below_mw.sum() == pytest.approx(0.67, abs=0.01)
    assert (limit_mw < below_mw).mean() == pytest.approx(30 / 47, abs=0.05)


def test_an_area_allows_at_least_its_largest_substation(substations, areas):
    largest_mw = substations.groupby("parent")["headroom_mw"].max()
    assert (areas.set_index("id")["headroom_mw"].loc[largest_mw.index] >= largest_mw).all()


def test_ids_are_unique_over_substations_and_areas(substations, areas, places):
    assert pd.concat([substations["id"], areas["id"]]).is_unique
    assert places["id"].is_unique


def test_every_parent_exists_and_no_area_is_a_candidate(substations, areas):
    assert substations["parent"].isin(areas["id"]).all()
    assert not areas["candidate"].any()


def test_an_area_has_the_peak_below_it_and_the_zone_with_most_of_that(substations, areas):
    above = areas.set_index("id")
    below_mw = substations.groupby("parent")["peak_mw"].sum()
    assert np.allclose(above["peak_mw"], below_mw.loc[above.index], atol=0.01)
    in_zone_mw = substations.groupby(["parent", "group"])["peak_mw"].sum()
    of_its_zone_mw = in_zone_mw.loc[list(zip(areas["id"], areas["group"], strict=True))]
    most_mw = in_zone_mw.groupby("parent").max().loc[areas["id"]]
    assert (of_its_zone_mw.to_numpy() == most_mw.to_numpy()).all()


def test_nothing_is_blank_and_every_state_has_an_outline(substations, areas, places):
    outlined = set(gpd.read_parquet(US / "states.parquet")["state"])
    assert len(outlined) == 49
    for table in (substations, areas, places):
        assert table.notna().all(axis=None)
        assert set(table["state"]) <= outlined


def test_outlines_are_valid_and_hold_their_substations(substations):
    outlines = gpd.read_parquet(US / "states.parquet")
    assert outlines.is_valid.all()
    texas = outlines.set_index("state")["geometry"]["TX"]
    texan = substations[substations["state"] == "TX"]
    within = gpd.points_from_xy(texan["lon"], texan["lat"]).within(texas)
    assert within.mean() > 0.98  # the rest lies off shore, or within a simplified border


def test_new_york_is_counted_once(places):
    removed = pd.read_parquet(US / "places_removed.parquet")
    city = places[places["id"] == NEW_YORK]
    boroughs = removed[removed["name"].isin(BOROUGHS) & (removed["state"] == "NY")]
    assert city["population"].item() > 8_000_000
    assert set(boroughs["name"]) >= set(BOROUGHS)
    assert (boroughs["inside_id"] == NEW_YORK).all()
    assert not places.loc[places["state"] == "NY", "name"].isin(BOROUGHS).any()


def test_a_removed_place_is_inside_a_place_that_is_kept(places):
    removed = pd.read_parquet(US / "places_removed.parquet")
    assert not removed["id"].isin(places["id"]).any()
    assert removed["inside_id"].isin(places["id"]).all()


def test_places_beside_a_city_are_kept(places):
    california = set(places.loc[places["state"] == "CA", "name"])
    assert {"East Los Angeles", "West Hollywood", "Beverly Hills"} <= california
    assert not {"Hollywood", "Van Nuys", "San Pedro"} & california


def test_the_network_refers_only_to_itself(substations):
    network = {
        name: pd.read_parquet(US / "network" / f"{name}.parquet")
        for name in ("stations", "buses", "branches", "plants", "dc_lines")
    }
    buses = network["buses"]["bus"]
    assert network["buses"]["station"].isin(network["stations"]["station"]).all()
    for name, column in [
        ("branches", "from_bus"),
        ("branches", "to_bus"),
        ("plants", "bus"),
        ("dc_lines", "from_bus"),
        ("dc_lines", "to_bus"),
    ]:
        assert network[name][column].isin(buses).all(), (name, column)
    assert substations["id"].astype(int).isin(network["stations"]["station"]).all()


def test_every_texan_zone_has_every_hour_of_2016_once(hours):
    every = pd.date_range("2016-01-01T06:00Z", periods=8_784, freq="h")
    assert hours["id"].nunique() == 8
    for _, zone in hours.groupby("id"):
        assert (pd.to_datetime(zone["time"]).to_numpy() == every.to_numpy()).all()


def test_the_load_of_a_zone_is_a_share_of_its_highest_hour(hours):
    assert (hours.groupby("id")["load_share"].max() == 1).all()
    assert hours["load_share"].between(0.25, 1).all()


def test_three_in_four_texan_substations_lie_in_a_zone_with_hours(substations, hours):
    assert set(hours["id"]) <= set(substations["group"])
    texan = substations[substations["state"] == "TX"]
    assert texan["group"].isin(hours["id"]).sum() == 1_125
    assert set(substations.loc[substations["group"].isin(hours["id"]), "state"]) == {"TX"}


def test_the_clock_is_right_for_the_hours_in_which_texas_set_its_records(substations, hours):
    """ERCOT announced 11 August 2016, and 19 December between 7 and 8 a.m. (UTC-6)."""
    peak_mw = substations.groupby("group")["peak_mw"].sum()
    load_mw = hours["load_share"] * hours["id"].map(peak_mw)
    total_mw = load_mw.groupby(pd.to_datetime(hours["time"])).sum()
    assert total_mw.idxmax() == pd.Timestamp("2016-08-11T21:00Z")
    assert total_mw["2016-12":].idxmax() == pd.Timestamp("2016-12-19T13:00Z")
