"""Commands on the folder of a programme: one page, one export; else a stage must be named."""

import json
from pathlib import Path

import pytest

from microdc.placement.stages import read_stages


def test_a_programme_becomes_one_page_and_one_export(run, programme, tmp_path):
    answer = run("report", programme, "--out", tmp_path / "page.html", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["status"] == "written"
    assert "plan in 3 stages" in (tmp_path / "page.html").read_text("utf-8")
    answer = run("export", programme, "--to", "csv", "--out", tmp_path)
    assert answer.code == 0, answer.err
    assert (tmp_path / "sites.csv").read_text("utf-8-sig").startswith("stage,id,name,")


def test_a_stage_is_a_plan_as_any_other(run, programme, tmp_path):
    fleet = programme / "fleet"
    assert run("verify", fleet).code == 0
    assert run("report", fleet, "--out", tmp_path / "fleet.html").code == 0
    answer = run("compare", programme / "pilots", fleet, "--json")
    assert answer.code == 0, answer.err
    fates = {row["id"]: row["fate"] for row in json.loads(answer.out)["hosts"]}
    assert fates == {"west": "grown", "east": "added"}


def test_what_had_no_power_before_says_so(run, copy_of):
    scenario = copy_of("tiny-stages") / "scenario.yaml"
    text = scenario.read_text("utf-8")
    late = text.replace("{begins: 2026-06,", "{begins: 2026-06, lead_times: [{months: 20}],")
    scenario.write_text(late, "utf-8")
    answer = run("plan", scenario.parent, "--time-limit", "60", "--report", "--json")
    assert answer.code == 0, answer.err
    folder = Path(json.loads(answer.out)["folder"])
    text = (folder / "report.html").read_text("utf-8")
    assert "No site is new or larger in this stage." in text  # a pilot that builds nothing
    assert "In stage pilot: no power before 2028-02." in text
    assert "Candidates that the stage before could not have: 3." in text


def test_futures_are_shown_side_by_side(run, copy_of):
    scenario = copy_of("tiny-stages") / "scenario.yaml"
    futures = "[{name: low, probability: 0.4, demand_growth: 0.6}, {name: high, probability: 0.6}]"
    text = scenario.read_text("utf-8")
    scenario.write_text(f"{text}futures: {futures}\n", "utf-8")
    answer = run("plan", scenario.parent, "--time-limit", "60", "--report", "--json")
    assert answer.code == 0, answer.err
    folder = Path(json.loads(answer.out)["folder"])
    document = json.loads((folder / "stages.json").read_text("utf-8"))
    assert read_stages(folder).to_document() == document  # nothing of it is lost
    text = (folder / "report.html").read_text("utf-8")
    assert "3. fleet-high, from 2028-12 to 2036-12 (in future high, 60 % likely)" in text
    assert "Of 1 site(s) that are built in any future, 1 are built in all" in text
    assert all(f"Power by date, {future}" in text for future in ("low", "high"))
    assert "had it been known" not in text


@pytest.mark.parametrize(
    ("command", "code", "asks"),
    [
        (("explain", "{}"), 2, "explain one of its stages"),
        (("explain", "{}", "--site", "west"), 3, "the folder of one of its stages"),
        (("compare", "{}", "{}/fleet"), 3, "the folder of one of its stages"),
        (("export", "{}", "--to", "png"), 2, "draw one stage: microdc export"),
    ],
)
def test_what_takes_one_plan_asks_for_a_stage(run, programme, command, code, asks):
    answer = run(*(word.format(programme) for word in command))
    assert answer.code == code
    assert asks in answer.err.replace("\n", " ")
    assert "Traceback" not in answer.err


def test_a_programme_without_a_stage_is_refused(run, tmp_path):
    (tmp_path / "stages.json").write_text("{}", "utf-8")
    for command in (("report",), ("export", "--to", "csv")):
        answer = run(command[0], tmp_path, *command[1:])
        assert answer.code == 3
        assert "schema 1" in answer.err
    assert [path.name for path in Path(tmp_path).iterdir()] == ["stages.json"]
