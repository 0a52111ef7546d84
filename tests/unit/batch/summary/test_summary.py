"""What is said of a batch of variants of tiny, whose plans the hand knows."""

import json
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from microdc.batch.result import Result, Status
from microdc.batch.summary import write
from microdc.batch.summary.fleets import sites_table
from microdc.batch.summary.table import summary_table
from microdc.batch.summary.told import tell


@pytest.fixture
def out(batch, tmp_path):
    return Path(shutil.copytree(batch.out, tmp_path / "out"))


def shown(summary) -> str:
    console = Console(width=100, file=StringIO())
    for part in summary.shown():
        console.print(part)
    return console.file.getvalue()


def test_every_scenario_has_a_row_with_what_it_came_to(batch):
    table = summary_table(tell(batch.results, batch.out)).set_index("scenario")
    assert list(table["status"]) == ["planned", "planned", "planned", "infeasible", "bad input"]
    assert table["cost_mn_yr"].dropna().tolist() == pytest.approx([28.4, 28.8, 29.0])
    assert (table["bound_mn_yr"].dropna() <= table["cost_mn_yr"].dropna() + 1e-9).all()
    assert table["mw"].dropna().tolist() == [20, 20, 15]
    assert table["mw_it"].dropna().tolist() == [16, 16, 12]
    assert table["reason"]["d-floor"].startswith("no plan can satisfy this scenario: Dune needs")
    assert "max_mww: unknown key; did you mean max_mw?" in table["reason"]["e-wrong"]
    assert table["sites.max_mw"].tolist() == [20, 10, 20, 20, 20]
    assert pd.isna(table["limits.forbid"]["a-plain"])
    assert table["limits.forbid"]["c-no-east"] == "[east]"


def test_files_say_the_same_as_the_table_and_keep_numbers(batch, out):
    summary = write(batch.results, out)
    table = summary_table(summary.told)
    pd.testing.assert_frame_equal(
        pd.read_parquet(out / "summary.parquet"), table, check_dtype=False
    )
    read = pd.read_csv(out / "summary.csv", encoding="utf-8-sig")
    assert read["cost_mn_yr"].dropna().tolist() == table["cost_mn_yr"].dropna().tolist()
    assert list(read.columns) == list(table.columns)


def test_sites_are_counted_over_plans(batch):
    sites = sites_table(tell(batch.results, batch.out)).set_index("id")
    assert sites["plans"].to_dict() == {"east": 2, "west": 2, "middle": 1}
    assert sites["share"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    assert not sites["in_all"].any()
    assert sites.loc["west", ["least_mw", "mean_mw", "largest_mw"]].tolist() == [10, 12.5, 15]
    assert sites.loc["east", ["lon", "lat"]].tolist() == [-28, 0]


def test_all_fleets_are_one_layer_that_knows_its_scenarios(batch, out):
    write(batch.results, out)
    layer = json.loads((out / "fleets.geojson").read_text("utf-8"))
    known = [feature["properties"] for feature in layer["features"]]
    sizes = {(one["scenario"], one["id"]): one["mw"] for one in known}
    assert sizes == {
        ("a-plain", "east"): 5,
        ("a-plain", "west"): 15,
        ("b-small", "east"): 10,
        ("b-small", "west"): 10,
        ("c-no-east", "middle"): 15,
    }
    assert layer["attributions"] == ["Made up to be solved by hand, 2026-01-01, CC0 1.0"]
    assert len({feature["id"] for feature in layer["features"]}) == 5
    assert layer["features"][0]["geometry"] == {"type": "Point", "coordinates": [-28.0, 0.0]}


def test_the_terminal_tells_costs_with_their_bounds_and_every_reason(batch, out):
    text = shown(write(batch.results, out))
    assert "5 scenarios: 3 planned, 1 infeasible, 1 bad input" in text
    assert "28.40" in text
    assert "28.39" in text  # a bound is rounded down
    assert "d-floor (infeasible): Dune needs" in text
    assert "did you mean max_mw?" in " ".join(text.split())


def test_a_long_batch_is_cut_on_the_terminal_and_whole_in_the_file(batch, out):
    many = [replace(batch.results[3], name=f"x{n:03}") for n in range(100)]
    summary = write(many, out)
    assert "... and 70 more" in shown(summary)
    assert len(pd.read_csv(out / "summary.csv")) == 100


def test_a_batch_without_any_plan_is_told_too(batch, out):
    summary = write(batch.results[3:], out, regret=True)
    assert "2 scenarios: 1 infeasible, 1 bad input" in shown(summary)
    assert json.loads((out / "fleets.geojson").read_text("utf-8"))["features"] == []
    assert len(pd.read_csv(out / "sites.csv")) == 0
    empty = write([], out)
    assert "0 scenarios" in shown(empty)


def test_an_earlier_end_leaves_nothing_behind(batch, out):
    write(batch.results, out, regret=True)
    (out / ".summary.killed.part").mkdir()
    assert (out / "regret.csv").exists()
    summary = write(batch.results, out)
    assert not (out / "regret.csv").exists()
    names = {path.name for path in out.iterdir() if path.is_file()}
    assert names == {path.name for path in summary.files}
    assert not (out / ".summary.killed.part").exists()


def test_a_plan_whose_folder_is_gone_is_told_from_its_result(batch, out):
    shutil.rmtree(out / "a-plain")
    summary = write(batch.results, out)
    rows = summary.to_document()["scenarios"]
    assert rows[0]["cost_mn_yr"] == pytest.approx(28.4)
    assert rows[0]["mw_it"] is None
    json.dumps(summary.to_document(), allow_nan=False)


class Seen(HTMLParser):
    """Notes which tags and which addresses a page has, and how deep it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_asks_for_nothing_and_shows_every_scenario(batch, out):
    write(batch.results, out, regret=True)
    text = (out / "batch.html").read_text("utf-8")
    seen = Seen()
    seen.feed(text)
    assert seen.addresses == ["data:,"]  # no icon
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in text
    for name in ("a-plain", "b-small", "c-no-east", "d-floor", "e-wrong", "Harbour"):
        assert (name in "".join(seen.words)) == (name != "Harbour")
    assert seen.tags.count("button") == seen.tags.count("th")
    assert seen.tags.count("circle") >= 3
    assert "color-scheme: light dark" in text


def test_what_others_wrote_is_escaped_on_the_page_and_inert_in_a_spreadsheet(batch, out, tmp_path):
    name = '<script>alert("x")</script>'
    wrong = Result(name=name, file=tmp_path / "x.yaml", status=Status.FAILED, reason="=1+1 <b>")
    write([*batch.results, wrong], out)
    text = (out / "batch.html").read_text("utf-8")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "&lt;b&gt;" in text
    assert "'=1+1" in (out / "summary.csv").read_text("utf-8-sig")
