"""Headroom one at a time against what the tree allows, on trees added up in the head."""

import pandas as pd
import pytest

from microdc.inputs.region import Region
from microdc.placement.parts.over_promise import OverPromise, over_promise


def region(rows: dict[str, tuple[float | None, str | None, bool]]) -> Region:
    substations = pd.DataFrame.from_dict(
        rows, orient="index", columns=["headroom_mw", "parent", "candidate"]
    ).assign(name=list(rows), existing_mw=0.0, min_mw=float("nan"), parcel=False)
    substations["headroom_mw"] = substations["headroom_mw"].astype(float)
    return Region(substations=substations, demand=pd.DataFrame(), sources=(), warnings=())


def report(rows, **mw) -> OverPromise:
    return over_promise(region(rows), 5.0, pd.Series(mw, dtype=float))


ONE = {
    "supply": (20.0, None, False),
    "a": (12.0, "supply", True),
    "b": (15.0, "supply", True),
    "small": (4.0, "supply", True),
}


def test_a_supply_point_allows_less_than_its_substations_promise():
    found = report(ONE, a=8.0, b=5.0)
    assert (found.sum_mw, found.allowed_mw) == (27, 20)
    row = found.rows.loc["supply"]
    assert (row["below_mw"], row["allowed_mw"], row["binds"], row["used_mw"]) == (27, 20, True, 13)


def test_a_limit_above_the_sum_does_not_bind():
    found = report(ONE | {"supply": (30.0, None, False)})
    assert (found.sum_mw, found.allowed_mw) == (27, 27)
    assert not found.rows["binds"].any()


def test_limits_above_limits_count_what_those_below_leave():
    tree = {
        "grid": (25.0, None, False),
        "east": (20.0, "grid", False),
        "west": (30.0, "grid", False),
        "a": (12.0, "east", True),
        "b": (15.0, "east", True),
        "c": (10.0, "west", True),
    }
    found = report(tree)
    assert (found.sum_mw, found.allowed_mw) == (37, 25)  # 20 and 10 are left, 25 is the limit
    assert found.rows["binds"].to_dict() == {"grid": True, "east": True, "west": False}
    assert found.rows["below_mw"].to_dict() == {"grid": 37, "east": 27, "west": 10}


def test_a_node_without_a_limit_passes_on_what_is_below():
    tree = ONE | {"supply": (None, "grid", False), "grid": (10.0, None, False)}
    found = report(tree)
    assert list(found.rows.index) == ["grid"]
    assert (found.sum_mw, found.allowed_mw) == (27, 10)


def test_a_supply_point_that_could_be_a_site_promises_its_own_limit_upwards():
    tree = ONE | {"supply": (20.0, "grid", True), "grid": (18.0, None, False)}
    found = report(tree)
    assert found.rows["below_mw"].to_dict() == {"supply": 27, "grid": 47}
    assert found.rows["allowed_mw"].to_dict() == {"supply": 20, "grid": 18}


def test_no_tree_is_no_report():
    found = report({"a": (12.0, None, True)})
    assert (len(found.rows), found.sum_mw, found.allowed_mw) == (0, 0, 0)


def test_the_document_says_the_same():
    found = report(ONE)
    again = OverPromise.from_document(found.to_document())
    assert again.sum_mw == pytest.approx(found.sum_mw)
    assert again.rows["binds"].tolist() == [True]


def test_parcels_promise_the_headroom_that_they_share():
    rows = {
        "supply": (20.0, None, False),
        "a": (12.0, "supply", False),
        "b": (9.0, "supply", False),
    }
    below = {"field": (None, "a", True), "yard": (None, "a", True), "lot": (None, "b", True)}
    land = region(rows | below)
    land.substations["parcel"] = land.substations.index.isin(list(below))
    found = over_promise(land, 5.0, pd.Series({"field": 6.0, "lot": 5.0}))
    assert found.rows[["below_mw", "allowed_mw", "used_mw"]].to_dict("index") == {
        "supply": {"below_mw": 33, "allowed_mw": 20, "used_mw": 11},
        "a": {"below_mw": 24, "allowed_mw": 12, "used_mw": 6},
        "b": {"below_mw": 9, "allowed_mw": 9, "used_mw": 5},
    }
    assert (found.sum_mw, found.allowed_mw) == (33, 20)
    assert found.rows.index[found.rows["binds"]].tolist() == ["supply", "a"]
