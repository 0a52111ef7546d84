"""Parcels as candidates: who feeds each, what it takes from its substation, and who is left out."""

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from microdc.assembly import assemble
from microdc.errors import InputError
from microdc.inputs.lint import lint
from microdc.inputs.read import read_region

# A degree on the equator is 111.32 km: a hundredth of it is 1.1132 km.
SUBSTATIONS = """id,name,lat,lon,headroom_mw,parent,candidate,state,owner,voltage_kv,pue,max_mw,area
grid,Grid,0,0,25,,false,,,,,,
a,Ash,0,0,12,grid,,N,Utility,33,1.2,11,north
b,Birch,0,0.05,3,grid,,N,Utility,11,,,north
c,Cedar,0,0.1,20,grid,,S,Utility,132,,,south
"""
PLACES = "id,lat,lon,population\nt,0,0.5,900000\n"
PARCELS = "id,lat,lon\np,0,0.01\n"


@pytest.fixture
def land(region_of, tmp_path):
    """Read the region with some parcels; `keys` are those of the table."""

    def read(parcels=PARCELS, substations=SUBSTATIONS, *, source=None, **keys):
        (tmp_path / "parcels.csv").write_text(parcels, encoding="utf-8")
        table = {"path": "parcels.csv", "max_feeder_km": 3, **keys}
        return region_of(substations, PLACES, parcels=table, source=source)

    return read


@pytest.fixture
def wrong(faults_of, tmp_path):
    def read(parcels, substations=SUBSTATIONS, *, source=None, **keys):
        (tmp_path / "parcels.csv").write_text(parcels, encoding="utf-8")
        table = {"path": "parcels.csv", "max_feeder_km": 3, **keys}
        return faults_of(substations, PLACES, parcels=table, source=source)

    return read


def test_parcels_are_the_candidates_and_substations_their_limits(land):
    rows = land().substations
    assert rows.index.tolist() == ["a", "b", "c", "grid", "p"]
    assert rows.index[rows["candidate"]].tolist() == ["p"]
    assert rows.index[rows["feeds"]].tolist() == ["a", "b", "c"]
    assert rows.index[rows["parcel"]].tolist() == ["p"]
    assert (rows["parent"]["p"], np.isnan(rows["headroom_mw"]["p"])) == ("a", True)
    assert rows["feeder_km"]["p"] == pytest.approx(1.1132, abs=1e-4)
    assert rows["fibre_km"]["p"] == 0


def test_what_a_parcel_does_not_state_it_takes_from_its_substation(land):
    rows = land("id,lat,lon,pue,state\np,0,0.01,,\nq,0,-0.01,1.4,W\n").substations
    took = rows.loc["p", ["pue", "state", "owner", "voltage_kv", "max_mw", "name"]].tolist()
    assert took == [1.2, "N", "Utility", 33, 11, "p"]
    assert rows.loc["q", ["pue", "state", "owner"]].tolist() == [1.4, "W", "Utility"]


def test_land_feeder_and_fibre_are_the_parcels_own(land):
    stated = "id,lat,lon,headroom_mw,site_mn,feeder_km,fibre_km\na,0,0,12,9,9,9\n"
    rows = land(substations=stated, fibre_km=2, feeder_route_factor=1.5).substations
    assert np.isnan(rows["site_mn"]["p"])
    assert rows["feeder_km"]["p"] == pytest.approx(1.5 * 1.1132, abs=1e-4)
    assert rows["fibre_km"]["p"] == 2


def test_the_nearest_without_room_for_a_site_is_passed_over(land):
    """Birch has 3 MW, a site takes 5: Cedar feeds the parcel beside Birch."""
    rows = land("id,lat,lon\np,0,0.051\n", max_feeder_km=9).substations
    assert rows["parent"]["p"] == "c"


def test_a_limit_above_leaves_no_room_either(land):
    tight = SUBSTATIONS.replace("0,0,25,,false", "0,0,4,,false").replace("0.1,20,grid", "0.1,20,")
    rows = land(substations=tight, max_feeder_km=20).substations
    assert rows["parent"]["p"] == "c"


def test_a_parcel_hangs_below_the_substation_it_names_by_id_or_name(land):
    table = "id,lat,lon,substation\np,0,0.01,c\nq,0,0.01,birch\nr,0,0.01,\n"
    region = land(table)
    assert region.substations["parent"][["p", "q", "r"]].tolist() == ["c", "b", "a"]
    told = "parcels.csv: 2 parcel(s) keep the substation they name beyond max_feeder_km: p, q"
    assert told in region.warnings


def test_a_stated_length_is_judged_as_well(land):
    region = land("id,lat,lon,feeder_km\np,0,0.01,3.5\nq,0,0.01,2\nr,0,0.04,2.5\n")
    rows = region.substations.loc[["p", "q", "r"]]
    assert rows["candidate"].tolist() == [False, True, True]
    assert rows["excluded"]["p"] == "no substation with headroom within 3 km of feeder"
    assert "parcels.csv: 1 parcel(s) state a feeder shorter than the straight line: r" in (
        region.warnings
    )


def test_where_chooses_who_feeds_and_which_parcels_count(land):
    table = "id,lat,lon,zone,substation\np,0,0.01,x,\nq,0,0.01,y,\nr,0,0.01,x,c\n"
    region = land(table, source={"where": "area == 'north'"}, where="zone == 'x'")
    assert region.substations.index.tolist() == ["a", "b", "grid", "p", "r"]
    why = "its substation is not chosen, or has no headroom or no position"
    assert region.substations["excluded"]["r"] == why
    assert not region.substations["candidate"]["r"]


def test_units_and_columns_are_those_of_any_table(land):
    table = "Ref,Y,X,Cable\n007,0,0.01,1200\n"
    names = {"id": "Ref", "lat": "Y", "lon": "X", "feeder_km": "Cable"}
    rows = land(table, columns=names, units={"feeder_km": "m"}).substations
    assert rows["feeder_km"]["007"] == pytest.approx(1.2)


def test_a_substation_of_no_table_is_a_fault_with_the_nearest_word(wrong):
    [fault] = wrong("id,lat,lon,substation\np,0,0.01,Cedr\n")
    assert (fault.file, fault.at, fault.column) == ("parcels.csv", "row 2, id p", "substation")
    assert (fault.found, fault.nearest) == ("'Cedr'", "Cedar")


def test_a_name_that_several_substations_bear_is_a_fault(wrong):
    [fault] = wrong("id,lat,lon,substation\np,0,0.01,ash\n", SUBSTATIONS.replace("Birch", "Ash"))
    assert fault.says == "is the name of several substations"
    assert fault.allowed == "one of their ids: a, b"


def test_an_id_of_a_substation_or_of_another_parcel_is_a_fault(wrong):
    again, taken = wrong("id,lat,lon\np,0,0.01\np,0,0.02\nc,0,0.01\n")
    assert again.allowed == "ids used once (parcels.csv, row 2)"
    assert taken.allowed == "ids used once (substations.csv, row 5)"


def test_a_parcel_without_a_position_is_a_fault_beside_all_others(wrong):
    faults = wrong("id,lat,lon,substation,pue\np,,0.01,Cedr,0.5\n", SUBSTATIONS.replace("12", "x"))
    assert {fault.column for fault in faults} == {"lat", "substation", "pue", "headroom_mw"}


def test_a_table_that_is_not_there_is_all_that_is_told(faults_of):
    [fault] = faults_of(parcels={"path": "parcel.csv", "max_feeder_km": 3})
    assert (fault.file, fault.says) == ("parcel.csv", "no such file")


def test_faults_of_parcels_are_told_beside_substations_that_cannot_be_read(wrong):
    faults = wrong("id,lat,lon,pue\np,0,0.01,x\np,0,0.01,1\n", "id,lat\na,0\n")
    assert {(fault.file, fault.column) for fault in faults} == {
        ("substations.csv", "lon"), ("substations.csv", "headroom_mw"),
        ("parcels.csv", "pue"), ("parcels.csv", "id"),
    }  # fmt: skip


def test_no_name_is_doubted_while_a_table_of_substations_cannot_be_read(faults_of, tmp_path):
    (tmp_path / "parcels.csv").write_text("id,lat,lon,substation\np,0,0,Oak\n", encoding="utf-8")
    both = [{"path": "substations.csv"}, {"path": "others.csv"}]
    table = {"path": "parcels.csv", "max_feeder_km": 3}
    assert [fault.file for fault in faults_of(source=both, parcels=table)] == ["others.csv"]


def test_several_tables_each_have_a_limit_of_their_own(region_of, tmp_path):
    tables = []
    for name, km in (("one", 1), ("two", 2)):
        (tmp_path / f"{name}.csv").write_text(f"id,lat,lon\n{name},0,0.01\n", encoding="utf-8")
        tables.append({"path": f"{name}.csv", "max_feeder_km": km})
    region = region_of(SUBSTATIONS, PLACES, parcels=tables)
    assert region.substations["candidate"][["one", "two"]].tolist() == [False, True]
    names = [record.path.name for record in region.sources]
    assert names == ["substations.csv", "one.csv", "two.csv", "places.csv"]
    assert [names[n] for n in region.substations["source"][["one", "two"]]] == [
        "one.csv",
        "two.csv",
    ]


def test_parcels_in_one_spot_are_told(land, scenario_of):
    region = land("id,lat,lon\np,0,0.01\nq,0,0.01\n")
    [text] = lint(region, scenario_of())
    assert "2 candidates share 1 position(s), perhaps one listed twice: p, q" in text


def test_parcels_of_a_substation_share_its_headroom_in_the_instance(scenario_of, tmp_path):
    (tmp_path / "parcels.csv").write_text("id,lat,lon\np,0,0.01\nq,0,-0.01\n", encoding="utf-8")
    table = {"path": "parcels.csv", "max_feeder_km": 3}
    scenario = scenario_of(SUBSTATIONS, PLACES, parcels=table)
    instance = assemble(scenario, read_region(scenario))
    assert instance.sites["cap_mw"].to_dict() == {"p": 11, "q": 11}  # max_mw of Ash
    assert instance.nodes["limit_mw"].to_dict() == {"a": 12}
    assert instance.below.toarray().tolist() == [[1, 1]]


def test_a_parcel_that_has_a_site_needs_no_room_for_one(land):
    """Birch has 3 MW, a site takes 5: what exists beside Birch may grow by them."""
    table = "id,lat,lon,existing_mw\np,0,0.051,6\nq,0,0.051,\n"
    rows = land(table, max_feeder_km=9).substations.loc[["p", "q"]]
    assert rows["parent"].tolist() == ["b", "c"]
    assert rows["existing_mw"].tolist() == [6, 0]
    assert rows["candidate"].all()


def test_a_parcel_that_has_a_site_stays_where_nobody_feeds_it(land):
    table = "id,lat,lon,existing_mw,feeder_km\np,0,0.5,4,\nq,0,0.5,4,8\n"
    region = land(table)
    rows = region.substations.loc[["p", "q"]]
    assert rows["parent"].isna().all()
    assert rows["candidate"].tolist() == [False, False]
    assert rows["existing_mw"].tolist() == [4, 4]
    assert rows["feeder_km"].isna().all()
    assert "2 parcel(s) have no substation with headroom within max_feeder_km" in region.warnings[0]


def test_what_exists_at_a_substation_stays_beside_parcels(scenario_of, tmp_path):
    (tmp_path / "parcels.csv").write_text(PARCELS, encoding="utf-8")
    built = "id,lat,lon,headroom_mw,existing_mw\na,0,0,12,7\n"
    scenario = scenario_of(built, PLACES, parcels={"path": "parcels.csv", "max_feeder_km": 3})
    sites = assemble(scenario, read_region(scenario)).sites
    assert sites["standing"].to_dict() == {"a": True, "p": False}
    assert sites.loc["a", ["min_mw", "cap_mw"]].tolist() == [7, 7]
    assert sites["cap_mw"]["p"] == 12


def test_the_smallest_site_is_the_parcels_own_or_its_substations(land):
    """Ash bears 9 MW and asks for 8, Cedar bears 20."""
    stated = "id,lat,lon,headroom_mw,min_mw\na,0,0,9,8\nc,0,0.1,20,\n"
    table = "id,lat,lon,min_mw\np,0,0.01,\nq,0,0.01,9.5\nr,0,0.01,2\n"
    rows = land(table, stated, max_feeder_km=20).substations.loc[["p", "q", "r"]]
    assert rows["parent"].tolist() == ["a", "c", "a"]
    assert rows["min_mw"].tolist() == [8, 9.5, 2]


def test_a_parcel_whose_sizes_contradict_each_other_is_a_fault(wrong):
    [fault] = wrong("id,lat,lon,min_mw,max_mw\np,0,0.01,12,10\n")
    assert (fault.column, fault.says) == ("min_mw", "is more than max_mw")


def test_what_exists_on_a_parcel_draws_on_headroom_only_by_its_growth(scenario_of, tmp_path):
    """Ash bears 12 MW: p may add up to 11 - 8 MW to what it has, q may have 11."""
    table = "id,lat,lon,existing_mw\np,0,0.01,8\nq,0,-0.01,\n"
    (tmp_path / "parcels.csv").write_text(table, encoding="utf-8")
    land = {"path": "parcels.csv", "max_feeder_km": 3}
    scenario = scenario_of(SUBSTATIONS, PLACES, parcels=land)
    instance = assemble(scenario, read_region(scenario))
    assert instance.sites["cap_mw"].to_dict() == {"p": 11, "q": 11}
    assert instance.sites["min_mw"].to_dict() == {"p": 8, "q": 5}
    assert instance.nodes["limit_mw"].to_dict() == {"a": 12}  # 3 and 11 are more than Ash has
    assert instance.sites["site_capital_mn"]["p"] < 0  # all but what is added is paid


def test_a_parcel_where_a_site_stands_is_not_forbidden(scenario_of, tmp_path):
    (tmp_path / "parcels.csv").write_text("id,lat,lon,existing_mw\np,0,0.01,8\n", encoding="utf-8")
    table = {"path": "parcels.csv", "max_feeder_km": 3}
    scenario = scenario_of(SUBSTATIONS, PLACES, parcels=table, limits={"forbid": ["p"]})
    with pytest.raises(InputError, match="this site stands already; found p, 8 MW"):
        assemble(scenario, read_region(scenario))


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "parquet"])
def test_thousands_of_polygons_are_read_at_once(region_of, tmp_path, ending):
    """Each stands at a point inside it, an L whose middle is outside included."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(0, 1, (2, 4000))
    corner = shapely.Polygon([(0, 0), (1, 0), (1, 0.1), (0.1, 0.1), (0.1, 1), (0, 1)])
    shapes = [shapely.affinity.translate(corner, x, y) for x, y in zip(lon, lat, strict=True)]
    frame = geopandas.GeoDataFrame(
        {"id": [f"p{k}" for k in range(4000)]}, geometry=shapes, crs="OGC:CRS84"
    )
    path = tmp_path / f"parcels.{ending}"
    frame.to_parquet(path) if ending == "parquet" else frame.to_file(path)
    stations = pd.DataFrame({"lat": rng.uniform(0, 2, 900), "lon": rng.uniform(0, 2, 900)})
    stations = stations.assign(id=[f"s{k}" for k in range(900)], headroom_mw=9.0)
    region = region_of(
        stations.to_csv(index=False),
        PLACES,
        parcels={"path": path.name, "max_feeder_km": 20},
    )
    rows = region.substations[region.substations["parcel"]].loc[frame["id"]]
    assert shapely.contains_xy(frame.geometry.to_numpy(), rows["lon"], rows["lat"]).all()
    assert rows["candidate"].sum() > 3000
