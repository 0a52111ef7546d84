"""What may be out, told from tables: sites, nodes of the tree, zones, and what lies within what."""

from types import SimpleNamespace

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.assembly import assemble
from microdc.assembly.outages import _within_no_other, possible_outages
from microdc.errors import InputError
from microdc.inputs.read import read_region
from microdc.instance import matrix_of
from microdc.scenario.parts.resilience import Resilience

# On the equator, 0.1 degrees (11.132 km, 0.164 ms) apart: a b | c below two areas, d alone, hub h
SUBSTATIONS = """id,name,lat,lon,headroom_mw,parent,candidate
north,North,0,0,40,,no
south,South,0,0,40,,no
a,Ash,0,0,10,north,yes
b,Birch,0,0.1,10,north,yes
c,Cedar,0,0.2,10,south,yes
d,Dogwood,0,0.3,10,,yes
small,Small,0,0.3,1,south,yes
"""
PLACES = "id,lat,lon,population\nt,0,0,500000\n"
HUBS = "id,lat,lon,mw_it,mn_per_mw_it_yr\nh,0,0.4,5,1\n"
LATENCY = {"access_ms": 0.5, "route_factor": 1.5, "km_per_ms": 204}
NEAR = {"rtt_ms": 0.7, "kw_it_per_1000_people": 4, "unserved_mn_per_mw_yr": 4}


@pytest.fixture
def outages_of(scenario_of, tmp_path):
    """Assemble the outages of the scenario above; `keys` beside `survive`."""

    def make(*survive, zones=None, at_once=1, outage=None, **keys):
        services = {"near": NEAR | {"outage": outage or {"served": 0.9}}}
        (tmp_path / "hubs.csv").write_text(HUBS)
        keys = {"hubs": {"path": "hubs.csv"}, "services": services, "latency": LATENCY} | keys
        if zones:
            boxes = [shapely.box(west, -0.01, east, 0.01) for west, east in zones.values()]
            frame = geopandas.GeoDataFrame({"id": list(zones)}, geometry=boxes, crs="OGC:CRS84")
            frame.to_file(tmp_path / "zones.geojson")
            keys["zones"] = {"path": "zones.geojson"}
        resilience = {"survive": survive, "at_once": at_once}
        scenario = scenario_of(SUBSTATIONS, PLACES, resilience=resilience, **keys)
        return assemble(scenario, read_region(scenario))

    return make


def told(instance):
    """Give the sites that each outage takes out, by kind and id."""
    outages, sites = instance.outages, instance.sites.index
    return {
        (row.kind, row.id): "".join(sites[outages.state(row.Index).out])
        for row in outages.what.itertuples()
    }


def test_nothing_is_survived_unless_it_is_asked_for(scenario_of):
    scenario = scenario_of(SUBSTATIONS, PLACES)
    assert assemble(scenario, read_region(scenario)).outages is None


def test_every_site_and_every_hub_may_be_out(outages_of):
    assert told(outages_of("site")) == {("site", one): one for one in "abcdh"}


def test_an_existing_site_may_be_out_too(outages_of, scenario_of):
    table = SUBSTATIONS.replace("candidate", "candidate,existing_mw")
    table = table.replace("1,south,yes", "1,south,yes,3").replace("0,0,40,,no", "0,0,40,,no,0")
    scenario = scenario_of(
        table.replace("yes\n", "yes,0\n"),
        PLACES,
        services={"near": NEAR | {"outage": {"served": 1}}},
        resilience={"survive": ["site"]},
    )
    assert ("site", "small") in told(assemble(scenario, read_region(scenario)))


def test_a_node_takes_out_all_at_and_below_it_and_swallows_them(outages_of):
    assert told(outages_of("node")) == {
        (
            "node",
            "c",
        ): "c",  # South, of which no other candidate bears a site, is the same and later
        ("node", "d"): "d",
        ("node", "north"): "ab",
    }


def test_of_equal_outages_the_plainest_is_told(outages_of):
    assert told(outages_of("node", "site")) == {
        ("site", "c"): "c",
        ("site", "d"): "d",
        ("site", "h"): "h",
        ("node", "north"): "ab",
    }


def test_a_zone_takes_out_whoever_stands_in_it_hubs_too(outages_of):
    zones = {"storm": (0.05, 0.25), "flood": (0.15, 0.5), "drizzle": (0.25, 0.35)}
    assert told(outages_of("zone", zones=zones)) == {
        ("zone", "flood"): "cdh",
        ("zone", "storm"): "bc",
    }
    assert told(outages_of("site", "zone", "node", zones=zones)) == {
        ("node", "north"): "ab",
        ("zone", "flood"): "cdh",
        ("zone", "storm"): "bc",
    }


def test_zones_in_which_nobody_stands_are_no_outages(outages_of):
    instance = outages_of("zone", zones={"far": (8, 9)})
    assert told(instance) == {}
    assert instance.outages.sites.shape == (0, 5)


def test_parcels_go_out_with_the_substation_that_feeds_them(scenario_of, tmp_path):
    parcels = "id,lat,lon,substation,existing_mw\np,0,0,a,0\nq,0,0,a,0\nr,0,0.2,c,0\nx,5,5,,2\n"
    (tmp_path / "parcels.csv").write_text(parcels)
    scenario = scenario_of(
        SUBSTATIONS,
        PLACES,
        parcels={"path": "parcels.csv", "max_feeder_km": 3},
        services={"near": NEAR | {"outage": {"served": 1}}},
        resilience={"survive": ["site", "node"]},
    )
    assert told(assemble(scenario, read_region(scenario))) == {
        ("site", "r"): "r",
        ("site", "x"): "x",
        ("node", "a"): "pq",
    }


def test_what_is_kept_is_that_of_the_class_whatever_must_be_served(outages_of):
    services = {
        "near": NEAR | {"min_served": 0.5, "outage": {"served": 0.8}},
        "far": NEAR | {"rtt_ms": 9},
    }
    instance = outages_of("site", services=services, at_once=2)
    kept = instance.points.assign(kept=instance.outages.kept).groupby("service")["kept"].agg(list)
    assert kept.to_dict() == {"far": [0.0], "near": [0.8, 0.8]}
    assert instance.outages.at_once == 2
    assert len(list(instance.outages.states())) == 10


def test_reach_in_an_outage_is_the_very_same_where_no_bound_relaxes(outages_of):
    instance = outages_of("site")
    assert instance.outages.reach is instance.reach


def near(instance, reach):
    return "".join(instance.sites.index[reach.site])


def test_a_relaxed_bound_lets_more_sites_serve_in_an_outage(outages_of):
    instance = outages_of("site", outage={"served": 1, "rtt_ms": 0.9})
    assert near(instance, instance.reach) == "ab"
    assert near(instance, instance.outages.reach) == "abc"


def test_measured_round_trips_count_in_an_outage_as_in_order(outages_of, tmp_path):
    (tmp_path / "rtt.csv").write_text("demand,site,rtt_ms\nt,b,5\nt,h,0.8\nt,d,0.95\n")
    keys = {"measured": {"path": "rtt.csv"}, "outage": {"served": 1, "rtt_ms": 0.9}}
    instance = outages_of("site", **keys)
    assert near(instance, instance.reach) == "a"
    assert near(instance, instance.outages.reach) == "ach"


def test_pairs_of_the_wider_reach_count_before_they_are_built(outages_of, monkeypatch):
    monkeypatch.setattr("microdc.assembly.reach.memory_bytes", lambda: 200)
    assert outages_of("site").reach.pairs == 2
    with pytest.raises(InputError, match="would not fit into memory"):
        outages_of("site", outage={"served": 1, "rtt_ms": 0.9})


SETS = st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=7)


@settings(deadline=None)
@given(SETS)
def test_outages_that_lie_within_others_are_left_away_of_equal_ones_all_but_the_first(sets):
    plainly = [
        k
        for k, one in enumerate(sets)
        if not any(one < other for other in sets) and one not in sets[:k]
    ]
    assert _within_no_other(matrix_of(sets, 6)).tolist() == plainly


@settings(deadline=None)
@given(SETS)
def test_two_at_once_are_no_more_than_two_of_the_worst_at_once(sets):
    worst = [sets[k] for k in _within_no_other(matrix_of(sets, 6))]
    for one in sets:
        for other in sets:
            assert any(one | other <= this | that for this in worst for that in worst)


def test_a_nation_of_outages_is_no_matter_of_seconds():
    """Pairs of outages are never listed: 20,000 sites, 500 areas, 20 supply points, 100 zones."""
    rng = np.random.default_rng(1)
    ids = [f"s{k:05}" for k in range(20_000)]
    areas, points = [f"a{k:03}" for k in range(500)], [f"t{k:02}" for k in range(20)]
    parent = [*rng.choice(areas, len(ids)), *rng.choice(points, len(areas)), *[None] * len(points)]
    storms = [f"z{k}" for k in range(100) for _ in range(400)]
    zones = pd.DataFrame({"zone": storms, "host": rng.choice(ids, len(storms))})
    region = SimpleNamespace(
        substations=pd.DataFrame({"parent": parent}, index=[*ids, *areas, *points]),
        zones=zones.drop_duplicates(),
    )
    everything = Resilience(survive=("site", "node", "zone"))
    what, out = possible_outages(everything, region, pd.Index(ids))
    assert what["kind"].value_counts().to_dict() == {"node": 20_520, "site": 20_000, "zone": 100}
    assert len(_within_no_other(out)) == 120
