"""What cures a scenario that has no plan, and the variant that is written of it."""

import json

import pytest
import yaml


@pytest.fixture
def short(tiny):
    """
    Give tiny with 18 MW IT (22.5 MW) of near, promised, and nobody out of reach.

    West and middle share 15 MW at harbour, east has 10 and comes in modules of 5: 4 MW IT are
    short. Another module below harbour cures it: 5 MW.
    """
    places = tiny / "places.csv"
    rows = places.read_text(encoding="utf-8").splitlines()
    kept = [row.replace("1000000", "4000000") for row in rows if not row.startswith("dune")]
    places.write_text("\n".join(kept) + "\n", encoding="utf-8")
    file = tiny / "scenario.yaml"
    text = file.read_text(encoding="utf-8").replace(", unserved_mn_per_mw_yr: 4}", "}")
    file.write_text(text, encoding="utf-8")
    return tiny


def test_the_cheapest_repair_is_written_and_plans_and_one_per_cent_less_does_not(short, run):
    answer = run("explain", short, "--apply", "--json", "--time-limit", 60)
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    mix = told["mix"]
    assert mix["confirmed"]
    assert [part["kind"] for part in mix["parts"]] == ["headroom"]
    assert mix["parts"][0]["more"] == pytest.approx(5, abs=1e-5)
    assert mix["parts"][0]["cost_mn_yr"] == pytest.approx(5 * 0.087 / 10, rel=1e-4)
    kinds = {one["kind"]: one for one in told["repairs"]}
    assert kinds["less demand"]["amount"] == pytest.approx(0.75, abs=1e-5)
    assert all(one["confirmed"] and one["cures"] == [1] for one in told["repairs"])
    file = short / "tiny-repaired.yaml"
    assert told["files"] == [str(file)]
    assert run("plan", file, "--quiet").code == 0
    stated = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert stated["extends"] == "scenario.yaml"
    stated["reinforce"]["harbour"] *= 0.99
    stated["name"] = "less"
    less = short / "less.yaml"
    less.write_text(yaml.safe_dump(stated), encoding="utf-8")
    assert run("plan", less, "--quiet").code == 4


def test_a_single_repair_can_be_chosen_and_prices_stated(short, run):
    told = run(
        "explain", short, "--headroom-price", 50, "--unserved-price", 0.1, "--time-limit", 60
    )
    assert told.code == 0
    assert "a promise of 75.0000 % of near" in told.out
    shown = " ".join(told.out.split())
    assert "0.1 M a year for a MW IT promised no longer (stated)" in shown
    to = short / "looser.yaml"
    # What has no price comes last: headroom, less demand, bound.
    assert run("explain", short, "--repair", 3, "--apply-to", to, "--time-limit", 60).code == 0
    stated = yaml.safe_load(to.read_text(encoding="utf-8"))
    assert stated["services"]["near"]["rtt_ms"] == pytest.approx(3.0047, abs=1e-3)
    assert run("plan", to, "--quiet").code == 0


def test_what_cannot_be_applied_is_refused(short, run):
    answer = run("explain", short, "--repair", "40", "--time-limit", 60)
    assert answer.code == 2
    assert "there is no repair 40" in answer.err
    (short / "tiny-repaired.yaml").write_text("mine", encoding="utf-8")
    answer = run("explain", short, "--apply", "--time-limit", 60)
    assert answer.code == 2
    assert "exists already" in answer.err
    assert (short / "tiny-repaired.yaml").read_text(encoding="utf-8") == "mine"


def test_where_nothing_is_short_there_is_nothing_to_repair(tiny, run):
    answer = run("explain", tiny, "--apply")
    assert answer.code == 2
    assert "nothing to repair" in answer.err
