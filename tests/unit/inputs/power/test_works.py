"""Completion dates as a British operator publishes them release headroom in the right stage."""

import pytest

from microdc.errors import InputError
from microdc.inputs.read import read_region
from microdc.scenario import load_scenario, scenario_of_stage

HEADER = (
    "AssetID,Substation,Substation Type,Upstream GSP,Voltage (kV),Location Latitude,"
    "Location Longitude,Estimated Demand Headroom (MVA),Substation Reinforcement Works,"
    "Substation Reinforcement Completion Date"
)
ROWS = (
    "E - 01,Ash GSP,GSP,N/A,400 / 132,51.5,-1.5,N/A,Replace the board,Sep-28",
    "E - 02,Birch,Primary,Ash GSP,33 / 11,51.6,-1.4,0.00,Replace both transformers,Dec-28",
    "E - 03,Cedar,Primary,Ash GSP,33 / 11,51.4,-1.6,12.00,Add a 3rd transformer,Jul-31",
    "E - 04,Dogwood,Primary,Ash GSP,33 / 11,51.3,-1.5,20.00,N/A,N/A",
)
SCENARIO = """
schema: 1
name: extract
substations:
  path: dashboard.csv
  where: "`Substation Type` == 'Primary'"
  columns:
    id: AssetID
    name: Substation
    lat: Location Latitude
    lon: Location Longitude
    headroom_mw: Estimated Demand Headroom (MVA)
    parent: Upstream GSP
  units: {headroom_mw: MVA}
  power_factor: 0.95
demand: {path: places.csv}
services: {near: {rtt_ms: 2, kw_it_per_1000_people: 8, unserved_mn_per_mw_yr: 9}}
stages:
  - {name: pilots, by: 2026-12, demand_growth: 0.5}
  - {name: fleet, by: 2028-12}
  - {name: network, by: 2031-12, demand_growth: 2}
works:
  path: dashboard.csv
  where: "`Substation Type` == 'Primary'"
  columns: {id: AssetID, completed: Substation Reinforcement Completion Date}
  more_mw: 10
"""


@pytest.fixture
def scenario(tmp_path):
    """A GSP and three primaries of a made-up dashboard in the published form."""

    def of(text=SCENARIO, rows=ROWS):
        (tmp_path / "scenario.yaml").write_text(text, "utf-8")
        (tmp_path / "dashboard.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        (tmp_path / "places.csv").write_text(
            "id,lat,lon,population\nelm,51.5,-1.5,250000\n", "utf-8"
        )
        return load_scenario(tmp_path)

    return of


def test_published_dates_release_headroom_in_the_right_stage(scenario):
    whole = scenario()
    regions = {one.name: read_region(scenario_of_stage(whole, one.name)) for one in whole.stages}
    headroom_mw = {name: one.substations["headroom_mw"].dropna() for name, one in regions.items()}
    of_tables = {"E - 02": 0.0, "E - 03": 11.4, "E - 04": 19.0}
    assert dict(headroom_mw["pilots"]) == pytest.approx(of_tables)
    assert dict(headroom_mw["fleet"]) == pytest.approx({**of_tables, "E - 02": 10.0})
    assert dict(headroom_mw["network"]) == pytest.approx(
        {**of_tables, "E - 02": 10.0, "E - 03": 21.4}
    )
    demand = {name: one.demand["mw_it"].sum() for name, one in regions.items()}
    assert demand == pytest.approx({"pilots": 1.0, "fleet": 2.0, "network": 4.0})


def test_megawatts_that_are_assumed_are_told_with_what_they_rest_on(scenario):
    fleet = read_region(scenario_of_stage(scenario(), "fleet"))
    assert any("2 works state no megawatts" in warning for warning in fleet.warnings)
    assert fleet.substations["arithmetic"]["E - 02"].endswith("+ 10 MW reinforced")
    assert [record.path.name for record in fleet.sources] == ["dashboard.csv", "places.csv",
                                                              "dashboard.csv"]  # fmt: skip


def test_works_at_a_row_without_a_limit_add_nothing(scenario):
    head, _, works = SCENARIO.partition("works:")
    every = f"{head}works:" + works.replace("  where: \"`Substation Type` == 'Primary'\"\n", "")
    network = read_region(scenario_of_stage(scenario(every), "network"))
    assert network.substations["headroom_mw"].isna()["E - 01"]
    assert any("rows without a limit" in warning for warning in network.warnings)


def test_a_new_headroom_replaces_the_old_and_more_comes_on_top(scenario, tmp_path):
    stated = SCENARIO[: SCENARIO.index("works:")] + "works: {path: works.csv}\n"
    whole = scenario(stated)
    (tmp_path / "works.csv").write_text(
        "id,completed,more_mw,headroom_mw\n"
        "E - 04,2028-01,3,\n"
        "E - 04,Feb-28,,30\n"
        "E - 04,2031-01-15,2.5,\n"
        "E - 03,2028,,5\n",
        "utf-8",
    )
    mw = {
        one.name: read_region(scenario_of_stage(whole, one.name)).substations["headroom_mw"]
        for one in whole.stages
    }
    assert [one["E - 04"] for one in mw.values()] == pytest.approx([19.0, 30.0, 32.5])
    assert mw["network"]["E - 03"] == pytest.approx(11.4)  # never less than there is


def test_lead_times_go_by_voltage_and_keep_a_site_out_of_early_stages(scenario):
    times = "programme: {begins: 2026-06, lead_times: [{months: 6}, {from_kv: 33, months: 24}]}\n"
    text = SCENARIO.replace("    parent: Upstream GSP\n",
                            "    parent: Upstream GSP\n    voltage_kv: kv\n")  # fmt: skip
    text = text.replace("works:", f"{times}works:")
    rows = [f"{row},{kv}" for row, kv in zip(ROWS, ("", 11, 33, 132), strict=True)]
    whole = scenario(text, [])
    (whole.folder / "dashboard.csv").write_text("\n".join([HEADER + ",kv", *rows]), "utf-8")
    excluded = {
        name: read_region(scenario_of_stage(whole, name)).substations["excluded"].dropna()
        for name in ("pilots", "fleet")
    }
    assert dict(excluded["pilots"]) == {"E - 03": "no power before 2028-06",
                                        "E - 04": "no power before 2028-06"}  # fmt: skip
    assert excluded["fleet"].empty


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("E - 04,2028-01,3,30", "is stated beside headroom_mw"),
        ("E - 99,2028-01,3,", "is no substation or limit"),
        ("E - 04,2028-01,,", "states no headroom"),
    ],
)
def test_faulty_works_are_named(scenario, tmp_path, rows, says):
    whole = scenario(SCENARIO[: SCENARIO.index("works:")] + "works: {path: works.csv}\n")
    (tmp_path / "works.csv").write_text(f"id,completed,more_mw,headroom_mw\n{rows}\n", "utf-8")
    with pytest.raises(InputError, match=says):
        read_region(scenario_of_stage(whole, "fleet"))
