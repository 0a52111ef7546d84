"""What `check` says of hours, and that what is wrong with them ends in exit code 3."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

HERE = Path(__file__).parents[2] / "scenarios" / "tiny"


@pytest.fixture
def tiny(tmp_path):
    """Give a copy of scenarios/tiny with profiles of two days that stand for a year."""
    shutil.copytree(HERE, tmp_path / "tiny")
    folder = tmp_path / "tiny"
    text = (folder / "scenario.yaml").read_text("utf-8")
    site = pd.read_csv(folder / "substations.csv")["id"].iloc[-1]
    hours = pd.date_range("2026-01-01", periods=48, freq="h")
    time = pd.Series(hours.strftime("%Y-%m-%dT%H:%MZ"))
    share = [1.0] * 24 + [0.5] + [1.0] * 23
    table = pd.DataFrame({"time": time, "id": site, "headroom_share": share, "weight_h": 182.5})
    table.to_csv(folder / "profiles.csv", index=False)
    hours = "hours: {profiles: profiles.csv, use: peak}\n"
    terms = "connection: {type: flexible, max_hours_per_yr: 200, max_mwh_per_mw_yr: 500}\n"
    (folder / "scenario.yaml").write_text(f"{text}{hours}{terms}", "utf-8")
    return folder


def test_hours_used_and_in_force_are_told(run, tiny):
    answer = run("check", tiny)
    assert answer.code == 0, answer.err
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    for told in (
        "hours of the tables 48 from 2026-01-01T00:00Z",
        "weights of them, h 8760.0",
        "profiles of headroom, and of demand 1, 0",
        "substations and limits that follow one 1",
        "day of least headroom 24 hours from 2026-01-02T00:00Z",
        "hours in which service is promised 24 of 1 day(s)",
        "of them no easier than any other, and so in force 1",
        "connections flexible",
        "their max_hours_per_yr 200",
        "their max_mwh_per_mw_yr 500",
    ):
        assert told in lines, answer.out
    assert "follow no profile; their headroom counts as the same in every hour" in " ".join(lines)


def test_what_stays_and_what_waits_is_told(run, tiny):
    scenario = tiny / "scenario.yaml"
    text = scenario.read_text("utf-8")
    text = text.replace("near: {", "near: {movable: false, ", 1)
    text = text.replace("far: {", "far: {defer: {share: 0.25, hours: 3}, ", 1)
    scenario.write_text(text, "utf-8")
    answer = run("check", tiny)
    assert answer.code == 0, answer.err
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert "near is served all year from the same sites" in lines
    assert "far may wait 25 % for up to 3 h" in lines


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("2026-01-02T00:00Z", "2026-01-02T00:30Z", "is not the start of an hour in UTC"),
        ("182.5", "182", "the weights do not add up to a year"),
        ("0.5", "1.5", "column headroom_share: is out of range; found '1.5'; allowed: 0 to 1"),
        ("headroom_share", "headroom_shar", "did you mean headroom_shar?"),
    ],
)
def test_what_is_wrong_with_profiles_ends_in_exit_code_3(run, tiny, right, wrong, says):
    table = tiny / "profiles.csv"
    table.write_text(table.read_text("utf-8").replace(right, wrong), "utf-8")
    answer = run("check", tiny)
    assert (answer.code, answer.out) == (3, "")
    assert says in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


def test_a_missing_table_is_told(run, tiny):
    (tiny / "profiles.csv").unlink()
    answer = run("check", tiny)
    assert answer.code == 3
    assert "profiles.csv: no such file" in answer.err
