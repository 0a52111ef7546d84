"""The formula beside measurements that are known to the last digit."""

import numpy as np
import pytest

from microdc.errors import UsageError
from microdc.latency.fit import fit_formula

KM = np.arange(10, 130, 10.0)
"""Twelve pairs, 10 to 120 km apart; at 200 km/ms a straight round trip takes 0.1 to 1.2 ms."""
STATED = 0.5 + 1.5 * KM / 100


def test_exact_measurements_give_back_their_constants():
    found = fit_formula(KM, 2 + 3 * KM / 100, STATED, 200.0)
    assert (found.access_ms, found.route_factor) == pytest.approx((2, 3))
    assert found.as_fitted.high_ms == pytest.approx(0, abs=1e-9)
    # Measured less stated is 1.5 + 1.5 x 0.1 ... 1.2; the median of those stands at 0.65.
    assert found.as_stated.median_ms == pytest.approx(1.5 + 1.5 * 0.65)
    assert found.pairs == 12


def test_a_few_wild_measurements_do_not_move_the_fit():
    measured = 2 + 3 * KM / 100
    measured[[1, 7, 11]] += [400.0, 90.0, 1000.0]
    found = fit_formula(KM, measured, STATED, 200.0)
    assert (found.access_ms, found.route_factor) == pytest.approx((2, 3))


def test_a_fit_is_never_faster_than_light_in_straight_fibre():
    found = fit_formula(KM, 0.4 + 0.2 * KM / 100, STATED, 200.0)
    assert found.route_factor == pytest.approx(1)


def test_a_fit_of_many_pairs_is_that_of_a_thinned_few():
    km = np.tile(KM, 1000)
    found = fit_formula(km, 2 + 3 * km / 100, 0.5 + 1.5 * km / 100, 200.0)
    assert (found.pairs, found.access_ms) == (12_000, pytest.approx(2))


def test_too_few_pairs_are_refused():
    with pytest.raises(UsageError, match="no fit from 9 measured pair"):
        fit_formula(KM[:9], STATED[:9], STATED[:9], 200.0)


def test_pairs_that_are_all_equally_far_are_refused():
    with pytest.raises(UsageError, match=r"differ by 0\.0 km"):
        fit_formula(np.full(12, 50.0), STATED, STATED, 200.0)
