"""Why not all can be served: who is short, of how much, and by which limit."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import with_far_point
from scipy.sparse import csr_array

from microdc.explain.bottlenecks import Bottleneck, Kind, bottlenecks_of
from microdc.explain.bottlenecks.witness import irreducible
from microdc.instance import Hours, Instance, Outages
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings


@pytest.fixture
def must(tiny) -> Instance:
    return replace(tiny, groups=tiny.groups.assign(max_unserved_mw_it=0.0))


def why(instance: Instance) -> Bottleneck:
    (one,) = found(instance)
    return one


def found(instance: Instance) -> tuple[Bottleneck, ...]:
    answer = bottlenecks_of(instance, Settings(), Clock(60))
    assert answer.complete
    return answer.bottlenecks


def test_where_all_can_be_served_nothing_is_short(must):
    assert found(must) == ()


def test_demand_out_of_reach_that_must_be_served_is_named(must):
    one = why(with_far_point(must, 3.0))
    assert (one.kind, one.points, one.sites) == (Kind.OUT_OF_REACH, (3,), ())
    assert (one.need_mw_it, one.short_mw_it) == pytest.approx((3, 3))


def test_demand_out_of_reach_that_has_a_price_is_no_bottleneck(tiny):
    assert found(with_far_point(tiny, 3.0)) == ()


def test_too_little_power_in_reach_names_points_sites_and_megawatts(must):
    hungry = must.points.assign(mw_it=[12.0, 4.0, 4.0])
    one = why(replace(must, points=hungry))
    assert (one.kind, one.points, one.sites) == (Kind.FULL_SIZE, (0,), (0,))
    assert (one.need_mw_it, one.have_mw_it, one.short_mw_it) == pytest.approx((12, 10, 2))
    assert (one.witness, one.irreducible) == ((0,), True)


def test_what_is_short_apart_is_told_apart_the_larger_first(must):
    """North lacks 2 for a, south 5 for c; b, between them, has a price."""
    hungry = must.points.assign(mw_it=[12.0, 4.0, 25.0], group=[0, 1, 0])
    groups = pd.DataFrame(
        {"unserved_mn_per_mw_yr": [0.0, 1.0], "max_unserved_mw_it": [0.0, 4.0]},
        index=["must", "priced"],
    )
    one, other = found(replace(must, points=hungry, groups=groups))
    assert (one.points, one.short_mw_it) == ((2,), pytest.approx(5))
    assert (other.points, other.short_mw_it) == ((0,), pytest.approx(2))


def test_demand_that_competes_for_the_same_site_is_one_bottleneck(must):
    """North lacks 2 for a, south 5 for c, and b finds nothing at either."""
    one = why(replace(must, points=must.points.assign(mw_it=[12.0, 0.1, 25.0])))
    assert (one.points, one.short_mw_it) == ((0, 1, 2), pytest.approx(7.1))


def test_whole_modules_are_what_there_is(must):
    hungry = must.points.assign(mw_it=[9.0, 4.0, 4.0])
    one = why(replace(must, points=hungry, modules_mw=(8.0,)))
    assert (one.points, one.have_mw_it) == ((0,), pytest.approx(8))


def test_a_site_that_is_ruled_out_does_not_count(must):
    sites = must.sites.assign(forbidden=[True, False])
    one = why(replace(must, sites=sites))
    assert (one.points, one.sites, one.have_mw_it) == ((0,), (), 0.0)


@pytest.mark.parametrize(
    ("rule", "limit", "short_mw_it"),
    [
        ({"budget_mn": 100.0}, ("budget", "", 100.0), 2),
        (
            {
                "counts": pd.DataFrame({"most": [1]}, index=["all sites"]),
                "counted": csr_array(np.ones((1, 2))),
            },
            ("count", "all sites", 1.0),
            2,
        ),
        ({"apart": csr_array(np.ones((1, 2)))}, ("separation", "north, south", None), 2),
        (
            {
                "nodes": pd.DataFrame({"limit_mw": [8.0]}, index=["supply point"]),
                "below": csr_array(np.ones((1, 2))),
            },
            ("node", "supply point", 8.0),
            2,
        ),
    ],
)
def test_a_rule_that_stands_in_the_way_is_named(must, rule, limit, short_mw_it):
    """One site alone leaves a or c, and 8 MW, or the 8 MW that the money buys, leave 2 of 10."""
    one = why(replace(must, **rule))
    assert one.kind is Kind.RULES
    assert [(known.kind, known.id, known.amount) for known in one.limits] == [limit]
    assert one.short_mw_it == pytest.approx(short_mw_it, abs=1e-3)
    assert one.most_short_mw_it == pytest.approx(short_mw_it, abs=1e-3)
    assert (one.witness, one.irreducible) == ((0, 2), True)


def test_a_budget_in_the_way_is_told_with_the_capital_that_any_plan_takes(must):
    """Both sites are needed, 10 MW in all: 10 + 20 + 10 x 10 M."""
    (limit,) = why(replace(must, budget_mn=100.0)).limits
    assert limit.least == pytest.approx(130, abs=1e-3)


def test_rules_that_contradict_one_another_are_named_though_no_demand_must_be_served(tiny):
    forced = tiny.sites.assign(forced=True)
    one = why(replace(tiny, sites=forced, budget_mn=50.0))
    assert one.kind is Kind.WHOLE_SITES
    assert {"the budget", "the sites that must be built"} <= set(one.cures)


def test_where_parts_of_sites_would_do_that_is_said_and_what_cures_it(must):
    """12 MW would do for 10 MW IT, but one site is 8 MW and two are 16: the better one leaves 2."""
    rules = {
        "nodes": pd.DataFrame({"limit_mw": [12.0]}, index=["supply point"]),
        "below": csr_array(np.ones((1, 2))),
        "modules_mw": (8.0,),
        "sites": must.sites.assign(min_mw=0.0),
    }
    one = why(replace(must, **rules))
    assert one.kind is Kind.WHOLE_SITES
    assert (one.points, one.short_mw_it) == ((0,), pytest.approx(2, abs=1e-2))
    assert set(one.cures) == {
        "the limits of the power tree",
        "the modules that sites come in",
    }


def test_a_smallest_size_that_limits_leave_no_room_for_is_named(must):
    """6 MW would do for 5.5 MW IT, but two sites of the smallest size take 10."""
    little = must.points.assign(mw_it=[2.0, 0.5, 3.0])
    nodes = pd.DataFrame({"limit_mw": [6.0]}, index=["supply point"])
    one = why(replace(must, points=little, nodes=nodes, below=csr_array(np.ones((1, 2)))))
    assert one.short_mw_it == pytest.approx(2, abs=1e-2)
    assert [limit.kind for limit in one.limits] == ["node"]
    assert one.cures == ("the smallest size of a site",)


def test_outages_that_nobody_can_survive_are_named(must):
    outages = Outages(
        what=pd.DataFrame({"kind": "site", "id": ["north", "south"]}),
        sites=csr_array(np.eye(2)),
        reach=must.reach,
        kept=np.ones(3),
    )
    one, other = found(replace(must, outages=outages))
    assert (one.points, one.outages, one.short_mw_it) == ((2,), (1,), pytest.approx(4))
    assert (other.points, other.outages, other.short_mw_it) == ((0,), (0,), pytest.approx(2))


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
    one = why(instance)
    assert (one.points, one.sites, one.hours) == ((0,), (0,), (1,))
    assert (one.need_mw_it, one.have_mw_it) == pytest.approx((2, 1.5))


def test_a_witness_is_as_small_as_can_be_and_ends_when_it_must():
    """Any three of the numbers that come to 10 are short; small ones go first."""
    demand = np.array([1.0, 2.0, 3.0, 4.0, 5.0])

    def short(kept):
        return kept if demand[kept].sum() >= 10 else None

    kept, sure = irreducible(np.arange(5), demand, short, lambda: False)
    assert sure
    assert demand[kept].sum() >= 10
    assert all(demand[kept].sum() - demand[j] < 10 for j in kept)
    everything, unsure = irreducible(np.arange(5), demand, short, lambda: True)
    assert (len(everything), unsure) == (5, False)


def test_without_time_it_is_not_claimed_that_all_was_looked_at(must):
    assert not bottlenecks_of(must, Settings(), Clock(0)).complete
