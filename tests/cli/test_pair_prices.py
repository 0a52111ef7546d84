"""
A price on pairs, on scenarios/tiny-priced, whose README solves it in the head.

West alone costs 17.0 a year. A second site costs 1.0, so both are built where serving Village,
4 MW IT, from West costs more than that.
"""

import json
from pathlib import Path

import pytest

HEADER = "demand,site,mn_per_mw_yr\n"


@pytest.fixture
def priced(copy_of):
    """Give tiny-priced with a table of prices in place of the price of time."""

    def written(rows: str, form: str = "long") -> Path:
        folder = copy_of("tiny-priced")
        (folder / "prices.csv").write_text(rows, "utf-8")
        file = folder / "scenario.yaml"
        text = file.read_text("utf-8")
        stated = next(line for line in text.splitlines() if "chat:" in line)
        text = text.replace(stated, "  chat: {rtt_ms: 5, kw_it_per_1000_people: 10}")
        file.write_text(f"{text}pair_prices: {{path: prices.csv, form: {form}}}\n", "utf-8")
        return folder

    return written


def planned(run, where):
    answer = run("plan", where, "--out", "plan", "--force", "--quiet", "--time-limit", 60)
    assert answer.code == 0, answer.err
    assert run("verify", "plan").code == 0
    return json.loads(Path("plan/plan.json").read_text("utf-8")), answer.out


def test_a_site_is_built_where_the_pair_costs_more(run, priced):
    plan, _ = planned(run, priced("place,west,east\ntown,0,9\nvillage,0.3,0\n", "wide"))
    assert sorted(site["id"] for site in plan["sites"]) == ["east", "west"]
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(18.0)
    assert plan["cost_mn_yr"]["pairs"] == 0
    assert "latency" not in plan["cost_mn_yr"]


def test_where_the_pair_costs_less_it_is_paid_for_and_shown(run, priced):
    folder = priced(f"{HEADER}town,west,0\nvillage,west,0.1\ntown,east,9\nvillage,east,0\n")
    plan, shown = planned(run, folder)
    assert [site["id"] for site in plan["sites"]] == ["west"]
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(17.4)
    assert plan["cost_mn_yr"]["pairs"] == plan["services"][0]["pairs_mn_yr"] == pytest.approx(0.4)
    assert "pairs M/yr" in shown
    assert "prices.csv" in [Path(one["path"]).name for one in plan["provenance"]["inputs"]]


def test_pairs_that_the_table_does_not_name_cost_nothing_and_are_counted(run, priced):
    folder = priced(f"{HEADER}village,west,0.1\n")
    plan, _ = planned(run, folder)
    assert plan["certificate"]["cost_mn_yr"] == pytest.approx(17.0)  # East alone, for nothing
    says = "prices.csv: 3 pair(s) within bound are not in it; serving over them costs nothing more"
    assert says in plan["warnings"]
    told = json.loads(run("check", folder, "--json").out)
    assert says in told["warnings"]
    assert "pairs within bound without a price" in json.dumps(told)


def test_a_false_price_of_pairs_is_found(run, priced):
    planned(run, priced(f"{HEADER}village,west,0.1\nvillage,east,0\ntown,east,9\n"))
    file = Path("plan/plan.json")
    plan = json.loads(file.read_text("utf-8"))
    for item in (plan["cost_mn_yr"], plan["services"][0]):
        item["pairs" if "pairs" in item else "pairs_mn_yr"] -= 0.1
    file.write_text(json.dumps(plan), "utf-8")
    answer = run("verify", "plan")
    assert answer.code == 7
    assert "pairs is stated as 0.3" in answer.err
    assert "pairs_mn_yr is stated as 0.3, it is 0.4" in answer.err


def test_headroom_is_valued_beside_prices_of_pairs(run, priced):
    planned(run, priced(f"{HEADER}village,west,0.1\n"))
    answer = run("explain", "plan", "--headroom")
    assert answer.code == 0, answer.err
    assert "What more headroom saves" in answer.out


def test_what_a_site_is_worth_counts_prices_of_pairs(run, priced):
    planned(run, priced(f"{HEADER}village,west,0.1\n"))
    answer = run("explain", "plan", "--site", "east")
    assert answer.code == 0
    assert "It serves 14.0 MW IT" in answer.out
