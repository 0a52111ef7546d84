"""How many sites a set needs, counted in the head."""

import numpy as np
import pytest
from instances import surviving

from microdc.model.bound.needed import Counter


@pytest.fixture
def three(tiny):
    """Give three sites of 10 MW with PUE 1."""
    return tiny.with_sites(np.array([0, 0, 0]), tiny.reach, tiny.reach)


def needed(three, out, need_mw_it, at_once=1):
    instance = surviving(three, out, np.ones(3), at_once=at_once)
    counter = Counter(instance, instance.outages)
    return counter.needed(np.arange(3), np.full(3, 100.0), need_mw_it)


def test_of_three_sites_the_largest_may_be_out(three):
    row = needed(three, [[0], [1], [2]], 12.0)
    assert row.sites == 3  # two leave 10 MW, three leave 20
    assert row.per_mw_it == pytest.approx(0.5)  # two sites do if 2 MW IT are left: one for two


def test_a_site_that_may_not_be_out_spares_one(three):
    assert needed(three, [[0], [1]], 12.0).sites == 2


def test_of_two_at_once_the_two_largest_are_out(three):
    assert needed(three, [[0], [1], [2]], 9.0, at_once=2).sites == 3
    assert needed(three, [[0], [1], [2]], 9.0, at_once=1).sites == 2


def test_where_no_number_will_do_there_is_no_row(three):
    assert needed(three, [[0], [1], [2]], 25.0) is None


def test_nothing_to_keep_needs_no_site(three):
    assert needed(three, [[0], [1], [2]], 0.0) is None
