import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from microdc.inputs.tree import (
    NONE,
    cycles,
    find_parents,
    least_at_and_above,
    with_ancestors,
)


def table(*rows):
    return pd.DataFrame(rows, columns=["id", "name", "parent", "source"])


def test_a_parent_is_found_by_id_before_name():
    rows = table(("a", "b", "", 0), ("b", "x", "", 0), ("c", "c", "b", 0))
    assert list(find_parents(rows).of) == [NONE, NONE, 1]


def test_a_parent_is_found_by_name_in_any_case_first_in_its_own_source():
    rows = table(("1", "Fleet", "", 0), ("2", "Fleet", "", 1), ("3", "x", " fleet ", 1))
    assert list(find_parents(rows).of) == [NONE, NONE, 1]


def test_a_name_that_several_rows_bear_is_ambiguous():
    rows = table(("1", "Twin", "", 0), ("2", "twin", "", 0), ("3", "x", "Twin", 0))
    parents = find_parents(rows)
    assert list(parents.ambiguous) == [2]
    assert list(parents.of) == [NONE] * 3


def test_a_parent_in_no_table_is_unknown():
    parents = find_parents(table(("1", "x", "gone", 0)))
    assert list(parents.unknown) == [0]


def test_ancestors_are_found_any_number_of_levels_up():
    parent = np.array([NONE, 0, 1, 2, NONE])
    start = np.array([False, False, False, True, False])
    assert list(with_ancestors(start, parent)) == [True, True, True, True, False]


def test_cycles_name_their_members_upwards():
    assert cycles(np.array([1, 2, 0, 0, 4, NONE])) == [[0, 1, 2], [4]]


@st.composite
def parents(draw):
    n = draw(st.integers(1, 12))
    return np.array(draw(st.lists(st.integers(-1, n - 1), min_size=n, max_size=n)))


@given(parents())
def test_a_row_is_on_a_cycle_exactly_if_it_is_its_own_ancestor(parent):
    def above(row):
        seen = []
        while (row := parent[row]) != NONE and row not in seen:
            seen.append(row)
        return seen

    on_cycle = {row for row in range(len(parent)) if row in above(row)}
    assert {row for cycle in cycles(parent) for row in cycle} == on_cycle


@given(parents(), st.data())
def test_ancestors_are_those_one_meets_going_up(parent, data):
    start = np.array(data.draw(st.lists(st.booleans(), min_size=len(parent), max_size=len(parent))))
    expected = start.copy()
    for row in np.flatnonzero(start):
        at = parent[row]
        for _ in range(len(parent)):
            if at == NONE:
                break
            expected[at] = True
            at = parent[at]
    assert list(with_ancestors(start, parent)) == list(expected)


@given(parents(), st.data())
def test_the_least_limit_is_that_one_meets_going_up(parent, data):
    limits = st.lists(st.floats(0, 9) | st.just(np.nan), min_size=len(parent), max_size=len(parent))
    limit = np.array(data.draw(limits), dtype=float)
    expected = limit.copy()
    for row in range(len(parent)):
        at = row
        for _ in range(len(parent)):
            expected[row] = np.fmin(expected[row], limit[at])
            at = parent[at]
            if at == NONE:
                break
    assert np.array_equal(least_at_and_above(limit, parent), expected, equal_nan=True)


@given(st.permutations(range(8)), st.data())
def test_any_tree_is_found_whatever_the_order_of_its_rows(order, data):
    names = [f"N{k}" for k in range(8)]
    up = [data.draw(st.integers(-1, k - 1)) if k else -1 for k in range(8)]
    rows = [(str(k), names[k], names[up[k]] if up[k] >= 0 else "", 0) for k in order]
    found = find_parents(table(*rows))
    place = {k: position for position, k in enumerate(order)}
    assert [found.of[place[k]] for k in range(8)] == [
        place[up[k]] if up[k] >= 0 else NONE for k in range(8)
    ]
    assert cycles(found.of) == []
