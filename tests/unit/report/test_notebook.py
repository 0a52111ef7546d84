"""What a notebook shows of a plan, whatever the plan is like."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import microdc
from microdc.report.notebook.page import page
from microdc.report.outlines import Extent, borders

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"


@pytest.fixture(scope="module")
def tiny():
    return microdc.plan(TINY).plan


def test_what_users_wrote_is_never_markup(tiny):
    sites = tiny.sites.assign(name="<b onclick=x>")
    service = tiny.service.assign(name="</svg><script>")
    shown = page(replace(tiny, name='"><i>', sites=sites, service=service, attributions=("<u>",)))
    assert not any(bad in shown for bad in ("<b ", "<script", "<i>", "<u>"))


def test_a_plan_without_sites_or_demand_is_shown_too(tiny):
    nothing = replace(tiny, sites=tiny.sites.iloc[:0], service=tiny.service.assign(site=None))
    assert "No site is built." in page(nothing)
    assert "<svg" not in page(replace(nothing, service=tiny.service.iloc[:0]))


def test_many_sites_are_counted_not_listed(tiny):
    many = pd.concat([tiny.sites.rename(index=lambda i, k=k: f"{i}{k}") for k in range(10)])
    shown = page(replace(tiny, sites=many))
    assert "and 8 more sites" in shown
    assert shown.count("<circle") == 20


def test_a_map_lies_on_the_borders_around_it():
    texas = Extent(-106.0, 26.0, -94.0, 36.0)
    assert borders("states", texas)
    assert borders("states", Extent(-31.0, -1.0, -24.0, 1.0)) == []
    (line, *_) = borders("countries", texas)
    assert line.shape[1] == 2
    assert abs(line[:, 0]).max() <= 180
