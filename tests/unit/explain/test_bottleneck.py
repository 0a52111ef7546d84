"""An infeasible instance says who is short, or which rule stands in the way."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import with_far_point
from scipy.sparse import csr_array

from microdc.explain.bottleneck import Shortage, why_infeasible
from microdc.explain.words import in_words
from microdc.instance import Hours, Instance, Outages
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings


@pytest.fixture
def must(tiny) -> Instance:
    return replace(tiny, groups=tiny.groups.assign(max_unserved_mw_it=0.0))


def why(instance: Instance) -> Shortage:
    return why_infeasible(instance, Settings(), Clock(60))


def test_demand_out_of_reach_that_must_be_served_is_named(must):
    shortage = why(with_far_point(must, 3.0))
    assert shortage.points == (3,)
    assert shortage.need_mw_it == pytest.approx(3)


def test_too_little_power_in_reach_names_points_sites_and_megawatts(must):
    hungry = must.points.assign(mw_it=[12.0, 4.0, 4.0])
    shortage = why(replace(must, points=hungry))
    assert shortage.points == (0,)
    assert shortage.sites == (0,)
    assert (shortage.need_mw_it, shortage.have_mw_it) == pytest.approx((12, 10))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"budget_mn": 100.0}, "the budget"),
        (
            {
                "counts": pd.DataFrame({"most": [1]}, index=["all sites"]),
                "counted": csr_array(np.ones((1, 2))),
            },
            "the limit on the number of sites",
        ),
        (
            {
                "nodes": pd.DataFrame({"limit_mw": [8.0]}, index=["supply point"]),
                "below": csr_array(np.ones((1, 2))),
            },
            "the limits of the power tree",
        ),
    ],
)
def test_a_rule_that_stands_in_the_way_is_named(must, rule, words):
    assert words in why(replace(must, **rule)).because


def test_a_budget_in_the_way_is_told_with_the_capital_that_any_plan_takes(must):
    # Both sites are needed, 10 MW in all: 10 + 20 + 10 x 10 M.
    short_of_money = replace(must, budget_mn=100.0)
    shortage = why(short_of_money)
    assert shortage.least_capital_mn == pytest.approx(130, abs=1e-3)
    told = in_words(shortage, short_of_money, {}, {})
    assert "any plan takes at least 129.99 M of capital, the budget is 100.00 M" in told


def test_a_limit_of_the_tree_in_the_way_is_told_with_its_megawatts_and_what_is_short(must):
    # 10 MW are needed, and no more than 8 can be drawn.
    nodes = pd.DataFrame({"limit_mw": [8.0]}, index=["point"])
    limited = replace(must, nodes=nodes, below=csr_array(np.ones((1, 2))))
    shortage = why(limited)
    assert shortage.least_short_mw_it == pytest.approx(2, abs=1e-3)
    assert shortage.full_nodes == (0,)
    told = in_words(shortage, limited, {}, {"point": "Supply point"})
    assert "at least 1.99 MW IT that must be served would not be" in told
    assert "limits used up: Supply point (8 MW)" in told


def test_outages_that_nobody_can_survive_are_named(must):
    outages = Outages(
        what=pd.DataFrame({"kind": "site", "id": ["north", "south"]}),
        sites=csr_array(np.eye(2)),
        reach=must.reach,
        kept=np.ones(3),
    )
    shortage = why(replace(must, outages=outages))
    assert shortage.because == "there would be plans without the outages to be survived"


def test_the_hour_in_which_nobody_has_the_power_is_named(must):
    hours = Hours(
        what=pd.DataFrame({"time": ["2026-01-01T07:00Z", "2026-01-01T08:00Z"], "day": 0}),
        available_mw=np.array([[10.0, 20.0], [1.5, 20.0]]),
        limits=pd.Index([]),
        limit_mw=np.empty((2, 0)),
        below=csr_array((0, 2)),
        services=pd.DataFrame({"moves": [True], "deferred_share": [0.0], "defer_h": [0]}, ["chat"]),
        share=np.ones((2, 1)),
        service=np.zeros(3, dtype=int),
    )
    instance = replace(must, hours=hours)
    shortage = why(instance)
    assert (shortage.points, shortage.sites) == ((0,), (0,))
    assert (shortage.need_mw_it, shortage.have_mw_it) == pytest.approx((2, 1.5))
    names = {name: name for name in [*"abc", "north", "south"]}
    told = in_words(shortage, instance, names, names)
    assert "2.00 MW IT of chat at a, 2026-01-01T08:00Z must be served" in told
