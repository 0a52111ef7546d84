"""`import microdc`: what the commands say, as objects, solved by hand in scenarios/tiny."""

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest

import microdc
from microdc.errors import InfeasibleError, InputError, UsageError

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module")
def tiny() -> microdc.Planned:
    return microdc.plan(SCENARIOS / "tiny")


def test_importing_microdc_loads_nothing_heavy():
    told = "import microdc, json, sys; print(json.dumps(sorted(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", told], check=True, capture_output=True, encoding="utf-8"
    )
    assert set(json.loads(ended.stdout)).isdisjoint({"pandas", "numpy", "pyomo", "pydantic"})


def test_everything_that_is_offered_is_there():
    assert set(dir(microdc)) == set(microdc.__all__)
    assert all(getattr(microdc, name) for name in microdc.__all__)
    with pytest.raises(AttributeError, match="no attribute 'optimize'"):
        microdc.optimize  # noqa: B018


def test_cost_bound_and_gap_are_those_of_the_hand(tiny):
    assert tiny.status == "within gap"
    assert tiny.cost_mn_yr == pytest.approx(28.4)
    assert tiny.bound_mn_yr <= tiny.cost_mn_yr
    assert tiny.gap == pytest.approx((tiny.cost_mn_yr - tiny.bound_mn_yr) / tiny.cost_mn_yr)
    assert tiny.gap <= tiny.gap_avoidable < 0.001
    assert tiny.verdict in repr(tiny)


def test_results_are_tables_with_positions(tiny):
    tables = {name: getattr(tiny, name) for name in ("sites", "service", "demand", "unserved")}
    assert all(isinstance(table, gpd.GeoDataFrame) for table in tables.values())
    assert all(table.crs == "EPSG:4326" for table in tables.values())
    assert tables["sites"]["mw"].to_dict() == pytest.approx({"west": 15, "east": 5})
    assert tables["sites"].geometry["west"].x == pytest.approx(-30)
    assert set(tables["service"].geom_type) == {"LineString"}
    assert tables["service"]["mw_it"].sum() == pytest.approx(16)
    assert tables["unserved"]["mw_it"].sum() == pytest.approx(5)
    assert tiny.hubs.empty
    assert tiny.classes["demand_mw_it"].to_dict() == {"near": 7, "far": 14}


def test_demand_tells_what_is_served_and_how_far_below_its_bound(tiny):
    demand = tiny.demand.set_index(["place", "service"])
    assert demand["demand_mw_it"].sum() == pytest.approx(21)
    brook = demand.loc[("brook", "far")]
    assert (brook["demand_mw_it"], brook["served_mw_it"]) == pytest.approx((4, 2))
    assert brook["margin_ms"] == pytest.approx(5 - 1.3349, abs=1e-4)
    dune = demand.loc[("dune", "near")]
    assert dune["served_mw_it"] == 0
    assert dune[["worst_rtt_ms", "margin_ms"]].isna().all()


def test_a_table_that_is_changed_changes_no_plan(tiny):
    tiny.sites["mw"] = 0.0
    tiny.demand["demand_mw_it"] = 0.0
    assert tiny.sites["mw"].sum() == pytest.approx(20)
    assert tiny.demand["demand_mw_it"].sum() == pytest.approx(21)


def test_hubs_are_a_table_of_their_own(tmp_path):
    scenario = (SCENARIOS / "tiny" / "scenario.yaml").read_text("utf-8")
    for name in ("substations.csv", "places.csv"):
        (tmp_path / name).write_bytes((SCENARIOS / "tiny" / name).read_bytes())
    (tmp_path / "hubs.csv").write_text(
        "id,name,lat,lon,mw_it,mn_per_mw_it_yr\nh,Central,0,-25,9,0.1\n", "utf-8"
    )
    (tmp_path / "scenario.yaml").write_text(f"{scenario}hubs: {{path: hubs.csv}}\n", "utf-8")
    planned = microdc.plan(tmp_path)
    assert planned.hubs.loc["h", "mw_it"] == pytest.approx(3)  # Dune's
    assert "<rect" in planned._repr_html_()


def test_a_plan_is_written_verified_and_read_back(tiny, tmp_path):
    folder = tiny.write(tmp_path / "plan")
    assert microdc.verify(folder) == []
    again = microdc.read_plan(folder)
    assert again.cost_mn_yr == tiny.cost_mn_yr
    assert again.verdict == tiny.verdict
    assert again.sites["mw"].to_dict() == tiny.sites["mw"].to_dict()
    with pytest.raises(UsageError, match="exists already"):
        tiny.write(folder)
    assert tiny.write(folder, force=True) == folder


def test_what_the_scenario_says_under_solve_can_be_replaced(tiny):
    marks = []
    planned = microdc.plan(SCENARIOS / "tiny", gap=0.5, watch=marks.append)
    assert planned.plan.certificate.asked_gap == 0.5
    assert marks
    with pytest.raises(UsageError, match="gap cannot be -1"):
        microdc.plan(SCENARIOS / "tiny", gap=-1)


def test_what_cannot_be_planned_is_an_error_with_the_reason(tmp_path):
    with pytest.raises(InfeasibleError, match="Dune needs"):
        microdc.plan(SCENARIOS / "tiny" / "no-price.yaml")
    with pytest.raises(InputError):
        microdc.check(tmp_path)
    with pytest.raises(InputError):
        microdc.read_plan(tmp_path)


def test_check_solves_nothing_and_names_who_is_out_of_reach():
    told = microdc.check(str(SCENARIOS / "tiny"))
    assert ("places", 3) in told.summary
    assert "Dune" in told.unreachable[0]


def test_a_notebook_shows_verdict_table_and_map_without_any_request(tiny):
    shown = tiny._repr_html_()
    assert "28.40 M USD a year" in shown
    assert shown.count("<circle") == 2
    assert "Dune: 3.00 MW IT unserved" in shown
    assert "west West" in shown
    assert not any(word in shown for word in ("<script", "http", "src=", "url("))
