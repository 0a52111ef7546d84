"""Substations told feeder by feeder, summed by hand."""

from math import sqrt

import pytest

HEAD = "id,feeder,lat,lon,voltage_kv,feeder_rating_a,feeder_peak_a,committed_mw,parent\n"
TWO = HEAD + "a,1,51,-1,10,600,200,1,\na,2,51,-1,20,300,100,,\nb,1,51,-1.1,10,400,100,,\n"
"""a: sqrt3 x (10 x 400 + 20 x 200) / 1000 = 13.856 MVA; b: sqrt3 x 10 x 300 / 1000 = 5.196 MVA."""


def test_feeders_are_summed_and_the_arithmetic_is_written(region_of):
    rows = region_of(TWO, source={"power_factor": 0.9}).substations
    assert rows.loc["a", "headroom_mw"] == pytest.approx(sqrt(3) * 8 * 0.9 - 1)
    assert rows.loc["b", "headroom_mw"] == pytest.approx(sqrt(3) * 3 * 0.9)
    assert rows.loc["a", "arithmetic"] == (
        "2 feeders: sqrt3 x 10 kV x (600 - 200) A / 1000 x 0.9"
        " + sqrt3 x 20 kV x (300 - 100) A / 1000 x 0.9 - 1 committed = 11.47 MW"
    )
    assert list(rows.index) == ["a", "b"]
    assert rows.loc["a", "voltage_kv"] == 20
    assert rows.loc["a", "row"] == 2


def test_a_peak_may_be_in_megawatts(region_of):
    table = "id,lat,lon,voltage_kv,feeder_rating_a,feeder_peak_mw\na,51,-1,10,1000,4\n"
    rows = region_of(table, source={"power_factor": 0.9}).substations
    assert rows.loc["a", "headroom_mw"] == pytest.approx(sqrt(3) * 10 * 0.9 - 4)
    assert "x 1000 A / 1000 x 0.9 - 4 MW = 11.59 MW" in rows.loc["a", "arithmetic"]


def test_units_power_factors_of_rows_and_reserve_count(region_of):
    table = (
        "id,lat,lon,voltage_kv,feeder_rating_a,feeder_peak_a,power_factor\n"
        "a,51,-1,10000,1,0.5,0.8\na,51,-1,10000,1,0.5,\n"
    )
    source = {"units": {"voltage_kv": "V", "feeder_rating_a": "kA", "feeder_peak_a": "kA"}}
    rows = region_of(table, source=source | {"power_factor": 0.9, "reserve_share": 0.1}).substations
    assert rows.loc["a", "headroom_mw"] == pytest.approx(sqrt(3) * 5 * 1.7 * 0.9)
    assert rows.loc["a", "arithmetic"].endswith("less 10% reserve")


def test_equal_feeders_are_two_feeders(region_of):
    row = "a,,51,-1,10,600,200,,\n"
    rows = region_of(HEAD + row * 2, source={"power_factor": 1}).substations
    assert rows.loc["a", "headroom_mw"] == pytest.approx(sqrt(3) * 8)


def test_an_overloaded_feeder_counts_against_the_others_and_never_below_zero(region_of):
    table = HEAD + "a,1,51,-1,10,600,200,,\na,2,51,-1,10,100,300,,\nb,1,51,-1,10,100,300,,\n"
    region = region_of(table, source={"power_factor": 1})
    mw = region.substations["headroom_mw"].to_dict()
    assert mw == {"a": pytest.approx(sqrt(3) * 2), "b": 0}
    assert "below zero and count as zero: b" in region.warnings[0]


def test_a_feeder_that_is_not_whole_counts_for_nothing_and_is_told(region_of):
    table = TWO + "b,2,51,-1.1,10,400,,,\nb,3,51,-1.1,10,,50,,\n"
    region = region_of(table, source={"power_factor": 1})
    assert region.substations.loc["b", "headroom_mw"] == pytest.approx(sqrt(3) * 3)
    assert (
        "2 feeder(s) without rating, voltage_kv or peak count for nothing: row 5, 6"
        in (region.warnings[0])
    )


def test_a_table_without_any_whole_feeder_can_host_nothing(faults_of):
    said = str(faults_of(HEAD + "a,1,51,-1,,600,200,,\na,2,51,-1,10,,,,\n")[0])
    assert "no row can host a site" in said


def test_a_stated_headroom_wins_over_feeders_and_supply_points_have_none(region_of):
    table = (
        "id,lat,lon,voltage_kv,feeder_rating_a,feeder_peak_a,headroom_mw,parent,candidate\n"
        "hub,51,-1,,,,9,,no\na,51,-1,10,600,200,,hub,\na,51,-1,10,600,200,7,hub,\n"
    )
    rows = region_of(table).substations
    assert rows["headroom_mw"].to_dict() == {"a": 7, "hub": 9}
    assert rows.loc["a", "parent"] == "hub"


@pytest.mark.parametrize(("peak_mw", "mw"), [(15, 5), (5, sqrt(3) * 8)])
def test_of_transformers_and_feeders_the_weaker_counts(region_of, peak_mw, mw):
    table = (
        "id,lat,lon,voltage_kv,feeder_rating_a,feeder_peak_a,transformer_mva,peak_mw\n"
        f"a,51,-1,10,600,200,20;20,{peak_mw}\na,51,-1,10,600,200,,\n"
    )
    row = region_of(table, source={"power_factor": 1}).substations.loc["a"]
    assert row["headroom_mw"] == pytest.approx(mw)
    assert row["arithmetic"].startswith("firm" if mw == 5 else "2 feeders")


def test_many_feeders_are_written_short(region_of):
    table = HEAD + "a,,51,-1,10,600,200,,\n" * 9
    text = region_of(table).substations.loc["a", "arithmetic"]
    assert text.startswith("9 feeders: ")
    assert " + 5 more = " in text


@pytest.mark.parametrize(
    ("table", "where", "words"),
    [
        (TWO.replace("a,2,51", "a,2,52"), None, ["row 3, id a, column lat", "'52'", "51.0, or"]),
        (TWO.replace("300,100", "300,lots"), None, ["row 3, id a", "feeder_peak_a", "'lots'"]),
        (TWO.replace("300,100", "-300,100"), None, ["row 3, id a", "feeder_rating_a", "zero or"]),
        (TWO, "feeder == '1'", ["selects some feeders of a substation", "found a"]),
        (
            TWO.replace(",feeder_peak_a", ",peak"),
            None,
            ["feeder_peak_a: is missing", "or headroom_mw instead"],
        ),
        (TWO + ",1,51,-1,10,600,200,,\n", None, ["row 5, column id", "a blank cell"]),
    ],
)
def test_bad_feeders_are_refused_with_what_and_where(faults_of, table, where, words):
    said = "\n".join(map(str, faults_of(table, source={"where": where} if where else None)))
    assert all(word in said for word in words), said
