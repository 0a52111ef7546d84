"""Positions as x and y in a stated coordinate system, and shapefiles in all their parts."""

import zipfile

import geopandas
import pytest
from shapely.geometry import Point

from microdc.inputs.read import read_region
from microdc.inputs.tables.files import content_hash
from microdc.inputs.tables.forms.vector import parts

TABLE = "id,Easting,Northing,headroom_mw\na,530000,180000,5\nb,429157,623009,7\n"
"""Central London, and the example of the Ordnance Survey's guide near Alnwick."""

BRITISH = {"crs": "EPSG:27700", "columns": {"x": "Easting", "y": "Northing"}}


def test_eastings_and_northings_are_converted(region_of):
    rows = region_of(TABLE, source=BRITISH).substations
    assert rows.loc["a", ["lat", "lon"]].tolist() == pytest.approx([51.5041, -0.1283], abs=2e-4)
    assert rows.loc["b", ["lat", "lon"]].tolist() == pytest.approx([55.5, -1.54], abs=2e-2)
    assert rows["candidate"].all()


def test_demand_may_be_projected_too_and_a_blank_position_is_no_position(region_of, faults_of):
    people = "id,x,y,population\na,530000,180000,500\n"
    region = region_of(demand=people, places={"crs": "EPSG:27700"})
    assert region.demand["lat"].tolist() == pytest.approx([51.5041], abs=2e-4)
    blank = "id,x,y,population\na,530000,,500\n"
    assert "states no position" in str(faults_of(demand=blank, places={"crs": "EPSG:27700"})[0])


def test_a_geographic_system_takes_x_for_longitude(region_of):
    rows = region_of("id,x,y,headroom_mw\na,-1,51,5\n", source={"crs": "EPSG:4326"}).substations
    assert rows.loc["a", ["lat", "lon"]].tolist() == pytest.approx([51, -1])


@pytest.mark.parametrize(
    ("table", "source", "words"),
    [
        (TABLE, BRITISH | {"crs": "EPSG:99999999"}, ["substations.crs", "EPSG:99999999"]),
        (TABLE, BRITISH | {"crs": "EPSG:4978"}, ["no coordinate system of a map"]),
        (TABLE, {"crs": "EPSG:27700"}, ["substations.crs", "no columns x and y", "Easting"]),
        (TABLE, {"columns": BRITISH["columns"]}, ["substations.crs: is missing", "EPSG:27700"]),
        (TABLE.replace("429157", "east"), BRITISH, ["row 3, id b, column x", "'east'"]),
        (
            "id,x,y,lat,lon,headroom_mw\na,530000,180000,51.504,-0.128,5\n"
            "b,530000,180000,52.5,-0.128,5\n",
            {"crs": "EPSG:27700"},
            ["row 3, id b, column lat: contradicts x and y", "'52.5'", "51.504"],
        ),
    ],
)
def test_what_contradicts_a_coordinate_system_is_refused(faults_of, table, source, words):
    said = "\n".join(map(str, faults_of(table, source=source)))
    assert all(word in said for word in words), said


def test_latitudes_that_agree_with_x_and_y_may_stand_beside_them(region_of):
    text = "id,x,y,lat,lon,headroom_mw\na,530000,180000,51.504,-0.128,5\n"
    assert region_of(text, source={"crs": "EPSG:27700"}).warnings == ()


def test_positions_outside_the_area_of_a_system_are_told_with_the_likely_reason(region_of):
    swapped = "id,Northing,Easting,headroom_mw\na,1100000,400000,5\nb,1150000,410000,5\n"
    (warning,) = region_of(swapped, source=BRITISH | {
        "columns": {"x": "Northing", "y": "Easting"}}).warnings  # fmt: skip
    assert "2 row(s) have a position outside the area of EPSG:27700 (United Kingdom" in warning
    assert "x and y look swapped: a, b" in warning


def test_coordinates_that_a_system_cannot_place_are_told(region_of):
    (first, *_) = region_of(TABLE.replace("429157", "1e30"), source=BRITISH).warnings
    assert "1 row(s) have x and y that EPSG:27700 cannot place: b" in first


FRAME = geopandas.GeoDataFrame(
    {"id": ["007", "Ä"], "headroom": [5.0, 7.0]},
    geometry=[Point(-1, 51), Point(-1.1, 51.1)],
    crs=4326,
).to_crs(27700)


@pytest.fixture
def shapefile(tmp_path):
    FRAME.to_file(tmp_path / "s.shp", encoding="cp1252")
    return tmp_path / "s.shp"


@pytest.fixture
def read(scenario_of):
    """Read substations from a file beside the scenario, and check that they are the frame's."""

    def from_file(name, **keys):
        source = {"path": name, "columns": {"headroom_mw": "headroom"}, **keys}
        region = read_region(scenario_of(None, source=source))
        rows = region.substations
        assert rows["headroom_mw"].to_dict() == {"007": 5, "Ä": 7}
        assert rows["lat"].tolist() == pytest.approx([51, 51.1], abs=1e-6)
        assert rows["lon"].tolist() == pytest.approx([-1, -1.1], abs=1e-6)
        return list(region.warnings)

    return from_file


def zipped(shapefile, folder, *more):
    with zipfile.ZipFile(shapefile.parent / "s.zip", "w") as archive:
        for part in sorted(shapefile.parent.glob("s.[!z]*")):
            archive.write(part, f"{folder}{part.name}")
        for name in more:
            archive.write(shapefile, name)


def test_a_shapefile_is_read_with_its_projection_and_letters(shapefile, read):
    assert read("s.shp") == []
    assert read("s.shp", crs="EPSG:27700") == []


@pytest.mark.parametrize("folder", ["", "inside/deeper/"])
def test_a_zipped_shapefile_is_read_wherever_it_stands_in_the_zip(shapefile, read, folder):
    zipped(shapefile, folder)
    shapefile.unlink()
    assert read("s.zip") == []


def test_two_shapefiles_in_a_zip_are_refused(shapefile, faults_of):
    zipped(shapefile, "", "t.shp")
    (fault,) = faults_of(None, source={"path": "s.zip"})
    assert "allowed: one shapefile in a .zip" in str(fault)


def test_a_shapefile_without_its_projection_takes_the_scenarios(shapefile, read):
    shapefile.with_suffix(".prj").unlink()
    assert read("s.shp", crs="EPSG:27700") == []


def test_a_shapefile_in_another_system_than_stated_is_refused(shapefile, faults_of):
    (fault,) = faults_of(None, source={"path": "s.shp", "crs": "EPSG:32630"})
    assert "states another coordinate system than the scenario's crs" in str(fault)
    assert "British National Grid" in fault.found


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_shapefile_without_a_part_is_refused_or_read_whole(shapefile, faults_of, ending):
    shapefile.with_suffix(ending).unlink()
    faults = faults_of(None, source={"path": "s.shp", "columns": {"headroom_mw": "headroom"}})
    assert {fault.file for fault in faults} <= {"s.shp", "scenario.yaml"}


@pytest.mark.parametrize("ending", [".DBF", ".dbf"])
def test_a_shapefile_is_all_its_parts_whatever_the_case_of_their_endings(shapefile, ending):
    whole = shapefile.rename(shapefile.with_suffix(".SHP"))
    shapefile.with_suffix(".dbf").rename(whole.with_suffix(ending))
    assert {part.suffix for part in parts(whole)} >= {".SHP", ending}
    before = content_hash(whole)
    with whole.with_suffix(ending).open("ab") as file:
        file.write(b"another row")
    assert content_hash(whole) != before
