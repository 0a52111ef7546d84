"""Measured round trips in place of the formula's: which row counts, and who is in reach then."""

import numpy as np
import pandas as pd
import pytest

from microdc.instance import Reach
from microdc.latency.measured import in_force, measured_or, with_measured

SITES = pd.Index(["north", "south"])
POINTS = pd.DataFrame(
    {"place": ["a", "b", "b"], "service": ["chat", "chat", "bulk"], "rtt_ms": [2.0, 2.0, 9.0]}
)
REACH = Reach(
    start=np.array([0, 1, 2, 4]),
    site=np.array([0, 0, 0, 1], dtype=np.int32),
)
"""By the formula `a` and `b` reach north within 2 ms, and `b` reaches south within 9 ms too."""


def rows(*stated):
    columns = ["place", "service", "site", "rtt_ms", "percentile", "date"]
    return pd.DataFrame([(*row, np.nan, "")[:6] for row in stated], columns=columns)


def told(*stated):
    return pd.DataFrame(stated, columns=["place", "service", "site", "rtt_ms"])


def reached(measured):
    reach = with_measured(REACH, POINTS, SITES, measured)
    names = SITES[reach.site].tolist()
    return [names[a:b] for a, b in zip(reach.start[:-1], reach.start[1:], strict=True)]


def test_without_a_measurement_the_formula_stays():
    assert reached(told()) == [["north"], ["north"], ["north", "south"]]


def test_a_pair_that_is_measured_too_slow_drops_out_of_reach():
    assert reached(told(("a", "chat", "north", 2.1)))[0] == []


def test_a_pair_that_is_measured_fast_enough_comes_into_reach():
    assert reached(told(("a", "chat", "south", 2.0)))[0] == ["north", "south"]


def test_a_site_that_is_no_candidate_is_of_no_account():
    assert reached(told(("a", "chat", "moon", 0.1)))[0] == ["north"]


def test_both_halves_of_a_class_with_a_promise_see_the_measurement():
    points = POINTS.iloc[[0, 0]].reset_index(drop=True)
    reach = with_measured(REACH.keep(np.array([0, 0])), points, SITES,
                          told(("a", "chat", "south", 0.3)))  # fmt: skip
    assert reach.site.tolist() == [0, 1, 0, 1]


def test_the_round_trip_told_is_the_measured_one():
    pairs = pd.DataFrame({"place": ["a", "b"], "service": "chat", "site": "north"})
    formula = np.array([1.0, 1.5])
    assert measured_or(formula, pairs, told(("b", "chat", "north", 1.9))).tolist() == [1.0, 1.9]


def test_the_newest_row_counts_and_one_without_a_date_is_the_oldest():
    stated = rows(
        ("a", "", "north", 3.0, np.nan, "2026-02-01"),
        ("a", "", "north", 1.0, np.nan, "2025-12-31"),
        ("a", "", "north", 2.0, np.nan, ""),
    )
    assert in_force(stated, None, ["chat"])["rtt_ms"].tolist() == [3.0]


def test_a_row_that_names_the_service_counts_before_one_that_names_none():
    stated = rows(
        ("a", "bulk", "north", 5.0, np.nan, "2020-01-01"),
        ("a", "", "north", 3.0, np.nan, "2026-01-01"),
    )
    chosen = in_force(stated, None, ["chat", "bulk"]).set_index("service")["rtt_ms"]
    assert chosen.to_dict() == {"chat": 3.0, "bulk": 5.0}


@pytest.mark.parametrize(("percentile", "rtt_ms"), [(50.0, 1.0), (99.0, 4.0)])
def test_one_percentile_counts(percentile, rtt_ms):
    stated = rows(("a", "", "north", 1.0, 50.0), ("a", "", "north", 4.0, 99.0))
    assert in_force(stated, percentile, ["chat"])["rtt_ms"].tolist() == [rtt_ms]
