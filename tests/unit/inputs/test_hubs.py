"""Hub tables read as other tables are, and refused where they leave something open."""

import pytest

from microdc.assembly import assemble
from microdc.inputs.read import read_region

HEADER = "id,name,lat,lon,mw_it,mn_per_mw_it_yr,processing_ms\n"
TWO = HEADER + "z,Zeta,50,-1,8,1.5,0.2\nc,,52,-1,40,0,\n"


@pytest.fixture
def hubs_of(scenario_of, tmp_path):
    """Write a table of hubs beside the small scenario, and give that."""

    def make(table: str, **keys):
        (tmp_path / "hubs.csv").write_text(table, encoding="utf-8")
        return scenario_of(hubs={"path": "hubs.csv"} | keys)

    return make


@pytest.fixture
def faults_in(hubs_of):
    def faults(table: str, **keys) -> str:
        with pytest.raises(Exception, match="in the input") as caught:
            read_region(hubs_of(table, **keys))
        return str(caught.value)

    return faults


def test_hubs_come_sorted_with_capacity_and_price(hubs_of):
    region = read_region(hubs_of(TWO, source={"title": "Two hubs", "licence": "CC0 1.0"}))
    assert list(region.hubs.index) == ["c", "z"]
    assert region.hubs["name"].tolist() == ["c", "Zeta"]
    assert region.hubs.loc["z", ["mw_it", "mn_per_mw_it_yr", "processing_ms"]].tolist() == [
        8, 1.5, 0.2,
    ]  # fmt: skip
    assert (region.sources[-1].title, region.sources[-1].licence) == ("Two hubs", "CC0 1.0")
    assert list(region.hosts.index) == ["east", "hub", "west", "c", "z"]


def test_a_hub_is_a_site_that_stands_without_fixed_cost_tree_or_modules(hubs_of):
    scenario = hubs_of(TWO)
    site = assemble(scenario, read_region(scenario)).sites.loc["z"]
    assert (site["cap_mw"], site["size_mn_per_mw_yr"], site["pue"]) == (8, 1.5, 1)
    assert not site[["min_mw", "existing_mw", "site_mn_yr", "site_capital_mn"]].any()
    assert (site["standing"], site["modular"], site["forced"]) == (True, False, False)


def test_hubs_count_for_no_limit_of_sites_and_no_distance(hubs_of, tmp_path):
    near = HEADER + "c,,51,-1.1,40,1,\n"  # where west stands
    (tmp_path / "hubs.csv").write_text(near, encoding="utf-8")
    scenario = hubs_of(near).model_copy()
    limits = scenario.limits.model_copy(update={"max_sites": 1, "separation_km": 50.0})
    scenario = scenario.model_copy(update={"limits": limits})
    instance = assemble(scenario, read_region(scenario))
    assert list(instance.sites.index) == ["east", "west", "c"]
    for matrix in (instance.counted, instance.apart, instance.below):
        assert matrix.shape[1] == 3
        assert not matrix.toarray()[:, 2].any()


def test_columns_units_and_where_are_those_of_any_table(hubs_of):
    table = "Name,Lat,Lon,kW,Price,Kind\na,50,-1,4000,1.5,open\nb,50,-1,9000,1.5,shut\n"
    columns = {"id": "Name", "lat": "Lat", "lon": "Lon", "mw_it": "kW", "mn_per_mw_it_yr": "Price"}
    keys = {"columns": columns, "units": {"mw_it": "kW"}, "where": "Kind == 'open'"}
    assert read_region(hubs_of(table, **keys)).hubs["mw_it"].to_dict() == {"a": 4}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (HEADER, ["hubs.csv: has no rows"]),
        ("id,lat,lon,mw\na,51,-1,5\n", ["mw_it: is missing", "mn_per_mw_it_yr: is missing"]),
        (HEADER + "a,,51,-1,-5,1,\n", ["row 2, id a, column mw_it", "zero or more"]),
        (HEADER + "a,,51,-1,5,cheap,\n", ["column mn_per_mw_it_yr", "'cheap'", "a number"]),
        (HEADER + "a,,51,-1,,1,\nb,,51,-1,5,,\n", ["states no capacity", "states no price"]),
        (HEADER + "a,,,-1,5,1,\n", ["column lat", "states no position"]),
        (HEADER + ",,51,-1,5,1,\n", ["column id", "a text of its own"]),
        (HEADER + "a,,51,-1,5,1,\na,,52,-1,5,1,\n", ["row 3, id a, column id: is used before"]),
        (HEADER + "west,,51,-1,5,1,\n", ["id west", "is a substation's", "used once"]),
    ],
)
def test_a_bad_table_of_hubs_is_refused_with_what_and_where(faults_in, table, words):
    told = faults_in(table)
    assert all(word in told for word in words), told


def test_a_wrong_column_of_hubs_names_the_nearest(faults_in):
    told = faults_in(TWO, columns={"mw": "name"})
    assert "hubs.columns.mw: is no column of a hubs table; did you mean mw_it?" in told


def test_a_round_trip_may_be_measured_to_a_hub(scenario_of, tmp_path):
    (tmp_path / "hubs.csv").write_text(TWO, encoding="utf-8")
    (tmp_path / "rtt.csv").write_text("demand,site,rtt_ms\ntown,z,1.9\n", encoding="utf-8")
    scenario = scenario_of(hubs={"path": "hubs.csv"}, measured={"path": "rtt.csv"})
    instance = assemble(scenario, read_region(scenario))
    z = instance.sites.index.get_loc("z")
    assert z in instance.reach.site  # the formula's 2.2 ms would be beyond the bound of 2
