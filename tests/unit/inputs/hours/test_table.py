"""Rows of profiles: whose they are, what they state, and each fault told where it stands."""

import numpy as np
import pandas as pd
import pytest


def at(table, row, **cells):
    """Give a table with other cells in one row."""
    changed = table.astype(object).reset_index(drop=True)
    for column, cell in cells.items():
        if column not in changed:
            changed[column] = None
        changed.loc[row, column] = cell
    return changed


BAD = {
    "nobody's": ({"id": ""}, "row 5, column id: is blank; found a blank cell; allowed: an id of"),
    "a service's too": (
        {"service": "near"},
        "row 5, id n, column service: stands beside an id; found 'near'",
    ),
    "no value": (
        {"load_share": ""},
        "row 5, id n, column load_share: is blank; found a blank cell; allowed: one of headroom_mw",
    ),
    "two values": (
        {"headroom_share": 0.5},
        "row 5, id n, column load_share: is stated beside headroom_share; found '0.5'",
    ),
    "a service's value": (
        {"demand_share": 0.5},
        "row 5, id n, column demand_share: means nothing here; found '0.5'",
    ),
    "another value": (
        {"load_share": "", "headroom_mw": 3},
        "column headroom_mw: is stated where other hours of the profile state load_share",
    ),
    "above one": (
        {"load_share": 1.01},
        "row 5, id n, column load_share: is out of range; found '1.01'; allowed: 0 to 1",
    ),
    "below zero": ({"load_share": -0.01}, "is out of range; found '-0.01'; allowed: 0 to 1"),
    "no number": ({"load_share": "much"}, "column load_share: is not a number; found 'much'"),
    "no weight": (
        {"weight_h": 0},
        "weight_h: is out of range; found '0'; allowed: more than zero",
    ),
    "another place's time": (
        {"time": "2026-01-01T03:00-06:00"},
        "is not the start of an hour in UTC; found '2026-01-01T03:00-06:00'; allowed: ISO 8601 as "
        "2026-01-31T17:00Z; did you mean 2026-01-01T09:00Z?",
    ),
    "within an hour": ({"time": "2026-01-01T03:15Z"}, "did you mean 2026-01-01T03:00Z?"),
    "no time": ({"time": "1/1/2026 3:00"}, "is not the start of an hour in UTC"),
    "an hour twice": (
        {"time": "2026-01-01T02:00Z"},
        "row 5, id n, column time: is stated before; found '2026-01-01T02:00Z'; allowed: every "
        "hour once (also profiles.csv, row 4)",
    ),
    "an unknown group": (
        {"id": "nn"},
        "row 5, id nn, column id: is no substation, limit or group of the scenario; found 'nn'; "
        "allowed: m, n, area, east, far, west; did you mean n?",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_told_with_its_place(case, wrong, day):
    cells, says = BAD[case]
    told = wrong(at(day("load_share", 0.5, id="n"), 3, **cells))
    assert [text for text in told if says in text and text.startswith("profiles.csv: ")], told


def test_a_copy_of_a_row_is_an_hour_stated_twice(wrong, day):
    rows = day("load_share", 0.5, id="n")
    told = wrong(rows, rows.iloc[[2]])
    assert len(told) == 1
    assert "row 26, id n, column time: is stated before" in told[0]


def test_an_unknown_service_is_told_with_the_nearest(wrong, day):
    told = wrong(day("demand_share", 0.5, service="neer"))
    assert told == [
        "profiles.csv: row 2, column service: is no service of the scenario; found 'neer'; "
        "allowed: near; did you mean near?"
    ]


def test_a_service_states_a_share_of_its_demand_only(wrong, day):
    told = wrong(day("demand_share", 1, service="near"), day("load_share", 0.5, service="near"))
    assert any("row 26, column load_share: means nothing here; found '0.5'" in t for t in told)
    assert any("row 26, column demand_share: is blank; found a blank cell" in t for t in told)


def test_headroom_below_zero_is_told(wrong, day):
    told = wrong(day("headroom_mw", -1, id="far"))
    assert "column headroom_mw: is out of range; found '-1'; allowed: zero or more" in told[0]


def test_weights_that_differ_within_an_hour_are_told(wrong, day):
    told = wrong(day("load_share", 0.5, id="n"), at(day("headroom_mw", 3, id="far"), 2, weight_h=9))
    assert told == [
        "profiles.csv: row 28, id far, column weight_h: differs from another row of the same hour; "
        "found '9'; allowed: 365"
    ]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ("when,id,load_share", "column time: is missing; found columns when, id, load_share"),
        ("time,id,headrom", "column headroom_mw: is missing"),
        ("time,service,load", "column demand_share: is missing"),
    ],
)
def test_missing_columns_are_told(columns, says, wrong):
    told = wrong(f"{columns}\n2026-01-01T00:00Z,n,0.5\n")
    assert [text for text in told if says in text], told


def test_all_faults_are_told_at_once(wrong, day):
    rows = at(at(day("load_share", 0.5, id="n"), 3, load_share=2), 5, time="noon")
    told = wrong(rows, day("demand_share", 0.5, service="neer"), sites={"pue": 1.25})
    assert len(told) == 3


def test_headroom_above_the_rating_is_told(wrong, day):
    told = wrong(day("headroom_mw", np.where(np.arange(24) == 7, 38.1, 38), id="west"))
    assert told == [
        "profiles.csv: row 9, id west, column headroom_mw: is more than the station may carry in "
        "all; found '38.1'; allowed: at most 38 MW, the rating of west"
    ]


def test_units_and_names_of_columns_are_the_scenarios(region_of, written, day, tmp_path):
    keys = written(day("headroom_mw", 7000, id="far").rename(columns={"headroom_mw": "kW free"}))
    source = {"columns": {"headroom_mw": "kW free"}, "units": {"headroom_mw": "kW"}}
    keys["hours"] = {"profiles": {"path": "profiles.csv", **source}}
    hours = region_of(**keys).hours
    assert hours.headroom_mw(np.array([2])).tolist() == [[7]] * 24


def test_apparent_power_is_refused_for_want_of_a_power_factor(faults_of, written, day):
    keys = written(day("headroom_mw", 7, id="far"))
    keys["hours"] = {"profiles": {"path": "profiles.csv", "units": {"headroom_mw": "MVA"}}}
    assert "hours.profiles.units.headroom_mw: is not a unit of it" in str(faults_of(**keys)[0])


def test_a_profile_of_rows_that_are_not_chosen_is_left_out(region_of, written, day):
    keys = written(day("load_share", 0.5, id="n"), day("headroom_share", 0.5, id="m"))
    hours = region_of(**keys, source={"where": "group == 'n'"}).hours
    assert list(hours.states.index) == ["", "n"]


def test_where_chooses_among_the_rows(region_of, written, day):
    keys = written(day("load_share", 0.5, id="n"), day("load_share", 0.5, id="elsewhere"))
    keys["hours"] = {"profiles": {"path": "profiles.csv", "where": "id == 'n'"}}
    assert list(region_of(**keys).hours.states.index) == ["", "n"]


def test_of_two_tables_what_cannot_be_read_is_told_alone(faults_of, written, day):
    keys = written(day("load_share", 0.5, id="n").drop(columns="weight_h"))
    keys["hours"] = {"profiles": ["profiles.csv", "weights.csv"]}
    assert [str(fault) for fault in faults_of(**keys)] == ["weights.csv: no such file"]


def test_the_table_is_among_the_sources(region_of, written, day):
    region = region_of(**written(day("load_share", 0.5, id="n")))
    assert [record.path.name for record in region.sources][-1] == "profiles.csv"


def test_parquet_with_times_of_its_own_is_read(region_of, written, day, tmp_path):
    keys = written(day("load_share", 0.5, id="n"))
    table = pd.read_csv(tmp_path / "profiles.csv", parse_dates=["time"])
    table.to_parquet(tmp_path / "profiles.parquet")
    keys["hours"] = {"profiles": "profiles.parquet"}
    assert region_of(**keys).hours.what["time"].iloc[23] == "2026-01-01T23:00Z"
