"""What is survived and what is kept: said soundly, or every fault told at once."""

from pathlib import Path

import pytest

from microdc.errors import InputError
from microdc.scenario import parse_scenario

SMALL = """\
schema: 1
name: small
substations: {path: substations.csv}
demand: {path: places.csv}
services:
  near: {rtt_ms: 2, kw_it_per_1000_people: 12}
  far: {rtt_ms: 9, kw_it_per_1000_people: 12}
"""
KEPT = SMALL.replace("rtt_ms: 2,", "rtt_ms: 2, outage: {served: 0.9, rtt_ms: 4},")
SITES = "resilience: {survive: [site]}\n"


def read(text):
    return parse_scenario(text.encode(), Path("scenario.yaml"))


def told(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.message


def test_nothing_is_survived_and_nothing_kept_unless_it_is_said():
    scenario = read(SMALL)
    assert (scenario.resilience, scenario.zones) == (None, ())
    near = scenario.services["near"]
    assert (near.outage, near.kept, near.outage_rtt_ms) == (None, 0, 2)


def test_a_class_keeps_a_share_within_a_bound_of_its_own():
    scenario = read(KEPT + "resilience: {survive: [site, node], at_once: 2}\n")
    assert (scenario.resilience.survive, scenario.resilience.at_once) == (("site", "node"), 2)
    near, far = scenario.services.values()
    assert (near.kept, near.outage_rtt_ms) == (0.9, 4)
    assert (far.kept, far.outage_rtt_ms) == (0, 9)


def test_one_word_is_a_list_of_one_and_one_outage_at_once_is_usual():
    resilience = read(KEPT + "resilience: {survive: node}\n").resilience
    assert (resilience.survive, resilience.at_once) == (("node",), 1)


def test_an_outage_without_a_bound_keeps_that_of_the_class():
    scenario = read(KEPT.replace(", rtt_ms: 4}", "}") + SITES)
    assert scenario.services["near"].outage_rtt_ms == 2


def test_zones_come_from_one_file_or_several():
    zones = "resilience: {survive: [zone]}\nzones: {path: storms.gpkg}\n"
    assert [z.path for z in read(KEPT + zones).zones] == [Path("storms.gpkg")]
    more = zones.replace("{path: storms.gpkg}", "[{path: a.shp}, {path: b.geojson}]")
    assert len(read(KEPT + more).zones) == 2


BAD = {
    "a word that is not known": (
        KEPT + "resilience: {survive: [site, nodes]}\n",
        "line 8, resilience.survive[2]: is not one of the allowed words; found nodes; "
        "allowed: site, node, zone; did you mean node?",
    ),
    "nothing to survive": (KEPT + "resilience: {survive: []}\n", "resilience.survive: is empty"),
    "nothing said to survive": (
        KEPT + "resilience: {at_once: 1}\n",
        "resilience.survive: is missing",
    ),
    "three at once": (
        KEPT + "resilience: {survive: [site], at_once: 3}\n",
        "line 8, resilience.at_once: is too large; found 3; allowed: at most 2",
    ),
    "none at once": (
        KEPT + "resilience: {survive: [site], at_once: 0}\n",
        "resilience.at_once: is too small; found 0; allowed: at least 1",
    ),
    "one and a half at once": (
        KEPT + "resilience: {survive: [site], at_once: 1.5}\n",
        "resilience.at_once: is not a whole number; found 1.5",
    ),
    "zones that are nowhere": (
        KEPT + "resilience: {survive: [site, zone]}\n",
        "line 8, resilience.survive: needs zones; found zone; allowed: with zones: {path: ",
    ),
    "zones that nobody survives": (
        KEPT + SITES + "zones: {path: storms.gpkg}\n",
        "line 9, zones: means nothing unless zones are survived; allowed: with survive: [zone]",
    ),
    "zones without resilience": (
        SMALL + "zones: {path: storms.gpkg}\n",
        "line 8, zones: means nothing unless zones are survived",
    ),
    "zones without a file": (
        KEPT + "resilience: {survive: zone}\nzones: {file: storms.gpkg}\n",
        "zones.path: is missing",
    ),
    "nothing kept": (
        SMALL + SITES,
        "line 8, resilience.survive: no class keeps anything in an outage; found site; "
        "allowed: outage: {served: 1} of some class",
    ),
    "a share of nothing": (KEPT.replace("0.9", "0") + SITES, "no class keeps anything"),
    "an outage of no resilience": (
        KEPT,
        "line 6, services.near.outage: means nothing without resilience; "
        "allowed: with resilience: {survive: [site]}",
    ),
    "a bound tighter than in order": (
        KEPT.replace("rtt_ms: 4", "rtt_ms: 1") + SITES,
        "line 6, services.near.outage.rtt_ms: is tighter than in order; found 1; "
        "allowed: at least the rtt_ms of the class, 2",
    ),
    "more than all": (
        KEPT.replace("0.9", "1.2") + SITES,
        "line 6, services.near.outage.served: is too large; found 1.2; allowed: at most 1",
    ),
    "less than nothing": (
        KEPT.replace("0.9", "-1") + SITES,
        "services.near.outage.served: is too small",
    ),
    "a per cent sign": (
        KEPT.replace("0.9", "90 %") + SITES,
        "outage.served: is not a number; found '90 %'; did you mean 0.9?",
    ),
    "no share": (KEPT.replace("served: 0.9, ", "") + SITES, "services.near.outage.served: is miss"),
    "a misspelt key": (
        KEPT + SITES.replace("survive", "survives"),
        "resilience.survives: unknown key; did you mean survive?",
    ),
    "a share for a section": (
        KEPT.replace("{served: 0.9, rtt_ms: 4}", "0.9") + SITES,
        "services.near.outage: is not a mapping of keys; found 0.9",
    ),
    "what is kept, said of the whole": (
        KEPT + SITES + "outage: {served: 1}\n",
        "line 9, outage: unknown key; did you mean services.outage?",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_is_told_with_line_and_what_is_allowed(kind):
    text, words = BAD[kind]
    assert words in told(text)


def test_faults_of_all_these_keys_are_told_together():
    text = SMALL.replace("rtt_ms: 2,", "rtt_ms: 2, outage: {served: 0, rtt_ms: 1},")
    message = told(text + "resilience: {survive: [zone]}\n")
    assert message.startswith("3 faults")
    for words in ("is tighter than in order", "no class keeps anything", "needs zones"):
        assert words in message
