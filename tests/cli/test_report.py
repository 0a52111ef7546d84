"""`microdc report` and `microdc plan --report`."""

import errno
import json
import os
from pathlib import Path

import pytest

FOLDER = Path("plans/tiny")


def test_a_plan_is_written_with_its_report(run, tiny):
    answer = run("plan", tiny, "--report", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["cost"] == pytest.approx(28.4)
    text = (FOLDER / "report.html").read_text("utf-8")
    assert json.loads((FOLDER / "plan.json").read_text("utf-8"))["verdict"] in text
    assert run("plan", tiny, "--force").code == 0
    assert not (FOLDER / "report.html").exists()  # a page never stays beside another plan


def test_a_report_is_made_of_a_plan_that_is_there(run, tiny_plan):
    answer = run("report", tiny_plan, "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out) == {"status": "written", "file": str(FOLDER / "report.html")}
    assert run("report", tiny_plan).code == 0  # its own page is replaced
    assert run("verify", tiny_plan).code == 0


def test_a_file_that_is_there_is_replaced_only_if_told_to(run, tiny_plan):
    assert run("report", tiny_plan, "--out", "pages/one.html").code == 0
    answer = run("report", tiny_plan, "--out", "pages/one.html")
    assert answer.code == 2
    assert "--force" in answer.err
    assert run("report", tiny_plan, "--out", "pages/one.html", "--force").code == 0
    assert run("report", tiny_plan, "--out", "pages").code == 2
    assert [path.name for path in Path("pages").iterdir()] == ["one.html"]


def test_what_is_no_plan_is_refused(run, tiny_plan):
    answer = run("report", "scenarios")
    assert answer.code == 3
    assert "Traceback" not in answer.err
    (tiny_plan / "plan.json").write_text("{}", "utf-8")
    assert run("report", tiny_plan).code == 3


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_nothing_is_no_bug(run, monkeypatch, number):
    def full(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("microdc.report.page.write_report", full)
    answer = run("report", "plans/any", "--json")
    assert answer.code == 2
    assert json.loads(answer.out)["status"] == "usage"
    assert os.strerror(number) in answer.err
    assert "Traceback" not in answer.err


def test_a_page_that_is_not_finished_leaves_nothing_in_the_plan(run, tiny_plan, monkeypatch):
    files = sorted(path.name for path in tiny_plan.iterdir())
    seen = []

    def stop(self, *_, **__):
        seen.extend(path.name for path in tiny_plan.iterdir())
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", stop)
    assert run("report", tiny_plan).code == 2
    assert sorted(seen) == files
    assert sorted(path.name for path in tiny_plan.iterdir()) == files
