"""`microdc explain PLAN --site`: figures of the READMEs of tiny and parcels, and every reason."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def ask(run):
    """Plan a scenario, and give what is said of one site of it."""

    def asked(folder: Path, site: str, *more: object) -> dict:
        assert run("plan", folder, "--out", "plan", "--force", "--quiet").code in (0, 6)
        answer = run("explain", "plan", "--site", site, "--json", "--quiet", *more)
        assert answer.code == 0, answer.err
        (told,) = json.loads(answer.out)["sites"]
        return told

    return asked


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def stating(folder: Path, lines: str) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(path.read_text("utf-8") + lines + "\n", encoding="utf-8")
    return folder


def reason(told: dict) -> str:
    assert told["sentences"] == [f"It can be no site: {told['reason']['says']}."]
    return told["reason"]["kind"]


def test_middle_in_place_of_west_costs_half_a_million_more(ask, tiny):
    told = ask(tiny, "middle")
    assert (told["status"], told["change"]["exactness"]) == ("priced", "exact")
    assert told["change"]["found_mn_yr"] == pytest.approx(0.5, abs=1e-4)
    assert told["size_mw"] == pytest.approx(15)
    assert (told["larger"]["row"], told["larger"]["shared"]) == ("harbour", True)
    assert "raises the cost by 0.50 M USD a year (exact" in told["sentences"][0]
    assert any("0.50 M USD a year less, 5.0 of capital" in line for line in told["sentences"])


def test_east_serves_brook_and_going_without_costs_six_tenths(ask, tiny):
    told = ask(tiny, "East")  # by its name
    assert (told["site"], told["status"]) == ("east", "chosen")
    assert told["change"]["found_mn_yr"] == pytest.approx(0.6, abs=1e-4)
    serves = {row["service"]: row for row in told["role"]["serves"]}
    assert serves["near"]["mw_it"] == pytest.approx(2)
    assert serves["near"]["only_here_of_built_mw_it"] == pytest.approx(2)
    assert told["role"]["cost_mn_yr"] == pytest.approx(5.9)


def test_a_site_that_must_serve_its_place_cannot_be_missed(ask, tiny):
    changed(tiny, "scenario.yaml", "kw_it_per_1000_people: 4, ", "kw_it_per_1000_people: 1, ")
    changed(tiny, "scenario.yaml", "unserved_mn_per_mw_yr: 4", "min_served: 1.0")
    changed(tiny, "places.csv", "dune,Dune,0,-25,250000\n", "")
    changed(tiny, "substations.csv", "middle,Middle,0,-29,20,harbour,true", "middle,,,,,,false")
    told = ask(tiny, "west")
    assert told["change"]["exactness"] == "impossible"
    assert told["sentences"][-1] == "Without it there is no plan (proven)."


def test_more_headroom_of_its_own_would_bring_a_site_in(ask, tiny):
    """Without Harbour's limit, and Middle's site 2.1 a year: 5 MW there cost 18.6, 20 MW 18.1."""
    changed(tiny, "substations.csv", "point,0,-29.5,15", "point,0,-29.5,")
    changed(tiny, "substations.csv", "middle,Middle,0,-29,20", "middle,Middle,0,-29,5")
    changed(tiny, "substations.csv", "harbour,true,6", "harbour,true,17")
    told = ask(tiny, "middle")  # West and East do for 18.4
    assert told["change"]["found_mn_yr"] == pytest.approx(0.2, abs=1e-4)
    larger = told["larger"]
    assert (larger["row"], larger["shared"], larger["headroom_mw"]) == ("middle", False, 5)
    assert larger["change"]["found_mn_yr"] == pytest.approx(-0.3, abs=1e-4)
    assert larger["enough_mw"] == 20
    assert any("With 20 MW of headroom instead of 5" in line for line in told["sentences"])


def test_a_looser_bound_that_would_let_a_site_pay_is_estimated(ask, tiny):
    """Isle serves Dune, 7 a year, for 8.4; Brook, 5.51 ms away, leaves 2 MW IT of far at 1.5."""
    rows = (tiny / "substations.csv").read_text("utf-8")
    (tiny / "substations.csv").write_text(rows + "isle,Isle,0,-25.5,10,,true,40,0,0,\n", "utf-8")
    told = ask(tiny, "isle")
    assert told["change"]["found_mn_yr"] == pytest.approx(1.4, abs=1e-4)
    looser = {one["service"]: one["enough_ms"] for one in told["looser"]}
    assert looser["far"] == pytest.approx(5.51)
    assert any("far within 5.51 ms, now 5" in line for line in told["sentences"])


def test_an_unknown_id_is_refused_with_the_nearest(run, ask, tiny):
    ask(tiny, "west")
    answer = run("explain", "plan", "--site", "midle", "--quiet")
    assert answer.code == 2
    assert "midle" in answer.err
    assert "did you mean middle?" in answer.err


def test_a_limit_is_no_candidate(ask, tiny):
    assert reason(ask(tiny, "harbour")) == "candidate"


def test_a_row_that_where_leaves_out_says_so(ask, tiny):
    where = "path: substations.csv\n  where: \"id != 'middle'\""
    told = ask(changed(tiny, "scenario.yaml", "path: substations.csv", where), "middle")
    assert reason(told) == "where"
    assert "id != 'middle'" in told["reason"]["says"]


def test_a_row_without_headroom_says_so(ask, tiny):
    changed(tiny, "substations.csv", "middle,Middle,0,-29,20", "middle,Middle,0,-29,")
    assert reason(ask(tiny, "middle")) == "no headroom"


def test_too_little_headroom_tells_whose_and_how_much(ask, tiny):
    changed(tiny, "substations.csv", "middle,Middle,0,-29,20", "middle,Middle,0,-29,4")
    told = ask(tiny, "middle")
    assert reason(told) == "headroom"
    assert told["reason"]["says"] == "its own headroom is 4 MW, and the smallest site takes 5 MW"


def test_too_little_headroom_above_names_the_limit(ask, tiny):
    changed(tiny, "substations.csv", "harbour,Harbour supply point,0,-29.5,15", "harbour,H,0,,3")
    told = ask(tiny, "middle")
    assert reason(told) == "headroom"
    assert "the headroom of harbour, above it, is 3 MW" in told["reason"]["says"]


def test_a_forbidden_site_says_so(ask, tiny):
    assert reason(ask(stating(tiny, "limits: {forbid: [middle]}"), "middle")) == "forbidden"


def test_a_site_near_a_forced_one_names_it(ask, tiny):
    told = ask(stating(tiny, "limits: {force: [west], separation_km: 120}"), "middle")
    assert reason(told) == "too near"
    assert "west, which is forced (limits.force), is 111.319 km away" in told["reason"]["says"]


def test_a_site_near_one_of_the_plan_would_take_its_place(ask, tiny):
    told = ask(stating(tiny, "limits: {separation_km: 120}"), "middle")
    assert told["status"] == "priced"
    assert "west" in told["pushes_out"]


def test_an_excluded_site_tells_the_reason(ask, tiny):
    ring = [[-29.1, -0.1], [-28.9, -0.1], [-28.9, 0.1], [-29.1, 0.1], [-29.1, -0.1]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    area = {"type": "FeatureCollection", "features": [feature]}
    (tiny / "flood.geojson").write_text(json.dumps(area), encoding="utf-8")
    told = ask(stating(tiny, "exclude: [{path: flood.geojson, reason: flood plain}]"), "middle")
    assert reason(told) == "excluded"
    assert "flood plain" in told["reason"]["says"]


def test_a_site_in_nobodys_reach_tells_how_much_looser_a_bound_would_do(ask, tiny):
    rows = (tiny / "substations.csv").read_text("utf-8")
    (tiny / "substations.csv").write_text(rows + "far,Far,0,-40,10,,true,1,0,0,\n", "utf-8")
    told = ask(tiny, "far")
    assert reason(told) == "out of reach"
    # Ten and a half degrees of 111.3195 km: 0.5 ms + 2 x 1168.85 km x 1.5 / 200 km/ms = 18.03 ms
    assert "Ashby is 18.03 ms away" in told["reason"]["says"]
    assert "13.03 ms looser" in told["reason"]["says"]


def test_substations_that_feed_parcels_send_on_to_them(ask, copy_of):
    parcels = copy_of("parcels")
    assert reason(ask(parcels, "hill")) == "feeds parcels"
    assert reason(ask(parcels, "dam")) == "feeds no parcel"
    told = ask(parcels, "heath")
    assert reason(told) == "not fed"
    assert "3 km of feeder" in told["reason"]["says"]


def test_a_parcel_that_shares_headroom_is_priced(ask, copy_of):
    told = ask(copy_of("parcels"), "orchard")
    # Both blocks at Orchard instead of Quarry: 0.9113 - 0.7226
    assert told["change"]["found_mn_yr"] == pytest.approx(0.1887, abs=1e-3)
    assert told["larger"]["shared"]


def test_serving_most_prices_a_site_at_the_service_of_the_plan(run, ask, tiny):
    """One site: Middle serves 12 MW IT for 29.0, West as much for 33.5, and East but 8."""
    stating(tiny, "limits: {max_sites: 1}\nobjective: most-served")
    told = ask(tiny, "middle")
    assert told["status"] == "chosen"
    assert told["change"]["found_mn_yr"] == pytest.approx(4.5, abs=1e-3)
    answer = run("explain", "plan", "--site", "east", "--quiet")
    assert "no plan that serves as much can have it (proven)" in answer.out


@pytest.mark.parametrize("name", ["tiny-n-1", "tiny-flexible"])
def test_plans_with_outages_and_hours_are_explained_too(run, copy_of, name):
    assert run("plan", copy_of(name), "--out", "plan", "--quiet").code == 0
    for site in json.loads(Path("plan/plan.json").read_text("utf-8"))["sites"]:
        answer = run("explain", "plan", "--site", site["id"], "--json", "--quiet")
        assert answer.code == 0, answer.err
        (told,) = json.loads(answer.out)["sites"]
        assert told["status"] in ("chosen", "stands")
        assert told["sentences"]


def test_the_answer_is_sentences_and_a_layer_of_all_candidates(run, ask, tiny):
    ask(tiny, "middle")
    answer = run("explain", "plan", "--site", "middle", "--out", "layers", "--quiet")
    assert answer.code == 0
    assert "It is not needed" in answer.out
    layer = json.loads(Path("layers/candidates.geojson").read_text("utf-8"))
    known = {one["id"]: one["properties"] for one in layer["features"]}
    assert {site: row["status"] for site, row in known.items()} == {
        "harbour": "no candidate",
        "west": "built",
        "middle": "candidate",
        "east": "built",
    }
    assert known["middle"]["rise_most_mn_yr"] == pytest.approx(0.5, abs=1e-3)
    assert known["middle"]["least_rise_mn_yr"] <= 0.5
    assert [path.name for path in Path("layers").iterdir()] == ["candidates.geojson"]
    again = run("explain", "plan", "--site", "middle", "--out", "layers", "--quiet")
    assert again.code == 2
    assert "exists already" in again.err


def test_a_plan_of_other_inputs_is_refused(run, ask, tiny):
    ask(tiny, "middle")
    changed(tiny, "substations.csv", "15", "16")
    answer = run("explain", "plan", "--site", "middle", "--quiet")
    assert answer.code == 2
    assert "changed since plan was planned: substations.csv" in answer.err


def test_one_question_is_asked_at_a_time(run, ask, tiny):
    ask(tiny, "middle")
    answer = run("explain", "plan", "--site", "west", "--headroom")
    assert answer.code == 2
    assert "two questions at once" in answer.err
    answer = run("explain", "plan", "--site", "west", "--apply")
    assert answer.code == 2
    assert "or for repairs of a scenario" in answer.err


def test_a_time_limit_of_nothing_ends_with_what_is_known(run, ask, tiny):
    ask(tiny, "middle")
    answer = run("explain", "plan", "--site", "middle", "--time-limit", 0, "--json", "--quiet")
    assert answer.code == 6
    told = json.loads(answer.out)
    assert told["status"] == "time limit"
    assert "Traceback" not in answer.err
