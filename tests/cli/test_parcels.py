"""Sites on parcels: figures that stand in scenarios/parcels/README.md, and what may be wrong."""

import json
from pathlib import Path

import pytest

KM = 111.319491  # of a degree on the equator


@pytest.fixture
def parcels(copy_of) -> Path:
    """Give a copy of scenarios/parcels to change, in an empty working folder."""
    return copy_of("parcels")


@pytest.fixture
def document(run, parcels):
    answer = run("plan", parcels, "--json")
    assert answer.code == 0, answer.err
    return json.loads(Path("plans/parcels/plan.json").read_text("utf-8"))


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def built(run, folder: Path) -> dict[str, float]:
    answer = run("plan", folder, "--json", "--force")
    assert answer.code == 0, answer.err
    sites = json.loads(Path("plans/parcels/plan.json").read_text("utf-8"))["sites"]
    return {site["id"]: site["mw"] for site in sites}


def test_the_far_parcel_with_cheap_land_wins_and_the_headroom_is_shared(document):
    assert {site["id"]: site["mw"] for site in document["sites"]} == pytest.approx(
        {"quarry": 10, "meadow": 5}
    )


def test_every_cost_line_is_that_of_the_hand(document):
    hand = {"facility": 12, "site": 0.3, "connection": 0.8, "feeder": (0.02 * KM + 3.5) / 10}
    assert document["cost_mn_yr"] == pytest.approx(
        {**hand, "fibre": 0.1, "energy": 0, "hubs": 0, "unserved": 6}
    )
    assert document["certificate"]["cost_mn_yr"] == pytest.approx(19.7726, abs=1e-4)


def test_a_site_tells_who_feeds_it_over_how_long_a_feeder(document):
    meadow, quarry = document["sites"]
    assert (quarry["substation"], quarry["parents"], quarry["headroom_mw"]) == (
        "hill",
        ["hill"],
        10,
    )
    assert quarry["feeder_km"] == pytest.approx(0.02 * KM)
    assert (meadow["substation"], meadow["feeder_km"], meadow["fibre_km"]) == ("lake", 3.5, 10)
    assert quarry["worst_rtt_ms"] == pytest.approx(0.5 + 0.015 * 0.52 * KM)
    assert "built on parcels, with 5.7 km of feeder from 2 substation(s)" in document["verdict"]


def test_a_parcel_that_nobody_feeds_keeps_the_reason(document):
    why = "no substation with headroom within 3 km of feeder"
    assert document["excluded"] == [{"id": "heath", "name": "Heath", "reason": why}]


def test_one_at_a_time_both_parcels_promise_the_headroom_of_the_hill(document):
    report = document["over_promise"]
    assert (report["sum_mw"], report["allowed_mw"], report["binding"]) == (25, 15, 1)


def test_the_defaults_are_told(document):
    told = {row["key"]: row["value"] for row in document["assumptions"]}
    assert told["parcels.feeder_route_factor"] == 1
    assert told["parcels.fibre_km"] == 0


def test_maps_and_tables_show_the_substation_and_the_feeder(run, document):
    shown = json.loads(Path("plans/parcels/sites.geojson").read_text("utf-8"))["features"]
    known = {f["id"]: f["properties"] for f in shown}
    assert known["meadow"]["substation"] == "lake"
    assert run("export", "plans/parcels", "--to", "csv").code == 0
    header, *rows = Path("plans/parcels/sites.csv").read_text("utf-8-sig").splitlines()
    assert {"substation", "feeder_km", "fibre_km", "feeder_mn_yr"} <= set(header.split(","))
    assert any(row.startswith("meadow") and ",lake," in row for row in rows)
    assert run("verify", "plans/parcels").code == 0


def test_what_stands_on_a_parcel_serves_and_a_full_substation_keeps_it_from_growing(run, parcels):
    """Orchard hangs below Dam, which is nearer than Hill: its 3 MW bear no block more."""
    header, heath, meadow, orchard, quarry = (parcels / "parcels.csv").read_text("utf-8").split()
    rows = [f"{header},existing_mw", f"{heath},5", f"{meadow},", f"{orchard},5", f"{quarry},"]
    (parcels / "parcels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert built(run, parcels) == pytest.approx({"quarry": 10, "heath": 5, "orchard": 5})
    document = json.loads(Path("plans/parcels/plan.json").read_text("utf-8"))
    sites = {site["id"]: site for site in document["sites"]}
    assert [sites[i]["substation"] for i in ("orchard", "heath")] == ["dam", "heath"]
    assert document["cost_mn_yr"]["facility"] == pytest.approx(8)
    assert document["cost_mn_yr"]["unserved"] == 0
    assert "1 site of 10.0 MW is built on parcels, with 2.2 km" in document["verdict"]
    assert "2 existing sites of 10.0 MW in all stay as they are" in document["verdict"]
    assert "heath" in {row["id"] for row in document["excluded"]}
    answer = run("check", parcels, "--json")
    assert answer.code == 0, answer.err
    assert run("verify", "plans/parcels").code == 0


def test_a_dear_feeder_makes_the_near_parcel_win(run, parcels):
    changed(parcels, "scenario.yaml", "feeder_mn_per_km: 1", "feeder_mn_per_km: 3")
    assert set(built(run, parcels)) == {"orchard", "meadow"}


def test_a_substation_with_headroom_for_both_gets_both(run, parcels):
    changed(parcels, "substations.csv", "-30,10", "-30,20")
    changed(parcels, "scenario.yaml", "max_mw: 20", "max_mw: 10")
    assert built(run, parcels) == pytest.approx({"quarry": 10, "orchard": 10})


def test_a_winding_feeder_is_dearer_and_may_be_too_long(run, parcels):
    factor = "feeder_route_factor: 1.5\n  max_feeder_km: 3"
    changed(parcels, "scenario.yaml", "max_feeder_km: 3", factor)
    assert set(built(run, parcels)) == {"orchard", "meadow"}  # Quarry would take 3.34 km


def test_parcels_are_forced_and_forbidden(run, parcels):
    text = (parcels / "scenario.yaml").read_text("utf-8")
    (parcels / "scenario.yaml").write_text(
        text + "limits: {force: [orchard], forbid: [meadow]}\n", encoding="utf-8"
    )
    assert set(built(run, parcels)) == {"orchard"}


@pytest.mark.parametrize("key", ["force", "forbid"])
def test_a_substation_is_neither_forced_nor_forbidden(run, parcels, key):
    text = (parcels / "scenario.yaml").read_text("utf-8")
    (parcels / "scenario.yaml").write_text(text + f"limits: {{{key}: [hill]}}\n", encoding="utf-8")
    answer = run("plan", parcels)
    assert answer.code == 3
    assert f"limits.{key}: no parcel has this id; found hill" in " ".join(answer.err.split())


def test_check_counts_parcels(run, parcels):
    shown = " ".join(run("check", parcels).out.split())
    assert "substations and limits read 3 parcels read 4" in shown
    assert "parcels that a substation feeds 3 substations that feed them 2" in shown
    assert "1 parcel(s) have no substation with headroom within max_feeder_km: heath" in shown
    assert "1 parcel(s) keep the substation they name beyond max_feeder_km: meadow" in shown


def test_an_excluded_parcel_keeps_its_reason_while_its_substation_feeds(run, parcels):
    """Hill lies in the flood as well, and feeds Orchard all the same."""
    ring = [[-30.03, -1], [-29.997, -1], [-29.997, 1], [-30.03, 1], [-30.03, -1]]
    flood = {"type": "Polygon", "coordinates": [ring]}
    features = [{"type": "Feature", "properties": {}, "geometry": flood}]
    collection = {"type": "FeatureCollection", "features": features}
    (parcels / "flood.geojson").write_text(json.dumps(collection), encoding="utf-8")
    text = (parcels / "scenario.yaml").read_text("utf-8")
    more = "exclude: {path: flood.geojson, reason: flood plain}\n"
    (parcels / "scenario.yaml").write_text(text + more, encoding="utf-8")
    assert set(built(run, parcels)) == {"orchard", "meadow"}
    told = json.loads(Path("plans/parcels/plan.json").read_text("utf-8"))["excluded"]
    assert {row["id"]: row["reason"] for row in told}["quarry"] == "flood plain"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("2,Lake", "2,Lage", "substation: is no substation of the tables; found 'Lage'"),
        ("2,Lake", "2,Lage", "did you mean lake?"),
        ("quarry,", "orchard,", "id: is used before"),
        ("quarry,", "lake,", "ids used once (substations.csv, row 4)"),
        ("-30.02", "", "lon: states no position"),
        ("3.5,10", "-3.5,10", "feeder_km: is out of range"),
        ("3.5,10", "near,10", "feeder_km: is not a number"),
        ("id,name,lat", "id,name,latt", "lat: is missing"),
    ],
)
def test_what_is_wrong_in_a_parcel_is_told_with_its_place(run, parcels, old, new, says):
    changed(parcels, "parcels.csv", old, new)
    answer = run("check", parcels)
    assert answer.code == 3
    assert says in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


def test_all_faults_are_told_at_once(run, parcels):
    changed(parcels, "parcels.csv", "2,Lake", "2,Lage")
    changed(parcels, "parcels.csv", "quarry,", "orchard,")
    changed(parcels, "substations.csv", "-30,10", "-30,ten")
    answer = run("check", parcels)
    assert answer.code == 3
    for told in ("Lage", "is used before", "'ten'"):
        assert told in answer.err


def test_parcels_of_which_none_is_fed_are_refused(run, parcels):
    changed(parcels, "scenario.yaml", "max_feeder_km: 3", "max_feeder_km: 1")
    changed(parcels, "parcels.csv", "2,Lake", "2,")
    answer = run("plan", parcels)
    assert answer.code == 3
    assert "no substation with headroom feeds any; found 1.113 km" in " ".join(answer.err.split())
