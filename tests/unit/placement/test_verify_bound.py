"""
The bound of prices on scenarios/tiny, by hand.

Ashby (4 + 8 MW IT) is worth 1.225 M a year for each MW IT, Brook's `near` (2) 1.475 and its `far`
(4) 1.225; a MW below Harbour (15) costs 11/75 = 0.1466... Nobody reaches Dune: 1 x 4.0 + 2 x 1.5.

- All demand at its price: 16 x 1.225 + 2 x 1.475 + 7.0 = 29.55. Less Harbour, 15 x 11/75 = 2.2.
- West reaches all but Brook's `near`, and has 15 MW, 12 MW IT: it earns 12 x 1.225 = 14.7, and
  costs 12.0 + 0.5 + 2.2 = 14.7. Nothing is left.
- Middle reaches everything; of its 20 MW Harbour bears 15: 2 x 1.475 + 10 x 1.225 = 15.2, and it
  costs 12.0 + 1.0 + 2.2 = 15.2.
- East has 10 MW, 8 MW IT: 2 x 1.475 + 6 x 1.225 = 10.3, and costs 8.8 + 1.5 = 10.3.

So no plan costs less than 29.55 - 2.2 = 27.35. The best costs 28.4: what lies between is the price
of whole blocks, which prices do not see.
"""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from microdc.errors import BrokenPromiseError, InputError, UsageError
from microdc.placement.verify import broken_promises, proven_by_prices
from microdc.placement.verify.document import read_document, read_service
from microdc.placement.verify.facts import Facts, gather, geodesic_km
from microdc.placement.verify.hosts.tiers import Sizes
from microdc.placement.verify.proof import near
from microdc.placement.verify.proof.claim import Proven
from microdc.placement.verify.proof.earnings import InReach, earns
from microdc.report.proof import proof_in_words
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"
BY_HAND = [
    ("ashby", "near", 1.225),
    ("ashby", "far", 1.225),
    ("brook", "near", 1.475),
    ("brook", "far", 1.225),
]
NO_LIMITS = {
    "nodes_mn_per_mw_yr": {},
    "counts_mn_per_site_yr": {},
    "apart": [],
    "groups_mn_per_mw_it_yr": {},
    "in_all_mn_per_mw_it_yr": 0.0,
    "budget_mn_per_mn_yr": 0.0,
}
HARBOUR = {"nodes_mn_per_mw_yr": {"harbour": 11 / 75}}


@pytest.fixture
def inputs(tmp_path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture
def folder(inputs, planned_tiny) -> Path:
    """Give a copy of the plan that follows from the inputs as they are."""
    return Path(shutil.copytree(planned_tiny / "plans" / "tiny", inputs.parent / "plans" / "tiny"))


def planned(inputs: Path, more: str = "") -> Path:
    scenario, out = inputs / "scenario.yaml", inputs.parent / "plan"
    scenario.write_text(scenario.read_text("utf-8") + more, "utf-8")
    plan_scenario(inputs, out, force=False, overrides={}, watch=lambda _: None, clock=Clock(30))
    return out


def write_prices(folder: Path, rows, bound: float = 0.0, **limits) -> None:
    """Write prices of demand and of limits into a plan, and what they are said to prove."""
    table = pd.DataFrame(rows, columns=["place", "service", "mn_per_mw_it_yr"])
    table = table.astype({"place": str, "service": str, "mn_per_mw_it_yr": float})
    table.assign(group=table["service"]).to_parquet(folder / "prices.parquet", index=False)
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    document["certificate"]["prices"] = {**NO_LIMITS, **limits, "bound_mn_yr": bound}
    path.write_text(json.dumps(document), "utf-8")


def test_prices_prove_what_they_prove_by_hand(folder):
    write_prices(folder, BY_HAND, 27.35, **HARBOUR)
    proven = proven_by_prices(folder)
    assert proven.by_prices_mn_yr == pytest.approx(27.35, abs=1e-9)
    assert proven.by_prices_mn_yr <= 27.35
    assert not proven.in_full


def test_the_prices_of_the_search_prove_as_much(folder):
    assert broken_promises(folder) == []
    assert proven_by_prices(folder).stated_mn_yr == pytest.approx(27.35, abs=1e-6)


def test_without_prices_only_what_nobody_reaches_costs(folder):
    write_prices(folder, [])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(7.0)


def test_what_is_dearer_than_to_leave_it_is_left(folder):
    """Ashby's `near` at 5.0 is left at 4.0, but West and Middle reckon with 5.0: 4 x 3.775 each."""
    write_prices(folder, [("ashby", "near", 5.0), *BY_HAND[1:]], **HARBOUR)
    by_hand = 27.35 + 4 * (4.0 - 1.225) - 2 * 4 * (5.0 - 1.225)
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("rows", "limits", "says"),
    [
        (BY_HAND, HARBOUR, "said to prove 27.450000 M USD a year, they prove 27.35000"),
        ([*BY_HAND[:2], ("brook", "near", 2.0), BY_HAND[3]], HARBOUR, "they prove 26.300000"),
        ([("atlantis", "near", 1.0)], {}, r"atlantis, near \(group near\): the tables know no"),
        ([BY_HAND[0], BY_HAND[0]], {}, r"ashby, near \(group near\): is priced twice"),
        ([("ashby", "near", -1.0)], {}, "the price is below zero, or no number"),
        ([("ashby", "near", np.nan)], {}, "the price is below zero, or no number"),
        ([], {"nodes_mn_per_mw_yr": {"pier": 1.0}}, "pier is no limit of the power tree"),
        ([], {"nodes_mn_per_mw_yr": {"harbour": -1.0}}, "harbour has the price -1.0"),
        ([], {"counts_mn_per_site_yr": {"all sites": 1.0}}, "all sites is no limit on a number"),
        ([], {"groups_mn_per_mw_it_yr": {"chat": 1.0}}, "chat is no group of demand"),
        ([], {"in_all_mn_per_mw_it_yr": 1.0}, "unserved demand is not limited"),
        ([], {"budget_mn_per_mn_yr": 1.0}, "capital is not limited"),
        ([], {"apart": [{"sites": ["west", "east"], "mn_per_site_yr": 1.0}]},
         "west, east: not all nearer to one another than sites may be"),
        ([], {"apart": [{"sites": ["west", "pier"], "mn_per_site_yr": 1.0}]},
         "west, pier: no such sites, or the same twice: pier"),
        ([], {"apart": [{"sites": ["west"], "mn_per_site_yr": -1.0}]}, "west have the price -1.0"),
    ],
)  # fmt: skip
def test_prices_that_do_not_prove_what_they_are_said_to_are_told(folder, rows, limits, says):
    write_prices(folder, rows, 27.45, **limits)
    with pytest.raises(BrokenPromiseError, match=says):
        proven_by_prices(folder)


def test_two_existing_sites_are_no_set_of_which_one_is_built(inputs):
    table = inputs / "substations.csv"
    head, *rows = table.read_text("utf-8").splitlines()
    at = [f"{row},{5 if row.startswith(('west', 'middle')) else ''}" for row in rows]
    table.write_text("\n".join([f"{head},existing_mw", *at]) + "\n", "utf-8")
    folder = planned(inputs, "limits: {separation_km: 60}\n")
    assert proven_by_prices(folder).stated_mn_yr > 0
    write_prices(folder, [], apart=[{"sites": ["west", "middle"], "mn_per_site_yr": 1.0}])
    with pytest.raises(BrokenPromiseError, match="west, middle: not all nearer"):
        proven_by_prices(folder)


@pytest.mark.parametrize("rule", ["max_sites: 1", "budget_mn: 120"])
def test_where_most_is_served_the_bound_is_of_plans_that_serve_as_much(inputs, rule):
    folder = planned(inputs, f"objective: most-served\nlimits: {{{rule}}}\n")
    proven = proven_by_prices(folder)
    assert proven.stated_mn_yr - 1e-9 <= proven.by_prices_mn_yr <= proven.cost_mn_yr
    assert proven.by_prices_mn_yr == pytest.approx(proven.stated_mn_yr, rel=1e-5)


def test_a_bound_below_what_its_prices_are_said_to_prove_is_told(folder):
    write_prices(folder, BY_HAND, 28.4, **HARBOUR)
    (line,) = broken_promises(folder)
    assert line.startswith("the prices are said to prove 28.400000 M USD a year, more than the")


@pytest.mark.parametrize("content", [None, b"", b"PAR1"])
def test_a_damaged_table_of_prices_is_named(folder, content):
    (folder / "prices.parquet").unlink()
    if content is not None:
        (folder / "prices.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"prices\.parquet"):
        proven_by_prices(folder)


def test_the_textbook_model_keeps_no_prices(inputs):
    folder = planned(inputs, "solve: {formulation: compact}\n")
    assert not (folder / "prices.parquet").exists()
    with pytest.raises(UsageError, match="keeps no prices"):
        proven_by_prices(folder)


@pytest.mark.parametrize(
    ("changed", "earned"),
    [
        ({}, 2 * 3 + 2 * 2 - 4 + 2 * (2 - 1) + 0.5 * (1.5 - 1)),
        ({"least_mw": 0.0}, 2 * (3 - 1) + 4 * (2 - 1) + 0.5 * (1.5 - 1)),
        ({"mn_per_mw_yr": 1.8}, 2 * 3 + 2 * 2 - 4 * 1.8 + 2 * (2 - 1.8)),
        ({"pue": 2.0}, 4 * 3 / 2 - 4),
        ({"most_mw": 4.0}, 2 * 3 + 2 * 2 - 4),
        ({"mn_yr": 50.0}, 0.0),
        ({"mn_yr": 50.0, "there": True}, 2 * 3 + 2 * 2 - 4 + 2 * (2 - 1) + 0.5 * (1.5 - 1) - 50),
    ],
)
def test_a_site_earns_the_dearest_demand_first(changed, earned):
    """Of 2, 4 and 4 MW IT at 3, 2 and 1.5 a site of 4 to 6.5 MW, at 1 for each, takes 6.5."""
    usual = {"pue": 1.0, "least_mw": 4.0, "most_mw": 6.5, "mn_yr": 0.0, "mn_per_mw_yr": 1.0,
             "there": False}  # fmt: skip
    of_any_size = {**usual, **changed}
    sizes = (Sizes(of_any_size["least_mw"], of_any_size["most_mw"], 0.0, 0.0),)
    offer = SimpleNamespace(**of_any_size, sizes=sizes)
    price, mw_it = np.array([3.0, 2.0, 1.5]), np.array([2.0, 4.0, 4.0])
    state, most_mw = np.zeros(3, dtype=int), np.full(3, offer.most_mw)
    found = earns(offer, InReach(price=price, mw_it=mw_it, state=state, most_mw=most_mw))
    assert found.mn_yr == pytest.approx(earned)


def test_a_site_is_of_the_class_of_sizes_in_which_it_earns_most():
    """At 3 for each of 8 MW IT: up to 5 MW at 1 a MW earn 10, and up to 8 MW at 1 and 5 more 11."""
    small, large = Sizes(1.0, 5.0, 0.0, 0.0), Sizes(5.001, 8.0, 5.0, 0.0)
    dearer = large._replace(mn_per_mw_yr=0.5)
    demand = InReach(
        price=np.array([3.0]), mw_it=np.array([8.0]), state=np.array([0]), most_mw=np.array([9.0])
    )
    for sizes, earned in (((small,), 10), ((small, large), 11), ((small, dearer), 10), ((), 0)):
        offer = SimpleNamespace(pue=1.0, mn_yr=0.0, mn_per_mw_yr=1.0, there=False, sizes=sizes)
        assert earns(offer, demand).mn_yr == pytest.approx(earned)


def test_words_claim_no_more_than_is_proven():
    said = {
        (27.349, 28.4): "The prices alone prove 27.34 M USD a year, 3.71 % below the cost; "
        "up to 28.40 is the solver's claim.",
        (28.397, 28.397): "The prices alone prove the bound, 28.39 M USD a year, "
        "0.0106 % below the cost.",
        (28.391, 28.392): "The prices alone prove 28.391000 M USD a year, 0.0317 % below the cost; "
        "up to 28.392000 is the solver's claim.",
        (28.4, 28.4): "The prices alone prove the bound, 28.40 M USD a year, which is the cost.",
    }
    for (found, claimed), words in said.items():
        proven = Proven(
            by_prices_mn_yr=found, stated_mn_yr=found, claimed_mn_yr=claimed, cost_mn_yr=28.4,
            currency="USD",
        )  # fmt: skip
        assert proof_in_words(proven) == words


def facts_of(folder: Path) -> Facts:
    return gather(folder, read_document(folder), read_service(folder))


def test_hosts_taken_a_few_at_a_time_answer_whom_geodesics_say(folder, monkeypatch):
    """At every bound, some hosts and places are so placed that the sphere leaves it open."""
    facts, rng = facts_of(folder), np.random.default_rng(3)
    hosts = pd.DataFrame(
        {
            "lat": rng.uniform(-3, 3, 300),
            "lon": rng.uniform(-33, -25, 300),
            "processing_ms": rng.choice([0.0, 0.3], 300),
        },
        index=[f"h{k}" for k in range(300)],
    )
    monkeypatch.setattr(near, "_PAIRS_AT_ONCE", 40)
    found = np.concatenate(
        [ways[0] for _, ways in near.answered(facts, hosts, near.bounds_in_order(facts), (0.0,))]
    )
    demand = facts.demand
    bound_ms = np.array([facts.scenario.services[s].rtt_ms for _, s in demand.index])
    for row in range(len(demand)):
        ends = [np.full(300, demand[axis].iloc[row]) for axis in ("lat", "lon")]
        km = geodesic_km(*ends, *(hosts[axis].to_numpy() for axis in ("lat", "lon")))
        rtt_ms = demand["access_ms"].iloc[row] + 0.015 * km + hosts["processing_ms"]
        assert (found[:, row] == (rtt_ms <= bound_ms[row])).all()
    assert 0 < found.mean() < 1
