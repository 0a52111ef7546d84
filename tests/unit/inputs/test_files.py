import hashlib
import json

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from microdc.inputs.read import read_region


@pytest.fixture
def read(scenario_of, tmp_path):
    """Read substations from a file beside the scenario, whatever its format."""

    def from_file(name, **keys):
        return read_region(scenario_of(None, source={"path": name, **keys}))

    return from_file


FRAME = pd.DataFrame({"id": ["007", "8"], "headroom_mw": [5.0, 7.0], "state": ["NA", "TX"]})
PLACES_ON_EARTH = [Point(-1, 51), Point(-1.1, 51.1)]


def test_ids_stay_text_as_they_are_written(region_of):
    region = region_of("id,lat,lon,headroom_mw\n007,51,-1,5\n7,51,-1.1,5\n1e5,51,-1.2,5\n")
    assert list(region.substations.index) == ["007", "1e5", "7"]


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_csv_may_begin_with_a_byte_order_mark_and_hold_line_breaks_in_cells(
    region_of, start, newline
):
    lines = ["id,lat,lon,headroom_mw,note", 'é,51,-1,5,"a', 'b, ""c"""', "", "b,51,-1.1,6,", ",,,,"]
    region = region_of(start + newline.join(lines).encode())
    assert list(region.substations.index) == ["b", "é"]
    # As a spreadsheet counts: the cell with two lines is one row, the empty line is one too.
    assert list(region.substations["row"]) == [4, 2]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_may_be_delimited_by_semicolons_or_tabs(region_of, delimiter):
    text = "id,lat,lon,headroom_mw\na,51,-1,5\n".replace(",", delimiter)
    assert region_of(text).substations.loc["a", "headroom_mw"] == 5


def test_a_geojson_gives_positions_and_counts_features_from_one(read, tmp_path):
    polygon = box(-1.2, 51.0, -1.0, 51.2).__geo_interface__
    features = [
        {"type": "Feature", "properties": {"id": "a", "headroom_mw": 5}, "geometry": polygon},
        {
            "type": "Feature",
            "id": "b",
            "properties": {"headroom_mw": None, "odd": [1]},
            "geometry": None,
        },
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (tmp_path / "s.geojson").write_text(json.dumps(collection), encoding="utf-8")
    rows = read("s.geojson").substations
    assert rows.loc["a", ["lat", "lon"]].tolist() == pytest.approx([51.1, -1.1])
    assert list(rows["candidate"]) == [True, False]
    assert list(rows["row"]) == [1, 2]


def test_a_geojson_in_another_coordinate_system_is_converted(read, tmp_path):
    frame = geopandas.GeoDataFrame(FRAME, geometry=PLACES_ON_EARTH, crs=4326).to_crs(27700)
    frame.to_file(tmp_path / "s.geojson")
    assert "27700" in (tmp_path / "s.geojson").read_text(encoding="utf-8")
    assert read("s.geojson").substations["lat"].tolist() == pytest.approx([51, 51.1], abs=1e-6)


@pytest.mark.parametrize("name", ["s.gpkg", "s.shp", "s.zip", "s.parquet"])
@pytest.mark.parametrize("crs", [4326, 27700])
def test_vector_files_give_the_same_rows_in_any_format(read, tmp_path, name, crs):
    columns = {"headroom_mw": "headroom"}
    frame = FRAME.rename(columns=columns)
    frame = geopandas.GeoDataFrame(frame, geometry=PLACES_ON_EARTH, crs=4326).to_crs(crs)
    if name == "s.parquet":
        frame.to_parquet(tmp_path / name)
    elif name == "s.zip":
        frame.to_file(tmp_path / "s.shz", driver="ESRI Shapefile")
        (tmp_path / "s.shz").rename(tmp_path / name)
    else:
        frame.to_file(tmp_path / name)
    rows = read(name, columns=columns).substations
    assert list(rows.index) == ["007", "8"]
    assert rows["headroom_mw"].tolist() == [5, 7]
    assert rows["state"].tolist() == ["NA", "TX"]
    assert rows["lon"].tolist() == pytest.approx([-1, -1.1], abs=1e-6)


def test_a_plain_parquet_is_read_by_its_columns(read, tmp_path):
    frame = FRAME.assign(lat=51.0, lon=[-1.0, -1.1], id=[7, 8], candidate=[True, False])
    frame.to_parquet(tmp_path / "s.parquet")
    rows = read("s.parquet").substations
    assert list(rows.index) == ["7", "8"]
    assert list(rows["candidate"]) == [True, False]


def test_a_vector_file_without_coordinate_system_counts_as_longitude_latitude(read, tmp_path):
    frame = geopandas.GeoDataFrame(FRAME, geometry=PLACES_ON_EARTH)
    frame.to_parquet(tmp_path / "s.parquet")
    region = read("s.parquet")
    assert region.substations["lat"].tolist() == [51, 51.1]
    assert any("coordinate system" in text for text in region.warnings)


def test_every_file_is_recorded_with_its_hash_and_origin(region_of, tmp_path):
    origin = {"title": "Headroom", "date": "2026-03", "licence": "CC BY 4.0"}
    first, second = region_of(source={"source": origin}).sources
    content = (tmp_path / "substations.csv").read_bytes()
    assert first.sha256 == hashlib.sha256(content).hexdigest()
    assert (first.title, first.date, first.licence, first.rows) == (*origin.values(), 3)
    assert second.path == tmp_path / "places.csv"
    assert second.title == "places.csv"


def test_a_large_table_is_read_in_seconds(read, tmp_path):
    n = 37_000
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": np.arange(n).astype(str),
            "lat": rng.uniform(30, 45, n),
            "lon": rng.uniform(-100, -80, n),
            "headroom_mw": rng.uniform(0, 30, n),
            "parent": (np.arange(n) // 9).astype(str),
        }
    )
    frame.loc[0, "parent"] = None
    frame.to_parquet(tmp_path / "s.parquet")
    assert len(read("s.parquet").substations) == n
