"""What the search answers on an instance that can be solved in the head."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import with_far_point
from scipy.sparse import csr_array

from microdc.instance import Instance, Reach, matrix_of
from microdc.solve import objective
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings

EXACT = Settings(gap=1e-4)


def least_cost(instance: Instance) -> Outcome:
    return solve(instance, "least-cost", EXACT, Clock(30), lambda _: None)


def test_both_sites_open_for_thirteen_millions(tiny):
    outcome = least_cost(tiny)
    assert outcome.ended is Ended.WITHIN_GAP
    assert outcome.cost == pytest.approx(13)
    assert 13 * (1 - 2e-4) <= outcome.bound <= 13
    assert outcome.floor == pytest.approx(10)  # every MW at 1 M, no site paid for
    assert outcome.sizes_mw.sum() == pytest.approx(10)


def test_what_exists_is_paid_for_and_serves_first(tiny):
    """
    Of north 6 MW exist, four fifths of their price sunk: they cost 1.2 and serve `a` and `b`.

    `c` needs south at its least size: 1.2 + 2 + 5. Unavoidable are those 1.2, and 4 MW at 1 M.
    """
    sites = tiny.sites.assign(
        existing_mw=[6.0, 0.0], min_mw=[6.0, 5.0], site_mn_yr=[-4.8, 2.0], standing=[True, False]
    )
    outcome = least_cost(replace(tiny, sites=sites))
    assert outcome.cost == pytest.approx(8.2)
    assert outcome.floor == pytest.approx(5.2)
    assert outcome.sizes_mw.to_dict() == pytest.approx({"north": 6, "south": 5})


def test_what_exists_saves_no_more_than_what_is_in_reach(tiny):
    """8 of the 20 MW of south can be used: 2 MW at 1 M are left, and 4 M for what stands."""
    sites = tiny.sites.assign(
        existing_mw=[0.0, 20.0], min_mw=[5.0, 20.0], site_mn_yr=[1.0, -16.0], standing=[False, True]
    )
    assert least_cost(replace(tiny, sites=sites)).floor == pytest.approx(6)


def test_a_hub_costs_what_is_reserved_there(tiny):
    """South as a hub at 1.5 M: `c` alone leans on it, north serves the others for 1 + 6."""
    sites = tiny.sites.assign(
        min_mw=[5.0, 0.0], site_mn_yr=[1.0, 0.0], size_mn_per_mw_yr=[1.0, 1.5],
        standing=[False, True], modular=[True, False],
    )  # fmt: skip
    outcome = least_cost(replace(tiny, sites=sites, modules_mw=(6.0,)))
    assert outcome.cost == pytest.approx(13)
    assert outcome.floor == pytest.approx(6 + 4 * 1.5)
    assert outcome.sizes_mw.to_dict() == pytest.approx({"north": 6, "south": 4})


def test_a_low_price_leaves_the_place_that_needs_a_site_of_its_own(tiny):
    # Without north, `a` stays unserved: 2 + 8 + 2 x 0.6 beats 13.
    cheap = replace(tiny, groups=tiny.groups.assign(unserved_mn_per_mw_yr=0.6))
    outcome = least_cost(cheap)
    assert outcome.cost == pytest.approx(min(0.6 * 10, 2 + 8 + 1.2))
    assert outcome.unserved_mw_it.sum() == pytest.approx(10)


def test_what_must_be_served_is_served_at_any_price(tiny):
    must = tiny.groups.assign(unserved_mn_per_mw_yr=0.0, max_unserved_mw_it=0.0)
    assert least_cost(replace(tiny, groups=must)).cost == pytest.approx(13)


def test_modules_round_sizes_up(tiny):
    # 6 MW modules: one at each site, 2 MW more than needed.
    outcome = least_cost(replace(tiny, modules_mw=(6.0,)))
    assert sorted(outcome.sizes_mw) == pytest.approx([6, 6])
    assert outcome.cost == pytest.approx(15)


def test_a_tree_limit_holds_for_the_sum(tiny):
    shared = pd.DataFrame({"limit_mw": [10.0]}, index=["supply point"])
    below = matrix_of([[0, 1]], 2)
    assert least_cost(replace(tiny, nodes=shared, below=below)).cost == pytest.approx(13)
    # Two sites of at least 5 MW do not fit into 9: south alone, and the 2 MW of `a` unserved.
    shared = shared.assign(limit_mw=9.0)
    outcome = least_cost(replace(tiny, nodes=shared, below=below))
    assert outcome.cost == pytest.approx(2 + 8 + 2 * 10)


def with_one_site(instance: Instance) -> Instance:
    counts = pd.DataFrame({"most": [1]}, index=["all sites"])
    return replace(instance, counts=counts, counted=csr_array(np.ones((1, 2))))


def test_most_served_within_one_site_takes_the_site_that_serves_most(tiny):
    outcome = solve(with_one_site(tiny), "most-served", EXACT, Clock(30), lambda _: None)
    assert list(outcome.sizes_mw.index) == ["south"]
    assert outcome.unserved_mw_it.sum() == pytest.approx(2, abs=1e-4)
    assert outcome.unserved_bound_mw_it == pytest.approx(2, abs=2e-3)
    assert outcome.cost == pytest.approx(2 + 8 + 20, abs=1e-3)


def test_a_plan_that_was_found_for_something_else_has_no_cost_that_is_known(tiny, monkeypatch):
    """No time is left to look for the cheapest: prices of pairs, or a risk, may be to pay."""
    late = solve(tiny, "least-cost", EXACT, Clock(0), lambda _: None)
    monkeypatch.setattr("microdc.solve.objective.least_cost", lambda *_: late)
    outcome = solve(with_one_site(tiny), "most-served", EXACT, Clock(30), lambda _: None)
    assert outcome.ended is Ended.TIME_LIMIT
    assert outcome.has_plan
    assert list(outcome.sizes_mw.index) == ["south"]
    assert np.isnan(outcome.cost)
    assert outcome.bound == late.bound


def test_a_number_of_sites_that_the_search_for_cost_comes_down_to_is_proven(tiny, monkeypatch):
    """The turn ends on time with a site too many, and a bound that the cheapest plan then meets."""
    true = objective._TURNS["fewest-sites"]

    def ended_on_time(instance, means):
        turn = true(instance, means)
        worse = replace(turn.reached, value=turn.reached.value + 1)
        return replace(turn, reached=worse, ended=Ended.TIME_LIMIT)

    monkeypatch.setitem(objective._TURNS, "fewest-sites", ended_on_time)
    must = replace(tiny, groups=tiny.groups.assign(max_unserved_mw_it=0.0))
    outcome = solve(must, "fewest-sites", EXACT, Clock(30), lambda _: None)
    (reached,) = outcome.reached
    assert (reached.value, reached.bound) == (2, 2)
    assert outcome.ended is Ended.WITHIN_GAP


def test_demand_out_of_reach_is_paid_for_and_reported(tiny):
    outcome = least_cost(with_far_point(tiny, 3.0))
    assert outcome.cost == pytest.approx(13 + 30)
    assert outcome.floor == pytest.approx(10 + 30)
    assert outcome.unserved_mw_it["chat"] == pytest.approx(3)


def test_demand_out_of_reach_that_must_be_served_is_infeasible(tiny):
    must = tiny.groups.assign(max_unserved_mw_it=0.0)
    assert least_cost(with_far_point(replace(tiny, groups=must), 3.0)).ended is Ended.INFEASIBLE


def test_no_candidates_leave_all_unserved(tiny):
    none = replace(
        tiny,
        sites=tiny.sites[:0],
        reach=Reach(start=np.zeros(4, dtype=int), site=np.empty(0, np.int32)),
        below=csr_array((0, 0)),
    )
    outcome = least_cost(none)
    assert outcome.cost == pytest.approx(100)
    assert len(outcome.sizes_mw) == 0


def test_out_of_time_means_no_plan_but_a_bound(tiny):
    outcome = solve(tiny, "least-cost", EXACT, Clock(0), lambda _: None)
    assert outcome.ended is Ended.TIME_LIMIT
    assert not outcome.has_plan
    assert outcome.bound == pytest.approx(10)  # the floor


def test_an_interrupt_ends_the_search_with_the_best_plan_so_far(tiny):
    clock = Clock(30)
    marks = []

    def stop_at_the_first_plan(mark):
        marks.append(mark)
        if mark.cost is not None:
            clock.interrupt()

    whole = replace(tiny, modules_mw=(6.0,))  # whole modules cost more than parts
    outcome = solve(whole, "least-cost", Settings(gap=0.0), clock, stop_at_the_first_plan)
    assert outcome.ended is Ended.INTERRUPTED
    assert outcome.has_plan
    assert marks[-1].gap < 0.2
