"""A short run of what `long.py` does for long."""

import sys

import pytest
from fuzz import mutate
from fuzz.mutate import run_on

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no alarm to end a hang with")


@pytest.mark.parametrize("start", range(0, 60, 10))
def test_input_changed_at_random_ends_in_an_answer_and_leaves_nothing_over(start):
    ended = {number: run_on(number) for number in range(start, start + 10)}
    assert {number: end.wrong for number, end in ended.items() if end.wrong} == {}


def test_a_bug_would_be_seen(monkeypatch):
    def fails(_):
        raise SystemExit(1)

    monkeypatch.setattr(mutate, "main", fails)
    assert mutate.run_on(0).wrong.startswith("exit code 1")
    monkeypatch.setattr(mutate, "main", lambda _: 1 / 0)
    assert "ZeroDivisionError" in mutate.run_on(0).wrong


def test_the_changes_lead_to_plans_as_well_as_to_refusals():
    codes = {run_on(number).code for number in range(20)}
    assert {0, 3} <= codes
