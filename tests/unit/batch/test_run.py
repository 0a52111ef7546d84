"""Batches with a worker in this process; processes of their own are in tests/cli/test_batch.py."""

import json
from dataclasses import replace

import pytest

from microdc.batch import key
from microdc.batch.result import RESULT, Status, read_result
from microdc.batch.workers import answer
from microdc.errors import UsageError
from microdc.placement.verify import broken_promises
from microdc.solve.outcome import Reached


def statuses(batch):
    return {result.name: result.status for result in batch.results}


def computed(batch):
    return {result.name for result in batch.results} - batch.before


def append(file, line):
    file.write_text(file.read_text() + line)


def test_every_scenario_ends_in_a_result_of_its_own(planned, tmp_path):
    batch = planned()
    assert statuses(batch) == {
        "alone": Status.PLANNED,
        "broken": Status.BAD_INPUT,
        "north": Status.PLANNED,
        "south": Status.PLANNED,
    }
    assert not batch.all_planned
    for result in batch.results:
        assert read_result(batch.out / result.name, batch.out) == result
        assert (result.plan is None) or broken_promises(batch.out / result.plan) == []


@pytest.mark.usefixtures("quick")
def test_a_fault_is_told_with_file_line_and_key(planned):
    broken = next(result for result in planned().results if result.name == "broken")
    assert "broken.yaml: line 4, sites.max_mw" in broken.reason
    assert "/" not in broken.reason.partition("sites")[0]


@pytest.mark.usefixtures("quick")
def test_what_is_up_to_date_is_not_computed_again(planned):
    planned()
    assert computed(planned()) == {"broken"}  # its faults are read again, which takes no worker


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        ("other-places.csv", "e,Elm,50.0,1.0,1000\n", {"alone"}),
        ("substations.csv", "", {"alone", "north", "south"}),
        ("north.yaml", "solve: {seed: 1}\n", {"north"}),
        ("_base.yaml", "# said in a few words\n", {"alone", "north", "south"}),
    ],
)
def test_one_line_of_one_input_recomputes_those_that_read_it(planned, folder, file, line, expected):
    planned()
    text = (folder / file).read_text()
    header, first, *rest = text.splitlines(keepends=True)
    same_size = text if line else "".join([header, first.replace("1", "2", 1), *rest])
    (folder / file).write_text(same_size + line)
    assert computed(planned()) - {"broken"} == expected


@pytest.mark.usefixtures("quick")
def test_other_code_computes_all_again(planned, monkeypatch):
    planned()
    monkeypatch.setattr("microdc.batch.run.code", lambda: "other")
    monkeypatch.setattr("microdc.batch.key.code", lambda: "other")
    monkeypatch.setattr("microdc.batch.workers.answer.code", lambda: "other")
    assert computed(planned()) == {"alone", "broken", "north", "south"}


@pytest.mark.usefixtures("quick")
def test_a_worker_with_other_code_answers_nothing(planned, monkeypatch):
    monkeypatch.setattr("microdc.batch.workers.answer.code", lambda: "other")
    failed = {r.status for r in planned().results if r.name != "broken"}
    assert failed == {Status.FAILED}


@pytest.mark.usefixtures("quick")
def test_force_computes_all_again(planned):
    planned()
    assert computed(planned(mode="force")) == {"alone", "broken", "north", "south"}


@pytest.mark.usefixtures("quick")
def test_a_result_whose_plan_is_gone_is_computed_again(planned):
    (planned().out / "north" / "plan.json").unlink()
    assert "north" in computed(planned())


def test_what_was_stopped_is_tried_again_with_more_time_only(planned):
    first = planned(solving={"gap": 0.0, "time_limit_s": 1e-3})
    assert Status.PLANNED not in statuses(first).values()
    assert computed(planned(solving={"gap": 0.0, "time_limit_s": 1e-3})) == {"broken"}
    assert computed(planned(solving={"gap": 0.0, "time_limit_s": 1e-3}, retry=True)) >= {"north"}
    again = planned(solving={"gap": 0.0, "time_limit_s": 60.0})
    assert computed(again) >= {"alone", "north", "south"}


@pytest.mark.usefixtures("quick")
def test_an_objective_that_is_not_proven_is_not_told_as_a_gap(planned, plan_of_tiny, monkeypatch):
    reached = (Reached(objective="fewest-sites", value=2.0, bound=1.0),)
    proven = replace(plan_of_tiny.certificate, reached=reached)
    late = replace(plan_of_tiny, objective="fewest-sites", status="time limit", certificate=proven)
    monkeypatch.setattr(answer, "plan_from", lambda *_: (late, None))
    north = next(result for result in planned().results if result.name == "north")
    assert north.status is Status.STOPPED
    said = "fewest-sites is not proven (2 new site(s), at least 1)"
    assert north.reason == f"stopped (time limit): {said}"
    far = replace(late, certificate=replace(proven, gap=0.03))
    monkeypatch.setattr(answer, "plan_from", lambda *_: (far, None))
    north = next(result for result in planned(mode="force").results if result.name == "north")
    gap = "the gap is 3 %, 0.1 % was asked for"
    assert north.reason == f"stopped (time limit): {gap}; {said}"


@pytest.mark.usefixtures("quick")
def test_a_result_names_the_file_that_is_there_now(planned, folder):
    planned()
    (folder / "north.yaml").rename(folder / "north.yml")
    batch = planned()
    north = next(result for result in batch.results if result.name == "north")
    assert "north" in batch.before
    assert north.file.name == "north.yml"


@pytest.mark.usefixtures("quick")
def test_what_became_of_a_scenario_that_is_gone_is_left_alone(planned, folder):
    out = planned().out
    (folder / "north.yaml").unlink()
    assert planned().gone == ["north"]
    assert (out / "north" / "plan.json").exists()


@pytest.mark.usefixtures("quick")
def test_a_scenario_that_broke_loses_its_plan(planned, folder):
    out = planned().out
    append(folder / "north.yaml", "servces: {}\n")
    (out / "north" / "notes.txt").write_text("ours", "utf-8")
    assert statuses(planned())["north"] is Status.BAD_INPUT
    assert {path.name for path in (out / "north").iterdir()} == {RESULT, "notes.txt"}


@pytest.mark.usefixtures("quick")
def test_results_of_another_folder_are_not_mixed_in(planned, folder):
    planned()
    other = folder.rename(folder.with_name("other"))
    with pytest.raises(UsageError, match="another folder"):
        planned(folder=other)
    assert len(planned(folder=other, mode="force").results) == 4


@pytest.mark.usefixtures("quick")
def test_a_folder_that_is_no_batch_is_left_alone(planned, folder):
    with pytest.raises(UsageError, match="something else than a batch"):
        planned(out=folder)


@pytest.mark.usefixtures("quick")
def test_a_run_that_was_killed_as_it_began_is_in_nobodys_way(planned, tmp_path):
    (tmp_path / "out").mkdir()
    for left in (".lock", "..batch.json.part"):
        (tmp_path / "out" / left).write_text("")
    assert len(planned().results) == 4


@pytest.mark.usefixtures("quick")
def test_our_own_bug_is_told_and_the_others_go_on(planned, monkeypatch):
    def one_fails(known, scenario, *others):
        if scenario.name == "north":
            raise ZeroDivisionError("nobody expected this")
        return plan(known, scenario, *others)

    plan = answer.plan_from
    monkeypatch.setattr("microdc.batch.workers.answer.plan_from", one_fails)
    batch = planned()
    assert statuses(batch)["north"] is Status.FAILED
    assert statuses(batch)["south"] is Status.PLANNED
    log = (batch.out / "batch.log").read_text()
    assert "Traceback" in log
    assert "nobody expected this" in log
    monkeypatch.setattr(answer, "plan_from", plan)
    assert computed(planned()) == {"broken", "north"}


@pytest.mark.usefixtures("quick")
def test_a_batch_that_lost_its_claim_writes_nothing_more(planned, monkeypatch, folder):
    out = folder.parent / "out"

    def another_comes(known, scenario, *others):
        (out / ".batch.json").write_text(json.dumps({"batch": "another"}))
        return plan(known, scenario, *others)

    plan = answer.plan_from
    monkeypatch.setattr("microdc.batch.workers.answer.plan_from", another_comes)
    assert Status.PLANNED not in statuses(planned()).values()
    assert not (out / "north").exists()


def test_files_are_hashed_again_when_they_change(tmp_path):
    hashes, file = key.Hashes(), tmp_path / "a.csv"
    file.write_text("1")
    first = hashes.of(file)
    file.write_text("22")
    assert hashes.of(file) != first
    file.unlink()
    assert hashes.of(file) == "FileNotFoundError"


def test_what_a_neighbour_taught_changes_no_answer(planned, folder):
    (folder / "broken.yaml").unlink()
    apart = {result.name: result.figures for result in planned().results}
    batch = planned(reuse=True)
    assert computed(batch) == {"alone", "north", "south"}  # another address than without
    for result in batch.results:
        assert result.status is Status.PLANNED
        assert result.figures["cost"] == pytest.approx(apart[result.name]["cost"], rel=1e-3)
    assert computed(planned(reuse=True)) == set()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("file", ["other-places.csv", "alone.yaml"])
def test_a_file_that_changes_while_it_is_planned_leaves_no_result_behind(
    planned, folder, monkeypatch, file
):
    def meanwhile(known, scenario, *others):
        if scenario.name == "alone":
            append(folder / file, "\n")
        return plan(known, scenario, *others)

    plan = answer.plan_from
    monkeypatch.setattr(answer, "plan_from", meanwhile)
    batch = planned()
    assert statuses(batch)["alone"] is Status.FAILED
    assert "changed meanwhile" in next(r.reason for r in batch.results if r.name == "alone")
    monkeypatch.setattr(answer, "plan_from", plan)
    assert computed(planned()) == {"alone", "broken"}
