"""Every kind of bad input: its exit code, one message that names the place, and no traceback."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SUBSTATIONS, PLACES, SCENARIO = "substations.csv", "places.csv", "scenario.yaml"
BOMB = "x0: &x0 [z]\n" + "".join(
    f"x{k}: &x{k} [{', '.join([f'*x{k - 1}'] * 10)}]\n" for k in range(1, 12)
)
"""A hundred thousand million elements in a dozen lines, for whoever expands them."""


@dataclass(frozen=True)
class Bad:
    """A change to scenarios/tiny, the exit code it ends with, and what the message names."""

    file: str
    old: str
    new: str
    names: tuple[str, ...]
    code: int = 3


KINDS = {
    "yaml syntax": Bad(SCENARIO, "sites:", "sites: [", (SCENARIO,)),
    "unknown key with the nearest right word": Bad(
        SCENARIO,
        "facility_mn_per_mw_it",
        "facilty_mn_per_mw_it",
        (SCENARIO, "facilty_mn_per_mw_it", "did you mean facility_mn_per_mw_it"),
    ),
    "key given twice": Bad(SCENARIO, "  pue: 1.25", "  pue: 1.25\n  pue: 1.3", (SCENARIO, "pue")),
    "feature that is not there yet": Bad(
        SCENARIO, "sites:", "zones: {path: storms.gpkg}\nsites:", ("zones", "not supported yet")
    ),
    "grammar of another version": Bad(SCENARIO, "schema: 1", "schema: 2", ("schema",)),
    "required key missing": Bad(SCENARIO, "name: tiny", "", ("name",)),
    "smallest size above the largest": Bad(SCENARIO, "min_mw: 5", "min_mw: 30", ("min_mw",)),
    "class without demand": Bad(SCENARIO, "kw_it_per_1000_people: 8, ", "", ("far",)),
    "negative price": Bad(
        SCENARIO,
        "unserved_mn_per_mw_yr: 4",
        "unserved_mn_per_mw_yr: -4",
        ("unserved_mn_per_mw_yr",),
    ),
    "text where a number belongs": Bad(SCENARIO, "rtt_ms: 2,", "rtt_ms: soon,", ("rtt_ms", "soon")),
    "number that is none": Bad(
        SCENARIO, "route_factor: 1.5", "route_factor: .nan", ("route_factor",)
    ),
    "negative budget": Bad(SCENARIO, "sites:", "limits: {budget_mn: -1}\nsites:", ("budget_mn",)),
    "hostile where": Bad(
        SCENARIO,
        "  path: substations.csv",
        "  path: substations.csv\n  where: \"__import__('os').system('touch owned')\"",
        ("where",),
    ),
    "hostile where in pandas' own words": Bad(
        SCENARIO,
        "  path: substations.csv",
        "  path: substations.csv\n  where: \"@pd.io.common.os.system('touch owned')\"",
        ("where",),
    ),
    "hostile tag": Bad(
        SCENARIO, "name: tiny", "name: !!python/object/apply:os.system ['touch owned']", (SCENARIO,)
    ),
    "alias bomb": Bad(SCENARIO, "name: tiny", BOMB + "name: tiny", (SCENARIO, "alias")),
    "unknown unit": Bad(
        SCENARIO,
        "  path: substations.csv",
        "  path: substations.csv\n  units: {headroom_mw: furlong}",
        ("headroom_mw", "furlong"),
    ),
    "table that is not there": Bad(SCENARIO, "path: places.csv", "path: towns.csv", ("towns.csv",)),
    "site forced that does not exist": Bad(
        SCENARIO, "sites:", "limits: {force: [wset]}\nsites:", ("force", "wset", "west")
    ),
    "column missing": Bad(SUBSTATIONS, "headroom_mw", "spare", (SUBSTATIONS, "headroom_mw")),
    "negative megawatts": Bad(SUBSTATIONS, "-30,15,", "-30,-15,", (SUBSTATIONS, "west", "-15")),
    "megawatts that are words": Bad(
        SUBSTATIONS, "-30,15,", "-30,plenty,", (SUBSTATIONS, "west", "plenty")
    ),
    "latitude off the globe": Bad(PLACES, "Ashby,0,", "Ashby,95,", (PLACES, "ashby", "lat", "95")),
    "id given twice": Bad(PLACES, "brook,Brook", "ashby,Brook", (PLACES, "ashby")),
    "cycle in the power tree": Bad(
        SUBSTATIONS, "-29.5,15,,", "-29.5,15,west,", (SUBSTATIONS, "harbour", "west")
    ),
    "demand out of reach that must be served": Bad(
        SCENARIO, "8, unserved_mn_per_mw_yr: 1.5}", "8}", ("dune",), 4
    ),
    "budget below any plan": Bad(
        SCENARIO,
        "8, unserved_mn_per_mw_yr: 1.5}",
        "8, unserved_mn_per_mw_yr: 1.5, min_served: 0.5}\nlimits: {budget_mn: 1}",
        ("budget",),
        4,
    ),
}


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def everything_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("bad", KINDS.values(), ids=KINDS)
def test_bad_input_is_one_message_that_names_the_place(run, tiny, bad):
    if "budget" in bad.names:
        spoil(tiny, PLACES, "dune,Dune,0,-25,250000\n", "")
    spoil(tiny, bad.file, bad.old, bad.new)
    before = everything_in(tiny.parent)
    answer = run("plan", tiny, "--quiet")
    assert answer.code == bad.code, answer.err
    assert answer.err.count("error:") == 1
    assert "Traceback" not in answer.err
    assert [name for name in bad.names if name.lower() not in answer.err.lower()] == []
    assert everything_in(tiny.parent) == before


@pytest.mark.parametrize("bad", KINDS.values(), ids=KINDS)
def test_bad_input_asked_for_in_json_is_one_object(run, tiny, bad):
    if "budget" in bad.names:
        spoil(tiny, PLACES, "dune,Dune,0,-25,250000\n", "")
    spoil(tiny, bad.file, bad.old, bad.new)
    told = json.loads(run("plan", tiny, "--quiet", "--json").out)
    assert told["status"] == {3: "bad input", 4: "infeasible"}[bad.code]
    assert told["message"]
    assert bool(told["faults"]) == (bad.code == 3)


@pytest.mark.parametrize(
    "ruin",
    [
        lambda table: table.write_text("", "utf-8"),
        lambda table: table.write_text("id,name,lat,lon,population\n", "utf-8"),
        lambda table: table.write_bytes(b"id,name,lat,lon,population\na,\xff\xfe\x00,0,0,1\n"),
        lambda table: table.unlink(),
    ],
    ids=["no header", "no rows", "not text", "gone"],
)
def test_a_table_that_cannot_be_read_is_named(run, tiny, ruin: Callable[[Path], object]):
    ruin(tiny / PLACES)
    answer = run("plan", tiny, "--quiet")
    assert answer.code == 3, answer.err
    assert PLACES in answer.err
    assert "Traceback" not in answer.err


def test_a_scenario_that_is_not_there_is_named(run, tiny):
    answer = run("plan", tiny / "nowhere")
    assert answer.code == 3
    assert "nowhere" in answer.err


def test_a_parent_that_is_in_no_table_is_warned_about_with_the_nearest_name(run, tiny):
    spoil(tiny, SUBSTATIONS, "15,harbour", "15,harbor")
    (warning,) = json.loads(run("check", tiny, "--json").out)["warnings"]
    assert "'harbor' (did you mean 'harbour'?)" in warning


def test_default_costs_are_refused_in_another_currency(run, tiny):
    spoil(tiny, SCENARIO, "currency: USD", "currency: SEK")
    spoil(tiny, SCENARIO, "  facility_mn_per_mw_it: 10\n", "")
    answer = run("plan", tiny, "--quiet")
    assert answer.code == 3
    for name in ("SEK", "facility_mn_per_mw_it", "usd_rate"):
        assert name in answer.err


def test_faults_of_all_tables_are_told_together(run, tiny):
    spoil(tiny, SUBSTATIONS, "-30,15,", "-30,-15,")
    spoil(tiny, SUBSTATIONS, "East,0,", "East,95,")
    spoil(tiny, PLACES, "1000000", "many")
    answer = run("check", tiny, "--json")
    told = json.loads(answer.out)
    assert answer.code == 3
    assert len(told["faults"]) == 3
    for name in ("west", "east", "ashby", SUBSTATIONS, PLACES):
        assert name in answer.err


def test_faults_of_the_scenario_are_told_together(run, tiny):
    spoil(tiny, SCENARIO, "pue: 1.25", "pue: 0.5")
    spoil(tiny, SCENARIO, "connection_mn", "conection_mn")
    spoil(tiny, SCENARIO, "route_factor: 1.5", "route_factor: 0")
    answer = run("check", tiny, "--json")
    assert len(json.loads(answer.out)["faults"]) == 3
    for name in ("pue", "connection_mn", "route_factor"):
        assert name in answer.err


@pytest.mark.parametrize("command", [("verify",), ("export", "--to", "geojson")])
def test_a_plan_that_is_not_there_is_named(run, tiny, command):
    answer = run(command[0], "plans/nowhere", *command[1:])
    assert answer.code in {2, 3}
    assert "nowhere" in answer.err
    assert "Traceback" not in answer.err


def test_markup_and_escapes_in_user_text_are_shown_as_they_are(run, tiny):
    spoil(tiny, SCENARIO, "path: places.csv", 'path: "[red]towns.csv"')
    answer = run("check", tiny)
    assert answer.code == 3
    assert "[red]towns" in answer.err
    assert "\x1b" not in answer.err
