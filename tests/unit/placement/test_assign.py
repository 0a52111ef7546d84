"""Who is served from where, on the instance that can be solved in the head."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import random_instance
from scipy.optimize import linprog
from scipy.sparse import csr_array

from microdc.instance import Outages
from microdc.placement.assign import Pairs, least_latency
from microdc.solve.highs import Clock

PAIRS = Pairs(
    point=np.array([0, 1, 1, 2]),
    site=np.array([0, 0, 1, 1]),
    rtt_ms=np.array([1.0, 1.5, 2.0, 1.0]),
)


def served(tiny, north, south, unserved=0.0, clock_s=60.0):
    mw = pd.Series({"north": north, "south": south})
    return least_latency(tiny, mw, PAIRS, np.array([unserved]), Clock(clock_s))


def test_the_nearer_site_serves_while_it_can(tiny):
    service = served(tiny, 6.0, 10.0)
    assert service[["point", "site"]].to_numpy().tolist() == [[0, 0], [1, 0], [2, 1]]


def test_what_does_not_fit_goes_to_the_next_nearest(tiny):
    service = served(tiny, 5.0, 10.0)
    split = service[service["point"] == 1]
    assert split["mw_it"].tolist() == pytest.approx([3, 1])
    assert split["rtt_ms"].tolist() == [1.5, 2.0]


def test_unserved_demand_stands_beside_what_is_served(tiny):
    service = served(tiny, 5.0, 4.0, unserved=1.0)
    left = service[service["site"] == -1]
    assert left["mw_it"].sum() == pytest.approx(1.0, abs=1e-4)
    assert service.groupby("point")["mw_it"].sum().tolist() == pytest.approx([2, 4, 4])


def test_sites_that_cannot_deliver_are_our_bug(tiny):
    with pytest.raises(AssertionError, match="cannot deliver"):
        served(tiny, 1.0, 4.0)


def test_out_of_time_every_promise_is_still_kept(tiny):
    service = served(tiny, 5.0, 10.0, clock_s=0.0)
    assert service.groupby("point")["mw_it"].sum().tolist() == pytest.approx([2, 4, 4])
    assert (service["site"] >= 0).all()


def test_nobody_is_served_where_nothing_is_built(tiny):
    none = pd.Series(dtype=float)
    pairs = Pairs(point=np.empty(0, int), site=np.empty(0, int), rtt_ms=np.empty(0))
    service = least_latency(tiny, none, pairs, np.array([10.0]), Clock(60))
    assert service["site"].tolist() == [-1, -1, -1]


def test_random_assignments_take_no_longer_than_the_textbook_transport_problem():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        instance = random_instance(rng)
        mw = instance.sites["cap_mw"] * 0.9
        point = np.repeat(np.arange(len(instance.points)), instance.reach.sites_per_point)
        site = instance.reach.site.astype(int)
        pairs = Pairs(point=point, site=site, rtt_ms=rng.uniform(0.5, 3, len(site)))
        expected = transport(instance, mw, pairs)
        if expected is None:
            continue
        service = least_latency(instance, mw, pairs, np.zeros(2), Clock(60))
        assert (service["mw_it"] * service["rtt_ms"]).sum() == pytest.approx(expected, rel=1e-3)


def transport(instance, mw, pairs):
    """Give the least MW x ms of serving all in full; None if that cannot be."""
    flows = np.arange(len(pairs.point))
    serve = np.zeros((len(instance.points), len(flows)))
    serve[pairs.point, flows] = 1
    carry = np.zeros((len(mw), len(flows)))
    carry[pairs.site, flows] = instance.sites["pue"].to_numpy()[pairs.site]
    answer = linprog(pairs.rtt_ms, carry, mw, serve, instance.points["mw_it"])
    return answer.fun if answer.success else None


def test_what_an_outage_could_not_keep_is_left_unserved(tiny):
    """
    When north is out, `a` has nobody: all that is kept of it must be left, however near north is.

    North has 2 MW IT, which `a` would take: it is nearer. South carries `b` and `c` alone.
    """
    out = Outages(
        what=pd.DataFrame({"kind": ["site"], "id": ["north"]}),
        sites=csr_array([[1.0, 0.0]]),
        reach=tiny.reach,
        kept=np.ones(3),
    )
    mw = pd.Series({"north": 2.0, "south": 8.0})
    service = least_latency(replace(tiny, outages=out), mw, PAIRS, np.array([2.0]), Clock(60))
    assert service[service["site"] < 0]["point"].tolist() == [0]
    assert service.groupby("point")["mw_it"].sum().tolist() == pytest.approx([2, 4, 4])
