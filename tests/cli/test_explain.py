"""What `microdc explain` says of scenarios and plans, held to what the hand finds."""

import json
from pathlib import Path

import pytest

from microdc.explain.bottlenecks import Found
from microdc.studies.explaining import unserved


def changed(folder: Path, *changes: tuple[str, str], file: str = "scenario.yaml") -> Path:
    path = folder / file
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return folder


NO_PRICE = (", unserved_mn_per_mw_yr: 4", ""), (", unserved_mn_per_mw_yr: 1.5", "")


@pytest.fixture
def hungry(tiny):
    """Everything must be served, nobody lives in Dune, and Brook wants 26 MW IT `near`."""
    changed(tiny, *NO_PRICE)
    changed(tiny, ("dune,Dune,0,-25,250000\n", ""), file="places.csv")
    return changed(tiny, ("500000", "6500000"), file="places.csv")


def explained(run, target, *options) -> dict:
    answer = run("explain", target, "--json", *options)
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def test_demand_out_of_reach_is_told_with_the_nearest_candidate(run, tiny):
    told = explained(run, changed(tiny, *NO_PRICE))
    assert (told["status"], told["complete"]) == ("infeasible", True)
    (one,) = told["bottlenecks"]
    assert (one["kind"], one["services"]) == ("out of reach", ["near", "far"])
    assert [place["id"] for place in one["places"]] == ["dune"]
    assert one["short_mw_it"] == pytest.approx(3)
    assert one["nearest"]["site"] == "East"
    assert one["nearest"]["rtt_ms"] == pytest.approx(5.51, abs=0.01)
    assert "answers Dune in 5.51 ms, and the bound is 5 ms" in one["sentence"]


def test_power_that_is_short_at_full_size_is_told_by_site_and_limit(run, hungry):
    """90 MW IT are wanted; of Middle's 20 MW no more than 15 come through Harbour: 40 in all."""
    (one,) = explained(run, hungry)["bottlenecks"]
    assert (one["kind"], one["exact"]) == ("full size", True)
    assert (one["need_mw_it"], one["have_mw_it"]) == pytest.approx((90, 32))
    hosts = {host["id"]: (host["mw"], host["limit"], host["by"]) for host in one["hosts"]}
    assert hosts == {
        "middle": (15.0, "node", "harbour"),
        "west": (15.0, "headroom", ""),
        "east": (10.0, "headroom", ""),
    }
    assert "Middle 15 MW, limited by harbour above it" in one["sentence"]


def test_a_shared_limit_is_told_where_it_is_used_up(run, tiny):
    """18 MW IT take 22.5 MW; without East there are 15 below Harbour, for 12."""
    changed(tiny, *NO_PRICE, ("costs:", "limits: {forbid: [east]}\ncosts:"))
    changed(tiny, ("dune,Dune,0,-25,250000\n", ""), file="places.csv")
    told = explained(run, changed(tiny, ("-28.5,500000", "-28.9,500000"), file="places.csv"))
    (one,) = told["bottlenecks"]
    assert one["kind"] == "rules"
    assert [(limit["id"], limit["name"], limit["amount"]) for limit in one["limits"]] == [
        ("harbour", "Harbour supply point", 15.0)
    ]
    assert one["short_mw_it"] == pytest.approx(6, abs=1e-3)
    assert "used up: Harbour supply point (15 MW for all below it)" in one["sentence"]


@pytest.mark.parametrize(
    ("limits", "kind", "words"),
    [
        ("max_sites: 1", "count", "the number of sites (1 of all sites)"),
        ("budget_mn: 50", "budget", "the budget is 50.00 M"),
        ("separation_km: 400", "separation", "the distance to be kept between"),
    ],
)
def test_a_rule_of_the_planner_is_told(run, tiny, limits, kind, words):
    changed(tiny, *NO_PRICE, ("costs:", f"limits: {{{limits}}}\ncosts:"))
    changed(tiny, ("dune,Dune,0,-25,250000\n", ""), file="places.csv")
    (one,) = explained(run, tiny)["bottlenecks"]
    assert kind in [limit["kind"] for limit in one["limits"]]
    assert words in one["sentence"]


def test_sites_that_do_not_count_are_told_with_the_reason(run, hungry):
    changed(hungry, ("costs:", "limits: {forbid: [west]}\nexclude: [{path: flood.geojson, "
                     "reason: flood plain}]\ncosts:"))  # fmt: skip
    ring = [[-28.1, -0.1], [-27.9, -0.1], [-27.9, 0.1], [-28.1, 0.1], [-28.1, -0.1]]
    area = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
            "coordinates": [ring]}}  # fmt: skip
    layer = {"type": "FeatureCollection", "features": [area]}
    (hungry / "flood.geojson").write_text(json.dumps(layer), "utf-8")
    (one, *_) = explained(run, hungry)["bottlenecks"]
    others = {
        host["id"]: (host["limit"], host["mw"]) for host in one["hosts"] if not host["counts"]
    }
    assert others["east"] == ("excluded", 10.0)
    assert "1 more in reach is excluded (flood plain), with 10.00 MW: East" in one["sentence"]


def test_a_substation_too_small_for_a_site_is_told(run, hungry):
    changed(hungry, ("east,East,0,-28,10", "east,East,0,-28,4"), file="substations.csv")
    (one, *_) = explained(run, hungry)["bottlenecks"]
    assert "1 more in reach is below the smallest size, with 4.00 MW: East" in one["sentence"]


def test_an_outage_in_which_nothing_is_left_is_told(run, copy_of):
    folder = changed(copy_of("tiny-n-1"), *NO_PRICE[:1])
    changed(folder, ("survive: [site, node, zone]", "survive: [site, node, zone], at_once: 2"))
    (one,) = explained(run, folder)["bottlenecks"]
    assert one["outages"] == ["node harbour", "zone storm"]
    assert (one["need_mw_it"], one["have_mw_it"], one["short_mw_it"]) == pytest.approx((4, 0, 4))
    assert {host["id"] for host in one["hosts"]} == {"west", "middle", "east"}
    assert {host["limit"] for host in one["hosts"]} == {"outage"}


def test_an_hour_in_which_there_is_too_little_is_told(run, copy_of):
    """With `max_run_h: 3` West and East have 9 MW at noon, for 7.2 MW IT of 8."""
    folder = changed(copy_of("tiny-flexible"), (", unserved_mn_per_mw_yr: 10", ""),
                     ("max_hours_per_yr: 2200", "max_run_h: 3"))  # fmt: skip
    (one,) = explained(run, folder)["bottlenecks"]
    assert one["hours"] == ["2026-01-01T12:00Z"]
    assert (one["need_mw_it"], one["have_mw_it"]) == pytest.approx((8, 7.2))
    assert ("middle", "too small") in [(host["id"], host["limit"]) for host in one["hosts"]]


@pytest.mark.parametrize("name", ["tiny", "tiny-n-1", "tiny-flexible"])
def test_a_scenario_in_which_nothing_is_short_says_so(run, copy_of, name):
    answer = run("explain", copy_of(name))
    assert answer.code == 0
    assert "nothing is short" in answer.out


def test_a_plan_says_of_all_it_leaves_unserved_why(run, tiny):
    """Dune is out of reach; Ashby and Brook served in full take 22.8 instead of 18.4 + 3.0."""
    assert run("plan", tiny).code == 0
    told = explained(run, Path("plans/tiny"))
    assert told["status"] == "unserved"
    reasons = {(one["service"], one["reason"]): one for one in told["unserved"]}
    assert {key: one["mw_it"] for key, one in reasons.items()} == pytest.approx(
        {("near", "out of reach"): 1, ("far", "out of reach"): 2, ("far", "not worth it"): 2}
    )
    dear = reasons["far", "not worth it"]
    assert (dear["price_mn"], dear["least_cost_mn"]) == pytest.approx((1.5, 2.2), rel=1e-3)
    assert "not worth it" in " ".join(run("explain", Path("plans/tiny")).out.split())
    hurried = " ".join(run("explain", Path("plans/tiny"), "--time-limit", "0").out.split())
    assert "2.00 MW IT of far unserved at Brook: why was not found" in hurried


COVERING = """\
schema: 1
name: covering
currency: USD
substations: {path: substations.csv}
demand: {path: places.csv}
services: {all: {rtt_ms: 2, share: 1, unserved_mn_per_mw_yr: 0}}
latency: {access_ms: 0.5, route_factor: 1.5, km_per_ms: 200}
sites: {min_mw: 0.001, max_mw: 1000, pue: 1}
costs: {facility_mn_per_mw_it: 0, site_mn: 0, connection_mn: 0, feeder_mn_per_km: 0,
  fibre_mn_per_km: 0, energy_per_mwh: 0}
objective: most-served
limits: {max_sites: 1}
"""


@pytest.fixture
def covering(run, tmp_path, monkeypatch):
    """Plan maximal covering: one of three sites far apart, each with a place of 4, 3 or 2 MW IT."""
    monkeypatch.chdir(tmp_path)
    rows = [("a", 0, 4), ("b", 5, 3), ("c", 10, 2)]
    places = "".join(f"{name},0,{lon},{mw}\n" for name, lon, mw in rows)
    sites = "".join(f"s{name},0,{lon},1000\n" for name, lon, _ in rows)
    Path("places.csv").write_text(f"id,lat,lon,mw_it\n{places}", "utf-8")
    Path("substations.csv").write_text(f"id,lat,lon,headroom_mw\n{sites}", "utf-8")
    Path("scenario.yaml").write_text(COVERING, "utf-8")
    assert run("plan", "scenario.yaml", "--out", "plan", "--quiet").code == 0
    return Path("plan")


def test_where_most_is_served_the_limit_on_sites_is_why_some_is_left(run, covering):
    told = explained(run, covering)
    (one,) = told["unserved"]
    assert (one["reason"], one["mw_it"]) == ("limits and rules", pytest.approx(5, abs=0.01))
    assert "the number of sites (1 of all sites)" in told["bottlenecks"][0]["sentence"]


def test_where_most_is_served_no_price_is_why_some_is_left(run, covering, monkeypatch):
    """What no bottleneck explains is left for others: no plan leaves less than 5 of 9 MW IT."""
    nothing = Found(bottlenecks=(), complete=True)
    monkeypatch.setattr(unserved, "bottlenecks_of", lambda *_: nothing)
    (one,) = explained(run, covering)["unserved"]
    assert one["reason"] == "others instead"
    says = "serving it all would leave others unserved: no plan leaves less than"
    assert f"5.00 MW IT of all unserved at b, c: {says}" in one["sentence"]
    assert one["least_left_mw_it"] == pytest.approx(5, rel=2e-3)
    plan = json.loads((covering / "plan.json").read_text("utf-8"))
    plan["certificate"]["unserved_bound_mw_it"] = 0.0  # had time run out
    (covering / "plan.json").write_text(json.dumps(plan), "utf-8")
    (one,) = explained(run, covering)["unserved"]
    assert "no plan was found that serves more in all" in one["sentence"]


def test_a_plan_whose_inputs_were_changed_is_refused(run, tiny):
    assert run("plan", tiny).code == 0
    changed(tiny, ("1000000", "1000001"), file="places.csv")
    answer = run("explain", Path("plans/tiny"))
    assert answer.code == 2
    assert "places.csv" in answer.err


def test_a_plan_that_serves_all_says_so(run, copy_of):
    assert run("plan", copy_of("tiny-n-1")).code == 0
    assert "the plan serves all demand" in run("explain", Path("plans/tiny-n-1")).out


def test_the_files_hold_the_answer_and_its_map(run, hungry):
    told = explained(run, hungry, "--out", "why")
    written = json.loads(Path("why/explanation.json").read_text("utf-8"))
    assert written["bottlenecks"] == told["bottlenecks"]
    layer = json.loads(Path("why/bottlenecks.geojson").read_text("utf-8"))
    roles = [feature["properties"]["role"] for feature in layer["features"]]
    assert roles.count("area") == len(told["bottlenecks"])
    assert "witness" in roles
    assert "site in reach" in roles
    assert layer["features"][0]["geometry"]["type"] == "Polygon"
    assert sorted(path.name for path in Path("why").iterdir()) == [
        "bottlenecks.geojson",
        "explanation.json",
    ]


def test_a_plan_that_cannot_be_says_the_same(run, hungry):
    told = explained(run, hungry)
    answer = run("plan", hungry)
    assert answer.code == 4
    assert told["bottlenecks"][0]["sentence"] in answer.err
    assert "microdc explain" in answer.err


def test_what_is_not_there_is_told_without_a_traceback(run, tmp_path):
    answer = run("explain", tmp_path / "nowhere")
    assert answer.code in (2, 3)
    assert "Traceback" not in answer.err


def test_a_file_in_the_way_is_told(run, hungry):
    Path("why").write_text("taken", "utf-8")
    answer = run("explain", hungry, "--out", "why")
    assert answer.code == 2
    assert "Traceback" not in answer.err
