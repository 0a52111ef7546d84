"""The largest connection within the terms of a flexible one, by hand and against trying sizes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.inputs.hosts.connection import largest_within

HEADROOM_MW = np.array([8.0, 2.0, 4.0, 6.0])  # of four hours
AS_IT_IS = np.zeros(1), np.ones(1)
ONE_EACH = np.ones(4)


@pytest.mark.parametrize(
    ("terms", "mw"),
    [
        ({"max_hours_per_yr": 0}, 2),
        ({"max_hours_per_yr": 1}, 4),  # only the second hour has less than 4
        ({"max_hours_per_yr": 1.9}, 4),
        ({"max_hours_per_yr": 3}, 8),
        ({"max_hours_per_yr": 4}, np.inf),
        ({"max_mwh_per_mw_yr": 0}, 2),
        ({"max_mwh_per_mw_yr": 0.5}, 4),  # 4 - 2 = 0.5 x 4
        ({"max_mwh_per_mw_yr": 1}, 6),  # (6 - 2) + (6 - 4) = 1 x 6
        ({"max_mwh_per_mw_yr": 2}, 10),  # 8 + 6 + 4 + 2 = 2 x 10
        ({"max_mwh_per_mw_yr": 4}, np.inf),
        ({"max_run_h": 0}, 2),
        ({"max_run_h": 1}, 4),  # at more than 4 the second and third hour follow one another
        ({"max_run_h": 2}, 6),
        ({"max_run_h": 2.9}, 6),
        ({"max_run_h": 3}, 8),
        ({"max_run_h": 4}, np.inf),
        ({"max_hours_per_yr": 3, "max_mwh_per_mw_yr": 1, "max_run_h": 1}, 4),
        ({}, np.inf),
    ],
)
def test_four_hours_by_hand(terms, mw):
    assert largest_within(terms, AS_IT_IS, HEADROOM_MW, ONE_EACH) == pytest.approx([mw])


def test_weights_count_for_hours_and_energy():
    weight_h = np.array([1.0, 10, 1, 1])
    assert largest_within({"max_hours_per_yr": 9}, AS_IT_IS, HEADROOM_MW, weight_h) == [2]
    assert largest_within({"max_hours_per_yr": 10}, AS_IT_IS, HEADROOM_MW, weight_h) == [4]
    # 10 x (s - 2) = 5 x s at 4
    assert largest_within(
        {"max_mwh_per_mw_yr": 5}, AS_IT_IS, HEADROOM_MW, weight_h
    ) == pytest.approx([4])


def test_hours_that_weigh_what_they_may_but_for_rounding_are_not_too_many():
    weight_h = np.full(144, 8760 / 144)
    assert np.cumsum(weight_h)[11] > 730
    headroom_mw = np.arange(144.0)
    assert largest_within({"max_hours_per_yr": 730}, AS_IT_IS, headroom_mw, weight_h) == [12]


def test_rows_that_follow_one_profile_are_each_by_themselves():
    # as it is; half of it; 1 MW and half of it (5, 2, 3, 4); the same all year; no limit
    line = np.array([0, 0, 1, 7, np.nan]), np.array([1, 0.5, 0.5, 0, 1])
    found = largest_within({"max_hours_per_yr": 1}, line, HEADROOM_MW, ONE_EACH)
    assert found == pytest.approx(np.array([4, 2, 3, 7, np.nan]), nan_ok=True)
    # (s - 2) + (s - 3) + (s - 4) = s at 4.5, and 4 (s - 7) = s at 28 / 3
    found = largest_within({"max_mwh_per_mw_yr": 1}, line, HEADROOM_MW, ONE_EACH)
    assert found == pytest.approx(np.array([6, 3, 4.5, 28 / 3, np.nan]), nan_ok=True)


def test_below_zero_there_is_none():
    # 2, -1, 0, 1: 1 and 2 hours short of 1; at 1 MW an energy of 1 + 1, not 2 + 1
    line = np.array([-2.0]), np.array([0.5])
    assert largest_within({"max_hours_per_yr": 2}, line, HEADROOM_MW, ONE_EACH) == [1]
    assert largest_within({"max_mwh_per_mw_yr": 2}, line, HEADROOM_MW, ONE_EACH) == [1]
    assert largest_within({"max_run_h": 1}, line, HEADROOM_MW, ONE_EACH) == [0]


def test_no_headroom_in_any_hour_is_no_connection():
    terms = {"max_hours_per_yr": 0, "max_mwh_per_mw_yr": 2, "max_run_h": 1}
    assert largest_within(terms, AS_IT_IS, np.zeros(4), ONE_EACH) == [0]


def keeps(terms, size_mw, headroom_mw, weight_h):
    """Say whether a connection keeps its terms, one by one as they are written."""
    short = headroom_mw < size_mw
    run = longest = 0
    for is_short in short:
        run = run + 1 if is_short else 0
        longest = max(longest, run)
    out_of_reach_mwh = (weight_h * np.maximum(size_mw - headroom_mw, 0)).sum()
    told = {
        "max_hours_per_yr": weight_h[short].sum(),
        "max_mwh_per_mw_yr": out_of_reach_mwh / size_mw,
        "max_run_h": longest,
    }
    return all(told[term] <= most + 1e-9 for term, most in terms.items())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(-2, 3), st.sampled_from([0, 0.5, 1])), max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "max_hours_per_yr": st.integers(0, 40),
            "max_mwh_per_mw_yr": st.sampled_from([0, 0.3, 1, 2.5, 7, 30]),
            "max_run_h": st.integers(0, 6),
        },
    ),
)
def test_the_largest_size_keeps_the_terms_and_no_larger_one_does(hours, rows, terms):
    value, weight_h = (np.array(column, float) for column in zip(*hours, strict=True))
    base, slope = (np.array(column, float) for column in zip((0, 1), *rows, strict=True))
    found_mw = largest_within(terms, (base, slope), value, weight_h)
    sizes_mw = np.arange(1, 1600) / 100  # a grid on which every headroom lies
    for row, most_mw in enumerate(found_mw):
        headroom_mw = np.maximum(base[row] + slope[row] * value, 0)
        kept = [keeps(terms, size_mw, headroom_mw, weight_h) for size_mw in sizes_mw]
        assert kept == [bool(size_mw <= most_mw + 1e-9) for size_mw in sizes_mw]
