"""Days that stand for a year: real ones, the peak day among them, the year's weight in all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.inputs.hours.days import hours_used, peak_days, representatives
from microdc.scenario import Hours


def using(use, weight_h, peak, features):
    hours = Hours.model_validate({"profiles": "p.csv", "use": use})
    return hours_used(hours, np.asarray(weight_h, float), np.array([peak]), features)


def days_like(*levels):
    """Give features of days that are each of one level."""
    return np.repeat(np.array(levels, float), 24)[:, None]


def test_all_hours_are_used_as_they_are():
    used = using("all", [2.0] * 48, 0, days_like(1, 2))
    assert used["hour"].tolist() == list(range(48))
    assert used["weight_h"].tolist() == [2.0] * 48


def test_the_peak_day_is_used_alone():
    used = using("peak", [1.0] * 72, 1, days_like(1, 2, 3))
    assert used["hour"].tolist() == list(range(24, 48))
    assert used["weight_h"].tolist() == [1.0] * 24


def test_days_alike_are_one_and_the_peak_day_stands_for_itself():
    # 0 and 0.1 are alike, so are 5, 5.1 and 5.3, of which 5.1 is in the middle
    used = using("3 days", [1.0] * 144, 3, days_like(0, 0.1, 5, 9, 5.1, 5.3))
    assert used.groupby(used["hour"] // 24)["weight_h"].sum().to_dict() == {0: 48, 3: 24, 4: 72}


def test_one_day_stands_for_all():
    used = using("1 day", [1.0] * 72, 2, days_like(1, 2, 3))
    assert (used["hour"].min(), used["weight_h"].sum()) == (48, 72)


def test_as_many_days_as_there_are_is_all_of_them():
    used = using("9 days", [1.0] * 72, 2, days_like(1, 2, 3))
    assert len(used) == used["weight_h"].sum() == 72


def test_the_peak_is_the_hour_of_least_headroom_and_of_equals_the_one_that_wants_most():
    headroom_mw = np.full((72, 1), 9.0)
    headroom_mw[[30, 50]] = 3.0
    wanted = np.ones((72, 1))
    assert peak_days(headroom_mw, wanted)[0] == 1
    wanted[50] = 1.5
    assert peak_days(headroom_mw, wanted)[0] == 2


def test_the_peaks_of_every_profile_and_service_follow_the_more_megawatts_the_sooner():
    headroom_mw = np.full((120, 4), 9.0)
    headroom_mw[30] = [4, 8, 9, 9]  # the least of all together
    headroom_mw[50, 1] = 5
    headroom_mw[80, 2] = 3
    wanted = np.full((120, 2), 0.5)
    wanted[100, 0] = 1
    assert peak_days(headroom_mw, wanted).tolist() == [1, 3, 2, 4]


def test_as_many_peaks_are_days_of_their_own_as_leave_one_day_for_the_others():
    features = np.random.default_rng(3).random((20, 24))
    stands_for = representatives(features, 3, np.array([7, 2, 11, 5]))
    assert [(stands_for == day).sum() for day in (7, 2)] == [1, 1]
    assert len(np.unique(stands_for)) == 3


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 12), st.integers(1, 14), st.integers(0, 10**6))
def test_weights_make_up_the_year_and_the_peak_day_is_always_there(days, count, seed):
    random = np.random.default_rng(seed)
    features = random.integers(0, 4, (days * 24, 2)).astype(float)
    weight_h, peak = random.uniform(1, 9, days * 24), int(random.integers(days))
    used = using(f"{count} days", weight_h, peak, features)
    assert used["weight_h"].sum() == pytest.approx(weight_h.sum())
    assert peak * 24 in set(used["hour"])
    assert used["hour"].is_monotonic_increasing
    assert len(used) <= 24 * count
    again = using(f"{count} days", weight_h, peak, features)
    assert again.equals(used)


def test_a_day_that_stands_for_others_stands_for_itself():
    features = np.random.default_rng(3).random((20, 24))
    stands_for = representatives(features, 5, np.array([7]))
    assert (stands_for[np.unique(stands_for)] == np.unique(stands_for)).all()
    assert (stands_for == 7).sum() == 1


def test_a_scenario_chooses_days(hours_of, year):
    share = 0.5 + 0.4 * np.sin(np.arange(8760) / 8760 * np.pi)
    hours = hours_of(year("load_share", share, id="n"), use="4 days")
    assert len(hours.used) == 96
    assert hours.used["weight_h"].sum() == 8760
    assert hours.peak_day in set(hours.used["hour"] // 24)
    assert share[hours.peak_day * 24 :][:24].max() == share.max()


@pytest.mark.parametrize(("use", "share"), [("peak", 0.0), ("peak", 0.0009), ("all", 0.0)])
def test_a_service_that_wants_nothing_in_the_hours_used_is_told(
    use, share, written, day, faults_of
):
    scarce, ample = "2026-01-01", "2026-07-01"
    tables = [
        day("headroom_mw", 5, scarce, 182.5, id="west"),
        day("headroom_mw", 8, ample, 182.5, id="west"),
        day("demand_share", share, scarce, 182.5, service="near"),
        day("demand_share", 1.0 if use == "peak" else share, ample, 182.5, service="near"),
    ]
    [fault] = faults_of(**written(*tables, use=use))
    assert (fault.file, fault.at) == ("scenario.yaml", "services.near")
    assert fault.found == f"demand_share of {share:g} at most"
    assert "hours.use: all" in fault.allowed


def test_a_service_need_want_something_in_one_hour_used_only(hours_of, day):
    share = [0.0] * 23 + [0.001]
    hours = hours_of(day("demand_share", share, service="near"))
    assert hours.demand_share["near"].iloc[hours.used["hour"]].max() == 0.001
