"""The page of a programme tells all its stages: what is new, what is larger, and why."""

import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from microdc.placement.stages import read_stages
from microdc.report.page import write_report
from microdc.report.page.stages import programme_page
from microdc.report.staged.shown import in_words


@pytest.fixture(scope="module")
def text(programme) -> str:
    return programme_page(programme)


@pytest.fixture
def copied(programme, tmp_path) -> Path:
    """Give a copy of a programme to change; what it was planned from is no longer beside it."""
    return Path(shutil.copytree(programme, tmp_path / "programme"))


def articles(text: str) -> list[str]:
    """Give what is told of each stage, without markup."""
    found = re.findall("<article[^>]*>(.*?)</article>", text, re.DOTALL)
    return [unescape(re.sub("<[^>]*>", " ", one)) for one in found]


def data(text: str) -> dict:
    (told,) = re.findall('<script type="application/json" id="data">(.*?)</script>', text)
    return json.loads(told)


def test_each_stage_says_what_it_adds(text):
    pilots, fleet, network = articles(text)
    assert "1 site of 10.0 MW new." in pilots
    assert "1 site of 5.0 MW new, 1 larger by 5.0 MW." in fleet
    assert re.search(r"West\s+west\s+larger\s+10\.0\s+15\.0", fleet)
    assert re.search(r"near\s+3\.6\s+7\.0\s+2\.0\s+6\.0\s+55\.5 %\s+85\.7 %", fleet)
    assert "No site new, 1 larger by 5.0 MW." in network


def test_each_stage_says_why(text):
    pilots, fleet, network = articles(text)
    assert (
        "It has all sites that max_sites allows, 1: no more may be built before 2028-12" in pilots
    )
    assert "Used up in the power tree: Harbour supply point." in fleet
    assert "Demand is 21.0 MW IT, before 10.8." in fleet
    assert "Sites allowed: 2, before 1." in fleet
    assert "Capital allowed, M USD: 240.0, before no limit." in network
    assert "More headroom at: Harbour supply point, West." in network
    assert "rises from" not in fleet
    assert "Its headroom rises from 15.0 to 20.0 MW by 2030-12." in network
    assert "Harbour supply point above it rises from 15.0 to 20.0 MW by 2030-12." in network
    assert "Its sites take 224.0 of the 240.0 M USD of capital that budget_mn allows." in network


def test_the_programme_is_told_with_its_bound_and_the_price_of_nestedness(programme, text):
    assert in_words(read_stages(programme).to_document()) in unescape(text)
    plain = unescape(re.sub("<[^>]*>", " ", text))
    assert "costs 0.97 M USD net present beyond the plans found of each stage alone" in plain
    assert "is proven to cost between 0.69 and 1.94." in plain
    assert re.search(r"together\s+9\.660\s+275\.89", plain)
    assert re.search(r"fleet\s+28\.40\s+28\.30\s+28\.\d\d\s+0\.10\s+2\s+2", plain)


def test_scripts_know_what_became_of_each_site(text):
    fates = [
        {host["id"]: (host["fate"], host["before_mw"]) for host in plan["hosts"]}
        for plan in data(text)["plans"]
    ]
    assert fates == [
        {"west": ("new", None)},
        {"east": ("new", None), "west": ("grown", 10.0)},
        {"east": ("kept", None), "west": ("grown", 15.0)},
    ]


def test_charts_tell_their_numbers_in_words(text):
    assert "connections of all sites: 10.0 from 2026-12 (pilots), 20.0 from 2028-12 (fleet)" in text
    assert "served: 7.2 from 2026-12 (pilots), 16.0 from 2028-12 (fleet)" in text


def test_a_page_refers_to_nothing_outside_itself_and_to_each_part_once(text):
    markup = text.split("<script")[0]
    ids = re.findall(r'<[^>]* id="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    links = re.findall(r' href="([^"]*)"', markup)
    assert all(link.startswith(("#", "data:")) for link in links)
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_without_its_tables_and_without_nestedness_a_programme_is_shown_as_well(copied):
    document = json.loads((copied / "stages.json").read_text("utf-8"))
    document["nestedness"] = None
    document["stages"][0]["alone"] = None
    document["name"] = "<b>"
    (copied / "stages.json").write_text(json.dumps(document), "utf-8")
    text = write_report(copied).read_text("utf-8")
    assert "The price of nestedness" not in text
    assert "What the plan was made from can no longer be read." in text
    assert "<b>&lt;b>" not in text
    assert "<h1>&lt;b&gt;</h1>" in text
    *_, network = articles(text)
    assert "Harbour supply point above it rises from 15.0 to 20.0 MW by 2030-12." in network
    assert "max_sites" not in articles(text)[0]
