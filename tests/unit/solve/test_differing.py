"""What a search for one more fleet has told."""

import pandas as pd
import pytest

from microdc.solve.differing import Next, what_next
from microdc.solve.outcome import Ended, Outcome


@pytest.mark.parametrize(
    ("ended", "cost", "bound", "told"),
    [
        (Ended.WITHIN_GAP, 100.5, 100.4, Next.FOUND),
        (Ended.TIME_LIMIT, 100.5, 90.0, Next.FOUND),
        (Ended.TIME_LIMIT, float("nan"), 90.0, Next.NOT_KNOWN),
        (Ended.WITHIN_GAP, 101.5, 101.4, Next.NO_MORE),
        (Ended.WITHIN_GAP, 101.1, 100.9, Next.NOT_KNOWN),
        (Ended.TIME_LIMIT, None, 100.9, Next.NOT_KNOWN),
        (Ended.TIME_LIMIT, None, 101.4, Next.NO_MORE),
        (Ended.INFEASIBLE, None, float("inf"), Next.NO_MORE),
    ],
)
def test_there_are_no_more_within_101_only_where_the_bound_says_so(ended, cost, bound, told):
    none = pd.Series(dtype=float)
    outcome = Outcome(
        ended=ended, sizes_mw=none, unserved_mw_it=none, cost=cost, bound=bound, floor=0.0
    )
    assert what_next(outcome, 101.0) is told
