"""What an editor is told of scenario.yaml is what the reader takes."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from microdc.cli import main
from microdc.errors import InputError
from microdc.report.schema import scenario_schema
from microdc.scenario import parse_scenario
from microdc.yaml12 import read_yaml

ROOT = Path(__file__).parents[3]
SHIPPED = sorted(ROOT.glob("scenarios/*/scenario.yaml"))
SMALL = """
schema: 1
name: small
substations: {path: a.csv}
demand: {path: b.csv}
services: {near: {rtt_ms: 2, kw_it_per_1000_people: 4}}
"""


@pytest.fixture(scope="module")
def schema() -> dict:
    return scenario_schema()


def faults(schema, text: str) -> list[str]:
    """Tell what an editor would underline."""
    value = read_yaml(text.encode(), "scenario.yaml").value
    return [error.message for error in Draft7Validator(schema).iter_errors(value)]


def is_read(text: str) -> bool:
    try:
        parse_scenario(text.encode(), Path("scenario.yaml"))
    except InputError:
        return False
    return True


def test_it_is_a_json_schema(schema):
    Draft7Validator.check_schema(schema)
    assert schema["$schema"].startswith("http://json-schema.org/draft-07")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_it_accepts_the_scenarios_that_ship(schema, path):
    assert faults(schema, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "more",
    [
        "",
        "latency:\n",
        "limits: {force: [007, b7], max_sites: 3, max_sites_by: {state: 2}}",
        "sites: {modules_mw: [5, 10]}\n",
        "exclude: off\nconnection: firm\nparcels: []\n",
        "parcels: {path: p.gpkg, max_feeder_km: 3, feeder_route_factor: 1.3, fibre_km: 0}",
        "parcels: [{path: p.gpkg, max_feeder_km: 3}, {path: q.csv, max_feeder_km: 2.5}]",
        "connection: {type: firm, max_hours_per_yr: 0, max_mwh_per_mw_yr: 0, max_run_h: 0}",
        "hubs: {path: hubs.csv}",
        "hubs: [{path: a.csv}, {path: b.csv, units: {mw_it: kW}}]",
        "hubs: off",
        "connection: {type: flexible, max_run_h: 3}\nhours: {profiles: [a.csv, {path: b.csv}]}",
        "hours: {profiles: {path: a.csv, where: id == 'n'}, use: 12 days}",
        "hours: {profiles: a.csv, use: peak}",
        "hours: off",
        "objective: most-served\nlimits: {budget_mn: 5}",
        "objective: fewest-sites",
        "objective: [fewest-sites, least-worst-rtt, least-cost]",
        "currency: USD\nusd_rate: null\n",
    ],
)
def test_it_accepts_what_the_reader_accepts(schema, more):
    assert is_read(SMALL + more)
    assert faults(schema, SMALL + more) == []


@pytest.mark.parametrize(
    ("right", "other"),
    [
        ("name: small", "name: 007"),
        ("{path: a.csv}", "[{path: a.csv}, {path: c.csv, columns: {id: 7, parent: [a, b]}}]"),
        ("{path: b.csv}", "{path: b.csv, where:, source: {date: 2026-01-01}}"),
        ("rtt_ms: 2,", "rtt_ms: 2.5e0, defer: off, split: true,"),
    ],
)
def test_it_accepts_other_ways_to_say_it(schema, right, other):
    text = SMALL.replace(right, other)
    assert is_read(text)
    assert faults(schema, text) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("services:", "servises:"),
        ("rtt_ms", "rtt"),
        ("schema: 1", "schema: 2"),
        ("rtt_ms: 2", "rtt_ms: '2'"),
        ("rtt_ms: 2", "rtt_ms: 0"),
        ("{path: a.csv}", "[]"),
        ("{path: a.csv}", "{path: a.csv, columns: {id: []}}"),
        ("name: small", "name: true"),
        ("name: small", "name: small\nlimits: {max_sites_by: {county: 2}}"),
        ("name: small", "name: small\nsolve: {threads: 0}"),
        ("name: small", "name: small\nparcels: {path: p.gpkg}"),
        ("name: small", "name: small\nparcels: {path: p.gpkg, max_feeder_km: 0}"),
        ("name: small", "name: small\nobjective: cheapest"),
        ("name: small", "name: small\nconnection: flexibel"),
        ("name: small", "name: small\nconnection: {max_run_h: -1}"),
        ("name: small", "name: small\nhours: {profiles: a.csv, use: 12 hours}"),
        ("name: small", "name: small\nhours: {use: 12 days}"),
        ("rtt_ms: 2", "rtt_ms: 2, movable: 1"),
        ("rtt_ms: 2", "rtt_ms: 2, split: 0"),
        ("rtt_ms: 2", "rtt_ms: 2, defer: {share: 1}"),
        ("name: small", "name: small\nresilience: {survive: [sites]}"),
        ("name: small", "name: small\nresilience: {survive: []}"),
        ("name: small", "name: small\nresilience: {survive: site, at_once: 3}"),
        ("rtt_ms: 2", "rtt_ms: 2, outage: {rtt_ms: 4}"),
        ("rtt_ms: 2", "rtt_ms: 2, outage: {served: 1.5}"),
    ],
)
def test_it_refuses_what_the_reader_refuses(schema, right, wrong):
    text = SMALL.replace(right, wrong)
    assert not is_read(text)
    assert faults(schema, text) != []


def test_every_key_is_described(schema):
    sections = {"": schema, **schema["$defs"]}
    for name, section in sections.items():
        assert section["description"], name
        for key, about in section["properties"].items():
            told = about if "description" in about else schema["$defs"][about["$ref"][8:]]
            assert told["description"], f"{name}.{key}"


def test_a_default_tells_its_unit_and_source(schema):
    pue = schema["$defs"]["Sites"]["properties"]["pue"]
    assert (pue["default"], pue["unit"]) == (1.25, "MW/MW IT")
    assert "Uptime" in pue["source"]
    assert pue["source"] in pue["description"]


def test_the_command_prints_it(schema, capsys):
    with pytest.raises(SystemExit):
        main(["schema"])
    assert json.loads(capsys.readouterr().out) == schema
