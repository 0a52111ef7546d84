"""
Existing sites and hubs on paper.

A megawatt costs 1 M a year (10 M of capital over 10 years without interest) and a site 2 M, energy
0.5 M a MW and year; PUE is 1. Within 2 ms stand `old`, where 6 MW exist and 3 MW are left, and
`new` with 20 MW; `chat` at `town` wants 6 MW IT within 2 ms, `batch` 6 MW IT within 10 ms.

Without hubs 12 MW are needed, 6 exist. Another 6 MW at `new` cost 2 + 6 = 8; 3 at `old` and 5 (no
site is smaller) at `new` 3 + 2 + 5 = 10; 1 at `old` and 5 at `new` again 8. Energy of 12 MW is 6:
14 M a year. No plan avoids 12 M: 6 MW IT beyond what exists at 1.5, and the energy of the 6 that
do, 3; the 2 M for a site are what siting could avoid.

A hub far away, 1.2 M per MW IT and year, changes that: growing `old` costs 1.5 with energy, a hub
1.2, and no new site is needed for what tolerates the distance. Of its 4 MW IT all are reserved,
and `old` grows by 2: 4.8 + 2 + 8 x 0.5 = 10.8 M a year.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from microdc.checking import check_scenario
from microdc.errors import InfeasibleError, InputError
from microdc.placement.verify import broken_promises
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

SUBSTATIONS = "id,lat,lon,headroom_mw,existing_mw\nnew,51.0,-1.00,20,\nold,51.0,-1.01,3,6\n"
HUBS = "id,name,lat,lon,mw_it,mn_per_mw_it_yr\ncentral,Central,52.5,-1,4,1.2\n"
PLACES = "id,lat,lon,service,mw_it\ntown,51,-1,chat,6\ntown,51,-1,batch,6\n"
SCENARIO = f"""\
schema: 1
name: standing
substations: {{path: substations.csv}}
demand: {{path: places.csv}}
services: {{chat: {{rtt_ms: 2}}, batch: {{rtt_ms: 10}}}}
sites: {{pue: 1}}
costs: {{facility_mn_per_mw_it: 10, site_mn: 20, connection_mn: 0, energy_per_mwh: {5e5 / 8760},
  annuity: {{years: 10, rate: 0}}}}
"""

Planned = Callable[..., dict]


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write the case on paper with its tables and scenario changed."""

    def write(more: str = "", scenario: str = SCENARIO, **tables: str) -> Path:
        texts = {"substations": SUBSTATIONS, "places": PLACES, "hubs": HUBS} | tables
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        (tmp_path / "scenario.yaml").write_text(scenario + more, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def planned(written) -> Planned:
    """Plan the case on paper, changed or not; the plan is verified."""

    def plan(*more: str, **tables: str) -> dict:
        folder = written(*more, **tables)
        quiet = {"watch": lambda _: None, "clock": Clock(30)}
        plan_scenario(folder, folder / "plan", force=True, overrides={"gap": 1e-6}, **quiet)
        assert broken_promises(folder / "plan") == []
        return json.loads((folder / "plan" / "plan.json").read_text("utf-8"))

    return plan


def cost(document: dict) -> float:
    return document["certificate"]["cost_mn_yr"]


def sizes(document: dict) -> dict[str, float]:
    return {site["id"]: pytest.approx(site["mw"], abs=1e-4) for site in document["sites"]}


def test_what_exists_is_sunk_and_a_new_site_carries_the_rest(planned):
    document = planned("limits: {max_sites: 1}\n")  # what exists does not count
    assert cost(document) == pytest.approx(14)
    assert document["certificate"]["floor_mn_yr"] == pytest.approx(12)
    lines = document["cost_mn_yr"]
    assert (lines["facility"], lines["site"], lines["energy"]) == pytest.approx((6, 2, 6))
    assert document["capital_mn"] == pytest.approx(80)
    old = document["sites"][1]
    assert (old["id"], old["existing_mw"], old["site_mn_yr"]) == ("old", 6, 0)
    assert "1 existing site of 6.0 MW" in document["verdict"]


def test_a_hub_carries_what_tolerates_the_distance(planned):
    document = planned("hubs: {path: hubs.csv}\n")
    assert cost(document) == pytest.approx(10.8)
    assert sizes(document) == {"old": 8}
    (hub,) = document["hubs"]
    assert (hub["mw_it"], hub["load_mw_it"]) == pytest.approx((4, 4))
    assert document["cost_mn_yr"]["hubs"] == pytest.approx(4.8)
    assert document["verdict"].startswith(
        "No site is built. 1 existing site of 6.0 MW grows by 2.0 MW. "
        "4.0 MW IT are reserved at 1 hub. They serve 12.0 of 12.0 MW IT of demand (100 %)"
    )


def test_a_hub_that_is_too_dear_is_told_and_not_used(planned):
    document = planned("hubs: {path: hubs.csv}\n", hubs=HUBS.replace("1.2", "9"))
    assert cost(document) == pytest.approx(14)
    assert [hub["mw_it"] for hub in document["hubs"]] == [0]
    assert "No hub is used." in document["verdict"]


def test_what_exists_may_serve_everybody_for_nothing(planned):
    scenario = SCENARIO.replace("energy_per_mwh", "fibre_mn_per_km")
    document = planned(scenario=scenario, places=PLACES.replace(",6", ",3"))
    assert (document["status"], cost(document)) == ("within gap", 0)
    assert document["certificate"]["gap"] == document["certificate"]["gap_avoidable"] == 0
    assert "1 existing site of 6.0 MW stays as it is." in document["verdict"]
    assert "no plan can cost less than 0.00" in document["verdict"]


FEWER = PLACES.replace("batch,6", "batch,2")
"""8 MW: 2 more at `old` cost 2 + 4 of energy; where it may not grow, 5 at `new` 2 + 5 + 5.5."""


def test_what_exists_grows_by_less_than_the_smallest_site(planned):
    document = planned(places=FEWER)
    assert (cost(document), sizes(document)) == (pytest.approx(6), {"old": 8})


STAYS = {
    "it has no headroom": ("headroom_mw,existing_mw,x", "0,6,"),
    "its headroom is not known": ("headroom_mw,existing_mw,x", ",6,"),
    "it is larger than allowed": ("headroom_mw,existing_mw,max_mw", "3,6,5"),
    "it is no candidate": ("headroom_mw,existing_mw,candidate", "3,6,no"),
}


@pytest.mark.parametrize("why", STAYS)
def test_what_exists_stays_as_it_is_where(planned, why):
    columns, old = STAYS[why]
    table = f"id,lat,lon,{columns}\nnew,51.0,-1.00,20,,\nold,51.0,-1.01,{old}\n"
    document = planned(substations=table, places=FEWER)
    assert (cost(document), sizes(document)) == (pytest.approx(12.5), {"new": 5, "old": 6})


def test_what_exists_in_a_flood_plain_stays_and_does_not_grow(planned, written):
    box = [[-1.02, 50.9], [-1.005, 50.9], [-1.005, 51.1], [-1.02, 51.1], [-1.02, 50.9]]
    feature = {"type": "Feature", "properties": {},
               "geometry": {"type": "Polygon", "coordinates": [box]}}  # fmt: skip
    flood = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (written() / "flood.geojson").write_text(flood, "utf-8")
    exclude = "exclude: {path: flood.geojson, reason: flood plain}\n"
    document = planned(exclude, places=FEWER)
    assert (cost(document), sizes(document)) == (pytest.approx(12.5), {"new": 5, "old": 6})
    assert [row["id"] for row in document["excluded"]] == ["old"]
    told = "1 existing site(s) in its shapes stay, but cannot grow (flood plain): old"
    assert any(told in warning for warning in document["warnings"])


def test_a_supply_point_limits_growth_and_not_what_exists(planned):
    """Both hang below a limit of 6 MW: it is used up by 6 new ones, whatever exists."""
    table = "id,lat,lon,headroom_mw,existing_mw,parent,candidate\ntop,51,-1,6,,,no\n"
    table += "new,51.0,-1.00,20,,top,\nold,51.0,-1.01,3,6,top,\n"
    document = planned(substations=table)
    assert cost(document) == pytest.approx(14)
    (top,) = document["over_promise"]["rows"]
    assert (top["below_mw"], top["used_mw"]) == pytest.approx((23, 6))
    with pytest.raises(InfeasibleError):
        planned(substations=table.replace("-1,6,", "-1,5.5,"))


def test_modules_are_added_to_what_exists(planned):
    """Two modules of 2.5 MW at `new`, one at `old`, or all at `new`: 2 + 7.5 + 13.5 / 2."""
    document = planned(scenario=SCENARIO.replace("{pue: 1}", "{pue: 1, modules_mw: [2.5]}"))
    assert cost(document) == pytest.approx(2 + 7.5 + 13.5 * 0.5)


def test_a_new_site_keeps_its_distance_to_what_exists(planned):
    apart = "limits: {separation_km: 5}\n"
    assert sizes(planned(apart, places=FEWER)) == {"old": 8}
    with pytest.raises(InfeasibleError, match="the distance to be kept between new, old"):
        planned(apart)
    both = SUBSTATIONS.replace("20,", "20,1")
    assert sizes(planned(apart, substations=both)).keys() == {"new", "old"}


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ("forbid: [old]", r"limits.forbid: this site stands already; found old, 6 MW"),
        ("force: [new], separation_km: 5", "two sites, forced or existing, are nearer"),
    ],
)
def test_limits_that_contradict_what_exists_are_faults(planned, limits, says):
    with pytest.raises(InputError, match=says):
        planned(f"limits: {{{limits}}}\n")


def test_the_budget_buys_growth_alone(planned):
    assert cost(planned("limits: {budget_mn: 80}\n")) == pytest.approx(14)
    with pytest.raises(InfeasibleError, match="the budget"):
        planned("limits: {budget_mn: 79}\n")


def test_a_row_may_state_its_smallest_site(planned):
    """With 7 MW at `new` the cost is 2 + 7 + 13 / 2; 21 MW are more than it can bear."""
    table = "id,lat,lon,headroom_mw,existing_mw,min_mw\nnew,51.0,-1.00,20,,7\nold,51.0,-1.01,3,6,\n"
    document = planned(substations=table)
    assert (cost(document), sizes(document)) == (pytest.approx(15.5), {"new": 7, "old": 6})
    document = planned(substations=table.replace(",7", ",21"), places=FEWER)
    assert sizes(document) == {"old": 8}
    assert sizes(planned(substations=table.replace(",7", ",2"), places=FEWER)) == {"old": 8}


def test_check_counts_what_exists_and_hubs(written):
    told = dict(check_scenario(written("hubs: {path: hubs.csv}\n")).summary)
    assert told["candidates that bear the smallest site"] == 1
    assert (told["existing sites"], told["what they have, MW"], told["what they may grow, MW"]) == (
        1, 6, 3,
    )  # fmt: skip
    assert (told["hubs"], told["their capacity, MW IT"]) == (1, 4)


def test_the_terminal_tells_existing_sites_and_hubs_apart(written, run, monkeypatch):
    folder = written("hubs: {path: hubs.csv}\n")
    monkeypatch.chdir(folder)
    answer = run("plan", folder)
    for told in ("existing", "Hubs (1)", "central Central", "reserved at hubs",
                 "Sunk: 6.0 MW at 1 existing site(s)"):  # fmt: skip
        assert told in answer.out
    brief = json.loads(run("plan", folder, "--force", "--json").out)
    assert (brief["sites"], brief["mw"], brief["hubs_mw_it"]) == pytest.approx((1, 8, 4), abs=1e-4)
    written()
    assert "Hubs" not in run("plan", folder, "--force").out
