"""Every constraint as it stands in the LP file, so that a change in the mathematics shows."""

import inspect
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from instances import surviving
from pyomo.repn.plugins.lp_writer import LPWriter
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from microdc.instance import Hours, Instance, Projects, Reach, Stages, Tiers
from microdc.instance.stages.risk import Risk
from microdc.model import constraints
from microdc.model import projects as project_rules
from microdc.model.build import build
from microdc.model.compact import build_compact, in_hours, in_order, in_outages


class LP(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "lp"


def rules_of(module) -> list[str]:
    functions = inspect.getmembers(module, inspect.isfunction)
    return [name for name, f in functions if f.__module__ == module.__name__]


PLANNERS = rules_of(constraints)
FLOWS = ["serve_or_leave", "serve_only_from_built"]
AT_PEAK = ["serve_from_one_site", "carry_within_size", "answer_within_mean_rtt"]
IN_PROJECTS = [
    "belong_to_one_project",
    "belong_to_a_centre",
    "size_is_that_in_projects",
    "size_where_it_belongs",
    "project_at_least_min",
    "own_what_belongs",
    "owners_at_most",
]
IN_OUTAGES = ["keep_in_outage", "carry_within_size_in_outage", "serve_only_from_built_in_outage"]
IN_HOURS = [
    "serve_in_time",
    "serve_only_from_built_in_time",
    "draw_for_what_is_served",
    "draw_within_size",
    "draw_within_available",
    "draw_within_tree_limit_by_hour",
]


@pytest.fixture
def every_rule() -> Instance:
    """
    North (10 MW, of another class above 9 MW) and south (20 MW, of which 3 exist) below one supply
    point; three points, two groups. As for stages, south is what north becomes, and the first may
    spend less.
    """
    return Instance(
        sites=pd.DataFrame(
            {
                "min_mw": [5.0, 5.0],
                "cap_mw": [10.0, 20.0],
                "existing_mw": [0.0, 3.0],
                "pue": [1.25, 1.5],
                "site_mn_yr": [1.0, 2.0],
                "size_mn_per_mw_yr": [1.5, 1.25],
                "site_capital_mn": [4.0, 3.0],
                "size_capital_mn_per_mw": [9.0, 8.0],
                "modular": [True, True],
                "standing": [False, True],
                "forced": [True, False],
                "forbidden": [False, True],
            },
            index=["north", "south"],
        ),
        points=pd.DataFrame(
            {
                "place": ["a", "b", "c"],
                "service": "chat",
                "group": [0, 0, 1],
                "mw_it": [2.0, 3.0, 4.0],
            }
        ),
        groups=pd.DataFrame(
            {
                "unserved_mn_per_mw_yr": [8.0, 4.0],
                "max_unserved_mw_it": [0.5, 4.0],
                "rtt_bound_ms": [2.0, 5.0],
                "split": [False, True],
            },
            index=["fast", "slow"],
        ),
        reach=Reach(
            start=np.array([0, 1, 3, 4]),
            site=np.array([0, 0, 1, 1], dtype=np.int32),
            rtt_ms=np.array([0.5, 1.5, 1.25, 4.0]),
        ),
        nodes=pd.DataFrame({"limit_mw": [25.0]}, index=["supply point"]),
        below=csr_array(np.ones((1, 2))),
        modules_mw=(5.0, 8.0),
        tiers=Tiers(
            begins_mw=np.array([0.0, 9.001]),
            ends_mw=np.array([9.0, np.inf]),
            applies=np.array([True, False]),
            site_mn_yr=np.array([[0.0, 2.5], [0.0, 0.0]]),
            size_mn_per_mw_yr=np.array([[0.25, 0.0], [0.0, 0.0]]),
            site_capital_mn=np.array([[0.0, 20.0], [0.0, 0.0]]),
            size_capital_mn_per_mw=np.array([[2.0, 0.0], [0.0, 0.0]]),
        ),
        budget_mn=300.0,
        most_unserved_mw_it=3.0,
        most_mean_rtt_ms=2.5,
        counts=pd.DataFrame({"most": [2]}, index=["all"]),
        counted=csr_array(np.ones((1, 2))),
        apart=csr_array(np.ones((1, 2))),
        stages=Stages(
            site=np.array([0, 0]),
            of=np.array([0, 1]),
            budget_mn=np.array([120.0, np.inf]),
            before=np.array([-1, 0]),
        ),
    )


def lp_of(m: pyo.ConcreteModel, only: str) -> str:
    for constraint in m.component_objects(pyo.Constraint):
        if constraint.name != only:
            constraint.deactivate()
    out = io.StringIO()
    LPWriter().write(m, out, symbolic_solver_labels=True)
    text = out.getvalue()
    return text[text.index("s.t.") : text.index("bounds")].strip() + "\n"


@pytest.mark.parametrize("name", PLANNERS)
def test_a_rule_is_as_written(name, every_rule, snapshot):
    assert lp_of(build(every_rule), only=name) == snapshot(extension_class=LP)


def test_a_future_costs_no_more_than_the_level_and_what_is_above_it(every_rule, snapshot):
    """South is the second stage, in a future of a half; the first is the same in all."""
    risk = Risk(
        probability=np.array([0.5, 0.5]),
        most=np.array([1.0, 0.75]),
        less_mn=np.array([4.0, -4.0]),
        future=np.array([-1, 0]),
        of_group=np.array([0, 1]),
        constant_mn=np.array([1.0, 0.25]),
    )
    m = build(replace(every_rule, risk=risk))
    assert lp_of(m, only="cost_above_level") == snapshot(extension_class=LP)
    assert LinearStandardFormCompiler().write(m).c_offset == pytest.approx([1.0])


def test_what_is_left_counts_for_the_months_of_its_stage(every_rule):
    timed = replace(every_rule, groups=every_rule.groups.assign(months=[0.0, 24.0]))
    text = lp_of(build(timed), only="leave_unserved_in_all_at_most")
    assert [line for line in text.splitlines() if " v(" in line] == ["+24.0 v(2)"]


@pytest.mark.parametrize("name", FLOWS + AT_PEAK)
def test_a_row_of_the_textbook_model_is_as_written(name, every_rule, snapshot):
    assert lp_of(build_compact(every_rule), only=name) == snapshot(extension_class=LP)


def test_the_textbook_model_has_no_rows_but_the_planners_and_these(every_rule):
    rows = {c.name for c in build_compact(every_rule).component_objects(pyo.Constraint)}
    assert rows == {*PLANNERS, *FLOWS, *AT_PEAK}
    assert rows - set(PLANNERS) < set(rules_of(in_order))


@pytest.fixture
def projects(every_rule) -> Instance:
    """Either site joins the other's project, of 12 MW and one owner at least and at most."""
    together = Projects(
        joins=np.array([True, True]),
        member=np.array([0, 0, 1, 1]),
        centre=np.array([0, 1, 0, 1]),
        owner=np.array([4, 7]),
        least_mw=12.0,
        most_owners=1,
    )
    return replace(every_rule, projects=together)


@pytest.mark.parametrize("name", IN_PROJECTS)
def test_a_row_of_projects_is_as_written(name, projects, snapshot):
    assert lp_of(build(projects), only=name) == snapshot(extension_class=LP)


def test_projects_add_no_rows_but_their_own(projects):
    rows = {c.name for c in build(projects).component_objects(pyo.Constraint)}
    assert rows == {*PLANNERS, *IN_PROJECTS}
    assert set(IN_PROJECTS) < set(rules_of(project_rules))


@pytest.fixture
def outages(every_rule) -> Instance:
    """Either site may be out; half of b and all of c are kept, and c reaches north as well then."""
    wider = Reach(start=np.array([0, 1, 3, 5]), site=np.array([0, 0, 1, 0, 1], dtype=np.int32))
    return surviving(every_rule, [[0], [1]], np.array([0.0, 0.5, 1.0]), wider)


@pytest.mark.parametrize("name", IN_OUTAGES)
def test_a_row_of_outages_is_as_written(name, outages, snapshot):
    assert lp_of(build_compact(outages), only=name) == snapshot(extension_class=LP)


def test_outages_add_no_rows_but_their_own(outages):
    rows = {c.name for c in build_compact(outages).component_objects(pyo.Constraint)}
    assert rows == {*PLANNERS, *FLOWS, *AT_PEAK, *IN_OUTAGES}
    assert set(IN_OUTAGES) < set(rules_of(in_outages))


@pytest.fixture
def hours(every_rule) -> Instance:
    """
    A day of three hours, in which a moves, b is always served from the same sites, and half of c
    may wait an hour; in the second, north has nothing to spare.
    """
    by_hour = Hours(
        what=pd.DataFrame({"time": ["00", "01", "02"], "day": 0, "weight_h": 2920.0}),
        available_mw=np.array([[10.0, 20.0], [0.0, 20.0], [10.0, 15.0]]),
        limits=pd.Index(["supply point", "elsewhere"]),
        limit_mw=np.array([[20.0, 1.0], [15.0, 1.0], [25.0, 1.0]]),
        below=csr_array(np.array([[1.0, 1.0], [0.0, 0.0]])),
        services=pd.DataFrame(
            {
                "moves": [True, False, True],
                "deferred_share": [0.0, 0.0, 0.5],
                "defer_h": [0, 0, 1],
            },
            index=["chat", "voice", "batch"],
        ),
        share=np.array([[1.0, 0.5, 0.25], [0.0, 1.0, 1.0], [0.75, 0.5, 0.5]]),
        service=np.array([0, 1, 2]),
    )
    return replace(every_rule, hours=by_hour)


@pytest.mark.parametrize("name", FLOWS + IN_HOURS)
def test_a_row_of_hours_is_as_written(name, hours, snapshot):
    assert lp_of(build_compact(hours), only=name) == snapshot(extension_class=LP)


def test_hours_have_rows_of_their_own_for_what_a_site_carries(hours):
    rows = {c.name for c in build_compact(hours).component_objects(pyo.Constraint)}
    assert rows == {*PLANNERS, *FLOWS, *IN_HOURS}
    assert set(IN_HOURS) < set(rules_of(in_hours))


def test_the_objective_is_as_written(every_rule, snapshot):
    m = build(replace(every_rule, constant_mn_yr=7.0))
    assert str(m.annual_cost.expr) == snapshot


def test_rules_without_members_leave_no_row(every_rule):
    free = replace(
        every_rule,
        sites=every_rule.sites.assign(
            existing_mw=0.0, standing=False, forced=False, forbidden=False
        ),
        nodes=pd.DataFrame({"limit_mw": [3.0]}, index=["elsewhere"]),
        below=csr_array((1, 2)),
        modules_mw=(),
        tiers=None,
        budget_mn=None,
        most_unserved_mw_it=None,
        counts=pd.DataFrame({"most": [1]}, index=["of another state"]),
        counted=csr_array((1, 2)),
        apart=csr_array((1, 2)),
        stages=None,
    )
    rows = list(build(free).component_data_objects(pyo.Constraint))
    assert {row.parent_component().name for row in rows} == {
        "size_within_cap",
        "size_at_least_min",
        "leave_unserved_at_most",
    }


@pytest.mark.parametrize(
    "name",
    ["draw_within_size_by_hour", "draw_within_headroom_by_hour", "draw_within_tree_limit_by_hour"],
)
def test_a_row_of_loads_is_as_written(name, hours, snapshot):
    assert lp_of(build(hours), only=name) == snapshot(extension_class=LP)
