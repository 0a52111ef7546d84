"""Tables that state no positions, beside a table that names all pairs that may serve."""

import numpy as np
import pytest

from microdc.assembly import assemble, pair_tables_of
from microdc.errors import InputError
from microdc.inputs.kept import Kept, keeping
from microdc.inputs.pairs.schematic import DRAWN
from microdc.inputs.read import read_region

SITES = (
    "id,name,headroom_mw,parent,candidate\n"
    "hub,Hub,15,,false\nwest,West,10,hub,true\neast,East,12,Hub,true\n"
)
PLACES = "id,population\ntown,500000\nvillage,90000\n"
PLACED_SITES = (
    "id,lat,lon,headroom_mw,candidate\nhub,,,15,false\nwest,51,-1.1,10,\neast,51,-0.9,12,\n"
)
PLACED = "id,lat,lon,population\ntown,51,-1,500000\nvillage,51,-1.05,90000\n"
RTT = "demand,site,rtt_ms\ntown,west,1.5\nvillage,east,0\nvillage,west,1\n"
PRICES = "demand,site,mn_per_mw_yr\ntown,west,1.5\nvillage,east,0\n"
ONLY = {"measured": {"path": "rtt.csv", "only": True}}
ONLY_PRICES = {"pair_prices": {"path": "prices.csv", "only": True}}


@pytest.fixture
def written(scenario_of, tmp_path):
    """Write a small scenario without positions, with both tables of pairs beside it."""
    (tmp_path / "rtt.csv").write_text(RTT, encoding="utf-8")
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")

    def write(sites: str = SITES, demand: str = PLACES, **keys):
        source = {name: keys.pop(name) for name in ("source", "places") if name in keys}
        named = {**source, **(keys or ONLY)}
        return scenario_of(sites, demand, **named)

    return write


@pytest.fixture
def told(written):
    def faults(*tables: str, **keys) -> str:
        with pytest.raises(InputError) as caught:
            read_region(written(*tables, **keys))
        return caught.value.message

    return faults


def reached(scenario) -> set[tuple[str, str]]:
    """Give place and site of each pair in reach."""
    instance = assemble(scenario, read_region(scenario))
    owner = np.repeat(instance.points["place"], instance.reach.sites_per_point)
    return set(zip(owner, instance.sites.index[instance.reach.site], strict=True))


@pytest.mark.parametrize(
    "tables",
    [
        (SITES, PLACES),
        (SITES.replace("id,", "id,lat,lon,").replace(",Hub,15", ",,,Hub,15")
         .replace(",West", ",,,West").replace(",East", ",,,East"), PLACES),
        (SITES, PLACES.replace("id,", "id,lat,lon,").replace("town,", "town,,,")
         .replace("village,", "village,N/A,-,")),
    ],
    ids=["no columns", "blank columns of sites", "blank columns of places"],
)  # fmt: skip
@pytest.mark.parametrize("keys", [ONLY, ONLY_PRICES], ids=["measured", "prices"])
def test_positions_are_drawn_up_where_none_is_stated_and_that_is_told(written, tables, keys):
    region = read_region(written(*tables, **keys))
    assert region.drawn
    assert DRAWN in region.warnings
    assert not any("no position" in text for text in region.warnings if text != DRAWN)
    assert region.substations["candidate"].to_dict() == {"east": True, "hub": False, "west": True}
    where = [
        *region.substations[["lat", "lon"]].to_numpy(),
        *region.demand[["lat", "lon"]].to_numpy(),
    ]
    assert np.isfinite(where).all()
    assert np.abs(where).max() < 0.01  # about 1 km
    assert len({tuple(at) for at in where}) == len(where)


def test_blank_eastings_are_no_positions(written):
    blank = "id,x,y,population\ntown,,,500000\nvillage,,,90000\n"
    region = read_region(written(SITES, blank, places={"crs": "EPSG:27700"}, **ONLY))
    assert region.drawn


def test_the_same_table_is_read_anew_where_positions_are_needed(written):
    with keeping(Kept()):
        assert read_region(written()).drawn
        with pytest.raises(InputError, match="lat: is missing"):
            read_region(written(measured={"path": "rtt.csv"}))
        assert read_region(written()).drawn


def test_positions_that_are_stated_stay(written):
    region = read_region(written(PLACED_SITES, PLACED))
    assert not region.drawn
    assert region.substations["lat"].dropna().tolist() == [51, 51]
    assert region.warnings == (
        "rtt.csv: 3 measured round trip(s) replace the formula, and no other pair may serve",
    )


def test_without_only_a_missing_position_names_the_way_out(told):
    message = told(measured={"path": "rtt.csv"})
    allowed = "no position in any table, with only: true of measured or pair_prices"
    assert (
        f"places.csv: column lat: is missing; found columns id, population; allowed: {allowed}"
        in (message)
    )
    assert "substations.csv: column lat: is missing" in message


MIXED = {
    "a table of sites without": (SITES, PLACED, "substations.csv: column lat: is missing"),
    "a table of places without": (PLACED_SITES, PLACES, "places.csv: column lon: is missing"),
    "a site without": (
        PLACED_SITES.replace("east,51,-0.9", "east,,"), PLACED,
        "substations.csv: row 4, id east, column lat: states no position",
    ),
    "a place without": (
        PLACED_SITES, PLACED.replace("village,51,-1.05", "village,,"),
        "places.csv: row 3, id village, column lon: states no position",
    ),
    "half a position": (
        SITES, "id,lat,population\ntown,51,5\n", "places.csv: column lon: is missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MIXED)
def test_some_with_and_some_without_position_is_a_fault(told, case):
    *tables, says = MIXED[case]
    assert says in told(*tables)


SURVIVED = {"near": {"rtt_ms": 2, "kw_it_per_1000_people": 4, "outage": {"served": 1}}}
IN_NEED = {
    "exclude": {"exclude": {"path": "flood.geojson", "reason": "flood plain"}},
    "zones": {
        "zones": {"path": "storms.geojson"}, "resilience": {"survive": ["zone"]},
        "services": SURVIVED,
    },
    "limits.separation_km": {"limits": {"separation_km": 1}},
    "limits.projects": {"limits": {"projects": {"within_km": 5}}},
    "parcels": {"parcels": {"path": "prices.csv", "max_feeder_km": 3}},
}  # fmt: skip


@pytest.mark.parametrize("at", IN_NEED)
def test_what_takes_positions_is_refused_without_them(told, at):
    message = told(**ONLY, **IN_NEED[at])
    assert f"{at}: needs positions, and no table states any; allowed: off, or lat" in message


PRICED = {"near": {"rtt_ms": 2, "kw_it_per_1000_people": 4,
                   "rtt_price": {"above_ms": 0, "mn_per_mw_ms_yr": 1}}}  # fmt: skip
TIMED = {
    "limits.mean_rtt_ms": {"limits": {"mean_rtt_ms": 1}},
    "objective": {
        "objective": ["least-worst-rtt"],
        "limits": {"max_sites": 1},
        "services": {"near": {"rtt_ms": 2, "kw_it_per_1000_people": 4}},
    },
    "services.near.rtt_price": {"services": PRICED},
}


@pytest.mark.parametrize("at", TIMED)
def test_round_trips_that_are_drawn_up_count_for_nothing(told, written, at):
    assert f"{at}: needs round trips, and no table states positions" in told(
        **ONLY_PRICES, **TIMED[at]
    )
    assert read_region(written(**ONLY, **TIMED[at])).drawn


def test_only_the_pairs_of_the_table_are_in_reach(written, tmp_path):
    all_but_one = {("town", "west"), ("village", "east"), ("village", "west")}
    assert reached(written()) == all_but_one
    assert reached(written(PLACED_SITES, PLACED)) == all_but_one
    (tmp_path / "rtt.csv").write_text(RTT.replace("east,0", "east,0.5"), encoding="utf-8")
    assert reached(written(PLACED_SITES, PLACED, measured={"path": "rtt.csv"})) == {
        *all_but_one, ("town", "east"),
    }  # fmt: skip


def test_a_pair_beyond_its_bound_is_out_of_reach_all_the_same(written):
    far = PLACED.replace("village,51,-1.05", "village,55,-1.05")
    assert reached(written(PLACED_SITES, far, **ONLY_PRICES)) == {("town", "west")}
    assert reached(written(**ONLY_PRICES)) == {("town", "west"), ("village", "east")}


def test_two_tables_that_are_only_must_both_name_a_pair(written):
    scenario = written(**ONLY, **ONLY_PRICES)
    assert reached(scenario) == {("town", "west"), ("village", "east")}
    alone, _ = pair_tables_of(scenario, read_region(scenario))
    assert sorted(alone["rtt_ms"]) == [0, 1.5]


def test_a_row_that_names_a_service_lets_that_one_alone_be_served(written, tmp_path):
    (tmp_path / "rtt.csv").write_text(
        "demand,site,rtt_ms,service\ntown,west,1,far\ntown,east,1,\n", "utf-8"
    )
    services = {
        name: {"rtt_ms": ms, "kw_it_per_1000_people": 4} for name, ms in (("near", 2), ("far", 5))
    }
    scenario = written(PLACED_SITES, PLACED, services=services, **ONLY)
    instance = assemble(scenario, read_region(scenario))
    near = dict(zip(instance.points["service"] + " " + instance.points["place"],
                    instance.reach.sites_per_point, strict=True))  # fmt: skip
    assert near == {"near town": 1, "far town": 2, "near village": 0, "far village": 0}


def test_a_distance_of_zero_is_one_where_the_table_is_only(written, told, tmp_path):
    assert 0 in read_region(written()).measured["rtt_ms"].tolist()
    (tmp_path / "rtt.csv").write_text("place,west,east\ntown,0,\nvillage,1,0\n", "utf-8")
    wide = {"path": "rtt.csv", "form": "wide"}
    region = read_region(written(measured={**wide, "only": True}))
    assert sorted(region.measured["rtt_ms"]) == [0, 0, 1]
    message = told(PLACED_SITES, PLACED, measured=wide)
    assert "found '0'; allowed: a time above zero (zero too with only: true), or blank" in message


def test_a_negative_distance_is_none(told, tmp_path):
    (tmp_path / "rtt.csv").write_text("demand,site,rtt_ms\ntown,west,-1\n", "utf-8")
    assert "found '-1'; allowed: zero or more" in told()


@pytest.mark.parametrize("word", ["yes", 1, "only"])
def test_only_is_true_or_false(written, word):
    with pytest.raises(InputError, match=r"measured\.only"):
        written(measured={"path": "rtt.csv", "only": word})


def test_hubs_need_no_position_either(written, tmp_path):
    (tmp_path / "hubs.csv").write_text("id,mw_it,mn_per_mw_it_yr\nh1,6,1.1\n", "utf-8")
    (tmp_path / "rtt.csv").write_text(RTT + "village,h1,1\n", "utf-8")
    scenario = written(hubs={"path": "hubs.csv"}, **ONLY)
    assert read_region(scenario).drawn
    assert ("village", "h1") in reached(scenario)
    assert ("town", "h1") not in reached(scenario)


def test_planar_coordinates_of_no_known_system_are_no_positions(written):
    places = "id,x,y,population\ntown,3,4,500000\nvillage,5,6,90000\n"
    region = read_region(written(SITES, places))
    assert region.drawn
    assert DRAWN in region.warnings


def test_one_row_of_a_substation_with_feeders_states_where_it_stands(written):
    feeders = (
        "id,lat,lon,voltage_kv,feeder_rating_a,feeder_peak_a\n"
        "west,51,-1.1,11,400,100\nwest,,,11,400,150\neast,51,-0.9,11,600,100\n"
    )
    region = read_region(written(feeders, PLACED))
    assert region.substations["lat"].tolist() == [51, 51]
    assert not region.drawn
