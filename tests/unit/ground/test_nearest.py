"""The nearest neighbour on the ellipsoid, beside that of going through all of them."""

import numpy as np
import pandas as pd
import pytest

from microdc.ground.distance import geodesic_km
from microdc.ground.nearest import nearest_of


def table(lat, lon) -> pd.DataFrame:
    return pd.DataFrame({"lat": lat, "lon": lon}, dtype=float)


def test_on_the_equator_the_nearest_is_that_of_the_head():
    row, km = nearest_of(table([0, 0], [0.4, 2.0]), table([0, 0], [0, 1]))
    assert row.tolist() == [0, 1]
    assert km == pytest.approx([0.4 * 111.3195, 111.3195], abs=1e-3)


def test_a_degree_north_is_shorter_than_a_degree_east():
    """On the sphere both are the same; the ellipsoid tells them apart."""
    row, km = nearest_of(table([0], [0]), table([0, 1], [1, 0]))
    assert row.tolist() == [1]
    assert km == pytest.approx([110.574], abs=1e-3)


def test_of_equals_the_first_counts():
    row, _ = nearest_of(table([0], [0]), table([0, 0, 0], [1, -1, 1]))
    assert row.tolist() == [0]


@pytest.mark.parametrize(("north", "east"), [(0, 0), (60, 179.9), (89.5, 0)])
def test_it_is_that_of_going_through_all(north, east):
    rng = np.random.default_rng(int(north))

    def around(count):
        lon = (east + rng.normal(0, 0.5, count) + 180) % 360 - 180
        return table(np.minimum(north + rng.normal(0, 0.5, count), 90), lon)

    places, among = around(60), around(40)
    row, km = nearest_of(places, among)
    for at, (lat, lon) in enumerate(places.to_numpy()):
        ends = np.full(len(among), lat), np.full(len(among), lon)
        away = geodesic_km(*ends, among["lat"].to_numpy(), among["lon"].to_numpy())
        assert row[at] == away.argmin()
        assert km[at] == pytest.approx(away.min())


def test_no_place_has_no_nearest():
    row, km = nearest_of(table([], []), table([0], [0]))
    assert (len(row), len(km)) == (0, 0)
