"""Hours as numbers: what sites may draw, what binds them together, and what is in force."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from microdc.assembly import assemble
from microdc.assembly.hours import hours_of, in_force, least_rows
from microdc.errors import InputError
from microdc.inputs.read import read_region
from microdc.instance import Hours

# An area of 15 MW feeds west (10) and east (12); far (8) stands alone
SUBSTATIONS = """id,lat,lon,headroom_mw,parent,candidate,group,peak_mw,existing_mw
area,51,-1,15,,no,n,,
west,51,-1.1,10,area,yes,n,20,
east,51,-0.9,12,area,yes,n,30,
far,51,-0.8,8,,yes,m,,
"""
PLACES = "id,lat,lon,population\ntown,51,-1,500000\n"
SERVICE = {"rtt_ms": 2, "kw_it_per_1000_people": 4, "unserved_mn_per_mw_yr": 4}
AREA, EAST, FAR, WEST = "area", "east", "far", "west"


@pytest.fixture
def problem(scenario_of, tmp_path):
    """Write a day of profiles by id or service; give the scenario and its region."""

    def read(profiles, *, substations=SUBSTATIONS, hours=None, **keys):
        time = [f"2026-01-01T{hour:02}:00Z" for hour in range(24)]
        tables = [
            pd.DataFrame({"time": time, whose: name, states: value, "weight_h": 365})
            for (whose, name, states), value in profiles.items()
        ]
        pd.concat(tables).to_csv(tmp_path / "profiles.csv", index=False)
        told = {"hours": {"profiles": "profiles.csv", **(hours or {})}, **keys}
        scenario = scenario_of(substations, PLACES, **told)
        return scenario, read_region(scenario)

    return read


def by_hour(*values):
    """Give a day that begins with some values and goes on with the last of them."""
    return np.array([*values, *[values[-1]] * (24 - len(values))], float)


def every_hour(scenario, region):
    instance = assemble(scenario, region)
    return hours_of(scenario, region, instance.points, instance.sites), instance


def test_without_hours_there_are_none(scenario_of):
    scenario = scenario_of(SUBSTATIONS, PLACES)
    assert assemble(scenario, read_region(scenario)).hours is None


def test_a_firm_connection_is_the_least_headroom_of_the_whole_path(problem):
    area = {("id", "area", "headroom_mw"): by_hour(30, 7, 9)}
    scenario, region = problem(area | {("id", "west", "headroom_share"): by_hour(1, 0.6, 0.5)})
    instance = assemble(scenario, region)
    assert instance.sites["cap_mw"].to_dict() == pytest.approx({"east": 7, "far": 8, "west": 5})
    assert instance.nodes["limit_mw"].to_dict() == {"area": 7}


def test_whoever_has_too_little_in_some_hour_is_no_site(problem):
    scenario, region = problem({("id", "west", "headroom_mw"): by_hour(10, 4.9, 10)})
    assert list(assemble(scenario, region).sites.index) == ["east", "far"]


def test_a_flexible_connection_is_the_most_within_its_terms_at_each_limit(problem):
    # one hour stands for 365: west may be short in it, the area in two
    profiles = {
        ("id", "west", "headroom_mw"): by_hour(6, 9, 10),
        ("id", "area", "headroom_mw"): by_hour(5, 11, 14),
    }
    connection = {"type": "flexible", "max_hours_per_yr": 365}
    instance = assemble(*problem(profiles, connection=connection))
    assert instance.sites["cap_mw"].to_dict() == pytest.approx({"east": 11, "far": 8, "west": 9})
    assert instance.nodes["limit_mw"].to_dict() == {"area": 11}


def test_energy_out_of_reach_limits_a_connection_too(problem):
    # 365 x (s - 4) = 73 x s at 5
    profiles = {("id", "far", "headroom_mw"): by_hour(4, 20)}
    connection = {"type": "flexible", "max_mwh_per_mw_yr": 73}
    assert assemble(*problem(profiles, connection=connection)).sites["cap_mw"]["far"] == 5


def test_terms_are_counted_over_all_hours_whichever_are_used(scenario_of, tmp_path):
    time = pd.date_range("2026-01-01", periods=8760, freq="h").strftime("%Y-%m-%dT%H:%MZ")
    mw = np.where(np.arange(8760) < 100, 3.0, np.where(np.arange(8760) < 200, 6.0, 8.0))
    pd.DataFrame({"time": time, "id": "far", "headroom_mw": mw}).to_csv(tmp_path / "h.csv")
    for use in ("peak", "2 days", "all"):
        scenario = scenario_of(
            SUBSTATIONS,
            PLACES,
            hours={"profiles": "h.csv", "use": use},
            connection={"type": "flexible", "max_hours_per_yr": 150},
        )
        assert assemble(scenario, read_region(scenario)).sites["cap_mw"]["far"] == 6


def test_what_sites_may_draw_and_what_binds_them_together(problem):
    profiles = {
        ("id", "west", "headroom_mw"): by_hour(6, 9, 10),
        ("id", "area", "headroom_mw"): by_hour(8, 11, 30),
        ("service", "near", "demand_share"): by_hour(1, 0.5),
    }
    connection = {"type": "flexible", "max_hours_per_yr": 365 * 2}
    hours, instance = every_hour(*problem(profiles, connection=connection))
    assert list(instance.sites.index) == [EAST, FAR, WEST]
    # east: 12, but no more than the area has; west too
    assert hours.available_mw[:3].tolist() == [[8, 8, 6], [11, 8, 9], [12, 8, 10]]
    assert list(hours.limits) == ["area"]
    assert hours.limit_mw[:3, 0].tolist() == [8, 11, 30]
    assert hours.below.toarray().tolist() == [[1, 0, 1]]
    assert hours.share[:3, 0].tolist() == [1, 0.5, 0.5]
    assert hours.what["weight_h"].sum() == 8760


def test_a_firm_connection_is_there_in_every_hour_so_nothing_binds(problem):
    hours, instance = every_hour(*problem({("id", "area", "headroom_mw"): by_hour(9, 20)}))
    assert hours.available_mw.tolist() == [instance.sites["cap_mw"].tolist()] * 24
    assert len(hours.limits) == 0


def test_what_exists_comes_on_top_of_headroom(problem):
    table = SUBSTATIONS.replace("n,20,", "n,20,3")
    profiles = {("id", "west", "headroom_mw"): by_hour(0, 2, 6)}
    hours, instance = every_hour(*problem(profiles, substations=table))
    assert instance.sites["cap_mw"]["west"] == 3
    flexible = {"type": "flexible", "max_hours_per_yr": 365}
    hours, instance = every_hour(*problem(profiles, substations=table, connection=flexible))
    assert instance.sites["cap_mw"]["west"] == 5
    assert hours.available_mw[:3, 2].tolist() == [3, 5, 5]


def test_what_exists_may_leave_its_power_to_others_below_the_same_limit(problem):
    # 2 MW at the area and west's 3: east may draw 5 while west stands still
    table = SUBSTATIONS.replace("n,20,", "n,20,3")
    profiles = {("id", "area", "headroom_mw"): by_hour(2, 20)}
    flexible = {"type": "flexible", "max_hours_per_yr": 365}
    hours, _ = every_hour(*problem(profiles, substations=table, connection=flexible))
    assert hours.available_mw[0].tolist() == [12, 8, 5]
    assert hours.limit_mw[0].tolist() == [2]


def test_nobody_may_be_there_at_all(problem):
    scenario, region = problem({("id", "area", "headroom_mw"): by_hour(9, 20)})
    instance = assemble(scenario, region)
    hours = hours_of(scenario, region, instance.points, instance.sites.iloc[:0])
    assert (hours.available_mw.shape, len(hours.limits)) == ((24, 0), 0)


def test_hubs_are_there_in_every_hour(problem, tmp_path):
    (tmp_path / "hubs.csv").write_text("id,lat,lon,mw_it,mn_per_mw_it_yr\nh,51,-1,5,1\n")
    profiles = {("id", "far", "headroom_mw"): by_hour(5, 8)}
    hours, instance = every_hour(*problem(profiles, hubs={"path": "hubs.csv"}))
    assert instance.sites.index[-1] == "h"
    assert set(hours.available_mw[:, -1]) == {5}


def test_services_say_what_moves_and_what_waits(problem):
    services = {
        "near": SERVICE | {"movable": False},
        "far": SERVICE | {"defer": {"share": 0.2, "hours": 3}, "kw_it_per_1000_people": 2},
    }
    profiles = {("service", "far", "demand_share"): by_hour(0.5, 1)}
    hours, instance = every_hour(*problem(profiles, services=services))
    assert hours.services.to_dict("index") == {
        "near": {"moves": False, "deferred_share": 0, "defer_h": 0},
        "far": {"moves": True, "deferred_share": 0.2, "defer_h": 3},
    }
    assert hours.share[:2].tolist() == [[1, 0.5], [1, 1]]
    of_points = hours.services.index[hours.service]
    assert list(of_points) == list(instance.points["service"])


def test_hours_in_force_are_those_that_no_other_is_worse_than(problem):
    # hour 2 has more than hour 0 and wants as much; hour 3 wants less than 1 with the same
    profiles = {
        ("id", "far", "headroom_mw"): by_hour(5, 6, 7, 6),
        ("service", "near", "demand_share"): by_hour(0.5, 1, 0.5, 0.9),
    }
    flexible = {"type": "flexible", "max_hours_per_yr": 365}
    _, instance = every_hour(*problem(profiles, connection=flexible))
    assert instance.hours.what["time"].tolist() == ["2026-01-01T00:00Z", "2026-01-01T01:00Z"]


def test_profiles_set_aside_what_all_hours_of_all_sites_would(problem):
    random = np.random.default_rng(4)
    profiles = {
        ("id", "n", "load_share"): random.integers(0, 4, 24) / 4,
        ("id", "far", "headroom_mw"): random.integers(5, 8, 24),
        ("service", "near", "demand_share"): random.integers(1, 4, 24) / 3,
    }
    flexible = {"type": "flexible", "max_hours_per_yr": 365 * 20}
    hours, instance = every_hour(*problem(profiles, connection=flexible))
    both = (in_force(hours), instance.hours)
    one, other = (np.column_stack([h.available_mw, h.limit_mw, h.share]) for h in both)
    assert len(one) < 24
    assert sorted(map(tuple, one)) == sorted(map(tuple, other))


def test_more_hours_of_more_sites_than_fit_into_memory_are_refused(problem, monkeypatch):
    scenario, region = problem({("id", "far", "headroom_mw"): by_hour(5, 6)})
    instance = assemble(scenario, region)
    monkeypatch.setenv("MICRODC_MEMORY_GB", "0.000001")
    with pytest.raises(InputError, match="24 hours of 3 sites would not fit") as caught:
        hours_of(scenario, region, instance.points, instance.sites)
    assert "say use: 12 days" in caught.value.message


def small_hours(random, days, defers):
    """Give random hours of three sites, one limit and two services, few values each."""
    count = 24 * days
    return Hours(
        what=pd.DataFrame({"time": "", "day": np.arange(count) // 24, "weight_h": 1.0}),
        available_mw=random.integers(0, 3, (count, 3)).astype(float),
        limits=pd.Index(["k"]),
        limit_mw=random.integers(0, 3, (count, 1)).astype(float),
        below=csr_array(np.ones((1, 3))),
        services=pd.DataFrame(
            {"moves": True, "deferred_share": [0.0, 0.5 * defers], "defer_h": [0, 2 * defers]},
            index=["a", "b"],
        ),
        share=random.integers(0, 3, (count, 2)) / 2,
        service=np.array([0, 1]),
    )


def no_harder(one, other):
    """Say whether a row (or day) has no less of anything than another, and wants no more."""
    return (one >= other).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_hours_in_force_are_those_of_brute_force(seed, defers):
    random = np.random.default_rng(seed)
    hours = small_hours(random, int(random.integers(1, 4)), defers)
    hours = replace(hours, available_mw=np.maximum(hours.available_mw, seed % 3))
    table = np.hstack([hours.available_mw, hours.limit_mw, -hours.share])
    table = table.reshape(-1, 24 * table.shape[1]) if defers else table
    rows = range(len(table))
    harder = [
        [
            s
            for s in rows
            if no_harder(table[t], table[s]) and (s < t or not no_harder(table[s], table[t]))
        ]
        for t in rows
    ]
    expected = {t for t in rows if not [s for s in harder[t] if s != t]}
    kept = in_force(hours)
    left = np.hstack([kept.available_mw, kept.limit_mw, -kept.share])
    left = left.reshape(-1, 24 * 6) if defers else left
    assert sorted(map(tuple, left)) == sorted(tuple(table[t]) for t in expected)
    if defers:
        assert set(kept.what["day"]) == expected


def test_least_rows_of_many_columns_are_found_block_by_block():
    random = np.random.default_rng(0)
    table = random.integers(0, 2, (60, 70)).astype(float)
    table[10] = np.minimum(table[3], table[7])
    assert 10 in least_rows(table)
    assert not {3, 7} & set(least_rows(table))
