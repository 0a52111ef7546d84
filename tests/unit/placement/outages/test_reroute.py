"""What is lost in an outage is what a max-flow over everything says, wherever it looks."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.instance import Reach
from microdc.placement.outages.fleet import Fleet
from microdc.placement.outages.reroute import load_of, lost_mw_it


@pytest.fixture
def chain() -> Fleet:
    """
        west (2 of 2) -- a (2) -- middle (2 of 2) -- b (2) -- east (0 of 1)

    Without West, Middle takes 1 MW IT of `a` once East has taken 1 of `b`; the other is lost.
    """
    return Fleet(
        hosts=pd.DataFrame({"mw": [2.0, 2, 1], "mw_it": [2.0, 2, 1]}, ["west", "middle", "east"]),
        wants=pd.DataFrame({"place": ["a", "b"], "service": "chat"}),
        want=np.array([0, 1]),
        host=np.array([0, 1]),
        mw_it=np.array([2.0, 2.0]),
        reach=Reach(start=np.array([0, 2, 4]), site=np.array([0, 1, 1, 2], np.int32)),
    )


def test_load_is_passed_on_to_where_there_is_room(chain):
    assert lost_mw_it(load_of(chain, np.ones(2)), np.array([0])) == pytest.approx(1)


def test_less_load_leaves_more_room(chain):
    assert lost_mw_it(load_of(chain, np.array([1.0, 0.5])), np.array([0])) == pytest.approx(0)


def test_a_host_without_load_takes_nothing_with_it(chain):
    assert lost_mw_it(load_of(chain, np.ones(2)), np.array([2])) == 0


def by_max_flow(fleet: Fleet, share: np.ndarray, out: set[int]) -> float:
    """Give what is lost by one max-flow from scratch over everything."""
    wanted = np.bincount(fleet.want, fleet.mw_it, len(fleet.wants)) * share
    network = nx.DiGraph()
    network.add_nodes_from(["source", "sink"])
    for want, mw_it in enumerate(wanted):
        network.add_edge("source", ("want", want), capacity=mw_it)
        for host in fleet.reach.site[fleet.reach.start[want] : fleet.reach.start[want + 1]]:
            if host not in out:
                network.add_edge(("want", want), ("host", host), capacity=mw_it)
    for host, mw_it in enumerate(fleet.hosts["mw_it"]):
        network.add_edge(("host", host), "sink", capacity=mw_it)
    return float(wanted.sum() - nx.maximum_flow_value(network, "source", "sink"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_it_is_what_a_max_flow_over_everything_loses(seed):
    rng = np.random.default_rng(seed)
    hosts, wants = int(rng.integers(2, 9)), int(rng.integers(1, 14))
    near = rng.random((wants, hosts)) < rng.uniform(0.2, 0.7)
    want, host = np.nonzero(near & (rng.random(near.shape) < 0.5))
    mw_it = rng.integers(1, 5, len(want)).astype(float)
    carried = np.bincount(host, mw_it, hosts)
    room = np.where(rng.random(hosts) < 0.5, 0, rng.integers(0, 6, hosts))
    fleet = Fleet(
        hosts=pd.DataFrame({"mw": carried + room, "mw_it": carried + room}),
        wants=pd.DataFrame({"place": [str(j) for j in range(wants)], "service": "chat"}),
        want=want,
        host=host,
        mw_it=mw_it,
        reach=Reach(
            start=np.concatenate([[0], np.cumsum(near.sum(axis=1))]),
            site=np.nonzero(near)[1].astype(np.int32),
        ),
    )
    out = np.flatnonzero(rng.random(hosts) < 0.4)
    share = rng.choice([0, 0.5, 1.0], wants)
    lost = lost_mw_it(load_of(fleet, share), out)
    assert lost == pytest.approx(by_max_flow(fleet, share, set(out.tolist())), abs=1e-4)
