"""The hours of a table: a whole year, or whole days that make up one."""

import numpy as np
import pandas as pd
import pytest

from microdc.inputs.hours.times import read_hour

FLEXIBLE = {"type": "flexible", "max_run_h": 3}


def test_a_year_of_hours_each_stands_for_itself(hours_of, year):
    what = hours_of(year("load_share", 0.5, id="n")).what
    assert (len(what), what["weight_h"].sum(), what["day"].max()) == (8760, 8760, 364)
    assert what["time"].iloc[[0, -1]].tolist() == ["2026-01-01T00:00Z", "2026-12-31T23:00Z"]


def test_a_year_may_begin_in_any_hour_and_its_rows_in_any_order(hours_of, year):
    rows = year("load_share", 0.5, first="2027-03-01T06:00", hours=8784, id="n")
    what = hours_of(rows.sample(frac=1, random_state=1)).what
    assert what["time"].iloc[[0, 23, -1]].tolist() == [
        "2027-03-01T06:00Z", "2027-03-02T05:00Z", "2028-03-01T05:00Z",
    ]  # fmt: skip
    assert what["day"].iloc[[0, 23, 24]].tolist() == [0, 0, 1]


def test_a_leap_year_may_leave_its_leap_day_out(hours_of, year):
    rows = year("load_share", 0.5, first="2028-01-01", hours=8784, id="n")
    what = hours_of(rows[~rows["time"].str.startswith("2028-02-29")]).what
    assert (len(what), what["day"].max()) == (8760, 364)


def test_missing_hours_are_named(wrong, year):
    rows = year("load_share", 0.5, id="n").drop(index=[5, 9, 10, 11])
    assert wrong(rows) == [
        "profiles.csv: id n: 4 hour(s) are missing: 2026-01-01T05:00Z, 2026-01-01T09:00Z to "
        "2026-01-01T11:00Z; found 8,756 hours; allowed: all 8,760 from 2026-01-01T00:00Z to "
        "2026-12-31T23:00Z, or whole days with weight_h"
    ]


def test_an_hour_that_only_one_profile_lacks_is_told_of_that_one(wrong, day):
    told = wrong(day("load_share", 0.5, id="n"), day("demand_share", 1, service="near").iloc[:23])
    assert len(told) == 1
    assert "service near: 1 hour(s) are missing: 2026-01-01T23:00Z" in told[0]


def test_more_than_a_year_is_told(wrong, year):
    told = wrong(year("load_share", 0.5, hours=8762, id="n"))
    assert (
        "column time: holds more than a year; found 2 hour(s) beyond it: 2027-01-01T00" in told[0]
    )


def test_days_with_weights_stand_for_a_year(hours_of, day):
    rows = [day("load_share", 0.5, date=f"2026-0{m}-01", weight_h=182.5, id="n") for m in (7, 2)]
    what = hours_of(*rows).what
    assert what["time"].iloc[[0, 24]].tolist() == ["2026-02-01T00:00Z", "2026-07-01T00:00Z"]
    assert what["day"].tolist() == [0] * 24 + [1] * 24
    assert what["weight_h"].sum() == 8760


@pytest.mark.parametrize(("weight_h", "right"), [(365, True), (366, True), (364, False)])
def test_weights_add_up_to_a_year(weight_h, right, hours_of, wrong, day):
    rows = day("load_share", 0.5, weight_h=weight_h, id="n")
    if right:
        assert hours_of(rows).what["weight_h"].sum() == 24 * weight_h
    else:
        assert wrong(rows) == [
            "profiles.csv: column weight_h: the weights do not add up to a year; found 8,736 h; "
            "allowed: 8,760 or 8,784 h over all hours"
        ]


def test_weighted_hours_are_whole_days(wrong, day):
    told = wrong(day("load_share", 0.5, id="n").iloc[:-1])
    says = "is not in whole days; found 23 hour(s), 2026-01-01T00:00Z to 2026-01-01T22:00Z"
    assert [text for text in told if says in text], told


def test_an_hour_without_weight_beside_others_with_one_is_told(wrong, day):
    rows = day("load_share", 0.5, id="n")
    rows.loc[4, "weight_h"] = np.nan
    assert [t for t in wrong(rows) if "row 6, id n, column weight_h: is blank" in t]


def test_a_weight_need_only_be_stated_once_for_an_hour(hours_of, day):
    bare = day("demand_share", 1, service="near").drop(columns="weight_h")
    assert hours_of(day("load_share", 0.5, id="n"), bare).what["weight_h"].sum() == 8760


def test_days_that_do_not_follow_one_another_tell_of_no_run(wrong, day):
    rows = [day("load_share", 0.5, date=f"2026-01-{d}", weight_h=182.5, id="n") for d in (10, 12)]
    told = wrong(*rows, connection=FLEXIBLE)
    assert told == [
        "profiles.csv: column time: has hours that do not follow one another; found "
        "2026-01-10T23:00Z, then 2026-01-12T00:00Z; allowed: every hour from the first to the "
        "last, for connection.max_run_h"
    ]


def test_days_that_follow_one_another_tell_of_runs(region_of, written, day):
    rows = [day("load_share", 0.5, date=f"2026-01-{d}", weight_h=182.5, id="n") for d in (10, 11)]
    assert region_of(**written(*rows), connection=FLEXIBLE).hours is not None


def test_hours_out_of_order_are_told_where_runs_count(wrong, day):
    rows = day("load_share", 0.5, id="n")
    told = wrong(pd.concat([rows.iloc[1:], rows.iloc[:1]]), connection=FLEXIBLE)
    assert len(told) == 1
    assert "row 25, id n, column time: is out of order; found '2026-01-01T00:00Z'" in told[0]


@pytest.mark.parametrize(
    "text",
    ["2026-01-31T17:00Z", "2026-01-31T17:00", "2026-01-31 17:00:00", "2026-01-31T17Z",
     "2026-01-31 17:00:00+00:00", "2026-01-31T17:00:00.000Z", "2026-01-31T1700Z"],
)  # fmt: skip
def test_the_start_of_an_hour_is_read_as_people_write_it(text):
    assert read_hour(text) == (np.datetime64("2026-01-31T17", "h"), "")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("2026-01-31T11:00-06:00", "2026-01-31T17:00Z"),
        ("2026-02-01T01:30+0530", "2026-01-31T20:00Z"),
        ("2026-01-31T17:00:01Z", "2026-01-31T17:00Z"),
        ("2026-01-31", ""),
        ("2026-13-01T00:00Z", ""),
        ("2026-01-01T24:00Z", ""),
        ("9999-12-31T23:00Z", ""),
        ("0001-01-01T00:00+14:00", ""),
        ("2026-01-01T00:00+24:00", ""),
        ("hour 3", ""),
    ],
)
def test_what_is_no_start_of_an_hour_in_utc_is_not_read(text, near):
    hour, nearest = read_hour(text)
    assert (np.isnat(hour), nearest) == (True, near)
