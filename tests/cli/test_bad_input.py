"""
Every kind of bad input: its exit code, one message that names the place, and no traceback.

KINDS are changes to a scenario or a table, FILES what stands in the place of a table, and ODD
what is allowed but told as a warning.
"""

import json
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


def surviving(keys: str, names: tuple[str, ...], outage: str = "{served: 1}") -> Bad:
    """Keep something of `near` in outages, with more keys before the services."""
    services = "services:\n  near: {rtt_ms: 2,"
    kept = services.replace("{", f"{{outage: {outage}, ")
    return Bad(SCENARIO, services, f"{keys}\n{kept}", names)


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
        SCENARIO,
        "unserved_mn_per_mw_yr: 1.5}",
        "unserved_mn_per_mw_yr: 1.5, split: false, outage: {served: 1}}\n"
        "resilience: {survive: [site]}",
        ("split", "not supported yet"),
    ),
    "stage without a date": Bad(
        SCENARIO, "sites:", "stages: [{name: pilots}]\nsites:", ("stages", "by: is missing")
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
    "decimal comma": Bad(SCENARIO, "pue: 1.25", "pue: 1,25", ("pue", "'1,25'", "mean 1.25?")),
    "decimal comma among commas": Bad(
        SCENARIO, "rtt_ms: 2,", "rtt_ms: 2,5,", ("services.near.5", "point before decimals")
    ),
    "per cent sign": Bad(SCENARIO, "rate: 0}", "rate: 8%}", ("rate", "'8%'", "mean 0.08?")),
    "unit behind a number": Bad(SCENARIO, "min_mw: 5", "min_mw: 5 MW", ("'5 MW'", "mean 5?")),
    "another unit behind a number": Bad(SCENARIO, "min_mw: 5", "min_mw: 5000 kW", ("'5000 kW'",)),
    "tab that indents": Bad(SCENARIO, "  min_mw: 5", "\tmin_mw: 5", ("line 17", "a tab", "spaces")),
    "colon forgotten": Bad(SCENARIO, "  min_mw: 5", "  min_mw 5", ("line 18", "is not YAML")),
    "backslashes of Windows": Bad(
        SCENARIO, "path: places.csv", 'path: "data\\places.csv"', ("line 10", "escape")
    ),
    "name that no folder can have": Bad(SCENARIO, "name: tiny", "name: a/b", ("a/b", "folder")),
    "table instead of its path": Bad(
        SCENARIO, "demand:\n  path: places.csv", "demand: places.csv\nx:\n  path: p", ("demand",)
    ),
    "services in a list": Bad(
        SCENARIO, "  near: {rtt_ms: 2,", "  - {rtt_ms: 2,", (SCENARIO, "line")
    ),
    "currency without a rate": Bad(
        SCENARIO, "currency: USD", "currency: EUR", ("EUR", "site_mn", "usd_rate")
    ),
    "demand in tokens in part": Bad(
        SCENARIO,
        "kw_it_per_1000_people: 4",
        "tokens_per_s_per_1000_people: 9",
        ("near", "tokens_per_s_per_kw_it too"),
    ),
    "demand stated twice": Bad(
        SCENARIO, "per_1000_people: 4", "per_1000_people: 4, share: 1", ("near", "twice")
    ),
    "bound that is spent before the first km": Bad(
        SCENARIO, "rtt_ms: 2,", "rtt_ms: 0.4,", ("rtt_ms", "0.4", "more than")
    ),
    "coordinate system that is not known": Bad(
        SCENARIO, "path: places.csv", "path: places.csv\n  crs: EPSG:1", ("demand.crs", "EPSG:1")
    ),
    "column mapped that is not there": Bad(
        SCENARIO,
        "path: places.csv",
        "path: places.csv\n  columns: {population: inhabitants}",
        ("columns.population", "inhabitants"),
    ),
    "site forced and forbidden": Bad(
        SCENARIO, "sites:", "limits: {force: [west], forbid: [west]}\nsites:", ("forbid", "west")
    ),
    "most of nothing scarce": Bad(
        SCENARIO, "sites:", "objective: most-served\nsites:", ("objective", "limits.max_sites")
    ),
    "outage of a kind that is not known": surviving(
        "resilience: {survive: [sites]}", ("survive[1]", "site, node, zone", "did you mean site?")
    ),
    "nothing to survive": surviving("resilience: {survive: []}", ("survive", "is empty")),
    "three outages at once": surviving(
        "resilience: {survive: site, at_once: 3}", ("at_once", "found 3", "at most 2")
    ),
    "survived zones that are nowhere": surviving(
        "resilience: {survive: [site, zone]}", ("survive", "needs zones", "zones.geojson")
    ),
    "zones that nobody survives": surviving(
        "resilience: {survive: [site]}\nzones: {path: storms.gpkg}",
        ("zones", "survive: [zone]"),
    ),
    "zones that are not there": surviving(
        "resilience: {survive: [zone]}\nzones: {path: storms.gpkg}", ("storms.gpkg: no such file",)
    ),
    "zones without a shape": surviving(
        "resilience: {survive: [zone]}\nzones: {path: places.csv}", ("has no shapes", "polygons")
    ),
    "zones of no file": surviving(
        "resilience: {survive: [zone]}\nzones: {polygons: a.shp}", ("zones.path", "is missing")
    ),
    "outage of which nothing is kept": surviving(
        "resilience: {survive: [site]}",
        ("survive", "no class keeps anything"),
        outage="{served: 0}",
    ),
    "outage that is not survived": surviving(
        "", ("services.near.outage", "means nothing without resilience")
    ),
    "outage bound tighter than in order": surviving(
        "resilience: {survive: [site]}",
        ("near.outage.rtt_ms", "found 1", "at least the rtt_ms of the class, 2"),
        outage="{served: 1, rtt_ms: 1}",
    ),
    "more kept than served": surviving(
        "resilience: {survive: [site]}", ("served", "at most 1"), outage="{served: 95}"
    ),
    "per cent kept": surviving(
        "resilience: {survive: [site]}", ("'95 %'", "mean 0.95?"), outage="{served: 95 %}"
    ),
    "folder in place of a table": Bad(SCENARIO, "path: places.csv", "path: .", ("folder",)),
    "spreadsheet": Bad(SCENARIO, "path: places.csv", "path: places.xlsx", ("places.xlsx",)),
    "unit in a cell": Bad(SUBSTATIONS, "-30,15,", "-30,15 MW,", ("west", "headroom_mw", "15 MW")),
    "per cent in a cell": Bad(SUBSTATIONS, "-30,15,", "-30,15%,", ("west", "'15%'")),
    "range in a cell": Bad(SUBSTATIONS, "-30,15,", "-30,10-15,", ("west", "'10-15'")),
    "row of units below the header": Bad(
        SUBSTATIONS, "harbour,Harbour", "-,-,deg,deg,MW,,,,,,\nharbour,Harbour", ("row 2", "'deg'")
    ),
    "degrees and minutes": Bad(PLACES, "Ashby,0,", "Ashby,0°30'N,", ("ashby", "lat", "0°30'N")),
    "eastings in place of degrees": Bad(
        PLACES, "Ashby,0,-29.5", "Ashby,180000,530000", ("ashby", "lat", "x and y with a crs")
    ),
    "column given twice": Bad(
        PLACES, "id,name,lat,lon,population", "id,name,lat,lat,population", ("column lat", "once")
    ),
    "column nearly called as it should": Bad(
        PLACES, "population", "populaton", ("population", "missing", "mean populaton?")
    ),
    "row too short": Bad(
        PLACES, "ashby,Ashby,0,-29.5,1000000", "ashby,Ashby,0", ("row 2", "5, as")
    ),
    "quote that never ends": Bad(PLACES, "ashby,Ashby", 'ashby,"Ashby', ("well-formed",)),
    "place without a position": Bad(PLACES, "Ashby,0,-29.5", "Ashby,,", ("ashby", "no position")),
    "place without demand": Bad(PLACES, "1000000", "", ("ashby", "states no demand")),
    "people below zero": Bad(PLACES, "1000000", "-1000000", ("ashby", "population", "zero or")),
    "more power than there is": Bad(
        PLACES, "1000000", "1e15", ("ashby", "population", "wants 4e+09 MW IT of near", "1,000,000")
    ),
    "substation that feeds itself": Bad(
        SUBSTATIONS, "-30,15,harbour", "-30,15,west", ("west", "its own parent")
    ),
    "demand out of reach that must be served": Bad(
        SCENARIO, "8, unserved_mn_per_mw_yr: 1.5}", "8}", ("dune",), 4
    ),
    "budget below any plan": Bad(
        SCENARIO,
        "8, unserved_mn_per_mw_yr: 1.5}",
        "8, unserved_mn_per_mw_yr: 1.5, min_served: 0.5}\nlimits: {budget_mn: 1}",
        ("budget", "takes at least", "of capital, the budget is 1.00 M"),
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


HEADER = b"id,name,lat,lon,population\n"


def geojson(geometry: str) -> bytes:
    properties = '{"id": "a", "population": 500000}'
    feature = f'{{"type": "Feature", "geometry": {geometry}, "properties": {properties}}}'
    return f'{{"type": "FeatureCollection", "features": [{feature}]}}'.encode()


FILES: dict[str, tuple[str, bytes | None, str]] = {
    "gone": ("places.csv", None, "no such file"),
    "empty": ("places.csv", b"", "is empty"),
    "no rows": ("places.csv", HEADER, "has no rows"),
    "no text": ("places.csv", HEADER + b"a,\xff\xfe\x00,0,0,1\n", "is no text"),
    "spreadsheet called CSV": ("places.csv", b"PK\x03\x04\x14\x00\x06\x00", "a spreadsheet"),
    "old spreadsheet called CSV": ("places.csv", b"\xd0\xcf\x11\xe0\xa1\xb1", "a spreadsheet"),
    "web page called CSV": ("places.csv", b"<!DOCTYPE html>\n<html></html>\n", "a web page"),
    "PDF called CSV": ("places.csv", b"%PDF-1.7\n%\xe2\xe3\n", "a PDF"),
    "JSON cut off": ("places.geojson", geojson("null")[:50], "is not GeoJSON"),
    "no geometry": ("places.geojson", geojson("null"), "states no position"),
    "empty geometry": (
        "places.geojson",
        geojson('{"type": "Polygon", "coordinates": []}'),
        "states no position",
    ),
    "geometry at infinity": (
        "places.geojson",
        geojson('{"type": "Point", "coordinates": [1e400, 0]}'),
        "states no position",
    ),
    "geometry in metres": (
        "places.geojson",
        geojson('{"type": "Point", "coordinates": [530000, 180000]}'),
        "out of range",
    ),
    "no Parquet": ("places.parquet", b"PAR1 and nothing", "is not a Parquet file"),
    "no GeoPackage": ("places.gpkg", b"SQLite format 4\x00", "is not what its ending says"),
}
"""What stands in the place of places.csv, and what is said of it."""


@pytest.mark.parametrize("kind", FILES)
def test_a_table_that_cannot_be_read_is_named(run, tiny, kind):
    name, content, says = FILES[kind]
    spoil(tiny, SCENARIO, "path: places.csv", f"path: {name}")
    (tiny / PLACES).unlink()
    if content is not None:
        (tiny / name).write_bytes(content)
    answer = run("plan", tiny, "--quiet")
    assert answer.code == 3, answer.err
    assert f"{name}: " in answer.err
    assert says in answer.err
    assert "Traceback" not in answer.err


ODD = {
    "latitude and longitude swapped": (
        {"0,-30": "-30,0", "0,-29,": "-29,0,", "0,-28,": "-28,0,", "0,-29.5": "-29.5,0"},
        "latitude and longitude look swapped",
    ),
    "one headroom in kW": ({"-30,15,": "-30,15000,"}, "as if in kW: west"),
    "parent that is nowhere": ({"15,harbour": "15,harbor"}, "did you mean 'harbour'?"),
    "column misspelt": ({"site_mn": "sites_mn"}, "did you mean site_mn?"),
    "position of nothing": ({"0,-29.5,15": "0,0,15", "0,-29,": "0,0,"}, "latitude 0, longitude 0"),
    "title above the header": ({"id,name": "Stations,,,,,,,,,,\nid,name"}, "header in row 2"),
}
"""Changes to substations.csv that are allowed, and what is told of them."""


@pytest.mark.parametrize("kind", ODD)
def test_what_looks_wrong_but_may_be_right_is_told(run, tiny, kind):
    changes, says = ODD[kind]
    for old, new in changes.items():
        spoil(tiny, SUBSTATIONS, old, new)
    answer = run("check", tiny, "--json")
    assert answer.code == 0, answer.err
    assert says in " ".join(json.loads(answer.out)["warnings"])


def test_there_are_at_least_forty_kinds_of_bad_input():
    assert len(KINDS) + len(FILES) >= 40


def test_more_pairs_than_fit_into_memory_are_refused_before_they_are_built(run, tiny, monkeypatch):
    monkeypatch.setattr("microdc.latency.estimate.OF_A_PAIR", 1e9)
    answer = run("check", tiny)
    assert answer.code == 3
    assert "6 demand points x 3 candidates, of which about 0 million pairs" in answer.err
    assert "allowed: 4 GB" in answer.err


def test_a_scenario_that_is_not_there_is_named(run, tiny):
    answer = run("plan", tiny / "nowhere")
    assert answer.code == 3
    assert "nowhere" in answer.err


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
