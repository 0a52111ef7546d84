"""
The bound of prices on scenarios/tiny-flexible, by hand: Ashby's 8 MW IT, 10 MW, in three hours.

A MW in the morning, when Middle has 4, is worth 0.1; at noon, when East has 4, 0.1; and in the
evening, when West has 5, 0.8: 1.0 in all, 10.0 for the 10 MW. Each MW costs 0.8 a year, and a
site at least 5 of them.

- West costs 0.5. Its first 5 MW earn 1.0 each, the next 0.1 + 0.1: 5.0 - 4.0 - 0.5 = 0.5.
- Middle costs 1.0. 4 MW earn 1.0 each and 6 more 0.9: 9.4 - 8.0 - 1.0 = 0.4.
- East costs 1.5, and earns no more than Middle: it is not there.

So no plan costs less than 10.0 - 0.5 - 0.4 = 9.1. The best costs 13.5: prices do not see blocks.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdc.errors import BrokenPromiseError, InputError
from microdc.placement.verify import broken_promises, proven_by_prices
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny-flexible"
MORNING, NOON, AFTER, EVENING = (f"2026-01-01T{hour:02}:00Z" for hour in (6, 12, 13, 18))
IT = 1.25  # of a MW grid side to a MW IT
BY_HAND = [
    (MORNING, MORNING, 0.1 * IT),
    (NOON, NOON, 0.1 * IT),
    (EVENING, EVENING, 0.8 * IT),
]
STAYS = ("10}", "10, movable: false}")
WAITS = ("10}", "10, defer: {share: 0.5, hours: 1}}")
PEAK = [("", "", 0.9 * IT)]
IN_THE_EVENING = [("chat", site, EVENING, 1.0) for site in ("west", "middle", "east")]


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    """Give plans of the scenario with a part of its text changed, each made once."""
    made: dict[tuple[str, str], Path] = {}

    def plan(old: str, new: str) -> Path:
        if (old, new) not in made:
            root = tmp_path_factory.mktemp("tiny-flexible")
            inputs = Path(shutil.copytree(TINY, root / "in"))
            scenario = inputs / "scenario.yaml"
            text = scenario.read_text("utf-8")
            assert old in text
            scenario.write_text(text.replace(old, new), "utf-8")
            clock, quiet = Clock(30), lambda _: None
            plan_scenario(
                inputs, root / "plan", force=False, overrides={}, watch=quiet, clock=clock
            )
            made[old, new] = root
        return made[old, new]

    return plan


@pytest.fixture
def planned(plans, tmp_path):
    """Give a copy of such a plan, its inputs beside it."""

    def plan(old: str = "", new: str = "") -> Path:
        return Path(shutil.copytree(plans(old, new), tmp_path / "copy")) / "plan"

    return plan


def write_prices(folder: Path, rows, held=(), limits=None) -> None:
    """Write prices of hours, and of limits in them, into a plan that claims next to nothing."""
    points = pd.DataFrame(rows, columns=["time", "until", "mn_per_mw_it_yr"])
    points = points.astype({"time": str, "until": str, "mn_per_mw_it_yr": float})
    points = points.assign(place="ashby", service="chat", group="chat", outage="")
    points.to_parquet(folder / "prices.parquet", index=False)
    (folder / "held_hours.parquet").unlink(missing_ok=True)
    if held:
        table = pd.DataFrame(held, columns=["service", "site", "time", "share"])
        table.to_parquet(folder / "held_hours.parquet", index=False)
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    prices = document["certificate"]["prices"]
    prices |= {"bound_mn_yr": -100.0, "nodes_mn_per_mw_yr": {}}
    prices["nodes_by_hour_mn_per_mw_yr"] = limits or {}
    path.write_text(json.dumps(document), "utf-8")


def proven(folder: Path) -> float:
    return proven_by_prices(folder).by_prices_mn_yr


def test_prices_by_the_hour_prove_what_they_prove_by_hand(planned):
    folder = planned()
    write_prices(folder, BY_HAND)
    assert proven(folder) == pytest.approx(9.1, abs=1e-9)
    assert proven(folder) <= 9.1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        STAYS,
        WAITS,
        ("max_hours_per_yr: 2200", "max_hours_per_yr: 1500"),
        ("max_hours_per_yr: 2200", "max_mwh_per_mw_yr: 500"),
        ("max_hours_per_yr: 2200", "max_run_h: 3"),
        ("{type: flexible, max_hours_per_yr: 2200}", "firm"),
        ("  profiles:\n", "  profiles:\n    - harbour-by-hour.csv\n"),
    ],
)
def test_the_prices_of_the_search_prove_what_it_says(planned, old, new):
    folder = planned(old, new)
    assert broken_promises(folder) == []
    found = proven_by_prices(folder)
    assert found.by_prices_mn_yr == pytest.approx(found.stated_mn_yr, rel=1e-9)
    assert found.stated_mn_yr > 9


def test_who_pays_for_a_limit_in_an_hour_earns_less(planned):
    """Harbour's 20 MW are worth 2.0 in the evening: West and Middle lose, East as before."""
    folder = planned()
    write_prices(folder, BY_HAND, limits={"harbour": {EVENING: 0.1}})
    assert proven(folder) == pytest.approx(10.0 - 2.0, abs=1e-9)


def test_of_a_limit_no_more_counts_than_may_be_connected_below_it(planned):
    """With 8 MW at 17 h and firm connections Harbour has 8 MW at night as well: 0.8, not 2.0."""
    folder = planned("  profiles:\n", "  profiles:\n    - harbour-by-hour.csv\n")
    write_prices(folder, BY_HAND, limits={"harbour": {EVENING: 0.1}})
    assert proven(folder) == pytest.approx(10.0 - 2.0, abs=1e-9)
    scenario = folder.parent / "in" / "scenario.yaml"
    text = scenario.read_text("utf-8")
    scenario.write_text(text.replace("max_hours_per_yr: 2200", "max_run_h: 0"), "utf-8")
    assert proven(folder) == pytest.approx(10.0 - 0.8, abs=1e-9)


def test_less_may_be_earned_where_the_terms_allow_less(planned):
    """West may have its firm 5 MW alone, Middle and East no block: West earns 5 x 1.0 - 4.5."""
    folder = planned("max_hours_per_yr: 2200", "max_hours_per_yr: 0")
    write_prices(folder, BY_HAND)
    assert proven(folder) == pytest.approx(9.5, abs=1e-9)


def test_what_does_not_move_is_paid_in_the_hours_that_are_told(planned):
    """All is paid in the evening: West earns 5 x 0.9 - 4.5, nobody else his cost."""
    folder = planned(*STAYS)
    write_prices(folder, PEAK, IN_THE_EVENING)
    assert proven(folder) == pytest.approx(9.0, abs=1e-9)


def test_where_nothing_is_told_it_is_paid_in_the_highest_hour(planned):
    """That is the morning, the first of those that want all: West earns 10 x 0.9 - 8.5."""
    folder = planned(*STAYS)
    write_prices(folder, PEAK)
    assert proven(folder) == pytest.approx(8.5, abs=1e-9)
    write_prices(folder, PEAK, IN_THE_EVENING[:1])
    assert proven(folder) == pytest.approx(9.0, abs=1e-9)


def test_what_waits_may_be_earned_in_each_hour_in_which_it_is_served(planned):
    """
    Half of noon's load is worth 1.0 x 4 MW IT, served then or an hour later; a MW 0.8 in each.

    West earns 5 x 1.6 - 4.5, Middle 5 x 1.6 - 5.0; East 4 x 1.6 + 1 x 0.8 - 5.5.
    """
    folder = planned(*WAITS)
    write_prices(folder, [(NOON, AFTER, 1.0)])
    assert proven(folder) == pytest.approx(4.0 - 3.5 - 3.0 - 1.7, abs=1e-9)
    write_prices(folder, [(NOON, NOON, 1.0)])
    assert proven(folder) == pytest.approx(4.0, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "rows", "says"),
    [
        (("", ""), [(MORNING, MORNING, -0.1)], "the price is below zero, or no number"),
        (("", ""), [(MORNING, MORNING, np.nan)], "the price is below zero, or no number"),
        (("", ""), [BY_HAND[0], BY_HAND[0]], r"ashby, chat \(group chat\).*: is priced twice"),
        (("", ""), [("2026-01-02T06:00Z",) * 2 + (1.0,)], "are no hours that the plan uses"),
        (("", ""), [("", "", 1.0)], "no time to no time are no hours that the plan uses"),
        (("", ""), [(NOON, AFTER, 1.0)], "is served then or until 2026-01-01T12:00Z"),
        (WAITS, [(NOON, MORNING, 1.0)], "is served then or until 2026-01-01T13:00Z"),
        (WAITS, [(NOON, EVENING, 1.0)], "is served then or until 2026-01-01T13:00Z"),
        (WAITS, [(f"2026-01-01T{23}:00Z", MORNING, 1.0)], "is served then or until .*23:00Z"),
        (STAYS, [(NOON, NOON, 1.0)], "it has the price of an hour, .* and hours have none for it"),
    ],
)  # fmt: skip
def test_prices_of_hours_that_are_none_are_told(planned, change, rows, says):
    folder = planned(*change)
    write_prices(folder, rows)
    with pytest.raises(BrokenPromiseError, match=says):
        proven_by_prices(folder)


@pytest.mark.parametrize(
    ("change", "held", "says"),
    [
        (STAYS, [("chat", "west", EVENING, 0.9)], "chat, west: shares add up to 0.9, not to 1"),
        (STAYS, [("chat", "west", EVENING, 1.5), ("chat", "west", NOON, -0.5)],
         "chat, west, 2026-01-01T12:00Z: the share is below zero, or no number"),
        (STAYS, [("chat", "west", EVENING, np.nan)], "the share is below zero, or no number"),
        (STAYS, [("chat", "west", EVENING, 0.5)] * 2, "chat, west, .*: is told twice"),
        (STAYS, [("chat", "pier", EVENING, 1.0)], "chat, pier, .*: there is no such site"),
        (STAYS, [("chat", "west", "2026-02-01T00:00Z", 1.0)], "nothing is held for it then"),
        (STAYS, [("mail", "west", EVENING, 1.0)], "nothing is held for it then"),
        (("", ""), IN_THE_EVENING, "nothing is held for it then"),
    ],
)  # fmt: skip
def test_shares_over_the_hours_that_are_none_are_told(planned, change, held, says):
    folder = planned(*change)
    write_prices(folder, [], held)
    with pytest.raises(BrokenPromiseError, match=says):
        proven_by_prices(folder)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"pier": {NOON: 1.0}}, "pier is no limit of the power tree"),
        ({"harbour": {"2026-02-01T00:00Z": 1.0}}, "harbour: .* is no hour that the plan uses"),
        ({"harbour": {NOON: -1.0}}, "harbour has the price -1.0 in 2026-01-01T12:00Z"),
    ],
)
def test_prices_of_limits_in_hours_that_are_none_are_told(planned, limits, says):
    folder = planned()
    write_prices(folder, BY_HAND, limits=limits)
    with pytest.raises(BrokenPromiseError, match=says):
        proven_by_prices(folder)


def test_hours_that_are_not_told_prove_nothing(planned):
    folder = planned()
    document = json.loads((folder / "plan.json").read_text("utf-8"))
    document["hours"] = None
    (folder / "plan.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(BrokenPromiseError, match="hours in which service is promised are not told"):
        proven_by_prices(folder)


@pytest.mark.parametrize("content", [b"", b"PAR1"])
def test_a_damaged_table_of_held_hours_is_named(planned, content):
    folder = planned(*STAYS)
    (folder / "held_hours.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"held_hours\.parquet"):
        proven_by_prices(folder)
