"""Figures that are proven claim no more than is."""

import pytest

from microdc.placement.words.rounding import (
    figure_down,
    figure_up,
    finest_ms_down,
    tenth_down,
    tenth_up,
)


@pytest.mark.parametrize(
    ("value", "down", "up"),
    [
        (1000.96, "1,000", "1,001"),
        (2.19996, "2.199", "2.2"),
        (0.0652174, "0.06521", "0.06522"),
        (0.6, "0.6", "0.6"),
        (0.0, "0", "0"),
        (-1.2345, "-1.235", "-1.234"),
        (float("inf"), "inf", "inf"),
    ],
)
def test_a_bound_is_rounded_to_the_safe_side(value, down, up):
    assert (figure_down(value, 4), figure_up(value, 4)) == (down, up)


def test_what_the_solver_may_have_taken_is_no_other_figure():
    assert figure_down(2.2 * (1 - 2e-6), 4) == "2.2"


@pytest.mark.parametrize(
    ("value", "down", "up"), [(5.94, 5.9, 6.0), (6.00005, 6.0, 6.0), (5.99995, 6.0, 6.0)]
)
def test_tenths_are_rounded_to_the_safe_side_but_for_tolerances(value, down, up):
    assert (tenth_down(value), tenth_up(value)) == (down, up)


@pytest.mark.parametrize(
    ("ms", "told"), [(1.3348967, "1.334896"), (0.5, "0.5"), (2 - 1e-11, "2"), (10.0, "10")]
)
def test_plans_that_answer_within_what_is_told_are_no_slower(ms, told):
    assert finest_ms_down(ms) == told
