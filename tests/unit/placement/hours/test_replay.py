"""Hours replayed by hand: what is at home, what is sent elsewhere, and what waits."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import Hours, Reach
from microdc.placement.hours.fleet import HourlyFleet
from microdc.placement.hours.replay import replay
from microdc.placement.outages.fleet import Fleet

DAY = ["2030-07-01T00:00Z", "2030-07-01T01:00Z", "2030-07-01T02:00Z"]


@pytest.fixture
def chain() -> HourlyFleet:
    """
        west (10 MW) -- a (4 MW IT) -- middle (6 MW) -- b (4 MW IT) -- east (6 MW)

    PUE is 1, `a` is at home in West and `b` in Middle; both move, nobody waits. In three hours of
    a day all is demanded, half, and all. There is all the power that is connected.
    """
    hosts = pd.DataFrame({"mw": [10.0, 6.0, 6.0]}, index=["west", "middle", "east"])
    fleet = Fleet(
        hosts=hosts.assign(mw_it=hosts["mw"]),
        wants=pd.DataFrame({"place": ["a", "b"], "service": "chat"}),
        want=np.array([0, 1]),
        host=np.array([0, 1]),
        mw_it=np.array([4.0, 4.0]),
        reach=Reach(start=np.array([0, 2, 4]), site=np.array([0, 1, 1, 2], dtype=np.int32)),
    )
    hours = Hours(
        what=pd.DataFrame({"time": DAY, "day": 0, "weight_h": 2920.0}),
        available_mw=np.tile([10.0, 6.0, 6.0], (3, 1)),
        limits=pd.Index([]),
        limit_mw=np.empty((3, 0)),
        below=csr_array((0, 3)),
        services=pd.DataFrame({"moves": [True], "deferred_share": 0.0, "defer_h": 0}, ["chat"]),
        share=np.array([[1.0], [0.5], [1.0]]),
        service=np.array([0, 0]),
    )
    home = csr_array(np.array([[4.0, 0.0, 0.0], [0.0, 4.0, 0.0]]))
    return HourlyFleet(fleet=fleet, hours=hours, home=home, existing_mw=np.zeros(3))


def with_hours(fleet: HourlyFleet, **parts) -> HourlyFleet:
    return replace(fleet, hours=replace(fleet.hours, **parts))


def available(fleet: HourlyFleet, *mw: list[float]) -> HourlyFleet:
    return with_hours(fleet, available_mw=np.array(mw, dtype=float))


def waiting(fleet: HourlyFleet, share: float, hours: int) -> HourlyFleet:
    services = fleet.hours.services.assign(deferred_share=share, defer_h=hours)
    return with_hours(fleet, services=services)


def rows(played) -> list[tuple[int, int, int, int, float]]:
    return [(*map(int, row[:4]), pytest.approx(row[4])) for row in played.moved.to_numpy()]


def test_where_all_fits_all_are_at_home(chain):
    played = replay(chain)
    assert played.moved.empty
    assert played.mw_it.tolist() == [[4, 4, 0], [2, 2, 0], [4, 4, 0]]
    assert played.kept.tolist() == [1, 1]


def test_what_does_not_fit_goes_to_a_neighbour_and_no_more(chain):
    """In the first hour Middle lacks 3 of the 4 MW of `b`: East serves them."""
    played = replay(available(chain, [10, 1, 6], [10, 6, 6], [10, 6, 6]))
    assert rows(played) == [(0, 0, 1, 1, 1), (0, 0, 1, 2, 3)]
    assert played.mw_it[0] == pytest.approx([4, 1, 3])


def test_a_neighbour_that_is_full_passes_load_on(chain):
    """Without West, Middle takes the 4 MW of `a` and gives 2 of `b` to East."""
    played = replay(available(chain, [0, 6, 6], [10, 6, 6], [10, 6, 6]))
    assert played.mw_it[0] == pytest.approx([0, 6, 2])


def test_a_limit_of_the_tree_binds_beside_what_exists(chain):
    """West and Middle may grow by 5 MW together in the last hour, and 1 MW of West exists."""
    below = csr_array(np.array([[1.0, 1.0, 0.0]]))
    limits = {"limits": pd.Index(["hub"]), "limit_mw": np.array([[9.0], [9.0], [5.0]])}
    chain = replace(with_hours(chain, below=below, **limits), existing_mw=np.array([1.0, 0, 0]))
    played = replay(chain)
    assert played.mw_it[2] == pytest.approx([4, 2, 2])
    assert played.moved["hour"].unique().tolist() == [2]


def test_a_service_that_does_not_move_stays_and_others_make_room(chain):
    """`b` stays in Middle: of 6 MW there, 2 are left for `a`, of which West lacks 2."""
    services = chain.hours.services.loc[["chat", "chat"]].assign(moves=[True, False])
    services.index = ["chat", "voice"]
    chain = with_hours(
        chain, services=services, share=np.tile(chain.hours.share, 2), service=np.array([0, 1])
    )
    played = replay(available(chain, [2, 6, 6], [10, 6, 6], [10, 6, 6]))
    assert played.mw_it[0] == pytest.approx([2, 6, 0])
    assert played.moved["want"].unique().tolist() == [0]
    with pytest.raises(AssertionError, match="2030-07-01T00:00Z"):
        replay(available(chain, [2, 5, 6], [10, 6, 6], [10, 6, 6]))


def test_what_may_wait_does_so_where_no_other_way_is_left(chain):
    """In the first hour 5 of 8 MW are there: 3 wait, of at most 4, for the next, which has room."""
    played = replay(waiting(available(chain, [2, 2, 1], [10, 6, 6], [10, 6, 6]), 0.5, 1))
    late = played.moved[played.moved["hour"] > played.moved["for_hour"]]
    assert late["mw_it"].sum() == pytest.approx(3)
    assert set(zip(late["for_hour"], late["hour"], strict=True)) == {(0, 1)}
    assert played.mw_it.sum(axis=1) == pytest.approx([5, 7, 8])


def test_nothing_waits_beyond_its_hours_or_the_day(chain):
    scarce = available(chain, [2, 2, 1], [1, 1, 2], [10, 6, 6])
    with pytest.raises(AssertionError, match="cannot serve"):
        replay(waiting(scarce, 0.5, 1))
    assert replay(waiting(scarce, 0.5, 2)).mw_it.sum(axis=1) == pytest.approx([5, 4, 11])
    with pytest.raises(AssertionError, match="cannot serve"):
        replay(waiting(available(chain, [10, 6, 6], [10, 6, 6], [2, 2, 1]), 0.5, 2))


def test_crumbs_that_an_hour_misses_are_left_unserved_in_all(chain):
    """The hour of half the demand lacks 2 W, which are 4 W of the peak."""
    played = replay(available(chain, [10, 6, 6], [2, 1, 1 - 2e-6], [10, 6, 6]))
    assert played.fleet.peak_mw_it.sum() == pytest.approx(8 - 4e-6, abs=1e-9)
    assert played.mw_it.sum(axis=1) == pytest.approx([8 - 4e-6, 4 - 2e-6, 8 - 4e-6], abs=1e-9)


def test_no_power_at_all_is_no_plan(chain):
    with pytest.raises(AssertionError, match="cannot serve in 2030-07-01T01:00Z"):
        replay(available(chain, [10, 6, 6], [0, 0, 0], [10, 6, 6]))
