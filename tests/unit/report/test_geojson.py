"""GeoJSON as RFC 7946 asks, and as a GIS user opens it."""

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from microdc.placement.plan import Plan
from microdc.report.geojson import path_between, write_geojson
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"
DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2}


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    out = tmp_path_factory.mktemp("plans") / "tiny"
    return plan_scenario(
        TINY, out, force=False, overrides={}, watch=lambda _: None, clock=Clock(30)
    ).plan


@pytest.fixture
def files(plan, tmp_path) -> list[Path]:
    return write_geojson(plan, tmp_path / "out")


def test_every_file_is_what_rfc_7946_asks_for(files):
    for path in files:
        document = json.loads(path.read_bytes().decode("utf-8"))
        assert document["type"] == "FeatureCollection"
        assert "crs" not in document  # section 4
        assert document["features"]
        for feature in document["features"]:
            assert {"type", "geometry", "properties"} <= set(feature)
            assert feature["type"] == "Feature"
            assert isinstance(feature["properties"], dict)
            geometry = feature["geometry"]
            expect_positions(geometry["coordinates"], DEPTH[geometry["type"]])


def expect_positions(coordinates, depth):
    if depth:
        assert len(coordinates) >= (2 if depth == 1 else 1)
        for part in coordinates:
            expect_positions(part, depth - 1)
    else:
        lon, lat = coordinates
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90


def test_sites_open_in_geopandas_with_what_a_gis_user_needs(files, plan):
    sites = gpd.read_file(files[0]).set_index("id")
    assert sites.crs.to_epsg() == 4326
    assert set(sites.geom_type) == {"Point"}
    assert sites["mw"].to_dict() == pytest.approx(plan.sites["mw"].to_dict())
    assert sites.loc["west", "parents"] == "harbour"
    assert sites.geometry["west"].x == pytest.approx(plan.sites.loc["west", "lon"])
    needed = {"name", "mw", "load_mw", "utilisation", "headroom_mw", "worst_rtt_ms", "cost_mn_yr"}
    assert needed <= set(sites.columns)
    assert sites.loc["west", "cost_mn_yr"] == pytest.approx(12.5)


def test_service_is_lines_from_place_to_site_and_points_where_unserved(files, plan):
    service = gpd.read_file(files[1])
    assert set(service[service["served"]].geom_type) == {"LineString"}
    assert set(service[~service["served"]].geom_type) == {"Point"}
    assert service["mw_it"].sum() == pytest.approx(21)
    unserved = service[~service["served"]]
    assert unserved["mw_it"].sum() == pytest.approx(plan.certificate.unserved_mw_it)


def test_a_fleet_of_none_is_an_empty_collection(plan, tmp_path):
    none = replace(plan, sites=plan.sites[:0], service=plan.service.assign(site=None))
    sites, service = write_geojson(none, tmp_path)
    assert json.loads(sites.read_text("utf-8"))["features"] == []
    assert len(gpd.read_file(service)) == len(plan.service)


def test_a_line_over_the_antimeridian_is_cut_in_two():
    path = path_between([179.0, 10.0], [-179.0, 20.0])
    assert path["type"] == "MultiLineString"
    assert path["coordinates"] == [[[179.0, 10.0], [180.0, 15.0]], [[-180.0, 15.0], [-179.0, 20.0]]]
    back = path_between([-179.0, 20.0], [179.0, 10.0])
    assert back["coordinates"][0][1] == [-180.0, 15.0]
    assert pd.DataFrame(back["coordinates"][1]).to_numpy().tolist() == [
        [180.0, 15.0],
        [179.0, 10.0],
    ]
