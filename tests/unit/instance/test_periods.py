"""What is wanted together: an hour, or a day in which load waits."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from microdc.instance import Hours, Reach
from microdc.instance.periods import periods_of


def hours_of(share, services, day=None) -> Hours:
    share = np.array(share, dtype=float)
    return Hours(
        what=pd.DataFrame({"time": range(len(share)), "day": day or [0] * len(share)}),
        available_mw=np.ones((len(share), 2)),
        limits=pd.Index([]),
        limit_mw=np.empty((len(share), 0)),
        below=csr_array((0, 2)),
        services=pd.DataFrame(services, index=range(share.shape[1])),
        share=share,
        service=np.array([0, 1]),
    )


AT_ONCE = {"moves": True, "deferred_share": 0.0, "defer_h": 0}
WAITING = {"moves": True, "deferred_share": [0.5, 0.0], "defer_h": [1, 0]}


def test_every_hour_is_a_period_where_nothing_waits():
    one, other = periods_of(hours_of([[1, 0.5], [0, 1]], AT_ONCE))
    assert (one.hours.tolist(), one.point.tolist(), one.share.tolist()) == ([0], [0, 1], [1, 0.5])
    assert (other.hours.tolist(), other.point.tolist()) == ([1], [1])


def test_what_does_not_move_is_wanted_in_no_period():
    staying = {**AT_ONCE, "moves": [True, False]}
    (one,) = periods_of(hours_of([[1, 1]], staying))
    assert one.point.tolist() == [0]


def test_what_waits_is_wanted_until_it_must_be_served_or_its_day_ends():
    first, second = periods_of(hours_of([[1, 1], [1, 1], [1, 1]], WAITING, day=[0, 0, 1]))
    assert first.hours.tolist() == [0, 1]
    rows = zip(first.point, first.share, first.first, first.last, strict=True)
    assert sorted(rows) == [
        (0, 0.5, 0, 0),
        (0, 0.5, 0, 1),
        (0, 1, 1, 1),
        (1, 1, 0, 0),
        (1, 1, 1, 1),
    ]
    assert second.hours.tolist() == [2]
    assert second.share.tolist() == [1, 1]


def test_sites_reach_wants_in_the_hours_in_which_they_may_be_served():
    reach = Reach(start=np.array([0, 2, 3]), site=np.array([0, 1, 1], dtype=np.int32))
    (day,) = periods_of(hours_of([[1, 1], [1, 1]], WAITING))
    over_day = day.reach(reach, 2)
    by_want = np.split(over_day.site, over_day.start[1:-1])
    suppliers = {
        (int(p), int(a), int(b)): sites.tolist()
        for p, a, b, sites in zip(day.point, day.first, day.last, by_want, strict=True)
    }
    assert suppliers[0, 0, 0] == [0, 1]
    assert suppliers[0, 0, 1] == [0, 1, 2, 3]
    assert suppliers[0, 1, 1] == [2, 3]
    assert suppliers[1, 1, 1] == [3]


@pytest.mark.parametrize("seed", range(5))
def test_parts_of_a_load_add_up_to_it(seed):
    rng = np.random.default_rng(seed)
    hours = hours_of(rng.uniform(0, 1, (6, 2)), WAITING, day=[0, 0, 0, 1, 1, 1])
    for period in periods_of(hours):
        for at, hour in enumerate(period.hours):
            mine = period.first == at
            total = np.bincount(period.point[mine], period.share[mine], minlength=2)
            assert total == pytest.approx(hours.share_of_points[hour])
