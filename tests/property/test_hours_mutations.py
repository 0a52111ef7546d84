"""Whatever is changed in what a plan says of its hours, `verify` finds it."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from finished_plans import (
    HOURLY_SERVICE,
    HOURS,
    Finished,
    amounts,
    caught,
    changed,
    finished,
    leaves,
    opened,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from often import often

from microdc.placement.hours import replay as replaying
from microdc.placement.store import UnsoundPlanError
from microdc.placement.verdict import verdict
from microdc.placement.verify import broken_promises

SUBSTATIONS = """\
id,name,lat,lon,headroom_mw,parent,candidate,pue,group,peak_mw,existing_mw,facility_mn_per_mw_it
grid,Grid point,52.5,0.5,40,,false,,,,,
north,North supply,52.9,0.4,22,grid,false,,,,,
s1,Alder,52.95,0.2,8,north,true,1.2,valley,10,,11
s2,Birch,52.9,0.6,7,north,true,1.3,valley,12,,14
s3,Cedar,52.8,0.9,16,north,true,,,20,3,9
s4,Elm,52.2,0.3,12,grid,true,1.15,hill,,,11
s5,Fir,52.1,0.7,14,grid,true,,hill,,,14
s6,Hazel,52.0,1.0,9,,true,1.4,,,,13
"""

PLACES = "id,name,lat,lon,population\n" + "".join(
    f"p{i},Place {i},{52.0 + 0.18 * ((i * 5) % 6):.2f},{0.1 + 0.2 * ((i * 7) % 6):.2f},"
    f"{300_000 + 90_000 * i}\n"
    for i in range(6)
)

SCENARIO = """\
schema: 1
name: hourly
substations: {path: substations.csv, reserve_share: 0.05}
demand: {path: places.csv}
hubs: {path: hubs.csv}
services:
  chat: {rtt_ms: 2.5, kw_it_per_1000_people: 2, movable: false}
  batch: {rtt_ms: 3, kw_it_per_1000_people: 4, unserved_mn_per_mw_yr: 3.5, min_served: 0.5}
  bulk: {rtt_ms: 8, kw_it_per_1000_people: 3, unserved_mn_per_mw_yr: 2.4,
    defer: {share: 0.3, hours: 3}}
sites: {min_mw: 5, max_mw: 16}
hours: {profiles: hours.csv, use: 2 days}
connection: {type: flexible, max_hours_per_yr: 3000, max_mwh_per_mw_yr: 1200, max_run_h: 9}
solve: {gap: 0.005}
"""

HUBS = "id,name,lat,lon,mw_it,mn_per_mw_it_yr\nh1,Hub one,54.5,0.3,4,1.1\n"

DAYS, HOURS_OF_A_DAY = 3, 24


def profiles() -> str:
    """Three days that follow one another: evenings without power at home, noons on the hill."""
    lines = ["time,id,service,headroom_mw,headroom_share,load_share,demand_share,weight_h"]
    for day in range(DAYS):
        for hour in range(HOURS_OF_A_DAY):
            start = f"2026-01-0{day + 1}T{hour:02}:00Z"
            evening, noon = 17 <= hour < 22, 10 <= hour < 15
            tight = (0.5, 0.8, 0.0)[day]
            rows = (
                ("valley", "", "", "", f"{1 - 0.5 * tight * (not evening):g}", ""),
                ("hill", "", "", f"{1 - tight * noon:g}", "", ""),
                ("s3", "", f"{16 - 12 * tight * evening:g}", "", "", ""),
                ("north", "", f"{18 - 8 * tight * evening:g}", "", "", ""),
                ("", "chat", "", "", "", f"{1 if evening else 0.6:g}"),
                ("", "batch", "", "", "", f"{1 if noon else 0.5:g}"),
                ("", "bulk", "", "", "", f"{0.9 if evening or noon else 0.4:g}"),
            )
            lines += [f"{start},{','.join(row)},{8760 / 72:.6f}" for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def hourly(tmp_path_factory) -> Finished:
    """A tree with a site that exists, a hub, and classes that move, stay, and wait."""
    root = tmp_path_factory.mktemp("hourly")
    write_hourly(root / "in")
    return finished(root)


def write_hourly(folder: Path) -> None:
    folder.mkdir()
    files = {
        "substations.csv": SUBSTATIONS,
        "places.csv": PLACES,
        "hubs.csv": HUBS,
        "hours.csv": profiles(),
        "scenario.yaml": SCENARIO,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


FEW = settings(
    max_examples=often(2, many=8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MANY = settings(FEW, max_examples=often(5, many=30))


def test_an_unchanged_plan_keeps_its_promises(hourly):
    with opened(hourly) as plan:
        assert broken_promises(plan.folder) == []
        assert plan.broken() == []


def test_what_is_asked_of_the_hours_binds(hourly):
    with opened(hourly) as plan:
        told, moved = plan.document["hours"], plan.by_hour[HOURLY_SERVICE]
        assert told["days"] == 2
        assert set(moved["service"]) == {"batch", "bulk"}
        assert (moved["time"] > moved["for_time"]).any()
        assert plan.by_hour[HOURS]["curtailed_mw"].max() > 1
        assert plan.by_hour[HOURS]["binding"].str.contains("limit north").any()


# --- one figure changed ---------------------------------------------------------------------------


@MANY
@given(data=st.data())
def test_any_fact_changed_in_the_document_is_found(hourly, data):
    with opened(hourly) as plan:
        told = {key: plan.document[key] for key in ("hours", "sites", "hubs")}
        *way, last = data.draw(st.sampled_from(list(leaves(told))))
        part = told
        for key in way:
            part = part[key]
        part[last] = changed(part[last], data.draw(amounts))
        assert caught(plan)


@MANY
@given(data=st.data())
def test_any_cell_changed_in_the_hours_is_found(hourly, data):
    with opened(hourly) as plan:
        table = plan.by_hour[HOURS]
        row = data.draw(st.integers(0, len(table) - 1))
        column = data.draw(st.sampled_from(list(table.columns)))
        amount = data.draw(amounts)
        cells = table[column].astype(object)
        cells[row] = changed(cells[row], amount)
        table[column] = cells.infer_objects()
        assert caught(plan)


@MANY
@given(data=st.data())
def test_any_cell_changed_in_the_service_by_the_hour_is_found(hourly, data):
    with opened(hourly) as plan:
        table = plan.by_hour[HOURLY_SERVICE]
        row = data.draw(st.integers(0, len(table) - 1))
        column = data.draw(st.sampled_from(list(table.columns)))
        others = [cell for cell in table[column].unique() if cell != table.loc[row, column]]
        new = data.draw(st.sampled_from([*others, "x"])) if column != "mw_it" else None
        before = table.loc[row, column]
        table.loc[row, column] = before + data.draw(amounts) if new is None else new
        assert plan.broken()


# --- totals kept, hashes and verdict rewritten ----------------------------------------------------


def hour_left_out(plan, _):
    plan.by_hour[HOURS] = plan.by_hour[HOURS].drop(index=5).reset_index(drop=True)


def day_left_out(plan, _):
    table = plan.by_hour[HOURS]
    plan.by_hour[HOURS] = table[table["day"] != table["day"].iloc[0]].reset_index(drop=True)


def scarcest_day_exchanged(plan, _):
    """The day without any evening stands for it: every hour is renamed, the weights stay."""
    for table in (*plan.by_hour.values(),):
        for column in ("time", "for_time"):
            if column in table:
                table[column] = table[column].str.replace("01-02T", "01-01T")


def weights_moved_between_days(plan, _):
    table = plan.by_hour[HOURS]
    table["weight_h"] += np.where(table["day"] == table["day"].iloc[0], 24.0, -24.0)


def hour_told_twice(plan, _):
    table = plan.by_hour[HOURS]
    plan.by_hour[HOURS] = pd.concat([table.iloc[:4], table.iloc[3:]], ignore_index=True)


def load_kept_at_home(plan, _):
    """What was moved or waited is served at home after all, whatever there is."""
    plan.by_hour[HOURLY_SERVICE] = plan.by_hour[HOURLY_SERVICE].iloc[:0]


def some_load_left_out(plan, _):
    plan.by_hour[HOURLY_SERVICE]["mw_it"] *= 0.97


def load_shifted_between_sites(plan, draw):
    table = plan.by_hour[HOURLY_SERVICE]
    loads = table.groupby(["time", "for_time", "place", "service"])["site"].transform("size") > 1
    row = draw(st.sampled_from(list(table.index[loads])))
    same = (table.iloc[:, :4] == table.iloc[row, :4]).all(axis=1) & (table.index != row)
    other = table.index[same][0]
    mw_it = min(0.3, table.loc[row, "mw_it"] / 2)
    table.loc[row, "mw_it"] -= mw_it
    table.loc[other, "mw_it"] += mw_it


def load_that_may_not_move_moved(plan, _):
    served = plan.service[(plan.service["service"] == "chat") & plan.service["site"].notna()]
    one, time = served.iloc[0], plan.by_hour[HOURS]["time"].iloc[18]
    other = next(site["id"] for site in plan.document["sites"] if site["id"] != one["site"])
    mw_it = served.loc[served["place"] == one["place"], "mw_it"].sum()
    row = {"time": time, "for_time": time, "place": one["place"], "service": "chat"}
    row |= {"site": other, "mw_it": mw_it}
    table = plan.by_hour[HOURLY_SERVICE]
    plan.by_hour[HOURLY_SERVICE] = pd.concat([table, pd.DataFrame([row])], ignore_index=True)


def load_that_may_not_wait_put_off(plan, _):
    table = plan.by_hour[HOURLY_SERVICE]
    row = table.index[(table["service"] == "batch") & table["time"].str.contains("T17")][0]
    table.loc[row, "time"] = table.loc[row, "time"].replace("T17", "T18")


def load_put_off_too_long(plan, _):
    table = plan.by_hour[HOURLY_SERVICE]
    row = table.index[table["time"] > table["for_time"]][0]
    table.loc[row, "time"] = table.loc[row, "for_time"][:11] + "23:00Z"


def load_served_before_it_comes(plan, _):
    table = plan.by_hour[HOURLY_SERVICE]
    row = table.index[table["time"] > table["for_time"]][0]
    table.loc[row, ["time", "for_time"]] = table.loc[row, ["for_time", "time"]].to_numpy()


def more_put_off_than_may_be(plan, _):
    table = plan.by_hour[HOURLY_SERVICE]
    late = table.index[table["time"] > table["for_time"]][0]
    mine = table["for_time"] == table.loc[late, "for_time"]
    mine &= (table["place"] == table.loc[late, "place"]) & (table["service"] == "bulk")
    now = table.index[mine & (table["time"] == table["for_time"])]
    table.loc[late, "mw_it"] += table.loc[now, "mw_it"].sum() / 2
    table.loc[now, "mw_it"] /= 2


def firm_power_overstated(plan, _):
    for site in plan.document["sites"]:
        site["firm_mw"] = site["mw"]


def curtailment_understated(plan, _):
    for site in plan.document["sites"]:
        site["curtailed_h_per_yr"] /= 2
        site["curtailed_mwh_per_mw_yr"] /= 2


def headline_overstated(plan, _):
    plan.document["hours"]["firm_service_mw_it"] += 1


def connections_called_firm(plan, _):
    plan.document["hours"]["connection"] = "firm"


def connections_called_firm_by_another_name(plan, _):
    plan.document["hours"]["connection"] = "firm"
    plan.document["name"] += "-firm"


def hours_not_told(plan, _):
    plan.document["hours"] = None


def looser_hour_of_a_day_told(plan, _):
    table = plan.by_hour[HOURS]
    (row,) = table[table["time"].str.contains("01-02T03")].to_dict("records")
    plan.document["hours"]["rows"][0] = row


def site_drawn_beyond_its_connection(plan, _):
    site = max(plan.document["sites"], key=lambda site: site["load_mw"])
    site["mw"] -= 1


MUTATIONS: tuple[Callable, ...] = (
    hour_left_out, day_left_out, scarcest_day_exchanged, weights_moved_between_days,
    hour_told_twice, load_kept_at_home, some_load_left_out, load_shifted_between_sites,
    load_that_may_not_move_moved, load_that_may_not_wait_put_off, load_put_off_too_long,
    load_served_before_it_comes, more_put_off_than_may_be, firm_power_overstated,
    curtailment_understated, headline_overstated, connections_called_firm,
    connections_called_firm_by_another_name, hours_not_told, looser_hour_of_a_day_told,
    site_drawn_beyond_its_connection,
)  # fmt: skip


@pytest.mark.parametrize("mutate", MUTATIONS)
@settings(FEW, max_examples=1)
@given(data=st.data())
def test_what_is_told_otherwise_is_found(hourly, mutate, data):
    with opened(hourly) as plan:
        mutate(plan, data.draw)
        plan.document["verdict"] = verdict(plan.document)
        assert plan.broken()


def test_files_that_are_gone_or_damaged_are_found(hourly):
    for name in (HOURS, HOURLY_SERVICE):
        with opened(hourly) as plan:
            (plan.folder / name).unlink()
            plan.by_hour = {}
            assert caught(plan)
        with opened(hourly) as plan:
            del plan.by_hour[name][plan.by_hour[name].columns[2]]
            assert caught(plan)


# --- the same plan, of other inputs ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("scenario.yaml", "max_hours_per_yr: 3000", "max_hours_per_yr: 1000", "max_hours_per_yr"),
        ("scenario.yaml", "max_mwh_per_mw_yr: 1200", "max_mwh_per_mw_yr: 100", "max_mwh_per_mw_yr"),
        ("scenario.yaml", "max_run_h: 9", "max_run_h: 3", "max_run_h is 3"),
        ("scenario.yaml", "type: flexible, max_hours_per_yr: 3000, max_mwh_per_mw_yr: 1200, "
         "max_run_h: 9", "type: firm", "MW are connected at and below it, it has"),
        ("scenario.yaml", "share: 0.3", "share: 0.1", "wait, at most"),
        ("scenario.yaml", "hours: 3}", "hours: 1}", "may wait 1 h within its day"),
        ("scenario.yaml", "defer: {share: 0.3, hours: 3}", "defer: off", "may not wait"),
        ("scenario.yaml", "batch: {", "batch: {movable: false, ", "may not move"),
        ("scenario.yaml", "rtt_ms: 8", "rtt_ms: 1.5", "which serves it in some hours, answers in"),
        ("scenario.yaml", "2 days", "all", "2 day\\(s\\) are used, the scenario says all"),
        ("hours.csv", ",bulk,,,,0.4,", ",bulk,,,,0.6,", "demand_mw_it is stated as"),
        ("substations.csv", "north,true,,,20,3,9", "north,true,,,20,1,9", "existing_mw is stated"),
    ],
)  # fmt: skip
def test_hours_of_other_inputs_are_found(hourly, file, old, new, words):
    with opened(hourly) as plan:
        path = plan.root / "in" / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        assert any(re.search(words, line) for line in plan.broken())


def test_less_headroom_in_one_hour_is_found(hourly):
    """In one hour Cedar has nothing; it was drawn from."""
    with opened(hourly) as plan:
        path = plan.root / "in" / "hours.csv"
        text = path.read_text("utf-8")
        old = "2026-01-03T11:00Z,s3,,16,"
        assert old in text
        path.write_text(text.replace(old, "2026-01-03T11:00Z,s3,,0,"), encoding="utf-8")
        broken = plan.broken()
        assert any("s3 (Cedar): sites at and below it take" in line for line in broken)


# --- a plan that follows from wrong sizes or a wrong replay ---------------------------------------


def refused(case: Finished, words: str) -> None:
    with pytest.raises(UnsoundPlanError, match=words):
        write(case, case.root / "plans" / "other")
    assert not (case.root / "plans" / "other").exists()


def test_a_connection_beyond_its_terms_is_refused(hourly):
    sizes = hourly.outcome.sizes_mw.copy()
    sizes["s3"] += 3
    refused(replace(hourly, outcome=replace(hourly.outcome, sizes_mw=sizes)), "max_")


def test_a_replay_that_keeps_all_at_home_is_refused(hourly, monkeypatch):
    monkeypatch.setattr(replaying, "rerouted", lambda *_: None)
    refused(hourly, "draws|sites at and below it take")
