"""A detour loses what must be lost, turn by turn, and sends the rest to where there is room."""

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microdc.instance import Reach
from microdc.placement.outages.detours import Detours
from microdc.placement.outages.fleet import Fleet
from microdc.placement.outages.replay import turns_of
from microdc.scenario import Outage, Scenario, load_scenario

TINY = Path(__file__).parents[4] / "scenarios" / "tiny"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Tiny, of whose dearer class `near` half is promised in an outage."""
    tiny = load_scenario(TINY)
    near = tiny.services["near"].model_copy(update={"outage": Outage(served=0.5)})
    return tiny.model_copy(update={"services": {**tiny.services, "near": near}})


def fleet_of(
    hosts: dict[str, float], wants: list[tuple[str, str]], serves: np.ndarray, near: np.ndarray
) -> Fleet:
    """Lay out hosts (MW IT), wants, what serves them in order and who is near; wants x hosts."""
    want, host = np.nonzero(serves)
    mw_it = list(hosts.values())
    return Fleet(
        hosts=pd.DataFrame({"mw": mw_it, "mw_it": mw_it}, list(hosts)),
        wants=pd.DataFrame(wants, columns=["place", "service"]),
        want=want,
        host=host,
        mw_it=serves[want, host].astype(float),
        reach=Reach.of_lists([np.flatnonzero(row) for row in near]),
    )


def test_the_promised_and_dearer_class_gets_the_room_that_the_other_gives_up(scenario):
    """
        a: near 2, far 2 -- west (4)        b: far 3 -- east (4)        both reach both

    Without West, East has 1 MW IT to spare and gives up 1 of its `far` for the `near` of a.
    """
    serves = np.array([[2, 0], [2, 0], [0, 3]])
    wants = [("a", "near"), ("a", "far"), ("b", "far")]
    fleet = fleet_of({"west": 4, "east": 4}, wants, serves, np.ones((3, 2)))
    moved = Detours(scenario, fleet).around(frozenset(["west"]), {"far": 3})
    by_fate = moved.assign(lost=moved["site"].isna()).groupby(["service", "lost"])["mw_it"].sum()
    assert by_fate.to_dict() == pytest.approx({("near", False): 2, ("far", True): 3})
    assert set(moved["site"].dropna()) == {"east"}


def test_load_is_passed_on_to_where_there_is_room(scenario):
    """
        west (2 of 2) -- a (2) -- middle (2 of 2) -- b (2) -- east (0 of 1)

    Without West, Middle takes 1 MW IT of `a` once East has taken 1 of `b`.
    """
    serves = np.array([[2, 0, 0], [0, 2, 0]])
    near = np.array([[1, 1, 0], [0, 1, 1]])
    hosts = {"west": 2, "middle": 2, "east": 1}
    fleet = fleet_of(hosts, [("a", "far"), ("b", "far")], serves, near)
    moved = Detours(scenario, fleet).around(frozenset(["west"]), {"far": 1})
    sites = moved.groupby(moved["site"].fillna("lost"))["mw_it"].sum()
    assert sites.to_dict() == pytest.approx({"middle": 1, "east": 1, "lost": 1})


def lost_in_turn(scenario: Scenario, fleet: Fleet, out: set[int]) -> dict[str, float]:
    """Give what each class loses, by one max-flow over everything for each turn."""
    service = fleet.wants["service"]
    kept = service.map({n: s.kept for n, s in scenario.services.items()}).to_numpy(float)
    lost, before = dict.fromkeys(scenario.services, 0.0), 0.0
    wanted = np.bincount(fleet.want, fleet.mw_it, len(fleet.wants))
    for (name, _), share in turns_of(scenario, service.to_numpy(object), kept):
        network = nx.DiGraph()
        network.add_nodes_from(["source", "sink"])
        for want, mw_it in enumerate(wanted * share):
            network.add_edge("source", ("want", want), capacity=mw_it)
            for host in fleet.reach.near(want):
                if int(host) not in out:
                    network.add_edge(("want", want), ("host", int(host)), capacity=mw_it)
        for host, mw_it in enumerate(fleet.hosts["mw_it"]):
            network.add_edge(("host", host), "sink", capacity=mw_it)
        so_far = (wanted * share).sum() - nx.maximum_flow_value(network, "source", "sink")
        lost[name] += max(0.0, so_far - before)
        before = so_far
    return lost


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_detour_of_a_random_fleet_keeps_all_that_can_be_kept(scenario, seed):
    rng = np.random.default_rng(seed)
    hosts, places = int(rng.integers(2, 7)), int(rng.integers(1, 6))
    wants = [(f"p{k}", name) for k in range(places) for name in ("near", "far")]
    near = rng.random((len(wants), hosts)) < rng.uniform(0.3, 0.8)
    serves = np.where(near & (rng.random(near.shape) < 0.5), rng.integers(1, 5, near.shape), 0)
    room = np.where(rng.random(hosts) < 0.5, 0, rng.integers(0, 6, hosts))
    sizes = {f"h{k}": float(mw) for k, mw in enumerate(serves.sum(axis=0) + room)}
    fleet = fleet_of(sizes, wants, serves, near)
    out = {int(k) for k in np.flatnonzero(rng.random(hosts) < 0.4)}
    lost = lost_in_turn(scenario, fleet, out)
    moved = Detours(scenario, fleet).around(frozenset(f"h{k}" for k in out), lost)
    assert moved is not None
    told = moved[moved["site"].isna()].groupby("service")["mw_it"].sum()
    assert told.reindex(list(lost), fill_value=0.0).to_dict() == pytest.approx(lost, abs=1e-3)
    keeps_to_reach_and_room(fleet, serves, near, moved, out)


def keeps_to_reach_and_room(fleet, serves, near, moved, out) -> None:
    """Every want gives up at home what is moved or lost, and nobody draws more than there is."""
    row = {pair: k for k, pair in enumerate(fleet.wants.itertuples(index=False, name=None))}
    column = {host: k for k, host in enumerate(fleet.hosts.index)}
    column[None] = -1
    arrived, given_up = np.zeros(len(column) - 1), np.zeros(len(row))
    for place, service, site, mw_it in moved.itertuples(index=False, name=None):
        want, host = row[place, service], column[None if pd.isna(site) else site]
        given_up[want] += mw_it
        if host >= 0:
            assert near[want, host]
            assert host not in out
            arrived[host] += mw_it
    inside = [k for k in range(serves.shape[1]) if k not in out]
    at_home = serves[:, inside].sum(axis=1)
    assert (given_up >= serves.sum(axis=1) - at_home - 1e-3).all()
    # Whatever is given up beyond what was served at those that are out leaves room behind.
    freed = given_up.sum() - serves[:, sorted(out)].sum()
    room = fleet.hosts["mw_it"].to_numpy()[inside].sum() - at_home.sum()
    assert arrived.sum() <= room + freed + 1e-3
