"""From positions to pairs within bound, against every pair computed on the ellipsoid."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdc.ground.distance import geodesic_km
from microdc.latency.fibre import Fibre
from microdc.latency.reach import exact_rtt_ms, sites_in_reach

FIBRE = Fibre(route_factor=1.5, km_per_ms=204.0)


def table(lat, lon, **columns):
    return pd.DataFrame({"lat": lat, "lon": lon, **columns}, dtype=float)


def test_two_hundred_and_four_kilometres_take_three_milliseconds():
    # 204 km of line of sight, 306 km of cable, there and back: 3 ms.
    assert FIBRE.path_ms(np.array([204.0])) == pytest.approx(3.0)
    assert FIBRE.within_km(np.array([3.0])) == pytest.approx(204.0)


def test_a_degree_of_longitude_on_the_equator():
    km = geodesic_km(*(np.array([v]) for v in (0.0, 0.0, 0.0, 1.0)))
    assert km == pytest.approx(111.319, abs=1e-3)  # WGS 84 equatorial radius x pi / 180


def test_a_tighter_bound_reaches_fewer():
    points = table([0, 0], [0, 0], access_ms=[0.5, 0.5], rtt_ms=[10, 3])
    sites = table([0, 0, 0], [4, 1, 2], processing_ms=0)
    reach = sites_in_reach(points, sites, FIBRE)
    assert reach.site.tolist() == [0, 1, 2, 1]
    assert reach.start.tolist() == [0, 3, 4]


def test_processing_and_access_count():
    points = table([0], [0], access_ms=[1.0], rtt_ms=[2.0])
    sites = table([0, 0], [0, 0], processing_ms=[0.9, 1.1])
    assert sites_in_reach(points, sites, FIBRE).site.tolist() == [0]


def test_a_bound_below_the_access_time_reaches_nobody():
    points = table([0], [0], access_ms=[3.0], rtt_ms=[2.0])
    sites = table([0], [0], processing_ms=0)
    assert sites_in_reach(points, sites, FIBRE).pairs == 0


def test_no_sites_and_no_points_are_no_pairs():
    points = table([0], [0], access_ms=[0.5], rtt_ms=[2.0])
    sites = table([0], [0], processing_ms=0)
    assert sites_in_reach(points, sites[:0], FIBRE).start.tolist() == [0, 0]
    assert sites_in_reach(points[:0], sites, FIBRE).start.tolist() == [0]


@given(seed=st.integers(0, 2**32 - 1))
def test_equals_every_pair_on_the_ellipsoid(seed):
    rng = np.random.default_rng(seed)
    lat, lon = rng.uniform(-70, 70), rng.uniform(-180, 180)
    n, m = 12, 8
    sites = table(
        lat + rng.normal(0, 2, n), lon + rng.normal(0, 2, n), processing_ms=rng.choice([0, 0.3], n)
    )
    places = table(
        lat + rng.normal(0, 2, m), lon + rng.normal(0, 2, m), access_ms=rng.choice([0.5, 1.2], m)
    )
    points = pd.concat([places.assign(rtt_ms=b) for b in (2.0, 5.0, 9.0)], ignore_index=True)
    reach = sites_in_reach(points, sites, FIBRE)
    for j in range(len(points)):
        mine = set(reach.site[reach.start[j] : reach.start[j + 1]].tolist())
        rtt = exact_rtt_ms(points.iloc[[j] * n], sites, FIBRE)
        assert mine == set(np.flatnonzero(rtt <= points["rtt_ms"][j]).tolist())
