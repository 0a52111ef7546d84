"""Alternatives of scenarios/tiny, by hand: its README has the next best plans."""

import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from microdc.placement.verify import broken_promises, proven_by_prices

TINY = Path(__file__).parents[2] / "scenarios" / "tiny"


@pytest.fixture(scope="module")
def planned(run, tmp_path_factory) -> tuple[Path, dict]:
    """
    West and East cost 28.4, Middle and East 28.9, Middle alone 29.0.

    West alone leaves 2 MW IT of `near` unserved beside what Middle alone does: dearer.
    """
    place = tmp_path_factory.mktemp("three")
    tiny = shutil.copytree(TINY, place / "tiny")
    with chdir(place):
        answer = run("plan", tiny, "--alternatives", 5, "--within", "3%", "--json")
    assert answer.code == 0, answer.err
    return place, json.loads(answer.out)


@pytest.fixture
def three(planned, tmp_path, monkeypatch) -> dict:
    """Give what was said, in a working folder with a copy of the plans."""
    place, told = planned
    shutil.copytree(place, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return told


def test_each_fleet_leaves_out_a_site_of_each_before(three):
    told = three["alternatives"]
    assert [fleet["cost"] for fleet in told["fleets"]] == pytest.approx([28.4, 28.9, 29.0])
    assert told["fleets"][1]["above_best"] == pytest.approx(0.5 / 28.4)
    assert [fleet["other_sites"] for fleet in told["fleets"]] == [0, 1, 2]
    assert {row["id"]: row["fleets"] for row in told["sites"]} == {
        "east": 2,
        "middle": 2,
        "west": 1,
    }


def test_that_there_are_no_more_is_proven(three):
    told = three["alternatives"]
    assert told["next"] == "no more"
    assert told["next_bound_mn_yr"] > 1.03 * 28.4


def test_every_fleet_is_a_plan_that_keeps_its_promises(three):
    folders = [Path(fleet["folder"]) for fleet in three["alternatives"]["fleets"]]
    names = ["tiny", "tiny-alternative-2", "tiny-alternative-3"]
    assert [folder.name for folder in folders] == names
    assert sorted(path.name for path in Path("plans").iterdir()) == names
    for folder in folders:
        assert broken_promises(folder) == []
        proven = proven_by_prices(folder)
        assert proven.by_prices_mn_yr <= proven.cost_mn_yr
    verdict = json.loads((folders[2] / "plan.json").read_text("utf-8"))["verdict"]
    assert "no plan that leaves out at least 1 site(s) of each of 2 fleets can cost" in verdict


def test_an_alternative_that_does_not_differ_is_found_out(three):
    path = Path("plans/tiny-alternative-2/plan.json")
    document = json.loads(path.read_text("utf-8"))
    document["alternative"]["fleets"] = [["east", "middle"]]
    path.write_text(json.dumps(document), "utf-8")
    broken = broken_promises(path.parent)
    assert "fleet 1: 0 of its sites are left out, stated are 1" in broken


def test_the_map_has_every_site_with_its_count(three):
    drawn = json.loads(Path("plans/tiny/alternatives.geojson").read_text("utf-8"))
    assert [f["properties"]["fleets"] for f in drawn["features"]] == [2, 2, 1]


def test_the_same_again_needs_force_and_all_folders_are_asked_first(run, tiny):
    (Path("plans/tiny-alternative-3")).mkdir(parents=True)
    Path("plans/tiny-alternative-3/mine.txt").write_text("", "utf-8")
    answer = run("plan", tiny, "--alternatives", 2)
    assert answer.code == 2
    assert not Path("plans/tiny").exists()


def test_a_forced_site_counts_for_nothing(run, tiny):
    scenario = tiny / "scenario.yaml"
    text = scenario.read_text("utf-8")
    scenario.write_text(f"{text}limits: {{force: [east]}}\n", "utf-8")
    told = json.loads(run("plan", tiny, "--alternatives", 5, "--within", "0.03", "--json").out)[
        "alternatives"
    ]
    assert [fleet["cost"] for fleet in told["fleets"]] == pytest.approx([28.4, 28.9])
    assert told["next"] == "no more"
    assert "east" not in {row["id"] for row in told["sites"]}


def test_more_sites_than_a_fleet_has_cannot_be_left_out(run, tiny):
    answer = run("plan", tiny, "--alternatives", 2, "--differ", 3)
    assert answer.code == 0
    assert "Proven: there are no more" in answer.out


@pytest.mark.parametrize("within", ["much", "-1%", "200%", "nan", ""])
def test_a_share_that_is_none_is_told(run, tiny, within):
    answer = run("plan", tiny, "--alternatives", 2, "--within", within)
    assert answer.code == 2
    assert "no share" in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "options",
    [["--within", "1%"], ["--differ", "2"], ["--alternatives", "0"], ["--differ", "0"]],
)
def test_options_that_make_no_sense_are_refused(run, tiny, options):
    assert run("plan", tiny, *options).code == 2


def test_fleets_are_nearly_as_good_in_what_comes_before_cost(run, copy_of):
    """West answers in a mean of 1.073 ms, East in 1.93125 ms, and both cost 17 a year by size."""
    folder = copy_of("tiny-priced")
    (folder / "soon.yaml").write_text(
        "extends: scenario.yaml\nname: soon\nobjective: least-mean-rtt\nlimits: {max_sites: 1}\n",
        "utf-8",
    )
    near = run("plan", folder / "soon.yaml", "--alternatives", 2, "--within", "50%", "--json")
    assert near.code == 0, near.err
    assert len(json.loads(near.out)["alternatives"]["fleets"]) == 1
    wide = run("plan", folder / "soon.yaml", "--alternatives", 2, "--within", "90%", "--force")
    assert wide.code == 0, wide.err
    text = " ".join(wide.out.split())
    assert "none is worse than the best by more than that share" in text
    assert "1.932" in text
    other = Path("plans/soon-alternative-2")
    assert broken_promises(other) == []
    document = json.loads((other / "plan.json").read_text("utf-8"))
    assert [site["id"] for site in document["sites"]] == ["east"]
    (reached,) = document["certificate"]["reached"]
    assert reached["value"] == pytest.approx(1.93125, abs=1e-4)
    assert reached["bound"] == pytest.approx(1.0725, abs=1e-3)
    document["alternative"]["within"] = 0.3
    (other / "plan.json").write_text(json.dumps(document), "utf-8")
    assert any("least-mean-rtt came to" in line for line in broken_promises(other))


def test_a_fleet_near_the_best_is_explained_beside_the_best(run, tiny):
    """What is proven of fleets that differ says nothing of the best: it is searched again."""
    assert run("plan", tiny, "--alternatives", 1, "--within", "40%", "--quiet").code == 0
    best = json.loads(Path("plans/tiny/plan.json").read_text("utf-8"))
    other = json.loads(Path("plans/tiny-alternative-2/plan.json").read_text("utf-8"))
    assert other["certificate"]["bound_mn_yr"] > best["certificate"]["cost_mn_yr"]
    built = [{site["id"] for site in one["sites"]} for one in (best, other)]
    (site, *_) = sorted(built[1] - built[0])
    answer = run("explain", "plans/tiny-alternative-2", "--site", site, "--json", "--quiet")
    assert answer.code == 0, answer.err
    change = json.loads(answer.out)["sites"][0]["change"]
    assert change["most_mn_yr"] == pytest.approx(0.0, abs=0.05)  # the best does without it


def test_most_service_has_alternatives_that_serve_nearly_as_much(run, tiny):
    most = tiny / "most.yaml"
    text = "extends: scenario.yaml\nname: most\nobjective: most-served\nlimits: {max_sites: 1}\n"
    most.write_text(text, "utf-8")
    answer = run("plan", most, "--alternatives", 1, "--within", "40%", "--json")
    assert answer.code == 0, answer.err
    first, second = json.loads(answer.out)["alternatives"]["fleets"]
    assert 0.6 * first["served_share"] <= second["served_share"] <= first["served_share"]
    assert broken_promises(Path("plans/most-alternative-2")) == []
