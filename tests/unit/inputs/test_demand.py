import numpy as np
import pytest

TWO = {
    "near": {"rtt_ms": 2, "kw_it_per_1000_people": 4},
    "far": {"rtt_ms": 9, "kw_it_per_1000_people": 8},
}
SHARES = {"near": {"rtt_ms": 2, "share": 0.25}, "far": {"rtt_ms": 9, "share": 0.75}}


def demand(region):
    return [
        tuple(row) for row in region.demand[["place", "service", "mw_it"]].itertuples(index=False)
    ]


def test_people_want_so_many_kilowatts_of_each_service(region_of):
    places = "id,lat,lon,population\nb,51,-1,1000000\na,51,-1,500000\n"
    assert demand(region_of(demand=places, services=TWO)) == [
        ("a", "near", 2), ("a", "far", 4), ("b", "near", 4), ("b", "far", 8),
    ]  # fmt: skip


def test_megawatts_of_a_place_are_shared_between_the_services(region_of):
    places = "id,lat,lon,mw_it\na,51,-1,8\n"
    assert demand(region_of(demand=places, services=SHARES)) == [("a", "near", 2), ("a", "far", 6)]


def test_one_service_takes_all_the_megawatts(region_of):
    places = "id,lat,lon,mw_it\na,51,-1,8000\n"
    region = region_of(
        demand=places, places={"units": {"mw_it": "kW"}}, services={"all": {"rtt_ms": 2}}
    )
    assert demand(region) == [("a", "all", 8)]


def test_a_long_table_names_the_service_of_each_row(region_of):
    places = "id,lat,lon,service,mw_it\na,51,-1,far,3\na,51,-1,near,1\n"
    assert demand(region_of(demand=places, services=SHARES)) == [("a", "near", 1), ("a", "far", 3)]


def test_places_without_demand_are_left_out_and_counted(region_of):
    region = region_of(demand="id,lat,lon,population\na,51,-1,1000\nb,51,-1,0\n")
    assert list(region.demand["place"]) == ["a"]
    assert any("1 place(s)" in text for text in region.warnings)


def test_a_place_may_state_its_own_access_time(region_of):
    places = "id,name,lat,lon,population,access_ms,state\na,A,51,-1,1000,3,TX\nb,,51,-1,1000,,\n"
    rows = region_of(demand=places).demand.set_index("place")
    assert rows.loc["a", "access_ms"] == 3
    assert np.isnan(rows.loc["b", "access_ms"])
    assert list(rows["name"]) == ["A", "b"]
    assert list(rows["state"]) == ["TX", None]


def test_several_tables_of_places_are_joined_and_chosen_by_where(region_of, tmp_path):
    (tmp_path / "more.csv").write_text("id,lat,lon,population\nc,51,-1,7\n", encoding="utf-8")
    sources = [{"path": "places.csv", "where": "population > 10"}, {"path": "more.csv"}]
    places = "id,lat,lon,population\na,51,-1,1000\nb,51,-1,9\n"
    assert list(region_of(demand=places, places=sources).demand["place"]) == ["a", "c"]


@pytest.mark.parametrize("services", [TWO, SHARES])
def test_a_service_without_demand_is_a_fault(faults_of, services):
    column = "mw_it" if services is TWO else "population"
    faults = faults_of(demand=f"id,lat,lon,{column}\na,51,-1,1000\n", services=services)
    assert [fault.at for fault in faults] == ["services.near", "services.far"]
