"""Who is served from elsewhere, and what of a difference in cost is proven."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from microdc.placement.compare.money import cost_items, proven_difference
from microdc.placement.compare.moved import service_moved


def service(*rows: tuple[str, str | None, float]) -> pd.DataFrame:
    """Say who serves places: place, site (None: nobody), MW IT."""
    table = pd.DataFrame(rows, columns=["place", "site", "mw_it"])
    return table.assign(service="near", name=table["place"], lat=0.0, lon=0.0)


@pytest.mark.parametrize(
    ("before", "after", "moved_mw_it"),
    [
        ([("a", "x", 4)], [("a", "x", 4)], 0),
        ([("a", "x", 4)], [("a", "y", 4)], 4),
        ([("a", "x", 4)], [("a", "x", 1), ("a", "y", 3)], 3),
        ([("a", "x", 4)], [("a", "x", 1), ("a", None, 3)], 0),
        ([("a", None, 4)], [("a", "y", 4)], 0),
        ([("a", "x", 3), ("a", None, 1)], [("a", "y", 4)], 3),
        ([("a", None, 4)], [("a", None, 4)], 0),
    ],
)
def test_moved_is_what_both_serve_but_from_elsewhere(before, after, moved_mw_it):
    told = service_moved(service(*before), service(*after))
    assert told["moved_mw_it"].tolist() == [moved_mw_it]


@pytest.mark.parametrize("seed", range(20))
def test_the_differences_of_items_add_up(seed):
    rng = np.random.default_rng(seed)
    before, after = ({f"item {k}": float(mn) for k, mn in enumerate(rng.random(5))} for _ in "12")
    table = cost_items(before, after)
    difference = sum(after.values()) - sum(before.values())
    assert table["difference_mn_yr"].sum() == pytest.approx(difference, abs=1e-12)


@dataclass
class Proof:
    bound_mn_yr: float
    cost_mn_yr: float
    gap: float = 0.0


@pytest.mark.parametrize(
    ("before", "after", "proven"),
    [
        (Proof(10, 11), Proof(8, 9), "cheaper"),
        (Proof(8, 9), Proof(10, 11), "dearer"),
        (Proof(8, 10), Proof(9, 11), "open"),
        (Proof(8, 10), Proof(7, 8), "open"),
        (Proof(8, 10), Proof(8, 10), "open"),
    ],
)
def test_only_intervals_that_do_not_meet_prove_anything(before, after, proven):
    told = proven_difference(before, after)
    assert told["proven"] == proven
    assert told["least_difference_mn_yr"] <= told["most_difference_mn_yr"]
