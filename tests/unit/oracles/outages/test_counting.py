"""Rows that count sites, on cases solved in the head."""

import numpy as np
import pytest
from instances import surviving

from microdc.model.bound.needed import Counter
from microdc.oracles.base import Sizes
from microdc.oracles.hall import Hall, at_full_size
from microdc.oracles.outages.counting import Counting


def counting(tiny, kept):
    instance = surviving(tiny, [[0], [1]], np.array(kept))
    outages = instance.outages
    hall = Hall(instance, at_full_size(instance, outages.reach, outages.kept), "strong")
    return Counting(Counter(instance, outages), hall)


def sizes(built, unserved=(0.0, 0.0, 0.0)) -> Sizes:
    z = np.array(built, dtype=float)
    return Sizes(built=z, mw=z * 10, unserved_mw_it=np.array(unserved))


def test_a_point_that_must_be_kept_needs_two_sites(tiny):
    rows = counting(tiny, (0, 1, 0))
    (cut,) = rows.cuts([], sizes([0.75, 0.75]))
    assert cut.situation.outages == ()
    assert not cut.counts_power
    assert cut.points.tolist() == [1]
    assert cut.shortfall_mw_it(sizes([0.75, 0.75])) == pytest.approx(1)  # a quarter of 4 MW IT
    assert rows.cuts([], sizes([1, 1])) == []


def test_what_is_left_unserved_needs_no_site(tiny):
    rows = counting(tiny, (0, 1, 0))
    assert rows.cuts([], sizes([0, 0], unserved=(0, 4, 0))) == []
    (cut,) = rows.cuts([], sizes([0, 0]))
    assert cut.shortfall_mw_it(sizes([1, 0], unserved=(0, 4, 0))) <= 0


def test_where_no_number_will_do_nothing_is_counted(tiny):
    assert counting(tiny, (1, 0, 1)).alone == []  # one site in reach, which may be out


def test_what_is_not_promised_is_not_counted(tiny):
    assert counting(tiny, (0, 0, 0)).cuts([], sizes([0, 0])) == []
