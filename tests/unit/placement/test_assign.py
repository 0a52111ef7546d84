"""Who is served from where, on the instance that can be solved in the head."""

import numpy as np
import pandas as pd
import pytest

from microdc.placement.assign import Pairs, least_latency

PAIRS = Pairs(
    point=np.array([0, 1, 1, 2]),
    site=np.array([0, 0, 1, 1]),
    rtt_ms=np.array([1.0, 1.5, 2.0, 1.0]),
)


def served(tiny, north, south, unserved=0.0):
    mw = pd.Series({"north": north, "south": south})
    return least_latency(tiny, mw, PAIRS, np.array([unserved]))


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
