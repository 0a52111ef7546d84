"""Who is at home where, by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import Hours, Instance
from microdc.placement.assign import Pairs
from microdc.placement.hours.home import home_service
from microdc.solve.outcome import Ended, Outcome, SettledByHour


@pytest.fixture
def by_hour(tiny) -> Instance:
    """
        north (10 MW) -- a (2 MW IT) -- b (4) -- c (4) -- south (20 MW)

    `tiny`, in two hours: all is demanded in both, North has 3 MW in the second.
    """
    hours = Hours(
        what=pd.DataFrame({"time": ["x", "y"], "day": 0, "weight_h": 4380.0}),
        available_mw=np.array([[10.0, 20.0], [3.0, 20.0]]),
        limits=pd.Index([]),
        limit_mw=np.empty((2, 0)),
        below=csr_array((0, 2)),
        services=pd.DataFrame({"moves": [True], "deferred_share": 0.0, "defer_h": 0}, ["chat"]),
        share=np.ones((2, 1)),
        service=np.zeros(3, dtype=int),
    )
    return replace(tiny, hours=hours)


PAIRS = Pairs(
    point=np.array([0, 1, 1, 2]),
    site=np.array([0, 0, 1, 1]),
    rtt_ms=np.array([1.0, 1.0, 2.0, 1.0]),
)


def outcome(unserved=(0.0, 0.0, 0.0), held=()) -> Outcome:
    keys = pd.MultiIndex.from_tuples([key for key, _ in held] or [("", "")][:0], names=["s", "i"])
    return Outcome(
        ended=Ended.WITHIN_GAP,
        sizes_mw=pd.Series({"north": 6.0, "south": 8.0}),
        unserved_mw_it=pd.Series({"chat": sum(unserved)}),
        by_hour=SettledByHour(
            unserved_mw_it=np.array(unserved),
            held_mw=pd.Series([mw for _, mw in held], index=keys, dtype=float),
        ),
        cost=1.0,
        bound=1.0,
        floor=0.0,
    )


def served(service: pd.DataFrame) -> dict[tuple[int, int], float]:
    return {(int(r.point), int(r.site)): r.mw_it for r in service.itertuples()}


def test_the_busiest_hour_with_least_power_says_who_is_at_home_where(by_hour):
    """In the second hour North has a MW for `b` beside `a`."""
    told = served(home_service(by_hour, outcome(), PAIRS))
    assert told == pytest.approx({(0, 0): 2, (1, 0): 1, (1, 1): 3, (2, 1): 4})


def test_an_hour_of_less_demand_does_not_count_and_homes_are_told_at_the_peak(by_hour):
    hours = replace(by_hour.hours, share=np.array([[0.8], [0.5]]))
    told = served(home_service(replace(by_hour, hours=hours), outcome(), PAIRS))
    assert told == pytest.approx({(0, 0): 2, (1, 0): 4, (2, 1): 4})


def test_what_the_search_leaves_stays_unserved_and_crumbs_of_it_are_served(by_hour):
    left = outcome(unserved=(0.0, 1.0, 1e-9))
    told = served(home_service(by_hour, left, PAIRS))
    assert told == pytest.approx({(0, 0): 2, (1, -1): 1, (1, 0): 1, (1, 1): 2, (2, 1): 4})


def test_who_does_not_move_is_at_home_within_what_is_held(by_hour):
    services = by_hour.hours.services.assign(moves=False)
    held = outcome(held=[(("chat", "north"), 2.5), (("chat", "south"), 7.5)])
    held_hours = replace(by_hour, hours=replace(by_hour.hours, services=services))
    told = served(home_service(held_hours, held, PAIRS))
    assert told == pytest.approx({(0, 0): 2, (1, 0): 0.5, (1, 1): 3.5, (2, 1): 4})


def test_who_demands_nothing_in_the_busiest_hour_is_at_home_next_door(by_hour):
    """`b` is of a class that rests then."""
    services = by_hour.hours.services.loc[["chat", "chat"]]
    services.index = ["chat", "batch"]
    hours = replace(
        by_hour.hours,
        services=services,
        share=np.array([[0.1, 1.0], [1.0, 0.0]]),
        service=np.array([0, 1, 0]),
    )
    told = served(home_service(replace(by_hour, hours=hours), outcome(), PAIRS))
    assert told == pytest.approx({(0, 0): 2, (1, 0): 4, (2, 1): 4})
