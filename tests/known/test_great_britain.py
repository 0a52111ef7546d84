"""The published British files, read unchanged; skipped where they are not at hand."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from microdc.inputs.read import read_region
from microdc.placement.parts.over_promise import over_promise
from microdc.placement.verify import broken_promises
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

SCENARIO = Path(__file__).parents[2] / "scenarios" / "great-britain" / "scenario.yaml"
DATA = os.environ.get("MICRODC_GB_DATA")

pytestmark = pytest.mark.skipif(not DATA, reason="MICRODC_GB_DATA names no folder")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Give the shipped scenario beside the downloads it asks for."""
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    for name in (
        "ssen_headroom_2026-03.csv",
        "northern_powergrid_heatmap_2026-06.geojson",
        "cities15000_GB.csv",
    ):
        shutil.copy(Path(DATA) / name, downloads)
    return Path(shutil.copy(SCENARIO, tmp_path))


def without_power_factor(scenario: Scenario) -> Scenario:
    sources = tuple(s.model_copy(update={"power_factor": 1.0}) for s in scenario.substations)
    return scenario.model_copy(update={"substations": sources})


def test_adding_up_published_headroom_promises_half_as_much_again_as_there_is(scenario):
    region = read_region(without_power_factor(load_scenario(scenario)))
    report = over_promise(region, 5.0, pd.Series(dtype=float))
    assert len(report.rows) == 47
    assert report.sum_mw == pytest.approx(1887, abs=0.5)
    assert report.allowed_mw == pytest.approx(1261, abs=0.5)
    assert report.rows["binds"].sum() == 30


def test_the_published_headroom_is_planned_within_a_thousandth(scenario, tmp_path):
    result = plan_scenario(
        scenario, tmp_path / "plan", force=False, overrides={}, watch=lambda _: None,
        clock=Clock(float("inf")),
    )  # fmt: skip
    proven = result.plan.certificate
    assert result.plan.status == "within gap"
    assert proven.gap <= 0.001
    assert len(result.plan.sites) >= 25
    assert result.plan.over_promise.to_document()["nodes"] == 47
    assert broken_promises(result.folder) == []
    assert replace(proven, gap=0.0).bound_mn_yr <= proven.cost_mn_yr


def made_up_parcels(scenario: Path, count: int) -> geopandas.GeoDataFrame:
    """Lay fields of 4 ha around real substations, up to 5 km away, at made-up prices."""
    rng = np.random.default_rng(0)
    rows = read_region(load_scenario(scenario)).substations
    candidates = rows[rows["candidate"]]
    points = geopandas.points_from_xy(candidates["lon"], candidates["lat"], crs=4326)
    at = points.to_crs(27700)[rng.integers(0, len(candidates), count)]
    away, towards = rng.uniform(100, 5000, count), rng.uniform(0, 2 * np.pi, count)
    x, y = at.x + away * np.cos(towards), at.y + away * np.sin(towards)
    columns = {"ref": [f"field {k}" for k in range(count)], "price": rng.uniform(0.5, 6, count)}
    fields = shapely.box(x - 100, y - 100, x + 100, y + 100)
    return geopandas.GeoDataFrame(columns, geometry=fields, crs=27700)


def test_made_up_parcels_near_published_headroom_are_planned(scenario, tmp_path):
    made_up_parcels(scenario, 3000).to_file(scenario.parent / "parcels.gpkg")
    parcels = "{path: parcels.gpkg, max_feeder_km: 3, columns: {id: ref, site_mn: price}}"
    text = scenario.read_text("utf-8").replace("demand:", f"parcels: {parcels}\ndemand:", 1)
    scenario.write_text(text, encoding="utf-8")
    result = plan_scenario(
        scenario, tmp_path / "plan", force=False, overrides={}, watch=lambda _: None,
        clock=Clock(float("inf")),
    )  # fmt: skip
    sites = result.plan.sites
    assert result.plan.certificate.gap <= 0.001
    assert sites.index.str.startswith("field").all()
    assert sites["feeder_km"].between(0, 3).all()
    drawn = sites.groupby("substation")["mw"].sum()
    headroom = sites.drop_duplicates("substation").set_index("substation")["headroom_mw"]
    assert (drawn <= headroom[drawn.index] + 1e-4).all()
    assert len(result.plan.excluded) > 500
