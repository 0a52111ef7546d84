"""Areas where no site may stand: read in any coordinates, a buffer measured on the ground."""

import json
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from microdc.assembly import assemble
from microdc.errors import InputError
from microdc.inputs.land.exclusions import within_km
from microdc.inputs.land.shapes import read_shapes
from microdc.inputs.read import read_region
from microdc.inputs.tables.findings import Findings
from microdc.placement.verify.land.excluded import _away_km

# A degree on the equator is 111.32 km: `a` lies in the square, `b` 1.1132 km east of it
SQUARE = shapely.box(-0.01, -0.01, 0.01, 0.01)
SUBSTATIONS = "id,name,lat,lon,headroom_mw\na,Ash,0,0,10\nb,Birch,0,0.02,10\nc,Cedar,0,1,10\n"
PLACES = "id,lat,lon,population\nt,0,0.5,500000\n"


@pytest.fixture
def excluding(region_of, tmp_path):
    """Read the region where some shapes are excluded; `keys` beside path and reason."""

    def read(shapes=SQUARE, *, crs="OGC:CRS84", name="flood.geojson", **keys):
        frame = geopandas.GeoDataFrame(geometry=np.atleast_1d(shapes), crs=crs)
        frame.to_file(tmp_path / name)
        exclude = {"path": name, "reason": "flood plain", **keys}
        return region_of(SUBSTATIONS, PLACES, exclude=exclude)

    return read


def reasons(region):
    return region.substations["excluded"].dropna().to_dict()


def test_a_candidate_inside_is_no_site_and_keeps_the_reason(excluding):
    region = excluding()
    assert reasons(region) == {"a": "flood plain"}
    assert region.substations["candidate"].to_dict() == {"a": False, "b": True, "c": True}
    told = "flood.geojson: 1 candidate(s) in its shapes cannot be sites (flood plain): a"
    assert told in region.warnings
    assert [record.path.name for record in region.sources][-1] == "flood.geojson"


@pytest.mark.parametrize(("buffer_km", "out"), [(1.113, {"a"}), (1.114, {"a", "b"})])
def test_the_buffer_is_measured_on_the_ground(excluding, buffer_km, out):
    assert set(reasons(excluding(buffer_km=buffer_km))) == out


@pytest.mark.parametrize("name", ["flood.gpkg", "flood.shp", "flood.geojson"])
def test_projected_coordinates_exclude_the_same(excluding, name):
    metres = geopandas.GeoSeries([SQUARE], crs="OGC:CRS84").to_crs("EPSG:32631")
    region = excluding(metres.to_numpy(), crs="EPSG:32631", name=name, buffer_km=1.114)
    assert set(reasons(region)) == {"a", "b"}


def test_a_zipped_shapefile_and_geoparquet_are_read(tmp_path, region_of):
    frame = geopandas.GeoDataFrame(geometry=[SQUARE], crs="EPSG:4326")
    frame.to_file(tmp_path / "flood.shp")
    with zipfile.ZipFile(tmp_path / "flood.zip", "w") as archive:
        for part in ("shp", "shx", "dbf", "prj"):
            archive.write(tmp_path / f"flood.{part}", f"flood.{part}")
    frame.to_parquet(tmp_path / "flood.parquet")
    for name in ("flood.zip", "flood.parquet"):
        region = region_of(SUBSTATIONS, PLACES, exclude=[{"path": name, "reason": "wet"}])
        assert reasons(region) == {"a": "wet"}


def test_every_reason_is_kept_in_the_order_of_the_scenario(excluding, region_of):
    excluding()
    near = {"path": "flood.geojson", "reason": "noise", "buffer_km": 3}
    wet = {"path": "flood.geojson", "reason": "flood plain"}
    region = region_of(SUBSTATIONS, PLACES, exclude=[near, wet, near])
    assert reasons(region) == {"a": "noise; flood plain", "b": "noise"}


def test_a_shape_that_no_candidate_touches_is_told(excluding):
    region = excluding(shapely.box(40, 40, 41, 41), buffer_km=5)
    assert reasons(region) == {}
    assert any("no candidate lies in or within 5 km" in text for text in region.warnings)


def test_a_line_excludes_by_its_buffer_alone(excluding):
    line = shapely.LineString([(0, -1), (0, 1)])
    assert set(reasons(excluding(line, buffer_km=2))) == {"a"}
    with pytest.raises(InputError, match="no inside and exclude nothing; found LineString"):
        excluding(line)


def test_a_buffer_reaches_across_the_antimeridian():
    places = pd.DataFrame({"lat": [0.0, 0.0], "lon": [-179.99, 179.0]})
    shapes = np.array([shapely.box(179.98, -1, 180, 1)])
    assert within_km(shapes, places, 1.2).tolist() == [True, False]
    assert within_km(shapes, places, 1.1).tolist() == [False, False]


def test_reading_and_verifying_measure_alike():
    """Two ways: laid out after clipping, and corner by corner; 2 m apart at the most."""
    rng = np.random.default_rng(5)
    centres = shapely.points(rng.uniform(-2, 2, 12), rng.uniform(58, 62, 12))
    shapes = shapely.segmentize(shapely.buffer(centres, 0.2, quad_segs=2), 0.01)
    places = pd.DataFrame({"lat": rng.uniform(57, 63, 300), "lon": rng.uniform(-3, 3, 300)})
    km = np.array([_away_km(shapes, lat, lon, 60) for lat, lon in places.to_numpy()])
    for buffer_km in (0.0, 3.0, 25.0):
        near = within_km(shapes, places, buffer_km)
        assert near[km < buffer_km - 0.002].all()
        assert not near[km > buffer_km + 0.002].any()
        assert 5 < near.sum() < 290


def bad(text):
    return text.encode() if isinstance(text, str) else json.dumps(text).encode()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("floods.geojson", None, "floods.geojson: no such file"),
        ("flood.csv", "id,lat,lon\na,1,2\n", "flood.csv: has no shapes"),
        ("flood.doc", "x", "unknown kind of file"),
        ("flood.geojson", "{}", "is not GeoJSON"),
        ("flood.geojson", {"type": "FeatureCollection", "features": []}, "is empty"),
        ("flood.gpkg", "not a database", "is not what its ending says"),
    ],
)
def test_a_bad_file_is_a_fault(scenario_of, tmp_path, name, content, says):
    if content is not None:
        (tmp_path / name).write_bytes(bad(content))
    exclude = {"path": name, "reason": "flood plain"}
    with pytest.raises(InputError) as caught:
        read_region(scenario_of(SUBSTATIONS, PLACES, exclude=exclude))
    assert says in str(caught.value)


def test_metres_that_call_themselves_degrees_are_a_fault(excluding):
    with pytest.raises(InputError, match="coordinates beyond degrees: 400000 to"):
        excluding(shapely.box(4e5, 5e6, 4.1e5, 5.1e6))


def test_a_crossed_ring_is_mended(excluding):
    bow = shapely.Polygon([(-0.01, -0.01), (0.01, 0.01), (0.01, -0.01), (-0.01, 0.01)])
    assert set(reasons(excluding(bow))) == {"a"}


def test_a_feature_without_a_shape_is_counted(tmp_path):
    path: Path = tmp_path / "flood.geojson"
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(SQUARE)},
        {"type": "Feature", "properties": {}, "geometry": None},
    ]
    path.write_bytes(bad({"type": "FeatureCollection", "features": features}))
    findings = Findings()
    read = read_shapes(path, path.name, findings)
    assert read is not None
    assert len(read[1]) == 1
    assert findings.warnings == ["flood.geojson: 1 feature(s) have no shape and are left out"]


def test_that_nobody_is_left_is_a_fault(excluding):
    with pytest.raises(InputError, match="leaves no candidate: every one is excluded"):
        excluding(shapely.box(-5, -5, 5, 5))


def test_to_force_an_excluded_site_is_a_fault_with_the_reason(excluding, scenario_of):
    excluding()
    exclude = {"path": "flood.geojson", "reason": "flood plain"}
    scenario = scenario_of(SUBSTATIONS, PLACES, exclude=exclude, limits={"force": ["a"]})
    with pytest.raises(InputError, match=r"cannot be a site: it is excluded \(flood plain\)"):
        assemble(scenario, read_region(scenario))
