"""A plan is written whole or not at all, and read back as it was."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from microdc.errors import InputError, UsageError
from microdc.inputs.read import read_region
from microdc.placement import store
from microdc.placement.provenance import provenance
from microdc.placement.store import UnsoundPlanError, read_plan, refuse_existing, write_plan
from microdc.report.geojson import write_geojson
from microdc.scenario import load_scenario
from microdc.solve.highs import Clock
from microdc.workflow import PlanResult, plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"


@pytest.fixture
def result(tmp_path) -> PlanResult:
    shutil.copytree(TINY, tmp_path / "tiny")
    return plan_scenario(
        tmp_path / "tiny",
        tmp_path / "plans" / "tiny",
        force=False,
        overrides={},
        watch=lambda _: None,
        clock=Clock(30),
    )


def write(result: PlanResult, folder: Path, *, force: bool = False) -> None:
    write_plan(result.plan, folder, force=force, also=write_geojson)


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def test_a_plan_reads_back_as_it_was_written(result):
    again, first = (
        {key: value for key, value in plan.to_document().items() if key != "provenance"}
        for plan in (read_plan(result.folder), result.plan)
    )
    texts = (json.dumps(document, default=store._plain) for document in (again, first))
    assert len({*texts}) == 1


def test_prices_read_back_as_they_were_written(result):
    prices = read_plan(result.folder).prices
    pd.testing.assert_frame_equal(prices.points, result.plan.prices.points, check_dtype=False)
    assert prices.needed.empty
    assert result.plan.prices.needed.empty
    (result.folder / "prices.parquet").unlink()
    with pytest.raises(InputError, match=r"prices\.parquet: there is no such file"):
        read_plan(result.folder)


def test_paths_are_relative_and_nothing_of_the_inputs_is_copied(result):
    text = (result.folder / "plan.json").read_text("utf-8")
    provenance = json.loads(text)["provenance"]
    assert provenance["scenario"]["path"] == "../../tiny/scenario.yaml"
    assert all(not Path(record["path"]).is_absolute() for record in provenance["inputs"])
    assert str(result.folder.parent) not in text


def test_a_scenario_that_is_edited_during_the_search_is_not_taken_for_what_was_planned(result):
    file = result.plan.provenance["scenario"]["path"]
    planned = hashlib.sha256(file.read_bytes()).hexdigest()
    scenario, region = load_scenario(file), read_region(load_scenario(file))
    file.write_text(file.read_text("utf-8") + "# one more remark\n", "utf-8")
    assert provenance(scenario, region)["scenario"] == {"path": file, "sha256": planned}
    with pytest.raises(UsageError, match="the scenario file was changed since it was planned"):
        write(result, result.folder, force=True)


def test_a_folder_that_is_there_is_refused_without_force(result):
    with pytest.raises(UsageError, match="exists already") as refused:
        write(result, result.folder)
    assert "--force" in refused.value.hint


def test_force_replaces_a_plan_whole(result):
    (result.folder / "sites.geojson").write_text("old", "utf-8")
    write(result, result.folder, force=True)
    assert (result.folder / "sites.geojson").read_text("utf-8") != "old"
    assert beside(result.folder) == ["tiny"]


def test_force_never_deletes_files_that_are_no_plans(result, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years of work", "utf-8")
    with pytest.raises(UsageError, match=r"thesis\.docx"):
        write(result, tmp_path / "mine", force=True)


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "plan").write_text("", "utf-8")
    with pytest.raises(UsageError, match="is a file"):
        refuse_existing(tmp_path / "plan", force=True)


def test_a_plan_that_breaks_a_promise_is_not_written(result, monkeypatch):
    monkeypatch.setattr(store, "broken_promises", lambda *_: ["west: 3 MW over its headroom"])
    with pytest.raises(UnsoundPlanError, match="3 MW over its headroom"):
        write(result, result.folder.parent / "other")
    assert beside(result.folder) == ["tiny"]


def test_a_crash_while_writing_leaves_the_old_plan_and_no_litter(result):
    before = (result.folder / "plan.json").read_bytes()

    def crash(plan, folder):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_plan(result.plan, result.folder, force=True, also=crash)
    assert (result.folder / "plan.json").read_bytes() == before
    assert beside(result.folder) == ["tiny"]


def test_what_a_killed_run_left_is_cleared_away_later(result):
    old = result.folder.parent / ".tiny.abc.part"
    old.mkdir()
    os.utime(old, (0, 0))
    write(result, result.folder, force=True)
    assert beside(result.folder) == ["tiny"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"format": 99}'])
def test_a_damaged_plan_is_a_fault_of_its_file(result, damage):
    (result.folder / "plan.json").write_text(damage, "utf-8")
    with pytest.raises(InputError, match=r"plan\.json"):
        read_plan(result.folder)


def test_a_missing_or_damaged_service_table_is_a_fault_of_its_file(result):
    (result.folder / "service.parquet").write_text("no parquet", "utf-8")
    with pytest.raises(InputError, match=r"service\.parquet"):
        read_plan(result.folder)
    (result.folder / "service.parquet").unlink()
    with pytest.raises(InputError, match=r"service\.parquet"):
        read_plan(result.folder)
