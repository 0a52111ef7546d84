"""`microdc check --fit-latency`: the formula beside what was measured."""

import json


def measure(tiny, rows):
    """Put a grid of places into the scenario, and what was measured from West to them."""
    places = "".join(f"p{k},P{k},0,{-29.9 + 0.1 * k:.1f},100000\n" for k in range(12))
    (tiny / "places.csv").write_text("id,name,lat,lon,population\n" + places, "utf-8")
    (tiny / "rtt.csv").write_text("demand,site,rtt_ms\n" + "".join(rows), "utf-8")
    scenario = tiny / "scenario.yaml"
    scenario.write_text(scenario.read_text("utf-8") + "measured: {path: rtt.csv}\n", "utf-8")


def test_the_constants_behind_the_measurements_are_found(run, tiny):
    # A tenth of a degree on the equator is 11.132 km; 1.25 ms and twice the distance at 200 km/ms.
    km = [11.1319491 * (k + 1) for k in range(12)]
    measure(tiny, [f"p{k},west,{1.25 + 2 * 2 * d / 200:.6f}\n" for k, d in enumerate(km)])
    answer = run("check", tiny, "--fit-latency", "--json")
    assert answer.code == 0
    fit = json.loads(answer.out)["fit"]
    assert (round(fit["access_ms"], 3), round(fit["route_factor"], 3)) == (1.25, 2.0)
    assert fit["pairs"] == 12
    assert "access_ms: 1.25, route_factor: 2" in run("check", tiny, "--fit-latency").out


def test_too_few_pairs_are_refused_with_a_reason(run, tiny):
    measure(tiny, ["p1,west,2\n"])
    answer = run("check", tiny, "--fit-latency")
    assert (answer.code, "at least 10 are needed" in answer.err) == (2, True)


def test_nothing_measured_is_refused_with_a_hint(run, tiny):
    answer = run("check", tiny, "--fit-latency")
    assert (answer.code, "measured: {path: rtt.csv}" in answer.err) == (2, True)


def test_without_being_asked_there_is_no_fit(run, tiny):
    assert json.loads(run("check", tiny, "--json").out)["fit"] is None
