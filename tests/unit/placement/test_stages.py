"""A programme of stages is read back as it was written, or refused with all that is wrong."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

from microdc.errors import InputError
from microdc.placement.stages import read_stages, roads_of


@pytest.fixture
def faults_of(programme, tmp_path) -> Callable[..., list[str]]:
    """Give what is wrong with the programme once its document was changed."""

    def faults(change: Callable[[dict[str, Any]], object]) -> list[str]:
        folder = tmp_path / "programme"
        shutil.copytree(programme, folder)
        path = folder / "stages.json"
        document = json.loads(path.read_text("utf-8"))
        change(document)
        path.write_text(json.dumps(document), "utf-8")
        with pytest.raises(InputError) as caught:
            read_stages(folder)
        return [str(fault) for fault in caught.value.faults]

    return faults


def test_a_programme_is_read_with_its_plans(programme):
    told = read_stages(programme)
    pilots, fleet, network = told.stages
    assert (pilots.begins, pilots.ends) == ("2026-12", "2028-12")
    assert (pilots.added, pilots.grown) == (("west",), ())
    assert fleet.added == ("east",)
    assert [(one.id, one.from_mw, one.to_mw) for one in network.grown] == [("west", 15, 20)]
    document = json.loads((programme / "stages.json").read_text("utf-8"))
    assert told.cost_mn == pytest.approx(document["cost_mn"])
    assert asdict(told.nestedness) == pytest.approx(document["nestedness"])


def test_all_faults_are_told_at_once(faults_of):
    def change(document):
        document["cost_mn"] = "much"
        document["stages"][1]["mw"] = "large"
        document["stages"][1]["weight"] = -1
        document["stages"][2]["note"] = "x"

    found = faults_of(change)
    places = ("cost_mn", "stages.1.mw", "stages.1.weight", "stages.2.note")
    assert all(any(f": {place}: " in fault for fault in found) for place in places)
    assert len(found) == 4


def test_what_is_no_month_is_refused(faults_of):
    (fault,) = faults_of(lambda document: document["stages"][2].update({"from": "2030-13"}))
    assert "stages.2.from: is no month; found 2030-13; allowed: YYYY-MM" in fault


def test_stages_out_of_order_are_refused(faults_of):
    def change(document):
        document["stages"][0]["to"] = "2026-11"

    ends, follows = faults_of(change)
    assert "stage pilots ends before it begins; found 2026-11" in ends
    assert "stage fleet does not begin when pilots ends" in follows
    assert "allowed: 2026-11" in follows


def test_a_stage_comes_after_one_that_was_told(faults_of):
    (fault,) = faults_of(lambda document: document["stages"][1].update(after="network"))
    assert "stages.1.after: stage fleet comes after none of those before it" in fault
    assert "found network; allowed: pilots" in fault


def test_each_future_is_a_road_of_its_own(programme):
    told = read_stages(programme)
    pilots, fleet, network = told.stages
    assert roads_of(told) == [[pilots, fleet, network]]
    high = replace(network, future="high", before="pilots")
    low = replace(fleet, future="low", before="pilots")
    assert roads_of(replace(told, stages=(pilots, high, low))) == [[pilots, high], [pilots, low]]


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("fleets", "the plan of stage fleet is missing"),
        ("pilots", "stage fleet has the folder of another stage"),
        ("../in", "is not one below the programme's"),
        ("..", "is not one below the programme's"),
    ],
)
def test_a_stage_without_a_plan_of_its_own_is_refused(faults_of, folder, says):
    (fault,) = faults_of(lambda document: document["stages"][1].update(folder=folder))
    assert says in fault


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": 2}', '{"schema": 1}'])
def test_what_is_no_programme_is_refused(tmp_path, text):
    (tmp_path / "stages.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"stages\.json"):
        read_stages(tmp_path)
    with pytest.raises(InputError, match=r"nowhere/stages\.json"):
        read_stages(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("key", "said", "true"),
    [
        ("sites", 3, "2"),
        ("capital_mn", 1.5, "18"),
        ("added", ["east", "west"], "['east']"),
        ("grown", [], "[{'id': 'west', 'from_mw': 10.0, 'to_mw': 15.0}]"),
    ],
)
def test_a_stage_told_otherwise_than_its_plan_is_refused(faults_of, key, said, true):
    (fault,) = faults_of(lambda document: document["stages"][1].update({key: said}))
    assert f"stages.1.{key}: is not what the plan of stage fleet has; found {said}" in fault
    assert f"allowed: {true}" in fault


def test_stages_that_lose_a_site_are_refused(faults_of):
    def change(document):
        first, second, _ = document["stages"]
        document["stages"] = [
            second | {"from": first["from"], "to": first["to"], "after": None},
            first | {"from": second["from"], "to": second["to"], "after": "fleet"},
        ]

    (loss,) = [fault for fault in faults_of(change) if "has less than" in fault]
    assert "stage pilots has less than stage fleet of some sites; found east, west" in loss
