from datetime import date

import pytest

from microdc.inputs.lint import lint
from microdc.inputs.read import read_region

H = "id,lat,lon,headroom_mw"
TODAY = date(2026, 6, 1)


@pytest.fixture
def lints(scenario_of):
    def of(*args, **keys):
        scenario = scenario_of(*args, **keys)
        return lint(read_region(scenario), scenario, TODAY)

    return of


def test_a_sound_region_has_nothing_to_tell(lints):
    assert lints() == []


@pytest.mark.parametrize(
    ("table", "keys", "words"),
    [
        (f"{H}\na,51,-1,5000\nb,51,-1.1,8000\n", {}, "units: {headroom_mw: kW}"),
        (f"{H},existing_mw\na,51,-1,5,4000\n", {}, "units: {existing_mw: kW}"),
        (
            f"{H}\na,51,-1,8\nb,51,-1.1,9\nc,51,-1.2,9000\n",
            {},
            "1 row(s) have headroom above 300 MW and 20 times the median, as if in kW: c",
        ),
        (f"{H}\na,-1,51,5\n", {}, "latitude and longitude look swapped"),
        (f"{H}\na,35,139,5\n", {}, "km from the demand"),
        (f"{H},rating_mva\na,51,-1,25,20\n", {}, "more headroom than the station's rating"),
        (
            f"{H},transformer_mva\na,51,-1,50,2 x 20\n",
            {},
            "more headroom than the station's rating",
        ),
        (f"{H},transformer_mva\na,51,-1,5,20\n", {}, "one transformer"),
        (f"{H}\na,51,-1,5\nb,51,-1,6\n", {}, "2 candidates share 1 position(s)"),
        (f"{H},pue\na,51,-1,5,1.05\n", {}, "a PUE below 1.1"),
        (f"{H}\na,51,-1,5\n", {"sites": {"pue": 1.02}}, "sites.pue 1.02"),
        (f"{H},as_of\na,51,-1,5,2023-01-31\n", {}, "a date (as_of) before 2024-06-01"),
        (f"{H}\na,51,-1,5\n", {"source": {"source": {"date": "2021"}}}, "is of 2021"),
    ],
)
def test_what_looks_wrong_is_told(lints, table, keys, words):
    (text,) = lints(table, **keys)
    assert words in text


@pytest.mark.parametrize(
    "column", ["Generation Headroom (MW)", "hosting capacity", "Export MW", "gh", "PV room"]
)
def test_headroom_from_a_column_about_generation_is_doubted(lints, column):
    table = f"id,lat,lon,{column}\na,51,-1,5\n"
    (text,) = lints(table, source={"columns": {"headroom_mw": column}})
    assert "room for generation" in text


@pytest.mark.parametrize("column", ["Estimated Demand Headroom (MVA)", "dh", "weight", "height"])
def test_headroom_from_a_column_about_demand_is_not_doubted(lints, column):
    table = f"id,lat,lon,{column}\na,51,-1,5\n"
    assert lints(table, source={"columns": {"headroom_mw": column}}) == []


def test_demand_in_kilowatts_is_doubted(lints):
    (text,) = lints(demand="id,lat,lon,mw_it\na,51,-1,4000\n", services={"all": {"rtt_ms": 2}})
    assert "units: {mw_it: kW}" in text


def test_limits_of_whole_areas_may_be_large(lints, tmp_path):
    areas = "id,lat,lon,headroom_mw,candidate\nA,51,-1,900,no\n"
    (tmp_path / "areas.csv").write_text(areas, encoding="utf-8")
    assert lints(source=[{"path": "substations.csv"}, {"path": "areas.csv"}]) == []
