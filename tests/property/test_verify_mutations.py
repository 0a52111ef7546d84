"""Whatever is changed in a finished plan, `verify` finds it, however well it is covered up."""

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from finished_plans import (
    Finished,
    Opened,
    amounts,
    caught,
    changed,
    finished,
    leaves,
    opened,
    with_columns,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from often import often

from microdc import assembly, workflow
from microdc.ground.distance import geodesic_km
from microdc.ground.nearest import nearest_of
from microdc.inputs.land import feeding
from microdc.inputs.land.parcels import parcels_of
from microdc.latency.reach import exact_rtt_ms
from microdc.oracles.delivery import Delivery
from microdc.oracles.outages.survival import Survival
from microdc.placement.store import UnsoundPlanError
from microdc.placement.verdict import verdict
from microdc.placement.verify import broken_promises
from microdc.solve.highs import Clock

TINY = Path(__file__).parents[2] / "scenarios" / "tiny"

SUBSTATIONS = """\
id,name,lat,lon,headroom_mw,parent,candidate,state,pue,voltage_kv,site_mn,feeder_km,energy_per_mwh
grid,Grid point,52.5,0.5,52,,false,E,,,,,
north,North supply,52.9,0.4,30,grid,false,E,,,,,
south,South supply,52.1,0.6,34,grid,false,E,,,,,
s1,Alder,52.95,0.2,14,north,true,E,1.2,33,2,1,40
s2,Birch,52.9,0.6,12,north,true,E,1.3,33,,,45
s3,Cedar,52.8,0.9,18,North supply,true,E,,11,,2,50
s4,Elm,52.2,0.3,13,south,true,E,1.15,132,4,,42
s5,Fir,52.1,0.7,20,south,true,W,,66,,0.5,
s6,Hazel,52.0,1.0,9,south,true,W,1.4,,,3,38
s7,Larch,52.5,1.3,25,,true,W,1.1,33,1,,30
s8,Maple,52.4,-0.3,16,grid,true,W,,33,,,55
s9,Rowan,52.4,-0.2,16,grid,true,W,,33,,,30
s10,Thorn,52.6,0.61,2,,true,E,,,,,
"""

SUBSTATION_IDS = [line.split(",")[0] for line in SUBSTATIONS.splitlines()[1:]]

FLOOD = """\
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
{"type": "Polygon", "coordinates":
[[[-0.185, 52.3], [-0.1, 52.3], [-0.1, 52.5], [-0.185, 52.5], [-0.185, 52.3]]]}}]}
"""

PLACES = "id,name,lat,lon,population,access_ms\n" + "".join(
    f"p{i:02},Place {i},{52.0 + 0.09 * ((i * 5) % 12):.2f},{-0.3 + 0.15 * ((i * 7) % 12):.2f},"
    f"{200_000 + 45_000 * i},{'0.4' if i % 4 == 0 else ''}\n"
    for i in range(12)
)

SCENARIO = """\
schema: 1
name: rich
currency: GBP
usd_rate: 0.8
substations: {path: substations.csv, reserve_share: 0.02}
demand: {path: places.csv, source: {title: Made up, date: 2026-01-01, licence: CC0 1.0}}
services:
  chat: {rtt_ms: 1.6, kw_it_per_1000_people: 1.5}
  batch: {rtt_ms: 3, kw_it_per_1000_people: 3, unserved_mn_per_mw_yr: 3.5, min_served: 0.5}
  bulk: {rtt_ms: 8, kw_it_per_1000_people: 5, unserved_mn_per_mw_yr: 2.2}
latency: {processing_ms: 0.1}
sites: {min_mw: 6, max_mw: 18, modules_mw: [3, 4]}
exclude:
  - {path: flood.geojson, reason: flood plain, buffer_km: 2}
  - {path: flood.geojson, reason: flood bank, buffer_km: 0.5}
limits: {max_sites: 5, max_sites_by: {state: 3}, force: [s4], forbid: [s7], budget_mn: 700,
  separation_km: 30}
"""


HUBS = """\
id,name,lat,lon,mw_it,mn_per_mw_it_yr,processing_ms
h1,Hub one,54.5,0.3,6,1.1,0.2
h2,Hub two,50.9,0.2,5,1.9,
h3,Hub dear,50.8,0.2,40,9,
"""

PARCELS = """\
id,name,lat,lon,substation,feeder_km,fibre_km,max_mw,site_mn,pue,state
k1,Acre,52.955,0.21,,,,,1,,
k2,Barn,52.945,0.19,Alder,,2,9,2,1.25,W
k3,Copse,52.905,0.61,,,,,,,
k4,Dell,52.805,0.9,s3,2.5,,,4,,
k5,Ferry,52.81,0.93,,,,,1,,
k6,Glebe,52.205,0.305,,,,,,,
k7,Heath,52.19,0.29,,1.9,1,,,,
k8,Inch,52.1,0.715,Fir,,,12,0.5,,
k9,Jetty,52.09,0.69,,,,,2,,W
k10,Knoll,52.495,1.31,s7,,,,3,,
k11,Lea,52.405,-0.3,,,,,,1.3,
k12,Moor,52.4,-0.21,,,,,,,
k13,Nook,52.6,0.6,,,,,,,
"""

ON_PARCELS = (
    SCENARIO.replace("demand:", "parcels: {path: parcels.csv, max_feeder_km: 4}\ndemand:", 1)
    .replace("max_sites: 5", "max_sites: 7")
    .replace("force: [s4], forbid: [s7]", "force: [k6], forbid: [k10]")
    .replace("separation_km: 30", "separation_km: 1")
)


ROUND_TRIPS = "demand,site,rtt_ms,percentile,date,service\n" + "".join(
    f"p{j:02},s{i},{0.9 + 0.37 * ((5 * i + 3 * j) % 11):.2f},99,2026-0{1 + (i + j) % 3},"
    f"{'batch' if (i + j) % 4 == 0 else ''}\np{j:02},s{i},0.01,50,2026-04,\n"
    for j in range(12)
    for i in range(1, 9)
    if (i * j) % 3 == 1
)


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> Finished:
    root = tmp_path_factory.mktemp("rich")
    write_rich(root / "in")
    return finished(root)


def write_rich(folder: Path) -> None:
    folder.mkdir()
    files = {
        "substations.csv": SUBSTATIONS,
        "places.csv": PLACES,
        "scenario.yaml": SCENARIO,
        "flood.geojson": FLOOD,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Finished:
    root = tmp_path_factory.mktemp("tiny")
    shutil.copytree(TINY, root / "in")
    return finished(root)


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> Finished:
    """The rich scenario with round trips that bring pairs into reach and out of it."""
    root = tmp_path_factory.mktemp("measured")
    write_rich(root / "in")
    scenario = root / "in" / "scenario.yaml"
    scenario.write_text(SCENARIO + "measured: {path: rtt.csv, percentile: 99}\n", "utf-8")
    (root / "in" / "rtt.csv").write_text(ROUND_TRIPS, encoding="utf-8")
    return finished(root)


ALONE = "demand,site,rtt_ms\n" + "".join(
    f"p{j:02},s{i},{0.7 + 0.25 * ((2 * i + 3 * j) % 5):.2f}\n"
    for j in range(12)
    for i in range(1, 11)
    if (i + j) % 3
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Finished:
    """The rich scenario with a table of all pairs that may serve, of which some are left out."""
    root = tmp_path_factory.mktemp("alone")
    write_alone(root / "in")
    return finished(root)


def write_alone(folder: Path) -> None:
    write_rich(folder)
    text = SCENARIO + "measured: {path: rtt.csv, only: true}\n"
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    (folder / "rtt.csv").write_text(ALONE, encoding="utf-8")


@pytest.fixture(scope="module")
def standing(tmp_path_factory) -> Finished:
    """The rich scenario with sites that exist, hubs far away, and least sizes of some rows."""
    root = tmp_path_factory.mktemp("standing")
    write_rich(root / "in")
    files = {
        "substations.csv": with_columns(
            SUBSTATIONS,
            existing_mw={"s4": 9, "s6": 2.5, "s9": 8},
            min_mw={"s1": 7, "s5": 6.5, "s8": 3},
        ),
        "hubs.csv": HUBS,
        "scenario.yaml": SCENARIO + "hubs: {path: hubs.csv, source: {title: Two hubs}}\n",
    }
    for name, text in files.items():
        (root / "in" / name).write_text(text, encoding="utf-8")
    return finished(root)


@pytest.fixture(scope="module")
def parcels(tmp_path_factory) -> Finished:
    """The rich scenario with its sites on parcels, some of which share a substation or exist."""
    root = tmp_path_factory.mktemp("parcels")
    write_on_parcels(root / "in")
    return finished(root)


def write_on_parcels(folder: Path) -> None:
    write_rich(folder)
    (folder / "scenario.yaml").write_text(ON_PARCELS, encoding="utf-8")
    sizes = {"existing_mw": {"k5": 5, "k12": 3}, "min_mw": {"k7": 7, "k9": 5.5}}
    (folder / "parcels.csv").write_text(with_columns(PARCELS, **sizes), encoding="utf-8")


STORMS = """\
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "storm"},
"geometry": {"type": "Polygon", "coordinates":
[[[0.1, 52.1], [0.65, 52.1], [0.65, 53], [0.1, 53], [0.1, 52.1]]]}}]}
"""

SURVIVING = (
    SCENARIO.replace("chat: {", "chat: {outage: {served: 0.6, rtt_ms: 3}, ")
    .replace("batch: {", "batch: {outage: {served: 0.3}, ")
    .replace("max_sites: 5, max_sites_by: {state: 3}", "max_sites: 7")
    .replace("budget_mn: 700", "budget_mn: 1200")
    .replace("forbid: [s7]", "forbid: [s8]")
    + "resilience: {survive: [site, node, zone]}\nzones: {path: storms.geojson}\n"
    + "hubs: {path: hubs.csv}\n"
)


@pytest.fixture(scope="module")
def surviving(tmp_path_factory) -> Finished:
    """The rich scenario with hubs, which survives the loss of any site, node or the storm."""
    root = tmp_path_factory.mktemp("surviving")
    write_surviving(root / "in")
    return finished(root)


def write_surviving(folder: Path) -> None:
    write_rich(folder)
    files = {"scenario.yaml": SURVIVING, "storms.geojson": STORMS, "hubs.csv": HUBS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(
    params=["tiny", "rich", "measured", "alone", "standing", "parcels", "surviving"], scope="module"
)
def case(request) -> Finished:
    return request.getfixturevalue(request.param)


FEW = settings(
    max_examples=often(1, many=5),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MANY = settings(FEW, max_examples=often(3, many=30))


def test_an_unchanged_plan_keeps_its_promises(case):
    with opened(case) as plan:
        assert broken_promises(plan.folder) == []
        assert plan.broken() == []


def test_the_rich_scenario_binds_where_it_should(rich):
    document = json.loads((rich.root / "plans" / "plan" / "plan.json").read_text("utf-8"))
    assert len(document["sites"]) >= 4
    assert document["over_promise"]["binding"] >= 2
    assert document["certificate"]["unserved_mw_it"] > 1


def test_parcels_share_a_substation_whose_headroom_binds(parcels):
    document = json.loads((parcels.root / "plans" / "plan" / "plan.json").read_text("utf-8"))
    drawn = pd.DataFrame(document["sites"]).groupby("substation")["mw"].agg(["size", "sum"])
    assert drawn["size"].max() > 1
    assert {row["id"] for row in document["excluded"]} >= {"k12", "k13"}


def test_service_over_a_pair_that_may_not_serve_is_found(alone):
    says = "served from {site}, and no such pair may serve"
    with opened(alone) as plan:  # from another site of the plan, as near as one could wish
        built = {site["id"] for site in plan.document["sites"]}
        served = plan.service[plan.service["site"].notna()]
        row, site = next(
            (row, site)
            for row, place in served["place"].items()
            for site in sorted(built)
            if f"{place},{site}," not in ALONE
        )
        plan.service.loc[row, "site"] = site
        assert any(says.format(site=site) in line for line in plan.broken())
    with opened(alone) as plan:  # or the table no longer names it
        place, service, site = plan.service[["place", "service", "site"]].dropna().iloc[0]
        file = plan.root / "in" / "rtt.csv"
        left = [x for x in ALONE.splitlines() if not x.startswith(f"{place},{site},")]
        file.write_text("\n".join(left) + "\n", encoding="utf-8")
        assert f"{place}, {service}: {says.format(site=site)}" in plan.broken()


# --- one figure changed, everything else left as it was -------------------------------------------


@MANY
@given(data=st.data())
def test_any_fact_changed_in_the_document_is_found(case, data):
    with opened(case) as plan:
        ways = [w for w in leaves(plan.document) if w[-1] != "sha256"]
        *way, last = data.draw(st.sampled_from(ways))
        part = plan.document
        for key in way:
            part = part[key]
        part[last] = changed(part[last], data.draw(amounts))
        assert caught(plan)


@MANY
@given(data=st.data())
def test_any_cell_changed_in_the_service_is_found(case, data):
    with opened(case) as plan:
        row = data.draw(st.integers(0, len(plan.service) - 1))
        column = data.draw(st.sampled_from(list(plan.service.columns)))
        cells = plan.service[column].astype(object)
        if column == "site":
            cells = cells.where(cells.notna(), None)
        other = data.draw(st.sampled_from([c for c in [*cells, "x"] if type(c) is str] or ["x"]))
        if column in ("mw_it", "rtt_ms", "lat", "lon"):
            number = cells[row]
            cells[row] = 1.0 if np.isnan(number) else changed(number, data.draw(amounts))
        else:
            cells[row] = other if other != str(cells[row]) else "somewhere"
        plan.service[column] = cells.infer_objects()
        assert plan.broken()


@FEW
@given(data=st.data())
def test_an_altered_input_file_is_found(case, data):
    with opened(case) as plan:
        file = data.draw(st.sampled_from(sorted(p.name for p in (plan.root / "in").glob("*.*"))))
        if file in ("README.md", "no-price.yaml"):  # nothing that was read
            return
        path = plan.root / "in" / file
        path.write_bytes(path.read_bytes() + b"\n")
        assert any("changed since" in line for line in broken_promises(plan.folder))
        path.unlink()
        assert broken_promises(plan.folder)


def test_an_altered_service_table_is_found(case):
    with opened(case) as plan:
        plan.service.iloc[::-1].to_parquet(plan.folder / "service.parquet", index=False)
        assert broken_promises(plan.folder) == [
            "service.parquet was changed since the plan was written"
        ]


@MANY
@given(data=st.data())
def test_a_rewritten_table_no_longer_fits_the_plan(case, data):
    """The row of a built site or of a place is changed, and the table's hash rewritten."""
    with opened(case) as plan:
        table, columns, ids = data.draw(
            st.sampled_from(
                [
                    (*of_sites(plan), built(plan)),
                    ("places.csv", ["population", "lat", "lon", "name"], None),
                ]
            )
        )
        path = plan.root / "in" / table
        rows = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("id")
        row = data.draw(st.sampled_from(ids or list(rows.index)))
        column = data.draw(st.sampled_from(columns))
        cell = rows.loc[row, column]
        amount = data.draw(st.floats(0.001, 0.5))
        rows.loc[row, column] = (
            f"{cell}x" if column == "name" else str(float(cell) + amount * max(1, abs(float(cell))))
        )
        rows.to_csv(path)
        assert plan.broken()


def of_sites(plan: Opened) -> tuple[str, list[str]]:
    """Give the table in which sites stand, and columns of theirs that a plan rests on."""
    if (plan.root / "in" / "parcels.csv").exists():
        return "parcels.csv", ["lat", "lon", "name"]
    return "substations.csv", ["headroom_mw", "lat", "lon", "name"]


def built(plan: Opened) -> list[str]:
    return [site["id"] for site in plan.document["sites"]]


# --- totals kept, hashes rewritten ----------------------------------------------------------------

Mutation = Callable[[Opened, Callable[[st.SearchStrategy[Any]], Any]], None]


def shift_mw_between_sites(plan, draw):
    giver, taker = draw(st.permutations(plan.document["sites"]))[:2]
    mw = draw(st.floats(0.001, 3))
    giver["mw"] -= mw
    taker["mw"] += mw


def swap_ids_of_sites(plan, draw):
    one, other = draw(st.permutations(plan.document["sites"]))[:2]
    one["id"], other["id"] = other["id"], one["id"]
    names = {one["id"]: other["id"], other["id"]: one["id"]}
    plan.service["site"] = plan.service["site"].replace(names)


def move_cost_between_items(plan, draw):
    one, other = draw(st.permutations(sorted(plan.document["cost_mn_yr"])))[:2]
    mn_yr = draw(st.floats(0.001, 0.4))
    plan.document["cost_mn_yr"][one] += mn_yr
    plan.document["cost_mn_yr"][other] -= mn_yr


def move_cost_between_sites(plan, draw):
    one, other = draw(st.permutations(plan.document["sites"]))[:2]
    item = draw(st.sampled_from(["facility_mn_yr", "site_mn_yr", "connection_mn_yr"]))
    mn_yr = draw(st.floats(0.001, 0.4))
    one[item] += mn_yr
    other[item] -= mn_yr


def move_cost_within_a_site(plan, draw):
    site, mn_yr = draw(st.sampled_from(plan.document["sites"])), draw(st.floats(0.001, 0.2))
    site["facility_mn_yr"] += mn_yr
    site["site_mn_yr"] -= mn_yr
    plan.document["cost_mn_yr"]["facility"] += mn_yr
    plan.document["cost_mn_yr"]["site"] -= mn_yr


def claim_a_bound_above_the_cost(plan, draw):
    proven = plan.document["certificate"]
    proven["bound_mn_yr"] = proven["cost_mn_yr"] * (1 + draw(st.floats(1e-5, 1)))
    proven["gap"] = proven["gap_avoidable"] = 0.0


def claim_a_gap_that_is_not_there(plan, draw):
    proven = plan.document["certificate"]
    away = draw(st.floats(0.01, 0.5))
    proven["bound_mn_yr"] = proven["cost_mn_yr"] * (1 - away)
    proven["gap"] = away
    avoidable = proven["cost_mn_yr"] - proven["floor_mn_yr"]
    proven["gap_avoidable"] = away * proven["cost_mn_yr"] / avoidable
    plan.document["status"] = "within gap"


def lower_the_floor(plan, draw):
    proven = plan.document["certificate"]
    proven["floor_mn_yr"] *= draw(st.floats(0.1, 0.999))
    avoidable = proven["cost_mn_yr"] - proven["floor_mn_yr"]
    proven["gap_avoidable"] = (proven["cost_mn_yr"] - proven["bound_mn_yr"]) / avoidable


def cut_the_cost_everywhere(plan, draw):
    mn_yr = draw(st.floats(0.01, 0.2))
    plan.document["sites"][0]["facility_mn_yr"] -= mn_yr
    plan.document["cost_mn_yr"]["facility"] -= mn_yr
    plan.document["certificate"]["cost_mn_yr"] -= mn_yr


def move_demand_between_places(plan, draw):
    """Class totals stay, and so do the loads of both sites."""
    served = plan.service[plan.service["site"].notna()]
    service = draw(st.sampled_from(sorted(served["service"])))
    rows = served.index[served["service"] == service]
    one, other = draw(st.permutations(sorted(rows)))[:2] if len(rows) > 1 else (rows[0], None)
    mw_it = draw(st.floats(0.05, 1)) * plan.service.loc[one, "mw_it"]
    plan.service.loc[one, "mw_it"] -= mw_it
    if other is not None:
        plan.service.loc[other, "mw_it"] += mw_it


def serve_from_another_site(plan, draw):
    rows = plan.service.index[plan.service["site"].notna()]
    row = draw(st.sampled_from(list(rows)))
    others = [site for site in built(plan) if site != plan.service.loc[row, "site"]]
    plan.service.loc[row, "site"] = draw(st.sampled_from(others))


def swap_sites_of_two_rows(plan, draw):
    served = plan.service[plan.service["site"].notna()]
    one = draw(st.sampled_from(list(served.index)))
    there = served.index[served["site"] != served.loc[one, "site"]]
    other = draw(st.sampled_from(list(there)))
    sites = plan.service["site"]
    plan.service.loc[[one, other], "site"] = [sites[other], sites[one]]


def lose_demand(plan, draw):
    row = draw(st.sampled_from(list(plan.service.index)))
    plan.service = plan.service.drop(index=row)


def serve_twice(plan, draw):
    row = draw(st.sampled_from(list(plan.service.index)))
    plan.service.loc[row, "mw_it"] /= 2
    plan.service = pd.concat([plan.service, plan.service.loc[[row]]], ignore_index=True)


def serve_negative_demand(plan, draw):
    row = draw(st.sampled_from(list(plan.service.index)))
    plan.service.loc[row, "mw_it"] *= draw(st.sampled_from([-1.0, np.nan, np.inf]))


def serve_a_place_nobody_knows(plan, draw):
    row = draw(st.sampled_from(list(plan.service.index)))
    plan.service.loc[row, "place"] = "atlantis"


def claim_shorter_round_trips(plan, draw):
    plan.service["rtt_ms"] *= 1 - draw(st.floats(1e-4, 0.5))


def hang_a_site_elsewhere(plan, draw):
    site = draw(st.sampled_from(plan.document["sites"]))
    other = draw(st.sampled_from(sorted(set(SUBSTATION_IDS) - {site["substation"]})))
    site["parents"] = [other if up == site["substation"] else up for up in site["parents"]]
    site["substation"] = other


def shorten_a_feeder(plan, draw):
    """The length, its price and every sum go down together; a site without one gains one."""
    site = draw(st.sampled_from(plan.document["sites"]))
    share = draw(st.floats(0.01, 0.9))
    saved = share * site["feeder_mn_yr"]
    site["feeder_km"] = site["feeder_km"] * (1 - share) or 1.0
    site["feeder_mn_yr"] -= saved
    plan.document["cost_mn_yr"]["feeder"] -= saved
    plan.document["certificate"]["cost_mn_yr"] -= saved


def list_a_site_twice(plan, draw):
    plan.document["sites"].append(dict(draw(st.sampled_from(plan.document["sites"]))))


def drop_a_site(plan, draw):
    plan.document["sites"].remove(draw(st.sampled_from(plan.document["sites"])))


def shift_mw_from_a_hub(plan, draw):
    """Reserve less at a hub and, to the same cost, more of another."""
    hubs = plan.document["hubs"]
    if not hubs:
        return shift_mw_between_sites(plan, draw)
    mw_it = draw(st.floats(0.01, 3))
    for hub, sign in zip(sorted(hubs, key=lambda hub: -hub["mw_it"]), (-1, 1), strict=False):
        hub["mw_it"] += sign * mw_it
        hub["reserve_mn_yr"] += sign * mw_it * hub["mn_per_mw_it_yr"]
    return None


def hide_a_hub(plan, draw):
    hubs = plan.document["hubs"]
    if not hubs:
        return drop_a_site(plan, draw)
    return hubs.remove(draw(st.sampled_from(hubs)))


def claim_that_more_exists(plan, draw):
    """What exists is not paid for: every figure follows."""
    site = draw(st.sampled_from(plan.document["sites"]))
    more = draw(st.floats(0.01, 1)) * site["mw"]
    each_mn_yr = site["facility_mn_yr"] / site["mw"]
    site["existing_mw"] += more
    site["facility_mn_yr"] -= more * each_mn_yr
    plan.document["cost_mn_yr"]["facility"] -= more * each_mn_yr
    plan.document["certificate"]["cost_mn_yr"] -= more * each_mn_yr


def make_a_site_of_a_hub(plan, draw):
    site = draw(st.sampled_from(plan.document["sites"]))
    columns = ("id", "name", "lat", "lon", "load_mw_it", "worst_rtt_ms", "mean_rtt_ms")
    hub = {column: site[column] for column in columns}
    more = {"capacity_mw_it": 50.0, "mw_it": 20.0, "mn_per_mw_it_yr": 0.0, "reserve_mn_yr": 0.0}
    plan.document["hubs"].append(hub | more)
    plan.document["sites"].remove(site)


def hide_a_supply_point(plan, draw):
    report = plan.document["over_promise"]
    row = draw(st.sampled_from(report["rows"]))
    report["rows"].remove(row)
    report["nodes"] -= 1
    report["binding"] -= row["binds"]


def hide_an_exclusion(plan, draw):
    told = plan.document["excluded"]
    if told:
        told.remove(draw(st.sampled_from(told)))
    else:
        told.append({"id": "west", "name": "West", "reason": "flood plain"})


def give_another_reason(plan, draw):
    told = plan.document["excluded"]
    if told:
        told[0]["reason"] = "taste"
    else:
        hide_an_exclusion(plan, draw)


def hide_an_assumption(plan, draw):
    told = plan.document["assumptions"]
    if told:
        told.pop()
    else:
        told.append({"key": "sites.pue", "value": 1.25, "unit": "MW/MW IT", "source": "-"})


def hide_an_input(plan, draw):
    plan.document["provenance"]["inputs"].pop()


def say_nothing_of_what_is_not_checked(plan, draw):
    plan.document["not_checked"] = []


def credit_nobody(plan, draw):
    plan.document["attributions"] = []


MUTATIONS: list[Mutation] = [
    shift_mw_between_sites, swap_ids_of_sites, move_cost_between_items, move_cost_between_sites,
    move_cost_within_a_site, claim_a_bound_above_the_cost, claim_a_gap_that_is_not_there,
    lower_the_floor, cut_the_cost_everywhere, move_demand_between_places, serve_from_another_site,
    swap_sites_of_two_rows, lose_demand, serve_twice, serve_negative_demand,
    serve_a_place_nobody_knows, claim_shorter_round_trips, hang_a_site_elsewhere,
    shorten_a_feeder, list_a_site_twice, drop_a_site,
    shift_mw_from_a_hub, hide_a_hub, claim_that_more_exists, make_a_site_of_a_hub,
    hide_a_supply_point, hide_an_exclusion, give_another_reason, hide_an_assumption,
    hide_an_input, say_nothing_of_what_is_not_checked,
    credit_nobody,
]  # fmt: skip


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@FEW
@given(data=st.data())
def test_a_mutation_with_fresh_hashes_is_found(case, mutate, data):
    with opened(case) as plan:
        mutate(plan, data.draw)
        assert plan.broken()


# --- a wrong plan, every figure of which follows from it ------------------------------------------


def resized(case: Finished, site: str, mw: float) -> Finished:
    sizes = case.outcome.sizes_mw.copy()
    sizes[site] = mw
    return replace(case, outcome=replace(case.outcome, sizes_mw=sizes.sort_index()))


def reserved(case: Finished, service: pd.DataFrame) -> Finished:
    return replace(case, service=service.reset_index(drop=True))


def refused(case: Finished, words: str) -> None:
    with tempfile.TemporaryDirectory(dir=case.root) as beside:
        folder = Path(beside) / "plan"
        with pytest.raises(UnsoundPlanError, match=words):
            write(case, folder)
        assert not folder.exists()


def test_a_size_between_modules_is_refused(case):
    site = case.outcome.sizes_mw.index[0]
    refused(resized(case, site, case.outcome.sizes_mw[site] + 0.5), "no sum of modules")


def test_a_size_under_the_least_is_refused(case):
    site = case.outcome.sizes_mw.index[0]
    refused(resized(case, site, 4.0), "at least [567] MW are allowed")


def test_a_size_over_the_most_is_refused(case):
    site = case.outcome.sizes_mw.index[0]
    refused(resized(case, site, 25.0), "at most (20|18) MW are allowed")


def test_more_than_the_headroom_of_a_substation_is_refused(rich):
    refused(resized(rich, "s4", 14.0), r"s4 \(Elm\): sites at and below it take 14.0000 MW")


def test_more_than_parcels_share_is_refused(parcels):
    """Each alone is within the 18 MW of their substation, and 5 MW of k5 exist."""
    both = resized(resized(parcels, "k4", 12.0), "k5", 11.0)
    refused(both, r"s3 \(Cedar\): sites at and below it take 18.0000 MW, it has 17.6400 MW")


@pytest.mark.parametrize(
    ("parcel", "mw", "words"),
    [
        ("k5", 12.5, r"k5 \(Ferry\): 7.5000 MW is no sum of modules of 3, 4 MW"),
        ("k12", 6.0, r"k12 \(Moor\): a site \d.\d+ km from flood.geojson"),
        ("k12", 6.0, r"k12 \(Moor\): 6.0000 MW, at most 3 MW are allowed"),
        ("k7", 6.0, r"k7 \(Heath\): 6.0000 MW, at least 7 MW are allowed"),
    ],
)
def test_a_size_that_a_parcel_cannot_have_is_refused(parcels, parcel, mw, words):
    refused(resized(parcels, parcel, mw), words)


def test_a_parcel_that_nobody_feeds_is_refused(parcels):
    refused(resized(parcels, "k13", 6.0), r"k13 \(Nook\): a site, but not a candidate")


def test_a_substation_is_no_site_where_parcels_are(parcels):
    refused(resized(parcels, "s4", 6.0), r"s4 \(Elm\): a site, but not a candidate")


def test_more_than_a_supply_point_bears_is_refused(tiny):
    refused(resized(tiny, "middle", 5.0), r"harbour \(Harbour supply point\)")


def test_a_site_smaller_than_its_load_is_refused(rich):
    site = rich.outcome.sizes_mw.idxmax()
    refused(resized(rich, site, rich.outcome.sizes_mw[site] - 3), "has a connection of")


def test_a_forbidden_site_is_refused(rich):
    refused(resized(rich, "s7", 6.0), "s7: a site, but forbidden")


def test_a_forced_site_that_is_left_out_is_refused(rich):
    sizes = rich.outcome.sizes_mw.drop("s4")
    service = rich.service[rich.service["site"] != "s4"]
    without = replace(rich, outcome=replace(rich.outcome, sizes_mw=sizes), service=service)
    refused(without, "s4: forced, but no site")


def test_a_site_at_a_supply_point_is_refused(case):
    node = {"tiny": "harbour", "rich": "grid"}[case.scenario.name]
    refused(resized(case, node, 10.0), "not a candidate")


def test_a_site_in_an_excluded_area_is_refused(rich):
    words = r"s9 \(Rowan\): a site 1.021 km from flood.geojson \(flood plain\), 2 km are to be kept"
    refused(resized(rich, "s9", 6.0), words)


def test_sites_too_near_one_another_are_refused(rich):
    near = resized(resized(rich, "s1", 6.0), "s2", 6.0)
    refused(near, r"s1 \(Alder\) and s2 \(Birch\): 27.471 km apart, at least 30 km are to be kept")


def test_too_many_sites_are_refused(rich):
    everywhere = rich
    for site in ("s1", "s2", "s3", "s4", "s5", "s6", "s8"):
        everywhere = resized(everywhere, site, 6.0)
    refused(everywhere, "sites, at most 5 are allowed")
    refused(everywhere, "state E: 4 sites, at most 3 are allowed")


def test_an_existing_site_that_is_left_out_is_refused(standing):
    sizes = standing.outcome.sizes_mw.drop("s9")
    service = standing.service[standing.service["site"] != "s9"]
    without = replace(standing, outcome=replace(standing.outcome, sizes_mw=sizes), service=service)
    refused(without, r"s9 \(Rowan\): exists, but is no site")


def test_an_existing_site_smaller_than_it_is_is_refused(standing):
    with opened(standing) as plan:
        (site,) = (site for site in plan.document["sites"] if site["id"] == "s9")
        site["mw"] -= 1
        assert "s9 (Rowan): 7.0000 MW, at least 8 MW are allowed" in plan.broken()


@pytest.mark.parametrize(
    ("site", "mw", "words"),
    [
        ("s4", 19.0, r"s4 \(Elm\): 19.0000 MW, at most 18 MW are allowed"),
        ("s4", 17.5, r"s4 \(Elm\): 8.5000 MW is no sum of modules of 3, 4 MW"),
        ("s6", 12.5, r"s6 \(Hazel\): sites at and below it take 10.0000 MW, it has 8.8200 MW"),
        ("s9", 11.0, r"s9 \(Rowan\): a site 1.021 km from flood.geojson"),
        ("s9", 11.0, r"s9 \(Rowan\): 11.0000 MW, at most 8 MW are allowed"),
        ("s8", 6.0, r"s8 \(Maple\) and s9 \(Rowan\): .* 30 km are to be kept"),
        ("s1", 6.0, r"s1 \(Alder\): 6.0000 MW, at least 7 MW are allowed"),
        ("h1", 6.5, r"h1: serves .* 6.5000 MW IT are reserved of 6.0000 MW IT"),
        ("h1", 5.0, r"h1: serves .* 5.0000 MW IT are reserved of 6.0000 MW IT"),
    ],
)
def test_a_size_that_what_stands_cannot_have_is_refused(standing, site, mw, words):
    refused(resized(standing, site, mw), words)


def test_what_exists_does_not_count_as_a_new_site(standing):
    with opened(standing) as plan:
        path = plan.root / "in" / "scenario.yaml"
        new = sum(site["existing_mw"] == 0 for site in plan.document["sites"])
        for most, kept in ((new, True), (new - 1, False)):
            text = SCENARIO.replace("max_sites: 5", f"max_sites: {most}")
            path.write_text(text + "hubs: {path: hubs.csv, source: {title: Two hubs}}\n", "utf-8")
            said = f"{new} sites, at most {new - 1} are allowed"
            assert (said in plan.broken()) != kept


def test_a_plan_over_budget_is_refused(rich):
    with opened(rich) as plan:
        path = plan.root / "in" / "scenario.yaml"
        text = path.read_text("utf-8").replace("budget_mn: 700", "budget_mn: 20")
        path.write_text(text, encoding="utf-8")
        assert any("the budget 20 M GBP" in line for line in plan.broken())


@FEW
@given(data=st.data())
def test_demand_left_unserved_against_a_promise_is_refused(rich, data):
    """The class without a price must be served in full, another to one half at every place."""
    service, keep = data.draw(st.sampled_from([("chat", 0.9), ("batch", 0.4)]))
    place = data.draw(st.sampled_from(sorted(rich.service["place"].unique())))
    rows = rich.service.copy()
    mine = (rows["place"] == place) & (rows["service"] == service)
    wanted = rows.loc[mine, "mw_it"].sum()
    served = rows.index[mine & rows["site"].notna()][0]
    rows = rows[~mine | (rows.index == served)]
    rows.loc[served, "mw_it"] = wanted * keep
    rest = pd.DataFrame(
        {"place": [place], "service": service, "site": None, "mw_it": wanted * (1 - keep),
         "rtt_ms": np.nan}
    ).astype({"site": rows["site"].dtype})  # fmt: skip
    refused(reserved(rich, pd.concat([rows, rest])), "are promised")


@FEW
@given(data=st.data())
def test_service_beyond_the_bound_is_refused(rich, data):
    """The round trip is stated as it is; it is only too long."""
    served = rich.service[rich.service["site"].notna()]
    pairs = {
        (row, site): rtt_ms
        for row in served.index[served["service"] == "chat"]
        for site in rich.outcome.sizes_mw.index
        if (rtt_ms := true_rtt_ms(rich, served.loc[row, "place"], site)) > 1.6
    }
    row, site = data.draw(st.sampled_from(sorted(pairs)))
    rows = rich.service.copy()
    rows.loc[row, ["site", "rtt_ms"]] = [site, pairs[row, site]]
    refused(reserved(rich, rows), "the bound is 1.6 ms")


def true_rtt_ms(case: Finished, place: str, site: str) -> float:
    demand = case.region.demand.drop_duplicates("place").set_index("place").loc[[place]]
    hosts = assembly.located(case.scenario, case.region.substations.loc[[site]])
    demand["access_ms"] = demand["access_ms"].fillna(case.scenario.latency.access_ms)
    return float(exact_rtt_ms(demand, hosts, assembly.fibre_of(case.scenario))[0])


@FEW
@given(data=st.data())
def test_demand_moved_between_places_is_refused(case, data):
    served = case.service[case.service["site"].notna()]
    service = data.draw(st.sampled_from(sorted(served["service"].unique())))
    one = served.index[served["service"] == service][0]
    others = case.service.index[
        (case.service["service"] == service) & (case.service["place"] != served.loc[one, "place"])
    ]
    other = data.draw(st.sampled_from(list(others)))
    rows, mw_it = case.service.copy(), data.draw(st.floats(0.05, 1)) * served.loc[one, "mw_it"]
    rows.loc[one, "mw_it"] -= mw_it
    rows.loc[other, "mw_it"] += mw_it
    refused(reserved(case, rows), "demand is")


# --- a broken search ------------------------------------------------------------------------------


def plan(root: Path) -> None:
    workflow.plan_scenario(
        root / "in", root / "plan", force=False, overrides={}, watch=lambda _: None, clock=Clock(30)
    )


@pytest.fixture(params=["tiny", "rich"])
def fresh(request, tmp_path) -> Path:
    if request.param == "tiny":
        shutil.copytree(TINY, tmp_path / "in")
    else:
        write_rich(tmp_path / "in")
    return tmp_path


def test_a_reach_that_is_too_wide_is_refused(fresh, monkeypatch):
    true_reach = assembly.reach.sites_in_reach

    def too_wide(points, sites, fibre):
        return true_reach(points.assign(rtt_ms=points["rtt_ms"] * 3), sites, fibre)

    monkeypatch.setattr(assembly.reach, "sites_in_reach", too_wide)
    with pytest.raises(UnsoundPlanError, match=r"the bound is|no plan avoids"):
        plan(fresh)
    assert not (fresh / "plan").exists()


def test_a_reach_beyond_the_pairs_that_may_serve_is_refused(tmp_path, monkeypatch):
    write_alone(tmp_path / "in")
    monkeypatch.setattr(assembly.reach, "_alone", lambda *_: None)
    with pytest.raises(UnsoundPlanError, match=r"no such pair may serve|no plan avoids"):
        plan(tmp_path)
    assert not (tmp_path / "plan").exists()


def twice_what_exists(loaded, findings):
    parcels = parcels_of(loaded, findings)
    return parcels.assign(existing_mw=2 * parcels["existing_mw"])


def next_to_nearest(places, among):
    row, km = nearest_of(places, among)
    return (row + 1) % len(among), km


@pytest.mark.parametrize(
    ("broken", "wrong", "words"),
    [
        ("nearest_of", next_to_nearest, "fed by"),
        ("geodesic_km", lambda *ends: 0.5 * geodesic_km(*ends), "feeder_km is read as"),
        ("least_at_and_above", lambda limit, _: limit + 100, "fed by"),
        ("smallest_mw", lambda _, wanted_mw: 0 * wanted_mw, "fed by"),
        ("INHERITED", ["max_mw", "processing_ms"], "pue is read as"),
        ("parcels_of", twice_what_exists, "k5 .*10 MW are read to exist, it is 5 MW"),
    ],
)
def test_parcels_fed_in_a_wrong_way_are_refused(tmp_path, monkeypatch, broken, wrong, words):
    """The reader is shared; what it makes of a parcel is worked out anew."""
    write_on_parcels(tmp_path / "in")
    path = tmp_path / "in" / "scenario.yaml"
    text = path.read_text("utf-8").replace("max_feeder_km: 4", "max_feeder_km: 900")
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(feeding, broken, wrong)
    with pytest.raises(UnsoundPlanError, match=words):
        plan(tmp_path)
    assert not (tmp_path / "plan").exists()


def test_a_bound_above_the_cost_of_its_own_plan_is_refused(fresh, monkeypatch):
    true = workflow.solve

    def claims_too_much(*asked):
        found = true(*asked)
        return replace(found, bound=1.001 * found.cost)

    monkeypatch.setattr(workflow, "solve", claims_too_much)
    with pytest.raises(UnsoundPlanError, match="no plan costs less than"):
        plan(fresh)
    assert not (fresh / "plan").exists()


def test_an_oracle_that_finds_no_fault_is_refused(fresh, monkeypatch):
    """
    Whoever assigns demand to the sites so found sees that they are too small, or lets it go.

    A plan that builds nothing keeps its promises if it says what that costs and claims no gap.
    """
    monkeypatch.setattr(Delivery, "violated_by", lambda *_: [])
    with pytest.raises((UnsoundPlanError, AssertionError)):
        plan(fresh)
    monkeypatch.setattr(workflow, "least_latency", to_the_nearest)
    try:
        plan(fresh)
    except UnsoundPlanError:
        assert not (fresh / "plan").exists()
    else:
        document = json.loads((fresh / "plan" / "plan.json").read_text("utf-8"))
        assert document["status"] == "stalled"
        assert document["sites"] == []
        assert document["certificate"]["gap"] > 0.1


def to_the_nearest(instance, mw, pairs, *_) -> pd.DataFrame:
    """Serve every point from its nearest built site, however small that is."""
    rows = pd.DataFrame({"point": pairs.point, "site": pairs.site, "rtt_ms": pairs.rtt_ms})
    nearest = rows.sort_values("rtt_ms").drop_duplicates("point").set_index("point")
    served = nearest.reindex(np.arange(len(instance.points))).rename_axis("point").reset_index()
    return served.assign(
        site=served["site"].fillna(-1).astype(int), mw_it=instance.points["mw_it"].to_numpy()
    )


# --- outages --------------------------------------------------------------------------------------


def rewritten(plan: Opened, file: str, old: str, new: str) -> None:
    path = plan.root / "in" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "who"),
    [
        ("scenario.yaml", "served: 0.3", "served: 1.0", "batch"),
        ("scenario.yaml", "served: 0.6, rtt_ms: 3", "served: 1, rtt_ms: 1.6", "chat"),
        ("scenario.yaml", "[site, node, zone]", "[site, node, zone], at_once: 2", "chat|batch"),
        ("storms.geojson", "0.65", "1.4", "chat|batch"),
        ("substations.csv", "Larch,52.5,1.3,25,,", "Larch,52.5,1.3,25,grid,", "chat|batch"),
    ],
    ids=["more is promised", "sooner", "two at once", "a wider storm", "one tree"],
)
def test_a_promise_broken_in_an_outage_is_found(surviving, file, old, new, who):
    """Each change of the inputs leaves some outage with less than is promised."""
    with opened(surviving) as plan:
        rewritten(plan, file, old, new)
        lines = [line for line in plan.broken() if "promised cannot be served" in line]
        assert re.search(rf"outage of (site|node|zone) .*place p\d\d, class ({who}): ", lines[0])


def test_service_that_an_outage_could_not_keep_is_found(surviving):
    """One place's service in order is moved where everything is full: its promise goes with it."""
    with opened(surviving) as plan:
        for site in plan.document["sites"]:
            site["mw"] = site["load_mw"] if site["id"] != "s7" else 7.0
        broken = plan.broken()
        assert any("promised cannot be served" in line for line in broken)


def outage_left_out(outages):
    del outages["rows"][1]


def outages_swapped(outages):
    outages["rows"][0], outages["rows"][1] = outages["rows"][1], outages["rows"][0]


def loss_moved_between_classes(outages):
    by_class = outages["rows"][0]["lost_by_class_mw_it"]
    by_class["batch"] -= 0.5
    by_class["bulk"] += 0.5


def another_site_named(outages):
    outages["rows"][3]["what"], outages["rows"][4]["what"] = (
        outages["rows"][4]["what"], outages["rows"][3]["what"],
    )  # fmt: skip


def told_twice(outages):
    outages["rows"][2] = outages["rows"][1]


def kind_of_another(outages):
    outages["kinds"][0]["worst"] = outages["kinds"][1]["worst"]


def fewer_told(outages):
    outages["count"] -= 1


def less_survived(outages):
    outages["survive"] = outages["survive"][:1]


@pytest.mark.parametrize(
    "mutate",
    [
        outage_left_out, outages_swapped, loss_moved_between_classes, another_site_named,
        told_twice, kind_of_another, fewer_told, less_survived,
    ],
)  # fmt: skip
def test_a_loss_told_otherwise_is_found(surviving, mutate):
    with opened(surviving) as plan:
        mutate(plan.document["outages"])
        plan.document["verdict"] = verdict(plan.document)
        assert plan.broken()


def test_outages_left_out_of_the_plan_are_found(surviving):
    with opened(surviving) as plan:
        plan.document["outages"] = None
        plan.document["verdict"] = verdict(plan.document)
        assert "the outages that the plan survives are not told" in plan.broken()


def test_outages_told_of_a_plan_that_survives_none_are_found(surviving, rich):
    with opened(surviving) as other, opened(rich) as plan:
        plan.document["outages"] = other.document["outages"]
        plan.document["sites"][0]["lost_mw_it_when_out"] = 1.0
        plan.document["verdict"] = verdict(plan.document)
        broken = plan.broken()
        assert "outages are told, but the scenario names none" in broken
        assert any("lost_mw_it_when_out is told" in line for line in broken)


def test_two_outages_together_are_found_broken_where_each_alone_is_kept(surviving):
    with opened(surviving) as plan:
        rewritten(plan, "scenario.yaml", "[site, node, zone]", "[site, zone]")
        assert not any("promised cannot be served" in line for line in plan.broken())
        rewritten(plan, "scenario.yaml", "[site, zone]", "[site, zone], at_once: 2")
        assert any(
            re.match("outage of .* and .*promised cannot be served", line) for line in plan.broken()
        )


def test_an_oracle_that_finds_every_outage_survived_is_refused(tmp_path, monkeypatch):
    write_surviving(tmp_path / "in")
    (tmp_path / "in" / "scenario.yaml").write_text(SURVIVING.replace("0.3}", "1}"), "utf-8")
    monkeypatch.setattr(Survival, "violated_by", lambda *_: [])
    monkeypatch.setattr(Survival, "delivers", lambda *_: True)
    monkeypatch.setattr(Survival, "sharpened", lambda *_: [])
    with pytest.raises(UnsoundPlanError, match="promised cannot be served"):
        plan(tmp_path)
    assert not (tmp_path / "plan").exists()
