"""Random tables of prices of pairs: planned by pairs and by the textbook model, and verified."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from random_scenarios import write_scenario

SERVICES = ["", "chat", "batch", "bulk"]
RULES = [("hubs", "floors"), ("existing", "tree")]
MORE = [("measured", "modules"), ("counts", "few")]


def priced(rng: np.random.Generator, features: set[str], folder: Path) -> Path:
    """Write a random scenario with prices on most pairs, some of them for one class alone."""
    write_scenario(rng, features, folder)
    ends = [(f"p{j}", i) for j in range(9) for i in [*(f"s{k}" for k in range(10)), "h1"]]
    if "hubs" not in features:
        ends = [(place, site) for place, site in ends if site != "h1"]
    rows = [(*pair, service) for pair in ends for service in SERVICES if rng.random() < 0.5]
    table = pd.DataFrame(rows, columns=["demand", "site", "service"])
    table["mn_per_mw_yr"] = rng.uniform(0, 2, len(rows)).round(3)
    table.to_csv(folder / "prices.csv", index=False)
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("\npair_prices: {path: prices.csv}\n")
    return folder


def planned(run, folder: Path, formulation: str) -> dict:
    variant = folder / f"{formulation}.yaml"
    keys = f"extends: scenario.yaml\nsolve: {{formulation: {formulation}}}\nschema: 1\n"
    variant.write_text(f"{keys}name: {formulation}\n", "utf-8")
    out = folder / "plans" / formulation
    answer = run("plan", variant, "--out", out, "--quiet", "--time-limit", 60)
    assert answer.code == 0, answer.err
    assert run("verify", out).code == 0
    return json.loads((out / "plan.json").read_text("utf-8"))


@pytest.mark.parametrize("rules", RULES, ids=" ".join)
def test_both_ways_to_plan_agree_and_what_they_state_of_pairs_is_true(run, tmp_path, rules):
    agree(run, tmp_path, rules, seed=0)


@pytest.mark.long
@pytest.mark.parametrize("rules", [*RULES, *MORE], ids=" ".join)
@pytest.mark.parametrize("seed", range(1, 6))
def test_both_ways_to_plan_agree_on_more_tables(run, tmp_path, rules, seed):
    agree(run, tmp_path, rules, seed)


def agree(run, tmp_path, rules, seed: int) -> None:
    rng = np.random.default_rng([seed, *"".join(rules).encode()])
    folder = priced(rng, set(rules), tmp_path / "random")
    pairs, textbook = (planned(run, folder, way) for way in ("auto", "compact"))
    assert pairs["cost_mn_yr"]["pairs"] > 0
    cost, other = (plan["certificate"]["cost_mn_yr"] for plan in (pairs, textbook))
    assert cost == pytest.approx(other, rel=3e-5)
    assert pairs["certificate"]["bound_mn_yr"] <= other * (1 + 1e-7)
    by_class = sum(row["pairs_mn_yr"] for row in pairs["services"])
    assert by_class == pytest.approx(pairs["cost_mn_yr"]["pairs"])
