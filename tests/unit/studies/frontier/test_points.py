"""What points learn from one another, and the shape they make."""

import pytest

from microdc.studies.frontier.points import Point, sharpened
from microdc.studies.frontier.shape import knee_of, slopes_of


def point(x: float, cost: float | None, bound: float, status: str = "within gap") -> Point:
    return Point(
        x=x, says=f"{x:g}", status=status, cost=cost, bound=bound, sites=1, mw=10.0,
        served_share=1.0, plan_of_x=x, mn_yr=cost, least_mn_yr=cost, seconds=0.0,
    )  # fmt: skip


def test_a_plan_for_less_serves_where_there_is_more():
    loose, tight = sharpened([point(3, 12.0, 9.0), point(2, 11.0, 8.0)], gap=0.2)
    assert (loose.cost, loose.plan_of_x) == (11.0, 2)
    assert (tight.cost, tight.bound) == (11.0, 9.0)
    assert loose.status == tight.status == "within gap"


def test_a_place_without_a_plan_takes_that_of_a_tighter_one():
    loose, _ = sharpened([point(3, None, 9.0, "no plan in time"), point(2, 11.0, 8.0)], gap=0.01)
    assert loose.cost == 11.0
    assert loose.status == "gap not reached"


def test_where_no_plan_can_be_none_comes_in():
    _, tight = sharpened([point(3, 12.0, 12.0), point(2, None, 5.0, "infeasible")], gap=0.01)
    assert tight.status == "infeasible"
    assert tight.cost is None


def test_slopes_lie_between_what_costs_and_bounds_prove():
    (slope,) = slopes_of([point(4, 10.0, 9.0), point(2, 16.0, 15.0)])
    assert (slope.saved, slope.least, slope.most) == pytest.approx((3.0, 2.5, 3.5))


def test_the_knee_lies_farthest_below_the_chord():
    curve = [point(4, 10.0, 10.0), point(3, 10.5, 10.5), point(2, 12.0, 12.0), point(1, 30.0, 30.0)]
    assert knee_of(curve).x == 2
    straight = [point(k, 10.0 - k, 10.0 - k) for k in (3, 2, 1)]
    assert knee_of(straight) is None
    assert knee_of(curve[:2]) is None
