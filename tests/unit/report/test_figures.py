"""Figures are the same bytes every time, whatever the plan is like, and need no window."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import microdc
from microdc.errors import InputError, UsageError
from microdc.report.export import export_plan
from microdc.report.export import figures as door
from microdc.report.figures import write_figures, write_frontier_figure
from microdc.report.figures.land import draw_land

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"
BEGINS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}

FRONTIER = {
    "name": "tiny", "title": "sites", "unit": "", "currency": "USD",
    "knee": {"x": 2, "cost": 28.4},
    "points": [
        {"x": 1, "cost": 29.0, "bound": 29.0},
        {"x": 2, "cost": 28.4, "bound": 28.4},
        {"x": 0, "cost": None, "bound": None},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return microdc.plan(TINY).plan


@pytest.fixture
def frontier(tmp_path):
    folder = tmp_path / "frontier"
    folder.mkdir()
    (folder / "frontier.json").write_text(json.dumps(FRONTIER), "utf-8")
    return folder


@pytest.mark.parametrize("kind", list(BEGINS))
def test_a_plan_is_drawn_in_the_same_bytes_every_time(plan, tmp_path, kind):
    drawn = write_figures(plan, kind, tmp_path)
    assert [path.name for path in drawn] == [f"map.{kind}", f"convergence.{kind}"]
    before = [path.read_bytes() for path in drawn]
    assert all(content.startswith(BEGINS[kind]) for content in before)
    assert [path.read_bytes() for path in write_figures(plan, kind, tmp_path)] == before


def test_no_window_and_no_setting_of_the_user_is_touched(plan, tmp_path):
    mpl = pytest.importorskip("matplotlib")
    before = dict(mpl.rcParams)
    write_figures(plan, "svg", tmp_path)
    assert dict(mpl.rcParams) == before
    assert (
        "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    )


def test_a_figure_names_its_sources_and_bears_what_looks_like_a_formula(plan, tmp_path):
    sites = plan.sites.assign(name="cost in $ and $")
    odd = replace(plan, name="$x^$", sites=sites, attributions=("Grid $ _data_", "More"))
    assert write_figures(odd, "svg", tmp_path)


def test_a_plan_without_sites_trail_or_demand_is_drawn_too(plan, tmp_path):
    proven = replace(plan.certificate, trail=())
    nothing = replace(
        plan, certificate=proven, sites=plan.sites.iloc[:0], service=plan.service.assign(site=None)
    )
    assert [path.name for path in write_figures(nothing, "svg", tmp_path)] == ["map.svg"]
    assert write_figures(replace(nothing, service=plan.service.iloc[:0]), "svg", tmp_path)


@pytest.mark.parametrize(("objective", "whose"), [("least-cost", ""), ("most-served", " such")])
def test_a_bound_of_some_plans_is_not_told_as_one_of_all(plan, objective, whose):
    convergence = pytest.importorskip("microdc.report.figures.convergence")
    above, _ = convergence.convergence_of(replace(plan, objective=objective)).axes
    assert f"bound: no{whose} plan costs less" in above.get_legend_handles_labels()[1]


def test_a_frontier_is_drawn_as_far_as_it_has_plans(tmp_path):
    (drawn,) = write_frontier_figure(FRONTIER, "pdf", tmp_path)
    assert drawn.read_bytes().startswith(b"%PDF")
    assert write_frontier_figure({**FRONTIER, "points": [], "knee": None}, "svg", tmp_path)


def test_a_folder_with_a_frontier_gives_its_figure_and_no_map(frontier, tmp_path):
    assert [path.name for path in export_plan(frontier, "png")] == ["frontier.png"]
    with pytest.raises(UsageError, match="holds a frontier"):
        export_plan(frontier, "gpkg")
    (frontier / "frontier.json").write_text('{"points": 3}', "utf-8")
    with pytest.raises(InputError, match="is not a frontier"):
        export_plan(frontier, "png")


def test_without_matplotlib_the_way_to_get_it_is_told(frontier, monkeypatch):
    monkeypatch.setattr(door, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="matplotlib, which is not installed") as told:
        export_plan(frontier, "png")
    assert "pip install" in told.value.hint


def test_a_map_shows_the_borders_that_pass_through_it_and_no_others():
    figure = pytest.importorskip("matplotlib.figure").Figure()
    drawn = {}
    for name, lon, lat in (("texas", (-106, -94), (26, 36)), ("atlantic", (-31, -24), (-1, 1))):
        ax = figure.add_subplot()
        ax.set(xlim=lon, ylim=lat)
        draw_land(ax)
        lines = [line for borders in ax.collections for line in borders.get_segments()]
        drawn[name] = lines
        assert all(line[:, 0].min() <= lon[1] and line[:, 0].max() >= lon[0] for line in lines)
    assert drawn["texas"]
    assert drawn["atlantic"] == []
