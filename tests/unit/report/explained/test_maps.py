"""Areas of bottlenecks on the map, and the words above the table."""

import pytest
import shapely

from microdc.report.explained.bottlenecks import headline
from microdc.report.explained.maps import features_of


def told(*at: tuple[float, float]) -> dict:
    places = [
        {"id": f"p{k}", "name": f"P{k}", "lat": lat, "lon": lon, "mw_it": {"near": 1.0},
         "witness": ["near"]}
        for k, (lat, lon) in enumerate(at)
    ]  # fmt: skip
    figures = {"need_mw_it": 2.0, "have_mw_it": 1.0, "short_mw_it": 1.0, "most_short_mw_it": 1.0}
    words = {"services": ["near"], "outages": [], "hours": [], "cures": [], "limits": []}
    rest = {"kind": "full size", "sentence": "s", "unit": "MW IT", "exact": True, "also": 0}
    return {**figures, **words, **rest, "irreducible": True, "places": places, "hosts": []}


def area_of(*at: tuple[float, float]) -> shapely.Geometry:
    feature = next(iter(features_of([told(*at)])))
    assert feature["properties"]["role"] == "area"
    return shapely.geometry.shape(feature["geometry"])


@pytest.mark.parametrize("at", [[(51.0, -1.0)], [(60.0, 10.0), (61.0, 12.0), (60.5, 14.0)]])
def test_an_area_lies_around_its_places_with_a_margin(at):
    area = area_of(*at)
    assert area.geom_type == "Polygon"
    assert area.is_valid
    for lat, lon in at:
        assert area.contains(shapely.Point(lon, lat).buffer(0.03))


def test_across_the_antimeridian_an_area_comes_in_two_parts():
    area = area_of((-17.0, 179.5), (-17.5, -179.0))
    assert area.geom_type == "MultiPolygon"
    west, _, east, _ = area.bounds
    assert (west, east) == (-180, 180)
    assert all(part.bounds[2] - part.bounds[0] < 5 for part in area.geoms)
    assert area.contains(shapely.Point(179.5, -17.0))
    assert area.contains(shapely.Point(-179.0, -17.5))


def test_near_the_pole_an_area_stays_on_the_map():
    _, _, _, north = area_of((89.99, 0.0)).bounds
    assert north <= 90


@pytest.mark.parametrize("status", ["infeasible", "unserved"])
def test_it_is_owned_up_to_that_time_ran_out(status):
    document = {"name": "n", "status": status, "bottlenecks": [told((0, 0))], "complete": False}
    assert "Time ran out" in headline(document)


def test_where_nothing_is_known_nothing_is_claimed():
    document = {"name": "n", "status": "not known", "bottlenecks": [], "complete": False}
    assert "there may be some" in headline(document)
