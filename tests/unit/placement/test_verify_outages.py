"""What can be served while hosts are out, by the algorithm that only `verify` uses."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.placement.verify.outages.network import Network


def chain(room_in_east: int) -> Network:
    """
        west (2) -- a (2) -- middle (2 of 2) -- b (2) -- east (0)

    West serves `a`, Middle serves `b`; whatever East has room for, Middle can take of `a`.
    """
    return Network(near=[[0, 1], [1, 2]], serves=[{0: 2}, {1: 2}, {}], room=[0, 0, room_in_east])


def test_load_is_passed_on_to_where_there_is_room():
    assert chain(1).without([0]) == ({0: 1}, {0, 1, 2})
    assert chain(2).without([0]) == ({}, {0, 1, 2})


def test_whoever_has_no_way_to_room_is_not_asked():
    assert chain(0).stuck == {0, 1, 2}
    assert chain(0).without([0]) == ({0: 2}, {0})


def test_the_network_is_as_before_after_an_outage():
    network = chain(2)
    assert network.without([0]) == network.without([0])
    assert network.without([1]) == ({}, {1, 2})


def test_several_out_together_lose_what_no_other_takes():
    assert chain(3).without([0, 1]) == ({0: 2}, {0, 1, 2})


def flow_with(network: Network, out: set[int]) -> int:
    """Give what is served without some hosts by a max-flow from scratch."""
    wanted = [sum(served.get(want, 0) for served in network.serves)
              for want in range(len(network.near))]  # fmt: skip
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for want, hosts in enumerate(network.near):
        graph.add_edge("source", ("want", want), capacity=wanted[want])
        for host in set(hosts) - out:
            graph.add_edge(("want", want), ("host", host), capacity=wanted[want])
    for host, (served, room) in enumerate(zip(network.serves, network.room, strict=True)):
        graph.add_edge(("host", host), "sink", capacity=room + sum(served.values()))
    return nx.maximum_flow_value(graph, "source", "sink")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_as_much_is_moved_as_a_max_flow_serves(seed):
    rng = np.random.default_rng(seed)
    hosts, wants = int(rng.integers(2, 9)), int(rng.integers(1, 14))
    near = rng.random((wants, hosts)) < rng.uniform(0.2, 0.7)
    serves: list[dict[int, int]] = [{} for _ in range(hosts)]
    for want, host in zip(*np.nonzero(near & (rng.random(near.shape) < 0.5)), strict=True):
        serves[host][int(want)] = int(rng.integers(1, 9))
    room = np.where(rng.random(hosts) < 0.5, 0, rng.integers(0, 12, hosts)).tolist()
    network = Network([np.flatnonzero(row).tolist() for row in near], serves, room)
    out = set(np.flatnonzero(rng.random(hosts) < 0.4).tolist())
    lost, touched = network.without(out)
    served = sum(sum(each.values()) for each in serves)
    assert served - sum(lost.values()) == flow_with(network, out)
    assert out <= touched


def test_a_network_without_hosts_serves_nobody():
    assert Network([], [], []).without([]) == ({}, set())


@pytest.mark.parametrize("parts", [2, 3])
def test_what_does_not_meet_goes_together(parts):
    """Chains that share nobody: each alone moves its load, and so do all at once."""
    near = [[3 * k + at, 3 * k + at + 1] for k in range(parts) for at in (0, 1)]
    serves = [each for k in range(parts) for each in ({2 * k: 2}, {2 * k + 1: 2}, {})]
    network = Network(near, serves, [0, 0, 2] * parts)
    touched = [network.without([3 * k])[1] for k in range(parts)]
    assert not set.intersection(*touched)
    assert network.without(range(0, 3 * parts, 3)) == ({}, set.union(*touched))
