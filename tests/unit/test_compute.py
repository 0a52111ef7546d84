"""People, queries, tokens, racks and megawatts: each of them from each other."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from microdc.errors import InputError
from microdc.placement.verify import broken_promises
from microdc.scenario import load_scenario
from microdc.scenario.parts.compute import (
    Compute,
    kw_it_of_tokens,
    mw_it_of_queries,
    mw_it_of_tokens,
    peak_kw_it_per_1000_people,
    queries_per_s,
    tokens_per_s,
)
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[2] / "scenarios" / "tiny"
QUERIES = "queries_per_person_day: 48, wh_it_per_query: 1, peak_to_mean: 2"
TOKENS = "tokens_per_s_per_1000_people: 6000, tokens_per_s_per_kw_it: 1500"


def test_a_query_an_hour_of_one_watt_hour_is_a_watt_a_person():
    assert peak_kw_it_per_1000_people(24, 1, 1) == pytest.approx(1)  # 1,000 x 1 W = 1 kW
    assert peak_kw_it_per_1000_people(48, 1, 2) == pytest.approx(4)


def test_five_megawatts_of_grid_feed_thirty_racks():
    compute = Compute()
    assert compute.racks(5 / 1.25) == pytest.approx(30.3, abs=0.1)
    assert compute.racks(5 / 1.25) * compute.gpus_per_rack == pytest.approx(2182, abs=1)
    assert compute.mw_it(compute.racks(4.0)) == pytest.approx(4.0)


def test_a_megawatt_answers_nine_hundred_median_queries_a_second():
    assert queries_per_s(1.0, 0.31) == pytest.approx(896, abs=0.1)
    assert mw_it_of_queries(queries_per_s(3.0, 0.31), 0.31) == pytest.approx(3.0)


def test_six_thousand_tokens_at_fifteen_hundred_a_kilowatt_are_four_kilowatts():
    assert kw_it_of_tokens(6000, 1500) == pytest.approx(4)
    assert tokens_per_s(0.004, 1500) == pytest.approx(6000)
    assert mw_it_of_tokens(6000, 1500) == pytest.approx(0.004)


@pytest.fixture
def inputs(tmp_path) -> Path:
    """Tiny, its `near` stated in queries that come to the same 4 kW IT per 1,000 people."""
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    rewrite(folder, "kw_it_per_1000_people: 4", QUERIES)
    return folder


def rewrite(folder: Path, old: str, new: str) -> None:
    path = folder / "scenario.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def planned(tmp_path_factory) -> Callable[[str], Path]:
    """Give a folder with tiny, its `near` stated in some other keys, and its plan; each once."""

    @cache
    def made(keys: str) -> Path:
        place = tmp_path_factory.mktemp("planned")
        inputs, clock = Path(shutil.copytree(TINY, place / "tiny")), Clock(30)
        rewrite(inputs, "kw_it_per_1000_people: 4", keys)
        quiet = {"overrides": {}, "watch": lambda _: None, "clock": clock}
        plan_scenario(inputs, place / "plan", force=False, **quiet)
        return place

    return made


@pytest.fixture
def stating(planned, tmp_path) -> Callable[[str], Path]:
    """Give a copy of such a plan to change."""
    return lambda keys: Path(shutil.copytree(planned(keys), tmp_path / "copy")) / "plan"


@pytest.fixture
def folder(stating) -> Path:
    return stating(QUERIES)


def test_demand_in_queries_gives_the_plan_that_the_hand_finds(folder):
    document = json.loads((folder / "plan.json").read_text("utf-8"))
    assert document["certificate"]["cost_mn_yr"] == pytest.approx(28.4)
    west = next(site for site in document["sites"] if site["id"] == "west")
    assert west["racks"] == pytest.approx(15 / 1.25 * 1000 / 132)
    near, far = document["services"]
    assert near["gpus"] == pytest.approx(6 * 1000 / 132 * 72)
    assert near["queries_per_s"] == pytest.approx(6e6 / 3600)  # 6 MW IT at 1 Wh a query
    assert far["queries_per_s"] is None
    assert broken_promises(folder) == []


def test_demand_in_tokens_gives_the_plan_that_the_hand_finds(stating):
    folder = stating(f"{TOKENS}, tokens_per_query: 500")
    document = json.loads((folder / "plan.json").read_text("utf-8"))
    assert document["certificate"]["cost_mn_yr"] == pytest.approx(28.4)
    near, far = document["services"]
    assert near["served_mw_it"] == pytest.approx(6)
    assert near["load_mw"] == pytest.approx(6 * 1.25)
    assert near["tokens_per_s"] == pytest.approx(6000 * 1500)  # 6,000 kW IT at 1,500 a kW
    assert near["queries_per_s"] == pytest.approx(6000 * 1500 / 500)
    assert (far["tokens_per_s"], far["queries_per_s"]) == (None, None)
    assert broken_promises(folder) == []


def test_queries_whose_tokens_are_known_are_told_in_tokens_too(stating):
    folder = stating(f"{QUERIES}, tokens_per_query: 500")
    near = json.loads((folder / "plan.json").read_text("utf-8"))["services"][0]
    assert near["tokens_per_s"] == pytest.approx(500 * 6e6 / 3600)
    assert broken_promises(folder) == []


@pytest.mark.parametrize("key", ["load_mw", "racks", "gpus", "queries_per_s", "tokens_per_s"])
def test_tokens_and_computers_that_are_misstated_are_found(stating, key):
    folder = stating(f"{TOKENS}, tokens_per_query: 500")
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    document["services"][0][key] += 1
    path.write_text(json.dumps(document), "utf-8")
    assert any(f"near: {key} is stated as" in line for line in broken_promises(folder))


@pytest.mark.parametrize("key", ["racks", "gpus", "queries_per_s"])
def test_computers_that_are_misstated_are_found(folder, key):
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    document["services"][0][key] += 1
    path.write_text(json.dumps(document), "utf-8")
    assert any(f"near: {key} is stated as" in line for line in broken_promises(folder))


@pytest.mark.parametrize("key", ["racks", "gpus"])
def test_a_site_that_is_worth_more_than_its_megawatts_is_found(folder, key):
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    document["sites"][0][key] += 1
    path.write_text(json.dumps(document), "utf-8")
    assert any(f": {key} is stated as" in line for line in broken_promises(folder))


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (f"{QUERIES}, share: 0.5", "states its demand twice"),
        (f"{QUERIES}, kw_it_per_1000_people: 4", "states its demand twice"),
        ("queries_per_person_day: 48, peak_to_mean: 2", "allowed: wh_it_per_query too"),
        (QUERIES.replace("peak_to_mean: 2", "peak_to_mean: 0.5"), "peak_to_mean: is too small"),
        (f"{QUERIES}, tokens_per_s_per_kw_it: 1500", "states its demand twice"),
        (f"{TOKENS}, wh_it_per_query: 1", "states its demand twice"),
        ("tokens_per_s_per_kw_it: 1500", "allowed: tokens_per_s_per_1000_people too"),
        ("kw_it_per_1000_people: 4, tokens_per_query: 9", "tokens_per_query: means nothing"),
        (TOKENS.replace("1500", "0"), "tokens_per_s_per_kw_it: is too small"),
    ],
)
def test_demand_is_stated_in_one_way_and_in_full(inputs, keys, says):
    rewrite(inputs, QUERIES, keys)
    with pytest.raises(InputError, match=says):
        load_scenario(inputs)
