"""Hours, connections, what moves and what waits: said soundly, or every fault told at once."""

from pathlib import Path

import pytest

from microdc.errors import InputError
from microdc.scenario import assumptions, parse_scenario

SMALL = """\
schema: 1
name: small
substations: {path: substations.csv}
demand: {path: places.csv}
services:
  near: {rtt_ms: 2, kw_it_per_1000_people: 12}
  far: {rtt_ms: 9, kw_it_per_1000_people: 12}
"""
HOURS = "hours: {profiles: profiles.csv}\n"
WITH = SMALL + HOURS


def read(text):
    return parse_scenario(text.encode(), Path("scenario.yaml"))


def told(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.message


def near(text, more):
    return text.replace("rtt_ms: 2,", f"rtt_ms: 2, {more},")


def test_nothing_has_hours_and_connections_are_firm_unless_it_is_said():
    scenario = read(SMALL)
    assert (scenario.hours, scenario.connection.type, scenario.connection.terms) == (
        None,
        "firm",
        {},
    )
    assert [(s.movable, s.defer) for s in scenario.services.values()] == [(True, None)] * 2


@pytest.mark.parametrize(
    ("said", "paths"),
    [
        ("p.csv", ["p.csv"]),
        ("{path: p.csv, where: id == 'n'}", ["p.csv"]),
        ("[p.csv, {path: q.csv}]", ["p.csv", "q.csv"]),
    ],
)
def test_profiles_are_a_path_a_table_or_several(said, paths):
    profiles = read(SMALL + f"hours: {{profiles: {said}}}\n").hours.profiles
    assert [str(source.path) for source in profiles] == paths


@pytest.mark.parametrize(
    ("said", "use", "days"),
    [
        ("all", "all", None),
        ("peak", "peak", None),
        ("12 days", "12 days", 12),
        ("1 day", "1 day", 1),
    ],
)
def test_hours_are_used_all_at_the_peak_or_by_days_that_stand_for_them(said, use, days):
    hours = read(SMALL + f"hours: {{profiles: p.csv, use: {said}}}\n").hours
    assert (hours.use, hours.days) == (use, days)


@pytest.mark.parametrize("said", ["12 hours", "0 days", "days", "12", "-3 days", "every"])
def test_another_choice_of_hours_is_told(said):
    message = told(SMALL + f"hours: {{profiles: p.csv, use: {said}}}\n")
    assert f"hours.use: is no choice of hours; found {said}; allowed: all, peak" in message


def test_a_flexible_connection_states_its_terms():
    text = WITH + "connection: {type: flexible, max_hours_per_yr: 100, max_run_h: 4}\n"
    assert read(text).connection.terms == {"max_hours_per_yr": 100, "max_run_h": 4}


@pytest.mark.parametrize("said", ["firm", "off", "{type: firm}", "", "{max_run_h: 0}"])
def test_a_firm_connection_may_be_said(said):
    assert read(WITH + f"connection: {said}\n").connection.type == "firm"


BAD = {
    "flexible without hours": (
        SMALL + "connection: {type: flexible, max_run_h: 2}\n",
        "connection.type: needs hours; found flexible; allowed: with hours: {profiles",
    ),
    "flexible without terms": (
        WITH + "connection: flexible\n",
        "connection.type: states no term that limits it",
    ),
    "terms of a firm one": (
        WITH + "connection: {max_mwh_per_mw_yr: 9}\n",
        "connection.max_mwh_per_mw_yr: means nothing for a firm connection; found 9; allowed: 0",
    ),
    "another type": (WITH + "connection: flexibel\n", "found flexibel"),
    "a term misspelt": (
        WITH + "connection: {type: flexible, max_hours: 9}\n",
        "connection.max_hours: unknown key; did you mean max_hours_per_yr?",
    ),
    "a term below zero": (
        WITH + "connection: {type: flexible, max_run_h: -1}\n",
        "connection.max_run_h: is too small; found -1; allowed: at least 0",
    ),
    "movable without hours": (near(SMALL, "movable: true"), "services.near.movable: needs hours"),
    "defer without hours": (
        near(SMALL, "defer: {share: 0.1, hours: 4}"),
        "services.near.defer: needs hours: there is no other hour",
    ),
    "movable neither": (near(WITH, "movable: 1"), "movable: is neither true nor false; found 1"),
    "defer and stay": (
        near(WITH, "movable: false, defer: {share: 0.1, hours: 4}"),
        "services.near.defer: is not supported yet for a service that does not move",
    ),
    "defer a day and more": (
        near(WITH, "defer: {share: 0.1, hours: 24}"),
        "services.near.defer.hours: is too large; found 24; allowed: at most 23",
    ),
    "defer more than all": (
        near(WITH, "defer: {share: 1.1, hours: 2}"),
        "services.near.defer.share: is too large",
    ),
    "outages too": (
        near(WITH, "outage: {served: 1}") + "resilience: {survive: site}\n",
        "hours: is not supported yet together with resilience",
    ),
    "no profiles": (SMALL + "hours: {use: all}\n", "hours.profiles: is missing"),
    "empty profiles": (SMALL + "hours: {profiles: []}\n", "hours.profiles: is empty"),
    "a key of profiles": (
        SMALL + "hours: {profiles: {path: p.csv, colums: {}}}\n",
        "hours.profiles.colums: unknown key; did you mean columns?",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_by_name(case):
    text, says = BAD[case]
    assert says in told(text)


def test_that_load_moves_is_an_assumption_where_there_are_hours():
    def of_services(text):
        return [a.key for a in assumptions(read(text)) if a.key.startswith("services")]

    assert of_services(SMALL) == []
    assert of_services(near(WITH, "movable: false")) == ["services.far.movable"]
