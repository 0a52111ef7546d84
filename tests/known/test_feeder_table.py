"""A spreadsheet of feeders, made up with every quirk such files have, planned as it comes."""

from math import sqrt
from pathlib import Path

import pytest

from microdc.placement.verify import broken_promises
from microdc.solve.highs import Clock
from microdc.workflow import PlanResult, plan_scenario

FEEDERS = """Netzauslastung je Abgang;;;;;;;;
Stand: 01.03.2026;;;;;;;;
Umspannwerk;Name;Abgang;Easting;Northing;kV;Nennstrom A;Spitze A;Stand;
UW-1;Königstor;1;530.000,50;180.000,25;11,0;1.200,0;700,0;31.01.2026;
UW-1;Königstor;2;530.000,50;180.000,25;11,0;1.200,0;700,0;31.01.2026;

UW-2;Südring;1;540.000,50;180.000,25;33,0;400,0;262,5;28.02.2026;
UW-2;Südring;2;540.000,50;180.000,25;11,0;600,0;487,5;31.01.2026;
Summe;;;;;;3.400,0;2.150,0;;
"""
"""
UW-1 has sqrt3 x 11 x 2 x 500 / 1000 = 19.05 MVA to spare, UW-2 sqrt3 x (33 x 137.5 + 11 x 112.5)
/ 1000 = 10.00 MVA; times 0.9, that is 17.15 and 9.00 MW.
"""

PLACES = """id;name;x;y;people
A;Ångerby;531.000,5;181.000,5;1.500.000
B;Nyby;539.000,5;181.000,5;500.000
"""

SCENARIO = """
schema: 1
name: feeders
substations:
  path: feeders.csv
  crs: EPSG:27700
  columns:
    {id: Umspannwerk, name: Name, x: Easting, y: Northing, voltage_kv: kV,
     feeder_rating_a: Nennstrom A, feeder_peak_a: Spitze A, as_of: Stand}
  power_factor: 0.9
demand: {path: places.csv, crs: EPSG:27700, columns: {population: people}}
services: {near: {rtt_ms: 2, kw_it_per_1000_people: 8, unserved_mn_per_mw_yr: 4}}
sites: {min_mw: 5, max_mw: 20, pue: 1.25}
"""


@pytest.fixture
def result(tmp_path: Path) -> PlanResult:
    (tmp_path / "feeders.csv").write_bytes(FEEDERS.encode("cp1252"))
    (tmp_path / "places.csv").write_bytes(PLACES.encode("utf-16"))
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    return plan_scenario(
        tmp_path / "scenario.yaml",
        tmp_path / "plan",
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(float("inf")),
    )


def test_a_feeder_table_with_every_quirk_plans_with_nothing_but_a_scenario(result):
    sites = result.plan.sites
    assert sites["headroom_mw"].to_dict() == pytest.approx(
        {"UW-1": sqrt(3) * 11 * 1000 / 1000 * 0.9,
         "UW-2": sqrt(3) * (33 * 137.5 + 11 * 112.5) / 1000 * 0.9}
    )  # fmt: skip
    # 16 MW IT are wanted, 20 MW of the grid's; both stations are needed, and their sum is enough.
    assert sites["mw"].sum() == pytest.approx(20, abs=1e-3)
    assert sites["name"].to_dict() == {"UW-1": "Königstor", "UW-2": "Südring"}
    assert sites["lat"].tolist() == pytest.approx([51.504, 51.502], abs=2e-3)
    assert sites.loc["UW-1", "arithmetic"] == (
        "2 feeders: sqrt3 x 11 kV x (1200 - 700) A / 1000 x 0.9"
        " + sqrt3 x 11 kV x (1200 - 700) A / 1000 x 0.9 = 17.15 MW"
    )


def test_how_its_tables_were_read_is_said_in_the_plan(result):
    assert set(result.plan.warnings) >= {
        "feeders.csv: read as: semicolon-separated, decimal comma, thousands point, cp1252, "
        "header in row 3",
        "feeders.csv: left out as no part of the table: row 9; if that is wrong, say dialect: "
        "{footer_rows: 0}",
        "places.csv: read as: semicolon-separated, decimal comma, thousands point, utf-16",
    }


def test_the_plan_of_a_feeder_table_keeps_its_promises(result):
    assert broken_promises(result.folder) == []


def test_a_feeder_that_loses_rating_after_the_plan_is_found_out(result):
    table = result.folder.parent / "feeders.csv"
    table.write_bytes(table.read_bytes().replace(b"1.200,0;700,0", b"0.900,0;700,0", 1))
    assert broken_promises(result.folder) != []
