import json
from dataclasses import replace

import pytest

from microdc.batch.result import RESULT, Result, Status, read_result, write_result


@pytest.fixture
def planned(tmp_path):
    return Result(
        name="a/b",
        file=tmp_path / "scenarios" / "a" / "b.yaml",
        status=Status.PLANNED,
        plan=tmp_path.__class__("a/b"),
        seconds=1.5,
        key="k",
        time_limit_s=60.0,
        figures={"cost": 12.5, "bound": 12.4},
    )


def test_what_is_written_is_read_back(planned, tmp_path):
    out = tmp_path / "plans"
    folder = out / "a" / "b"
    folder.mkdir(parents=True)
    write_result(planned, folder, out)
    assert read_result(folder, out) == planned


def test_the_file_names_no_folder_above_the_batch(planned, tmp_path):
    out = tmp_path / "plans"
    assert planned.to_document(out)["file"] == "../scenarios/a/b.yaml"
    assert str(tmp_path) not in json.dumps(planned.to_document(out))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "a"}', '{"status": "done"}'])
def test_a_file_that_holds_no_result_counts_as_none(text, tmp_path):
    (tmp_path / RESULT).write_text(text)
    assert read_result(tmp_path, tmp_path) is None


def test_a_folder_without_a_result_has_none(tmp_path):
    assert read_result(tmp_path / "missing", tmp_path) is None


def test_only_a_result_with_a_folder_has_a_plan(planned):
    assert planned.has_plan
    assert not replace(planned, plan=None, status=Status.INFEASIBLE).has_plan
