"""By how much a cost changes, told from two proofs."""

import numpy as np
import pytest

from microdc.explain.sites.changes import Change, Solved


def test_a_change_lies_between_the_one_bound_and_the_other_cost():
    change = Change.between(Solved(cost=10, bound=9), Solved(cost=13, bound=12), "other")
    assert (change.least_mn_yr, change.most_mn_yr, change.found_mn_yr) == (2, 4, 3)
    assert change.exactness == "between"


def test_a_tighter_problem_never_costs_less():
    change = Change.between(Solved(cost=10, bound=9), Solved(cost=10.2, bound=8), "tighter")
    assert change.least_mn_yr == 0
    assert change.most_mn_yr == pytest.approx(1.2)
    assert change.may_be_nothing


def test_a_cheaper_plan_of_the_tighter_problem_is_a_plan_of_the_looser_too():
    change = Change.between(Solved(cost=10, bound=8), Solved(cost=9, bound=8.9), "tighter")
    assert change.least_mn_yr == 0  # not below: the 10 were not the least
    assert change.found_mn_yr == -1


def test_a_looser_problem_never_costs_more():
    change = Change.between(Solved(cost=10, bound=10), Solved(cost=11, bound=7), "looser")
    assert (change.least_mn_yr, change.most_mn_yr) == (-3, 0)


def test_what_is_proven_impossible_says_so():
    nothing = Solved(cost=np.inf, bound=np.inf)
    assert nothing.impossible
    assert Change.between(Solved(cost=10, bound=10), nothing, "tighter").exactness == "impossible"


def test_without_a_plan_only_the_least_is_known_and_without_time_nothing():
    before, late = Solved(cost=10, bound=10), Solved(cost=np.inf, bound=11)
    assert Change.between(before, late, "tighter").exactness == "at least"
    unknown = Solved(cost=np.inf, bound=-np.inf)
    assert Change.between(before, unknown, "other").exactness == "unknown"
    assert Change.between(before, Solved(cost=10, bound=10), "tighter").exactness == "exact"
