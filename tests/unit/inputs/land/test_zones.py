"""Zones: who stands in which, read from polygons in any coordinates."""

import json

import geopandas
import numpy as np
import pytest
import shapely

from microdc.inputs.land.shapes import read_shapes, rows_with_shapes
from microdc.inputs.tables.findings import Findings

# On the equator: `a` at 0, `b` at 0.02 and `c` at 1 degree east; the hub `h` at 2
SUBSTATIONS = "id,name,lat,lon,headroom_mw\na,Ash,0,0,10\nb,Birch,0,0.02,10\nc,Cedar,0,1,10\n"
PLACES = "id,lat,lon,population\nt,0,0.5,500000\n"
HUBS = "id,lat,lon,mw_it,mn_per_mw_it_yr\nh,0,2,5,1\n"
WEST, EAST = shapely.box(-0.01, -1, 0.5, 1), shapely.box(0.01, -1, 2.5, 1)
KEPT = {"near": {"rtt_ms": 2, "kw_it_per_1000_people": 4, "outage": {"served": 1}}}


@pytest.fixture
def asking(tmp_path):
    """Write a file of zones, and give the scenario's keys that ask to survive them."""

    def keys(shapes=(WEST, EAST), *, file="storms.geojson", crs="OGC:CRS84", **attributes):
        attributes = attributes or {"id": ["west", "east"]}
        frame = geopandas.GeoDataFrame(attributes, geometry=list(shapes), crs=crs)
        frame.to_file(tmp_path / file)
        (tmp_path / "hubs.csv").write_text(HUBS)
        return {
            "services": KEPT,
            "resilience": {"survive": ["zone"]},
            "zones": {"path": file},
            "hubs": {"path": "hubs.csv"},
        }

    return keys


def members(region):
    return region.zones.groupby("zone")["host"].agg(list).to_dict()


def test_substations_and_hubs_are_told_by_zone(region_of, asking):
    region = region_of(SUBSTATIONS, PLACES, **asking())
    assert members(region) == {"west": ["a", "b"], "east": ["b", "c", "h"]}
    assert [record.path.name for record in region.sources][-1] == "storms.geojson"


@pytest.mark.parametrize("file", ["storms.gpkg", "storms.shp", "storms.geojson"])
def test_projected_zones_hold_the_same(region_of, asking, file):
    metres = geopandas.GeoSeries([WEST, EAST], crs="OGC:CRS84").to_crs("EPSG:32631")
    keys = asking(metres.to_numpy(), file=file, crs="EPSG:32631")
    assert members(region_of(SUBSTATIONS, PLACES, **keys)) == {
        "west": ["a", "b"],
        "east": ["b", "c", "h"],
    }


def test_polygons_of_one_name_are_one_zone_and_numbers_are_names(region_of, asking):
    storms = asking([WEST, EAST, WEST], ID=[7.0, 7.0, np.nan], Name=["x", "y", "late"])
    region = region_of(SUBSTATIONS, PLACES, **storms)
    assert members(region) == {"7": ["a", "b", "c", "h"], "late": ["a", "b"]}


def test_who_stands_on_the_edge_is_inside(region_of, asking):
    region = region_of(SUBSTATIONS, PLACES, **asking([shapely.box(0, 0, 0.01, 1)], name=["z"]))
    assert members(region) == {"z": ["a"]}


def test_who_can_be_no_site_is_in_no_zone(region_of, asking, tmp_path):
    wet = geopandas.GeoDataFrame(geometry=[shapely.box(-0.01, -1, 0.01, 1)], crs="OGC:CRS84")
    wet.to_file(tmp_path / "wet.geojson")
    limit = SUBSTATIONS.replace("mw\n", "mw,candidate\n").replace("10\n", "10,yes\n")
    limit = limit.replace("0,1,10,yes", "0,1,10,no")
    exclude = {"path": "wet.geojson", "reason": "flood plain"}
    region = region_of(limit, PLACES, **asking(), exclude=exclude)
    assert members(region) == {"west": ["b"], "east": ["b", "h"]}


def test_a_zone_that_holds_nobody_is_told(region_of, asking):
    region = region_of(SUBSTATIONS, PLACES, **asking([WEST, shapely.box(8, 8, 9, 9)]))
    assert set(members(region)) == {"west"}
    told = "storms.geojson: 1 zone(s) hold no candidate, existing site or hub: east"
    assert told in region.warnings


def test_a_feature_without_a_shape_is_left_out_and_the_names_stay_with_theirs(
    region_of, asking, tmp_path
):
    keys = asking()
    path = tmp_path / "storms.geojson"
    document = json.loads(path.read_text("utf-8"))
    nothing = {"type": "Feature", "properties": {"id": "none"}, "geometry": None}
    document["features"].insert(0, nothing)
    path.write_text(json.dumps(document), "utf-8")
    region = region_of(SUBSTATIONS, PLACES, **keys)
    assert members(region) == {"west": ["a", "b"], "east": ["b", "c", "h"]}
    assert "storms.geojson: 1 feature(s) have no shape and are left out" in region.warnings
    raw, shapes = read_shapes(path, path.name, Findings())
    assert len(rows_with_shapes(raw)) == len(shapes) == 2


def test_zones_of_two_files_stand_side_by_side(region_of, asking):
    keys = asking([WEST], file="a.gpkg", id=["west"])
    asking([EAST], file="b.gpkg", id=["east"])
    keys["zones"] = [{"path": "a.gpkg"}, {"path": "b.gpkg", "source": {"title": "Storms"}}]
    region = region_of(SUBSTATIONS, PLACES, **keys)
    assert members(region) == {"west": ["a", "b"], "east": ["b", "c", "h"]}
    assert [record.title for record in region.sources][-2:] == ["a.gpkg", "Storms"]


def test_a_name_in_two_files_is_a_fault(faults_of, asking):
    keys = asking([WEST], file="a.gpkg", id=["one"])
    asking([EAST], file="b.gpkg", id=["one"])
    keys["zones"] = [{"path": "a.gpkg"}, {"path": "b.gpkg"}]
    [fault] = faults_of(SUBSTATIONS, PLACES, **keys)
    assert str(fault) == (
        "b.gpkg: zone one: is in a.gpkg as well; allowed: zones whose polygons stand in one file"
    )


LINE, POINT = shapely.LineString([(0, 0), (1, 1)]), shapely.Point(0, 0)


@pytest.mark.parametrize(
    ("shapes", "attributes", "says"),
    [
        ([LINE], {"id": ["x"]}, "1 shape(s) have no inside; found LineString; allowed: polygons"),
        ([WEST, POINT], {"id": ["x", "y"]}, "1 shape(s) have no inside; found Point"),
        (
            [WEST],
            {"names": ["x"]},
            "has no attribute that names its zones; found names; allowed: an attribute id or name; "
            "did you mean names?",
        ),
        (
            [WEST, EAST],
            {"id": ["x", None], "name": ["", "-"]},
            "feature 2, column id: names no zone; allowed: id or name",
        ),
    ],
)
def test_what_is_no_zone_is_a_fault(faults_of, asking, shapes, attributes, says):
    [fault] = faults_of(SUBSTATIONS, PLACES, **asking(shapes, **attributes))
    assert says in str(fault)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("storm.geojson", None, "storm.geojson: no such file"),
        ("storms.csv", "id,lat,lon\na,1,2\n", "storms.csv: has no shapes"),
        ("storms.geojson", '{"type": "FeatureCollection", "features": []}', "is empty"),
        ("storms.geojson", "{", "is not GeoJSON"),
        ("storms.gpkg", "not a database", "is not what its ending says"),
    ],
)
def test_a_file_that_has_no_zones_is_a_fault(faults_of, asking, tmp_path, name, content, says):
    keys = asking()
    if content is not None:
        (tmp_path / name).write_text(content)
    (fault, *_) = faults_of(SUBSTATIONS, PLACES, **keys | {"zones": {"path": name}})
    assert says in str(fault)


def test_faults_of_every_file_are_told_together(faults_of, asking):
    keys = asking([LINE], label=["x"])
    faults = faults_of(SUBSTATIONS.replace("0.02,10", "0.02,ten"), PLACES, **keys)
    assert {fault.file for fault in faults} == {"substations.csv", "storms.geojson"}
    assert len(faults) == 3
