"""Names and numbers of variants of scenarios/tiny."""

from pathlib import Path

import pytest

from microdc.errors import InputError, UsageError
from microdc.scenario import load_scenario
from microdc.studies.sweeping.stated import swept_in
from microdc.studies.sweeping.variants import variants_of

SCENARIOS = Path(__file__).parents[4] / "scenarios"


@pytest.fixture(scope="module")
def tiny():
    return load_scenario(SCENARIOS / "tiny")


def variants(scenario, *texts, paired=False, most=100):
    return variants_of(scenario, swept_in(texts), paired=paired, most=most)


def stems(scenario, *texts):
    return [variant.stem for variant in variants(scenario, *texts)]


def test_a_grid_is_every_combination_and_sorts_as_it_goes(tiny):
    names = stems(tiny, "sites.max_mw=5,7.5,20", "services.near.rtt_ms=2,10")
    assert names == [
        "max_mw-05.0--rtt_ms-02",
        "max_mw-05.0--rtt_ms-10",
        "max_mw-07.5--rtt_ms-02",
        "max_mw-07.5--rtt_ms-10",
        "max_mw-20.0--rtt_ms-02",
        "max_mw-20.0--rtt_ms-10",
    ]
    assert names == sorted(names)


def test_pairs_take_the_values_of_one_place_together(tiny):
    found = variants(tiny, "sites.max_mw=5,10", "limits.max_sites=2,1", paired=True)
    assert [variant.changes for variant in found] == [
        {"sites": {"max_mw": 5}, "limits": {"max_sites": 2}},
        {"sites": {"max_mw": 10}, "limits": {"max_sites": 1}},
    ]


def test_text_and_what_does_not_ascend_is_numbered_so_that_it_sorts(tiny):
    assert stems(tiny, "limits.max_sites=3,2,null") == [
        "max_sites-v1-3",
        "max_sites-v2-2",
        "max_sites-v3-null",
    ]
    told = stems(tiny, """substations.where=id == 'west',id != 'west'""")
    assert told == ["where-v1-id-west", "where-v2-id-west"]


def test_keys_of_one_name_are_told_apart_by_what_is_before_it(tiny):
    texts = ("services.near.rtt_ms=2", "services.far.rtt_ms=5")
    assert stems(tiny, *texts) == ["near-rtt_ms-2--far-rtt_ms-5"]


def test_names_that_grow_too_long_are_numbers(tiny):
    keys = ("facility_mn_per_mw_it", "feeder_mn_per_km", "fibre_mn_per_km", "connection_mn")
    texts = [f"costs.{key}=1,2" for key in keys]
    assert stems(tiny, *texts) == [f"{n:02}" for n in range(1, 17)]


def test_every_fault_of_every_variant_is_told_once(tiny):
    with pytest.raises(InputError) as told:
        variants(tiny, "sites.max_mw=10,wide", "sites.pu=1,2", "services.near.rtt_ms=-1,2,3")
    says = [(fault.at, fault.says, fault.nearest) for fault in told.value.faults]
    assert sorted(says) == [
        ("services.near.rtt_ms", "is too small", ""),
        ("sites.max_mw", "is not a number", ""),
        ("sites.pu", "unknown key", "pue"),
    ]


def test_a_class_that_is_not_there_is_not_begun(tiny):
    with pytest.raises(UsageError, match="no class ner") as told:
        variants(tiny, "services.ner.rtt_ms=2")
    assert "did you mean near?" in told.value.hint


def test_more_than_are_allowed_are_refused_before_any_is_made(tiny):
    with pytest.raises(UsageError, match="9 variants, more than 8"):
        variants(tiny, "sites.max_mw=10,15,20", "limits.max_sites=1,2,3", most=8)
    with pytest.raises(UsageError, match="as many values of each key"):
        variants(tiny, "sites.max_mw=10,15,20", "limits.max_sites=1,2", paired=True)
