"""The published British tables are read unchanged, by the scenario that ships."""

import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microdc.inputs.lint import lint
from microdc.inputs.read import read_region
from microdc.scenario import load_scenario

ROOT = Path(__file__).parents[3]
PUBLISHED = os.environ.get("MICRODC_GB_DATA", "")


@pytest.fixture
def scenario(tmp_path):
    """Lay out the scenario's folder with the files of another one as its downloads."""

    def of(downloads, power_factor):
        text = (ROOT / "scenarios/great-britain/scenario.yaml").read_text(encoding="utf-8")
        text = text.replace("power_factor: 0.95", f"power_factor: {power_factor}")
        (tmp_path / "scenario.yaml").write_text(text, encoding="utf-8")
        shutil.copytree(downloads, tmp_path / "downloads")
        return load_scenario(tmp_path)

    return of


def promise(substations, least_mw):
    """Add up what hangs below each limit, site by site: limits, sum, allowed, how many bind."""
    sites = substations[substations["candidate"] & (substations["headroom_mw"] >= least_mw)]
    below = {}
    for row in sites.itertuples():
        at = row.parent
        while at is not None:
            below[at] = below.get(at, 0.0) + row.headroom_mw
            at = substations.loc[at, "parent"]
    limit = substations.loc[list(below), "headroom_mw"]
    total = pd.Series(below)[limit.notna()]
    limit = limit.dropna()
    return len(limit), total.sum(), np.minimum(total, limit).sum(), (total > limit).sum()


def test_a_made_up_extract_with_the_published_quirks_is_read(scenario):
    made_up = scenario(ROOT / "tests/data/gb", 1)
    region = read_region(made_up)
    assert region.substations["candidate"].sum() == 7 + 5
    assert promise(region.substations, 5) == (2, 12 + 14 + 6, 20 + 6, 1)
    assert region.substations.loc["X - MADE - 10", "parent"] == "X - MADE - 01"
    assert set(region.demand["name"]) == {"Nowhere", "Moorside"}
    other, without = region.warnings
    assert "column Voltage (kV) is not read; did you mean voltage_kv?" in other
    assert "2 row(s) with no headroom of their own" in without
    assert [text.split(" ", 1)[0] for text in lint(region, made_up)] == ["4"]


@pytest.mark.skipif(not PUBLISHED, reason="MICRODC_GB_DATA names no folder")
def test_the_published_files_promise_half_as_much_again_as_there_is(scenario):
    region = read_region(scenario(Path(PUBLISHED), 1))
    nodes, promised, allowed, bind = promise(region.substations, 5)
    assert (nodes, round(promised), round(allowed), bind) == (47, 1887, 1261, 30)
    assert region.substations["candidate"].groupby(region.substations["source"]).sum().tolist() == [
        819,
        668,
    ]
