"""What no plan avoids, added up in the head: 10 MW IT at 1 M each, if all is wanted at once."""

from dataclasses import replace

import numpy as np
import pytest
from hourly import demanding, first_of_all

from microdc.model.bound.floor import floor_mn_yr

A_THEN_OTHERS = np.array([[1.0, 0.25], [0.5, 1.0]])
"""Of a's 2 MW IT and of the 8 of b and c, in two hours: 2 + 2, then 1 + 8."""


@pytest.fixture
def peaking_apart(tiny):
    return demanding(tiny, A_THEN_OTHERS, service=np.array([0, 1, 1]))


def test_without_hours_all_peaks_are_paid(tiny):
    assert floor_mn_yr(tiny) == pytest.approx(10)


def test_of_services_that_peak_apart_the_dearest_hour_is_paid(peaking_apart):
    assert floor_mn_yr(peaking_apart) == pytest.approx(9)


def test_what_waits_is_not_paid_for_in_its_hour(peaking_apart):
    half = first_of_all(peaking_apart.hours, deferred_share=0.5, defer_h=1)
    assert floor_mn_yr(replace(peaking_apart, hours=half)) == pytest.approx(8.5)
    at_once = first_of_all(peaking_apart.hours, deferred_share=0.5, defer_h=0)
    assert floor_mn_yr(replace(peaking_apart, hours=at_once)) == pytest.approx(9)


def test_a_peak_is_left_where_that_is_cheaper_than_its_share_of_the_hour(peaking_apart):
    groups = peaking_apart.groups.assign(unserved_mn_per_mw_yr=0.75)
    # In the second hour a is served, for 0.5 each; the others are left, for 0.75 each.
    assert floor_mn_yr(replace(peaking_apart, groups=groups)) == pytest.approx(1 + 6)


def test_what_exists_carries_what_it_can_of_the_hour(peaking_apart):
    standing = peaking_apart.sites.assign(
        existing_mw=[0.0, 3.0], site_mn_yr=[1.0, -3.0], standing=[False, True]
    )
    assert floor_mn_yr(replace(peaking_apart, sites=standing)) == pytest.approx(9 - 3)


def test_what_exists_carries_no_more_than_the_hour_wants_of_it(peaking_apart):
    quiet = replace(peaking_apart.hours, share=np.array([[1.0, 0.25]]))
    standing = peaking_apart.sites.assign(
        existing_mw=[0.0, 3.0], site_mn_yr=[1.0, -3.0], standing=[False, True]
    )
    nearly_all = replace(peaking_apart, sites=standing, hours=quiet)
    assert floor_mn_yr(nearly_all) == pytest.approx(2)  # a's own, which south does not reach
