"""Outages of the plan that scenarios/tiny solves by hand, replayed by hand."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from microdc.inputs.read import read_region
from microdc.placement.outages.replay import replay_outages
from microdc.placement.outages.statement import Outages, Replayed
from microdc.scenario import load_scenario

TINY = Path(__file__).parents[4] / "scenarios" / "tiny"

SIZES_MW = pd.Series({"west": 15.0, "east": 5.0})
SERVICE = pd.DataFrame(
    [
        ("ashby", "near", "west", 4.0),
        ("ashby", "far", "west", 8.0),
        ("brook", "near", "east", 2.0),
        ("brook", "far", "east", 2.0),
        ("brook", "far", None, 2.0),
        ("dune", "near", None, 1.0),
        ("dune", "far", None, 2.0),
    ],
    columns=["place", "service", "site", "mw_it"],
)


@pytest.fixture
def replay(tmp_path):
    """
        West, 12 MW IT -- Ashby, near 4 and far 8        Brook, near 2 and far 2 -- East, 4 MW IT

    Half of `near` is kept in an outage, from as far as `far` is served from. Nothing is left over.
    """

    def replayed(
        resilience: str,
        near: str = "outage: {served: 0.5, rtt_ms: 5}, ",
        sizes_mw: pd.Series = SIZES_MW,
        service: pd.DataFrame = SERVICE,
    ):
        folder = tmp_path / "tiny"
        shutil.copytree(TINY, folder, dirs_exist_ok=True)
        text = (TINY / "scenario.yaml").read_text("utf-8").replace("near: {", f"near: {{{near}")
        (folder / "scenario.yaml").write_text(f"{text}resilience: {resilience}\n", "utf-8")
        scenario = load_scenario(folder)
        return replay_outages(scenario, read_region(scenario), sizes_mw, service)

    return replayed


def test_nothing_is_replayed_where_nothing_is_to_be_survived(replay):
    outages, lost = replay("off", "")
    assert outages is None
    assert lost.empty


def told(row: Replayed) -> tuple[list[str], float, dict[str, float]]:
    return [one.id for one in row.what], row.lost_mw_it, row.lost_by_class_mw_it


def test_promises_come_first_then_the_dearer_class(replay):
    """
    Without West, East has 4 MW IT: 2 and 1 that are promised, then 1 of `near`, the dearer class.

    Without East, West has 12: all 6 of `near`, and 6 of 10 of `far`.
    """
    outages, _ = replay("{survive: site}")
    west, east = outages.rows
    assert told(west) == (["west"], pytest.approx(12), pytest.approx({"near": 2, "far": 10}))
    assert told(east) == (["east"], pytest.approx(4), pytest.approx({"far": 4}))
    assert (west.sites, west.mw, west.broken_mw_it) == (1, 15.0, 0.0)
    assert west.kept_share == pytest.approx(4 / 6)
    assert east.kept_share == 1


def test_what_is_promised_and_lost_is_told(replay):
    """All of `near` is promised: without West 2 MW IT of it find no room."""
    outages, _ = replay("{survive: site}", "outage: {served: 1, rtt_ms: 5}, ")
    assert outages.worst.broken_mw_it == pytest.approx(2)
    assert outages.worst.lost_by_class_mw_it == pytest.approx({"near": 2, "far": 10})


def test_a_bound_that_does_not_relax_keeps_ashby_out_of_reach_of_east(replay):
    """East answers Ashby in 3 ms: all of its `near` is lost, and East serves some of its `far`."""
    outages, _ = replay("{survive: site}", "outage: {served: 0.5}, ")
    assert outages.worst.lost_by_class_mw_it == pytest.approx({"near": 4, "far": 8})
    assert outages.worst.broken_mw_it == pytest.approx(2)


def test_a_node_takes_out_all_below_it_and_is_told_beside_its_sites(replay):
    """Harbour has West alone below it, and itself would be no other outage than West."""
    outages, _ = replay("{survive: [site, node]}")
    assert [(kind.kind, kind.count) for kind in outages.kinds] == [("site", 2), ("node", 3)]
    assert outages.count == outages.replayed == 5
    assert [told(row)[0] for row in outages.rows] == [["west"], ["east"]]
    worst = outages.kinds[1].worst
    assert worst is not None
    assert (worst.what[0].kind, worst.lost_mw_it) == ("node", pytest.approx(12))


def test_two_at_once_are_every_pair(replay):
    outages, _ = replay("{survive: site, at_once: 2}")
    assert [told(row)[:2] for row in outages.rows] == [(["west", "east"], pytest.approx(16))]


def test_what_is_lost_when_a_site_is_out_is_told_whatever_is_to_be_survived(replay):
    _, lost = replay("{survive: node}")
    assert lost.to_dict() == pytest.approx({"west": 12, "east": 4})


def test_a_statement_comes_back_from_its_document(replay):
    outages, _ = replay("{survive: [site, node]}")
    again = Outages.from_document(outages.to_document())
    assert again.to_document() == outages.to_document()
    assert again.rows == outages.rows


def test_a_plan_that_builds_nothing_has_nothing_to_lose(replay):
    nobody = SERVICE.assign(site=None)
    outages, lost = replay("{survive: [site, node]}", sizes_mw=SIZES_MW[:0], service=nobody)
    assert (outages.count, outages.rows, outages.worst) == (0, (), None)
    assert lost.empty


def test_sites_that_serve_nobody_lose_nothing(replay):
    outages, lost = replay("{survive: site}", service=SERVICE.assign(site=None))
    assert [row.lost_mw_it for row in outages.rows] == [0, 0]
    assert outages.worst.kept_share is None
    assert lost.to_dict() == {"west": 0, "east": 0}
