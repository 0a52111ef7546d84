"""Which of two plans is proven better by an objective before cost."""

import pytest

from microdc.placement.compare.answered import _better
from microdc.placement.compare.money import _proven


def came_to(value: float, bound: float | None) -> dict:
    return {"value": value, "bound": bound, "as_good": ""}


@pytest.mark.parametrize(
    ("before", "after", "better"),
    [
        ((3, 3), (2, 2), "after"),
        ((2, 2), (3, 3), "before"),
        ((2, 2), (2, 2), "same"),
        ((2, 2), (2, 1.5), "open"),  # the other scenario may have a better plan
        ((3, 1.5), (2, 2), "open"),  # so may the first
        ((3, None), (2, 2), "open"),  # of an alternative nothing is proven
        ((2, None), (3, 3), "before"),
    ],
)
def test_a_plan_is_better_where_the_other_scenario_has_none_as_good(before, after, better):
    assert _better(came_to(*before), came_to(*after), 1e-5) == better


@pytest.mark.parametrize(
    ("least", "most", "proven"),
    [(-2, -1, "cheaper"), (1, 2, "dearer"), (0, 0, "equal"), (-1, 1, "open"), (0, 1, "open")],
)
def test_least_costs_are_equal_only_where_they_can_differ_by_nothing(least, most, proven):
    assert _proven(least, most) == proven
