"""Every export opens elsewhere, and reads back, with the numbers of the plan."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pandas.testing import assert_frame_equal

from microdc.cli import Format
from microdc.errors import InputError, UsageError
from microdc.placement import store
from microdc.placement.parts.hosts import HUB_COLUMNS
from microdc.placement.plan import Plan
from microdc.report.export import export_plan, read_export
from microdc.report.export.figures import PICTURES
from microdc.report.export.layers import hubs_table, service_table, sites_table
from microdc.report.export.write import WRITERS
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"
FORMATS = sorted(WRITERS)
KEY = ["place", "service", "site"]
SLY = ["=1+1", "+49 30", "-5", "@SUM(A1)", "\tx", "'=1", "''-2", "＝1+1"]
HARMLESS = ["'quoted'", "a=b", "007", "NA", "nan", "<b>&\"]]>", "Łódź, Ångström\n大阪"]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("plans") / "tiny"
    quiet = {"watch": lambda _: None, "clock": Clock(30)}
    return plan_scenario(TINY, out, force=False, overrides={}, **quiet).folder


@pytest.fixture
def plan(folder) -> Plan:
    return store.read_plan(folder)


@pytest.fixture
def export(tmp_path, monkeypatch) -> Callable[[Plan, str], Path]:
    """Export a plan that need not stand in a folder."""

    def write(plan: Plan, to: str) -> Path:
        monkeypatch.setattr("microdc.report.export.write.read_plan", lambda _: plan)
        export_plan(tmp_path / "plan", to, tmp_path / to)
        return tmp_path / to

    return write


def named(plan: Plan, names: dict[str, str]) -> Plan:
    """Give sites other names, and places the same ones."""
    sites = plan.sites.assign(name=[names.get(i, i) for i in plan.sites.index])
    renamed = plan.service["place"].map(names).fillna(plan.service["name"])
    return replace(plan, sites=sites, service=plan.service.assign(name=renamed))


def expect_back(plan: Plan, folder: Path, to: str) -> None:
    sites, service, hubs = read_export(folder, to)
    near = {"atol": 1e-6, "rtol": 0} if to == "geojson" else {"check_exact": True}
    known = sites_table(plan)
    if known.empty:  # some formats name no columns where there are no rows
        sites = sites.reindex(columns=known.columns).astype(known.dtypes)
    assert_frame_equal(sites, known, check_like=True, **near)
    ours, theirs = (
        table.sort_values(KEY, ignore_index=True) for table in (service_table(plan), service)
    )
    assert_frame_equal(theirs, ours, check_like=True, **near)
    assert_frame_equal(hubs, hubs_table(plan), check_like=True, **near)


def test_the_command_offers_every_format():
    assert sorted(Format) == sorted([*FORMATS, *PICTURES])


@pytest.mark.parametrize("to", FORMATS)
def test_what_is_exported_reads_back_to_the_same_numbers(plan, export, to):
    expect_back(plan, export(plan, to), to)


@pytest.mark.parametrize("to", FORMATS)
def test_numbers_come_back_to_the_last_digit_and_far_positions_too(plan, export, to):
    sites = plan.sites.assign(mw=[0.1 + 0.2, 1e-7], lon=[-179.123456789, 12.3456785], lat=-1 / 3)
    service = plan.service.assign(lon=179.9999999999, mw_it=plan.service["mw_it"] / 3)
    changed = replace(plan, sites=sites, service=service)
    out = export(changed, to)
    expect_back(changed, out, to)
    assert read_export(out, to)[0]["mw"].tolist() == [0.1 + 0.2, 1e-7]


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("sly", SLY + HARMLESS)
def test_any_name_comes_back_as_it_was(plan, export, to, sly):
    if to == "kml" and "\t" in sly:
        pytest.skip("GDAL trims what KML holds")
    changed = named(plan, {"west": sly, "dune": sly})
    expect_back(changed, export(changed, to), to)


@pytest.mark.parametrize("to", FORMATS)
def test_a_fleet_of_none_comes_back(plan, export, to):
    none = replace(plan, sites=plan.sites[:0], service=plan.service.assign(site=None, rtt_ms=None))
    expect_back(none, export(none, to), to)


@pytest.mark.parametrize("to", FORMATS)
def test_a_plan_that_serves_all_comes_back(plan, export, to):
    everyone = replace(plan, service=plan.service[plan.service["site"].notna()])
    expect_back(everyone, export(everyone, to), to)


@pytest.mark.parametrize("to", FORMATS)
def test_hubs_come_back_beside_sites(plan, export, to):
    hub = {"id": "=hub", "name": "Central", "lat": 52.5, "lon": -1.0, "capacity_mw_it": 40.0,
           "mw_it": 0.1 + 0.2, "load_mw_it": 0.25, "worst_rtt_ms": 3.5, "mean_rtt_ms": 3.25,
           "mn_per_mw_it_yr": 1.2, "reserve_mn_yr": 0.36}  # fmt: skip
    idle = {**hub, "id": "idle", "mw_it": 0.0, "worst_rtt_ms": None, "mean_rtt_ms": None}
    hubs = pd.DataFrame([hub, idle], columns=HUB_COLUMNS).set_index("id").astype({"lat": float})
    service = plan.service.assign(site=plan.service["site"].replace({"west": "=hub"}))
    changed = replace(plan, hubs=hubs, service=service)
    out = export(changed, to)
    expect_back(changed, out, to)
    assert len(read_export(out, to).hubs) == 2


def test_a_geopackage_has_three_layers_for_any_gis(plan, export):
    path = export(plan, "gpkg") / "plan.gpkg"
    kinds = dict(pyogrio.list_layers(path))
    assert kinds == {"sites": "Point", "service_lines": "MultiLineString", "unserved": "Point"}
    sites = gpd.read_file(path, layer="sites").set_index("id")
    assert sites.crs.to_epsg() == 4326
    assert sites["mw"].to_dict() == {"east": 5, "west": 15}
    assert gpd.read_file(path, layer="unserved")["mw_it"].sum() == pytest.approx(5)
    assert gpd.read_file(path, layer="service_lines")["mw_it"].sum() == pytest.approx(16)


def test_parquet_opens_in_geopandas_with_types_and_places(plan, export):
    sites = gpd.read_parquet(export(plan, "parquet") / "sites.parquet").set_index("id")
    assert sites.crs.to_epsg() == 4326
    assert sites.geometry["west"].x == -30
    assert sites["mw"].dtype == float


def test_csv_opens_in_geopandas_as_the_docs_say(plan, export):
    path = export(plan, "csv") / "sites.csv"
    options = {"X_POSSIBLE_NAMES": "lon", "Y_POSSIBLE_NAMES": "lat", "AUTODETECT_TYPE": "YES"}
    sites = gpd.read_file(path, **options).set_index("id")
    assert sites["mw"].to_dict() == {"east": 5, "west": 15}
    assert sites.geometry["west"].x == -30


def test_no_text_of_a_csv_begins_like_a_formula_and_negative_numbers_stay_numbers(plan, export):
    for sly in SLY:
        for path in export(named(plan, {"west": sly, "dune": sly}), "csv").glob("*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            cells = [(column, cell) for row in rows for column, cell in row.items()]
            numbers = [cell for column, cell in cells if column.endswith("lon") and cell]
            assert all(float(cell) < 0 for cell in numbers)
            text = [cell for column, cell in cells if not column.endswith("lon")]
            assert not [cell for cell in text if cell.startswith(tuple("=+-@\t＝＋－＠"))]
            path.unlink()


def test_kml_is_well_formed_and_escapes_text(plan, export):
    path = export(named(plan, {"west": "<script>alert('x')</script>&\x07"}), "kml") / "plan.kml"
    text = path.read_text("utf-8")
    assert "<script" not in text
    root = ET.fromstring(text)
    names = [name.text for name in root.iter("{http://www.opengis.net/kml/2.2}name")]
    assert "<script>alert('x')</script>&\N{REPLACEMENT CHARACTER}" in names
    assert root.find(".//{*}description") is None  # which viewers show as HTML


def test_gdal_reads_the_numbers_of_a_kml(plan, export):
    path = export(plan, "kml") / "plan.kml"
    sites = gpd.read_file(path, layer="sites").set_index("site")
    assert sites["mw"].to_dict() == {"east": 5, "west": 15}
    assert sites.geometry["west"].x == -30
    assert gpd.read_file(path, layer="service_lines")["mw_it"].sum() == pytest.approx(16)


def test_every_export_credits_its_sources(plan, export):
    credit = plan.attributions[0]
    geojson = json.loads((export(plan, "geojson") / "sites.geojson").read_text("utf-8"))
    assert geojson["attributions"] == [credit]
    assert credit in (export(plan, "kml") / "plan.kml").read_text("utf-8")
    assert credit in (export(plan, "csv") / "attributions.csv").read_text("utf-8")
    layer = pyogrio.read_info(export(plan, "gpkg") / "plan.gpkg", layer="sites")
    assert layer["layer_metadata"]["attributions"] == credit
    assert pd.read_parquet(export(plan, "parquet") / "sites.parquet").attrs["attributions"] == [
        credit
    ]


@pytest.mark.parametrize("to", FORMATS)
def test_an_export_stays_within_the_plan_and_is_replaced_with_it(folder, to):
    before = (folder / "service.parquet").read_bytes()
    first, again = export_plan(folder, to), export_plan(folder, to)
    assert first == again
    assert (folder / "service.parquet").read_bytes() == before
    assert {path.name for path in folder.iterdir()} <= store.OUR_FILES


@pytest.mark.parametrize("to", FORMATS)
def test_a_file_of_someone_else_is_not_replaced_unasked(folder, tmp_path, to):
    name = export_plan(folder, to, tmp_path / "new")[-1].name
    theirs = tmp_path / name
    theirs.write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="exists already"):
        export_plan(folder, to, tmp_path)
    assert theirs.read_text("utf-8") == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {name, "new"}
    export_plan(folder, to, tmp_path, force=True)
    assert theirs.read_bytes() != b"mine"


def test_a_file_is_no_folder_to_write_to(folder, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="is a file"):
        export_plan(folder, "csv", tmp_path / "file")


def test_what_is_no_plan_is_not_exported(tmp_path):
    with pytest.raises(InputError):
        export_plan(tmp_path, "csv", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("to", FORMATS)
def test_a_programme_is_exported_with_the_stage_of_every_row(programme, tmp_path, to):
    written = {path.name: path for path in export_plan(programme, to, tmp_path)}
    path = written.get(f"sites.{to}") or written[f"plan.{to}"]
    if to == "csv":
        sites = pd.read_csv(path)
    elif to == "parquet":
        sites = gpd.read_parquet(path)
    else:
        sites = gpd.read_file(path, layer="sites")
    fleets = sites.groupby("stage", sort=False)["mw"].apply(list).to_dict()
    assert fleets == {"pilots": [10], "fleet": [5, 15], "network": [5, 20]}


def test_features_of_a_programme_have_ids_of_their_own(programme, tmp_path):
    for path in export_plan(programme, "geojson", tmp_path):
        ids = [one["id"] for one in json.loads(path.read_text("utf-8"))["features"]]
        assert len(set(ids)) == len(ids) > 3
    assert "network/6" in ids


def test_a_programme_is_no_one_picture(programme, tmp_path):
    with pytest.raises(UsageError) as caught:
        export_plan(programme, "png", tmp_path)
    assert caught.value.hint == f"draw one stage: microdc export {programme / 'pilots'} --to png"
