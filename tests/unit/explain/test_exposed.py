"""Who loses every site in reach in an outage, and in which."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.explain.exposed import _holding_all, all_out_together
from microdc.instance import Outages, matrix_of


@pytest.fixture
def survive(tiny):
    """Give the instance north - a - b - c - south, of which some sites may be out."""

    def make(*rows, kept=(1.0, 1.0, 1.0), at_once=1):
        outages = Outages(
            what=pd.DataFrame({"kind": "site", "id": [str(row) for row in rows]}),
            sites=matrix_of(rows, 2),
            reach=tiny.reach,
            kept=np.array(kept),
            at_once=at_once,
        )
        return replace(tiny, outages=outages)

    return make


def found(instance):
    return {point: rows.tolist() for point, rows in all_out_together(instance).items()}


def test_nothing_is_survived_and_nobody_is_exposed(tiny, survive):
    assert found(tiny) == {}
    assert found(survive()) == {}


def test_who_has_one_site_in_reach_cannot_lose_it(survive):
    assert found(survive([0], [1])) == {0: [0], 2: [1]}


def test_who_has_two_can_lose_one_but_not_both(survive):
    assert found(survive([0, 1])) == {0: [0], 1: [0], 2: [0]}
    assert found(survive([0], [1], at_once=2))[1] == [0, 1]


def test_what_is_not_promised_is_not_exposed(survive):
    assert found(survive([0], [1], kept=(0.0, 1.0, 0.5))) == {2: [1]}


SETS = st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=5)


@settings(deadline=None)
@given(SETS, SETS, st.sampled_from([1, 2]))
def test_it_is_as_trying_every_one_and_every_two(sets, out, at_once):
    held = _holding_all(matrix_of(sets, 6), matrix_of(out, 6), at_once)
    together = [*out, *(a | b for a, b in combinations(out, 2) if at_once == 2)]
    for one, rows in zip(sets, held.tolist(), strict=True):
        assert (rows[0] >= 0) == any(one <= other for other in together)
        assert rows[0] < 0 or one <= set().union(*(out[row] for row in rows))
