"""Profiles that were read without faults and still look wrong."""

import pytest

from microdc.inputs.lint import lint
from microdc.inputs.read import read_region


@pytest.fixture
def doubts(scenario_of, written):
    def of(*tables):
        scenario = scenario_of(**written(*tables))
        return [text for text in lint(read_region(scenario), scenario) if "price_year" not in text]

    return of


def test_profiles_that_come_to_their_peak_raise_no_doubt(doubts, day):
    everyone = day("load_share", 1, id="n"), day("headroom_share", 0.5, id="m")
    assert doubts(*everyone, day("demand_share", 1, service="near")) == []


def test_a_load_that_never_comes_near_its_peak_is_doubted(doubts, day):
    told = doubts(day("load_share", 0.62, id="n"), day("headroom_share", 0.2, id="m"))
    assert told == ["load_share comes nowhere near 1, so the peak is in no hour: n (0.62)"]


def test_a_demand_that_never_comes_near_its_peak_is_doubted(doubts, day):
    told = doubts(day("demand_share", 0.5, service="near"))
    assert told == ["demand_share comes nowhere near 1, so the peak is in no hour: near (0.5)"]


def test_candidates_without_a_profile_among_others_with_one_are_told(doubts, day):
    told = doubts(day("headroom_share", 0.5, id="west"))
    assert told == [
        "2 candidate(s) follow no profile; their headroom counts as the same in every hour: "
        "east, far"
    ]
