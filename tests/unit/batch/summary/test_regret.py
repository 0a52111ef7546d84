"""
Fleets of tiny's variants in each other's place, each cost worked out by hand.

a-plain builds West 15 and East 5 (28.4), b-small West 10 and East 10 (28.8), c-no-east Middle 15
(29.0). The fleet of c costs 29.0 wherever Middle may have 15 MW, that of b 28.8 wherever East may
be, and that of a 28.4.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from finished_batch import batch_of
from rich.console import Console

from microdc.batch.summary import write
from microdc.batch.summary.regret.matrix import fleets_table, pairs_table, regrets
from microdc.batch.summary.regret.shown import regret_shown
from microdc.batch.summary.told import tell


@pytest.fixture(scope="module")
def found(batch):
    return regrets(tell(batch.results, batch.out), batch.out)


def matrix(found) -> dict[tuple[str, str], float | str]:
    pairs = pairs_table(found)
    told = pairs["regret_mn_yr"].astype(object).where(pairs["status"] == "possible", pairs["why"])
    return dict(zip(zip(pairs["fleet"], pairs["scenario"], strict=True), told, strict=True))


def test_regret_is_what_the_hand_finds(found):
    told = matrix(found)
    assert told["a-plain", "a-plain"] == 0
    assert told["b-small", "a-plain"] == pytest.approx(0.4, abs=1e-4)
    assert told["c-no-east", "a-plain"] == pytest.approx(0.6, abs=1e-4)
    assert told["b-small", "b-small"] == 0
    assert told["c-no-east", "c-no-east"] == 0


def test_where_a_fleet_cannot_be_is_told_with_the_rule_it_breaks(found):
    told = matrix(found)
    assert told["a-plain", "b-small"] == "west has 15 MW, and can have no more than 10 MW there"
    assert told["c-no-east", "b-small"] == "middle has 15 MW, and can have no more than 10 MW there"
    assert told["a-plain", "c-no-east"] == "east is ruled out by limits.forbid"


def test_regret_comes_with_what_is_proven_of_it(found):
    pairs = pairs_table(found)
    possible = pairs[pairs["status"] == "possible"]
    least, most = possible["regret_at_least_mn_yr"], possible["regret_at_most_mn_yr"]
    assert (least <= possible["regret_mn_yr"] + 1e-6).all()
    assert (possible["regret_mn_yr"] <= most + 1e-6).all()
    assert (most - least < 0.002 * 29).all()
    assert (possible["bound_mn_yr"] <= possible["cost_mn_yr"] + 1e-9).all()


def test_each_fleet_has_its_worst_and_mean(found):
    fleets = fleets_table(found).set_index("fleet")
    assert fleets["impossible_in"].to_dict() == {"a-plain": 2, "b-small": 1, "c-no-east": 1}
    assert fleets["worst_mn_yr"]["c-no-east"] == pytest.approx(0.6, abs=1e-4)
    assert fleets["mean_mn_yr"]["c-no-east"] == pytest.approx(0.3, abs=1e-4)
    assert list(fleets.index) == ["b-small", "c-no-east", "a-plain"]
    assert pd.isna(fleets["in b-small"]["a-plain"])


def test_a_plan_made_to_build_the_fleet_costs_as_much(batch, found, tmp_path):
    folder = batch.results[0].file.parent
    forced = "limits: {force: [west, east], forbid: [middle]}\nsites: {min_mw: 10, max_mw: 10}\n"
    file = folder / "as-b-small.yaml"
    file.write_text(f"schema: 1\nname: as-b-small\nextends: scenario.yaml\n{forced}")
    (made,) = batch_of([file], tmp_path / "out")
    pairs = pairs_table(found).set_index(["fleet", "scenario"])
    assert pairs["cost_mn_yr"]["b-small", "a-plain"] == pytest.approx(
        made.figures["cost"], abs=1e-4
    )


def test_any_executor_finds_the_same(batch, found):
    with ThreadPoolExecutor(1) as pool:
        again = regrets(tell(batch.results, batch.out), batch.out, pool.map)
    assert matrix(again) == pytest.approx(matrix(found))


def test_scenarios_with_one_fleet_share_it_and_a_floor_that_it_misses_is_told(tmp_path):
    """Ashby and Brook must have all of `near` (6 MW IT): West alone reaches no `near` of Brook."""
    folder = tmp_path / "tiny"
    shutil.copytree(Path(__file__).parents[4] / "scenarios" / "tiny", folder)
    places = (folder / "places.csv").read_text().splitlines()
    (folder / "places.csv").write_text("\n".join(places[:3]) + "\n")  # without Dune
    changes = {
        "a": "limits: {max_sites: 1, forbid: [middle]}",
        "b": "limits: {max_sites: 1, forbid: [middle], budget_mn: 1000}",
        "c": "services: {near: {unserved_mn_per_mw_yr: null}}",
    }
    for name, change in changes.items():
        text = f"schema: 1\nname: {name}\nextends: scenario.yaml\n{change}\n"
        (folder / f"{name}.yaml").write_text(text)
    out = tmp_path / "out"
    results = batch_of([folder / f"{name}.yaml" for name in changes], out)
    found = regrets(tell(results, out), out)
    assert [fleet.scenarios for fleet in found.fleets] == [("a", "b"), ("c",)]
    told = matrix(found)
    assert told["a", "c"] == "Brook, of near, would be 2.00 MW IT short"
    assert told["c", "a"].startswith("it has 2 sites (all sites), and 1 are allowed")
    assert told["a", "b"] == 0


def test_a_scenario_that_was_changed_since_is_not_priced(tmp_path):
    folder = tmp_path / "tiny"
    shutil.copytree(Path(__file__).parents[4] / "scenarios" / "tiny", folder)
    out = tmp_path / "out"
    results = batch_of([folder / "scenario.yaml"], out)
    (folder / "places.csv").write_text((folder / "places.csv").read_text() + "\n")
    summary = write(results, out, regret=True)
    pairs = pd.read_csv(out / "regret-pairs.csv")
    assert pairs["status"].tolist() == ["not known"]
    assert "changed since" in pairs["why"][0]
    assert summary.to_document()["regret"][0]["not_known_in"] == 1


def test_what_is_ended_early_says_so_and_keeps_what_is_known(batch):
    told = tell(batch.results, batch.out)
    found = regrets(told, batch.out, follow=lambda done, _: done < 1)
    assert found.scenarios == ("a-plain",)
    assert found.left == 2
    assert fleets_table(found)["fleet"].tolist() == ["a-plain", "b-small", "c-no-east"]
    none = regrets(told, batch.out, follow=lambda _done, _of: False)
    assert none.scenarios == ()
    assert len(pairs_table(none)) == 0
    assert "Ended early: 2 more scenarios were not looked at." in " ".join(shown(found).split())
    assert "Ended before any fleet was priced" in shown(none)


def shown(found) -> str:
    console = Console(width=100, file=StringIO())
    for part in regret_shown(found):
        console.print(part)
    return console.file.getvalue()


def test_the_terminal_says_why_no_fleet_is_possible_everywhere(found):
    assert "No fleet is known to be possible in every scenario." in shown(found)
    text = " ".join(shown(found).split())
    assert "a-plain in b-small (impossible): west has 15 MW" in text
