import zipfile

import geopandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from microdc.errors import InputError
from microdc.inputs.read import read_region

H = "id,name,lat,lon,headroom_mw,parent\n"
P = "id,lat,lon,population\n"


def said(faults):
    return "\n".join(map(str, faults))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", ["is empty"]),
        (H, ["no rows"]),
        (H + "a,A,95,-1,5,\n", ["row 2, id a", "column lat", "'95'", "-90 to 90"]),
        (H + "a,A,51,-190,5,\n", ["column lon", "'-190'", "-180 to 180"]),
        (H + "a,A,51,-1,-5,\n", ["column headroom_mw", "'-5'", "zero or more"]),
        (H + "a,A,51,-1,NaN,\n", ["column headroom_mw", "'NaN'", "a number"]),
        (H + "a,A,51,-1,inf,\n", ["column headroom_mw", "'inf'", "a number"]),
        (H + 'a,A,51,-1,"1,20",\nb,B,51.5,-1,"1,200.5",\n', ["'1,20'", "a number"]),
        (H + "a,A,51,-1,5 MW,\n", ["'5 MW'", "a number"]),
        (H + "a,A,north,-1,5,\n", ["column lat", "'north'"]),
        (H + "a,A,51,-1,5,\na,B,51,-1,6,\n", ["row 3, id a", "used before", "row 2"]),
        (H + ",A,51,-1,5,\n", ["row 2", "column id", "a blank cell"]),
        (H + "a,A,51,-1,5,b\nb,B,51,-1,5,c\nc,C,51,-1,5,a\n", ["a -> b -> c -> a"]),
        (H + "a,A,51,-1,5,A\n", ["row 2, id a", "is its own parent"]),
        (
            H + "a,Twin,51,-1,5,\nb,twin,51,-1,5,\nc,C,51,-1,5,Twin\n",
            ["row 4, id c", "column parent", "name of several rows", "a, b"],
        ),
        (H + "a,A,51,-1\n", ["row 2", "4 cells", "6, as in the header"]),
        (H + 'a,"A,51,-1,5,\n', ["not a well-formed table"]),
        ((H + "a,").encode() + b"\x81,51,-1,5,\n", ["is no text", "0x81", "line 2"]),
        ((H + "a,\0,51,-1,5,\n"), ["is no text", "a byte 0 on line 2"]),
        (
            "id,lat,lon,headroom_mva\na,51,-1,5\n",
            [
                "headroom_mw: is missing",
                "{headroom_mw: headroom_mva}",
                "did you mean headroom_mva?",
            ],
        ),
        (
            "AssetID,Location Latitude,longitude,Demand Headroom (MVA)\na,51,-1,5\n",
            ["mean AssetID?", "mean Location Latitude?", "mean longitude?", "mean Demand Headroom"],
        ),
        (
            "id,lat,lon,transformer_mva\na,51,-1,20;20\n",
            ["peak_mw: is missing", "headroom_mw instead"],
        ),
        (
            "id,lat,lon,transformer_mwa,peak_mw\na,51,-1,20;20,5\n",
            ["column transformer_mva: is missing", "did you mean transformer_mwa?"],
        ),
        ("id,lat,lon,headroom_mw,id\na,51,-1,5,b\n", ["column id", "in the header more than once"]),
        (H.replace("name", "candidate") + "a,perhaps,51,-1,5,\n", ["'perhaps'", "true, false"]),
        (H.replace("name", "as_of") + "a,31/03/26,51,-1,5,\n", ["'31/03/26'", "2026-03-31"]),
        (H.replace("name", "pue") + "a,0.8,51,-1,5,\n", ["column pue", "'0.8'", "1 or more"]),
        (H.replace("name", "power_factor") + "a,95,51,-1,5,\n", ["'95'", "0.5 to 1"]),
        (
            "id,lat,lon,transformer_mva,peak_mw\na,51,-1,two of 20,5\nb,51,-1,20;20,5\n",
            ["column transformer_mva", "'two of 20'", "20;20"],
        ),
        (H.replace("name", "candidate") + "a,no,51,-1,5,\n", ["no row can host a site"]),
    ],
)
def test_a_bad_substation_table_is_refused_with_what_and_where(faults_of, table, words):
    faults = faults_of(table)
    assert all(word in said(faults) for word in words), said(faults)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (P, ["no rows"]),
        ("id,lat,lon\na,51,-1\n", ["population: is missing"]),
        (P + "a,51,-1,-4\n", ["places.csv: row 2, id a, column population", "zero or more"]),
        (P + "a,51,-1,N/A\n", ["states no demand"]),
        (P + "a,,-1,5\n", ["column lat", "states no position"]),
        (P + "a,51,-1,5\na,51,-1,6\n", ["row 3, id a", "listed before", "row 2"]),
        (
            "id,lat,lon,service,mw_it\na,51,-1,neer,5\nb,51,-1,near,5\n",
            ["'neer'", "mean near?"],
        ),
        (
            "id,lat,lon,service,mw_it\na,51,-1,near,5\na,52,-1,,5\n",
            ["stands elsewhere", "listed before"],
        ),
        (P + "a,51,-1,0\n", ["services.near", "gives this service any demand"]),
    ],
)
def test_a_bad_demand_table_is_refused_with_what_and_where(faults_of, table, words):
    faults = faults_of(demand=table)
    assert all(word in said(faults) for word in words), said(faults)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"path": "substation.csv"}, ["no such file", "mean substations.csv?"]),
        ({"path": "substations.xlsx"}, ["no such file"]),
        ({"path": "scenario.yaml"}, ["unknown kind of file", ".yaml", ".csv"]),
        ({"columns": {"headrom_mw": "name"}}, ["columns.headrom_mw", "mean headroom_mw?"]),
        ({"columns": {"parent": "Parnet"}}, ["no column 'Parnet'", "mean parent?"]),
        ({"columns": {"parent": ["parent", "gsp"]}}, ["no column 'gsp'"]),
        ({"units": {"headroom_mw": "kw"}}, ["units.headroom_mw", "mean kW?"]),
        ({"units": {"headroom_mw": "miles"}}, ["found miles", "kW, MW"]),
        ({"units": {"name": "MW"}}, ["no other unit"]),
        ({"units": {"hedroom_mw": "MW"}}, ["mean headroom_mw?"]),
        ({"where": "stat == 'TX'"}, ["substations.where", "no column stat"]),
        ({"where": "name == 'Wets'"}, ["no row of substations.csv passes", "mean West?"]),
        ({"where": "name in ('Eats')"}, ["mean East?"]),
        ({"where": "lat > 0 and name == 'Hbu'"}, ["mean Hub?"]),
        ({"where": "@__import__('os').system('true')"}, ["cannot stand in a condition"]),
        ({"where": "open('x') == 1"}, ["functions cannot be called"]),
    ],
)
def test_a_source_that_does_not_fit_its_file_is_refused(faults_of, source, words):
    faults = faults_of(source=source)
    assert all(word in said(faults) for word in words), said(faults)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"type": "FeatureCollection"}',
        b'{"type": "FeatureCollection", "features": [1]}',
        b'{"type": "FeatureCollection", "features": [{"properties": {"id": NaN}}]}',
        b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Blob"}}]}',
        b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}',
        b'{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "moon"}}}',
        b"[" * 100_000,
        b"\xff\xfe{",
    ],
)
def test_a_geojson_that_is_none_is_refused(faults_of, tmp_path, content):
    (tmp_path / "s.geojson").write_bytes(content)
    faults = faults_of(None, source={"path": "s.geojson"})
    assert {fault.file for fault in faults} == {"s.geojson"}


@pytest.mark.parametrize("name", ["s.parquet", "s.gpkg", "s.shp", "s.zip"])
def test_a_file_that_is_not_what_its_ending_says_is_refused(faults_of, tmp_path, name):
    (tmp_path / name).write_bytes(b"nothing of the kind")
    (fault,) = faults_of(None, source={"path": name})
    assert fault.file == name
    assert "\n" not in str(fault)


VRT = b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>"


@pytest.mark.parametrize("name", ["s.gpkg", "s.shp", "s.zip"])
def test_a_file_that_would_send_gdal_elsewhere_is_refused(faults_of, tmp_path, name):
    if name == "s.zip":
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("x.shp", VRT)
    else:
        (tmp_path / name).write_bytes(VRT)
    (fault,) = faults_of(None, source={"path": name})
    assert "not what its ending says" in str(fault)


def test_a_geopackage_with_several_layers_is_refused_by_their_names(faults_of, tmp_path):
    points = geopandas.GeoDataFrame({"id": ["a"]}, geometry=[Point(-1, 51)], crs=4326)
    for layer in ("north", "south"):
        points.to_file(tmp_path / "s.gpkg", layer=layer)
    (fault,) = faults_of(None, source={"path": "s.gpkg"})
    assert "has 2 layers; found north, south" in str(fault)


def test_an_id_in_two_files_is_told_with_both(faults_of, tmp_path):
    (tmp_path / "more.csv").write_text(H + "west,Far,51.5,-1,5,\n", "utf-8")
    (tmp_path / "towns.csv").write_text(P + "town,51,-1,5\n", "utf-8")
    sources = {
        "source": [{"path": "substations.csv"}, {"path": "more.csv"}],
        "places": [{"path": "places.csv"}, {"path": "towns.csv"}],
    }
    text = said(faults_of(**sources))
    assert "more.csv: row 2, id west, column id: is used before" in text
    assert "substations.csv, row 3" in text
    assert "towns.csv: row 2, id town, column id: is listed before" in text
    assert "also places.csv, row 2" in text


def test_faults_of_all_tables_are_told_together(faults_of):
    faults = faults_of(H + "a,A,95,-1,-5,\n", P + "b,51,-1,x\n", source={"units": {}})
    assert {(fault.file, fault.column) for fault in faults} >= {
        ("substations.csv", "lat"),
        ("substations.csv", "headroom_mw"),
        ("places.csv", "population"),
    }


def test_a_bad_where_hides_no_other_fault_and_adds_none(faults_of):
    sources = {"source": {"where": "nam == 'x' or heigth > 1"}, "places": {"where": "pop > 1"}}
    faults = faults_of(H + "a,A,95,-1,-5,\n", P + "b,51,-1,x\n", **sources)
    assert [(fault.at, fault.nearest) for fault in faults] == [
        ("substations.where", "name"),
        ("substations.where", ""),
        ("demand.where", "population"),
    ]


CELLS = st.sampled_from(
    [
        "",
        "N/A",
        "a",
        "b",
        "c",
        "51",
        "-1",
        "951",
        "-5",
        "1e400",
        "x",
        "NaN",
        "20;20",
        "no",
        '"',
        "é",
    ]
)
KEYS = st.sampled_from(
    [{}, {"where": "name == 'a'"}, {"where": "lat > 0"}, {"units": {"headroom_mw": "MVA"}}]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=9, max_size=9), max_size=5),
    st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=4),
    KEYS,
    KEYS.filter(lambda keys: "units" not in keys),
)
def test_any_table_is_a_region_or_an_input_error(scenario_of, rows, places, source, where):
    header = "id,name,lat,lon,headroom_mw,parent,candidate,transformer_mva,peak_mw\n"
    table = header + "\n".join(map(",".join, rows))
    people = "id,name,lat,lon,population,service\n" + "\n".join(map(",".join, places))
    scenario = scenario_of(table, people, source=source, places=where)
    try:
        region = read_region(scenario)
    except InputError:
        return
    sites = region.substations[region.substations["candidate"]]
    assert sites["lat"].between(-90, 90).all()
    assert (sites["headroom_mw"] >= 0).all()
    assert (region.demand["mw_it"] > 0).all()
    assert region.substations["parent"].dropna().isin(region.substations.index).all()


def test_a_long_list_of_one_fault_is_cut_and_counted(faults_of):
    rows = "".join(f"s{k:02},S,51,-1,-5,\n" for k in range(25))
    faults = faults_of(H + rows + "t,T,95,-1,5,\n")
    assert len(faults) == 12
    assert "... and 15 more" in said(faults)
    assert "row 27, id t" in said(faults)


def test_a_faulty_cell_is_told_in_one_line_even_if_it_has_many(faults_of):
    (fault,) = faults_of(H + 'a,A,51,-1,"' + "x\n" * 100 + '",\n')
    assert "\n" not in str(fault)
    assert len(str(fault)) < 200
