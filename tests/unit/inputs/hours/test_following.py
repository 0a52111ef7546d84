"""Who follows which profile, and what headroom that is, worked out by hand."""

import numpy as np
import pytest

from microdc.inputs.read import read_region

AREA, EAST, FAR, WEST = range(4)  # rows are sorted by id


def headroom_mw(hours, row, hour=0):
    return pytest.approx(float(hours.headroom_mw(np.array([row]))[hour, 0]), nan_ok=True)


def test_what_has_no_profile_is_constant(hours_of, day):
    hours = hours_of(day("headroom_share", 0.5, id="m"))
    assert [headroom_mw(hours, row) for row in (AREA, EAST, FAR, WEST)] == [15, 12, 4, 10]
    assert hours.share_of(["near"], np.arange(24)).tolist() == [[1]] * 24


def test_headroom_may_be_stated_as_it_is(hours_of, day):
    hours = hours_of(day("headroom_mw", np.arange(24) / 2, id="far"))
    assert [headroom_mw(hours, FAR, hour) for hour in (0, 7, 23)] == [0, 3.5, 11.5]


def test_load_below_its_peak_leaves_headroom(hours_of, day):
    # at half of 20 and 30 MW: 10 + 10, 12 + 15, and of both together 15 + 25
    hours = hours_of(day("load_share", 0.5, id="n"))
    assert [headroom_mw(hours, row) for row in (WEST, EAST, AREA)] == [20, 27, 40]


def test_a_limit_without_a_peak_takes_those_below_it_and_that_is_told(region_of, written, day):
    region = region_of(**written(day("load_share", 0.5, id="n")))
    assert "1 row(s) follow a load_share and state no peak_mw" in " ".join(region.warnings)


def test_an_own_profile_wins_over_that_of_the_group(hours_of, day):
    hours = hours_of(day("headroom_share", 0.5, id="n"), day("headroom_share", 0.2, id="west"))
    assert [headroom_mw(hours, row) for row in (WEST, EAST, AREA)] == [2, 6, 7.5]


def test_the_reserve_is_kept_from_headroom_of_every_kind(region_of, written, day):
    keys = written(
        day("load_share", 0.5, id="west"),
        day("headroom_mw", 10, id="east"),
        day("headroom_share", 0.5, id="far"),
    )
    hours = region_of(**keys, source={"reserve_share": 0.1}).hours
    assert [headroom_mw(hours, row) for row in (WEST, EAST, FAR, AREA)] == [18, 9, 3.6, 13.5]


FIRM = """id,lat,lon,transformer_mva,peak_mw,group,power_factor
two,51,-1,20;20,24,n,1
one,51,-1.1,10,12,n,1
sound,51,-1.2,20;20,10,n,1
"""


def test_what_peaks_above_its_firm_capacity_has_to_fall_below_it_first(region_of, written, day):
    # two: 20 firm - 24 peak, so 8 at half of it; one: 0 firm - 6 at half of 12 is nothing
    keys = written(day("load_share", 0.5, id="n")) | {"substations": FIRM}
    hours = region_of(**keys).hours
    one, sound, two = range(3)
    assert [headroom_mw(hours, row) for row in (two, one, sound)] == [8, 0, 15]


def test_a_share_of_a_peak_that_nobody_states_is_told(faults_of, written, day):
    told = [str(f) for f in faults_of(**written(day("load_share", 0.5, id="far")))]
    assert told == [
        "substations.csv: row 5, id far, column peak_mw: is blank, and the row follows a profile "
        "that is a share of it; found a blank cell; allowed: MW, or a profile of headroom_mw"
    ]


def test_a_share_of_no_headroom_is_told_where_the_profile_is_the_rows_own(faults_of, written, day):
    keys = written(day("headroom_share", 0.5, id="area"))
    keys["substations"] = keys["substations"].replace("-1,15,", "-1,,")
    assert "id area, column headroom_mw: is blank, and the row" in str(faults_of(**keys)[0])


def test_a_row_without_limit_has_none_by_its_group(region_of, written, day):
    keys = written(day("headroom_mw", 5, id="n"))
    keys["substations"] = keys["substations"].replace("-1,15,", "-1,,")
    hours = region_of(**keys).hours
    assert [headroom_mw(hours, row) for row in (AREA, WEST)] == [
        pytest.approx(np.nan, nan_ok=True),
        5,
    ]


def test_parcels_share_the_hours_of_the_substation_that_feeds_them(
    scenario_of, written, day, tmp_path
):
    (tmp_path / "parcels.csv").write_text("id,lat,lon,substation\nlot,51,-1.1,west\n")
    keys = written(day("headroom_mw", 7, id="n"))
    parcels = {"path": "parcels.csv", "max_feeder_km": 3}
    region = read_region(scenario_of(**keys, parcels=parcels))
    rows = region.substations.index.get_indexer(["lot", "west"])
    assert region.hours.headroom_mw(rows, np.array([0])) == pytest.approx(
        np.array([[np.nan, 7]]), nan_ok=True
    )


def test_peaks_add_up_over_several_levels(region_of, written, day):
    table = """id,lat,lon,headroom_mw,parent,candidate,peak_mw,group
top,51,-1,50,,no,,n
a,51,-1,30,top,no,,n
b,51,-1,30,top,no,7,n
a1,51,-1,10,a,yes,1,n
a2,51,-1,10,a,yes,2,n
b1,51,-1,10,b,yes,4,n
"""
    keys = written(day("load_share", 0, id="n")) | {"substations": table}
    hours = region_of(**keys).hours
    rows = ["a", "a1", "a2", "b", "b1", "top"]
    spare = dict(zip(rows, hours.headroom_mw(np.arange(6))[0], strict=True))
    assert spare == {"a1": 11, "a2": 12, "a": 33, "b1": 14, "b": 37, "top": 60}
