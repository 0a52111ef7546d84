"""
The bound of prices on scenarios/tiny-n-1, by hand: 4 MW IT of `near` are wanted and all promised.

West and East cost 1.0 and 1.5 a year, Middle 0.5, and each 4.0 for its least 5 MW, 4 MW IT. Harbour
takes out West and Middle, the storm Middle and East. Any site may be out, and each can keep all of
`near`: so one is too few, and `near` needs two, or 0.5 of one less for each MW IT left in order.

A site that `near` needs is worth 4.5; a MW IT of `near` kept without Harbour 0.25, in the storm
0.125. `far` is worth nothing.

- A MW IT of `near` is worth 0.25 + 0.125 + 4.5 x 0.5 = 2.625, less than the 4.0 of leaving it:
  10.5 in all. The need of two sites adds 4.5 x (2 - 0.5 x 4) = 0.
- West earns 4.5 for being there and 4 x 0.125 in the storm, and costs 5.0: nothing is left.
- East earns 4.5 and 4 x 0.25, and costs 5.5. Middle earns 4.5 and costs 4.5.

So no plan costs less than 10.5, and the best costs 10.5.
"""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from microdc.errors import BrokenPromiseError, InputError
from microdc.placement.verify import proven_by_prices
from microdc.placement.verify.hosts.tiers import Sizes
from microdc.placement.verify.proof.earnings import InReach, earns
from microdc.placement.verify.proof.outages.needed import row_of
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[3] / "scenarios" / "tiny-n-1"
HARBOUR, STORM = '[["node", "harbour"]]', '[["zone", "storm"]]'
BY_HAND = [("near", HARBOUR, 0.25), ("near", STORM, 0.125)]
TWO_SITES = [(0, "near", 2, 4.5)]


@pytest.fixture(scope="module")
def planned(tmp_path_factory) -> Path:
    return plan(TINY, tmp_path_factory.mktemp("tiny-n-1") / "plan")


def plan(inputs: Path, out: Path) -> Path:
    plan_scenario(inputs, out, force=False, overrides={}, watch=lambda _: None, clock=Clock(30))
    return out


@pytest.fixture
def folder(planned, tmp_path) -> Path:
    """Give a copy of the plan beside which its inputs are found."""
    for path in planned.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    document = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    provenance = document["provenance"]
    for record in (provenance["scenario"], *provenance["inputs"]):
        record["path"] = (planned / record["path"]).resolve().as_posix()
    (tmp_path / "plan.json").write_text(json.dumps(document), "utf-8")
    return tmp_path


def write_prices(folder: Path, prices, needed=(), bound: float = 0.0) -> None:
    """Write prices of Ashby's classes and of the sites they need, and what they are to prove."""
    points = pd.DataFrame(prices, columns=["service", "outage", "mn_per_mw_it_yr"])
    sets = pd.DataFrame(needed, columns=["set", "service", "sites", "mn_per_site_yr"])
    points = points.astype({"service": str, "mn_per_mw_it_yr": float})
    sets = sets.astype({"set": int, "service": str, "sites": float, "mn_per_site_yr": float})
    for name, table in (("prices", points), ("needed", sets)):
        whole = table.assign(place="ashby", group=table["service"])
        whole.to_parquet(folder / f"{name}.parquet", index=False)
    path = folder / "plan.json"
    document = json.loads(path.read_text("utf-8"))
    document["certificate"]["prices"]["bound_mn_yr"] = bound
    path.write_text(json.dumps(document), "utf-8")


def test_the_search_proves_all_of_the_cost(planned):
    proven = proven_by_prices(planned)
    assert proven.in_full
    assert proven.by_prices_mn_yr == pytest.approx(10.5, abs=1e-6)


def test_prices_of_outages_and_of_sites_needed_prove_what_they_prove_by_hand(folder):
    write_prices(folder, BY_HAND, TWO_SITES, 10.5)
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(10.5, abs=1e-9)
    assert proven_by_prices(folder).by_prices_mn_yr <= 10.5


def test_everyone_in_reach_is_paid_for_being_among_the_sites_needed(folder):
    """At 5.0 near is worth 2.875, 11.5 in all, and each of the three sites keeps 0.5."""
    write_prices(folder, BY_HAND, [(0, "near", 2, 5.0)])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(10.0, abs=1e-9)


def test_without_sites_needed_outages_alone_prove_as_far_as_they_go(folder):
    """Harbour and the storm, 1.0 each: East is worth 4.0 and West 4.0, less than they cost."""
    write_prices(folder, [("near", HARBOUR, 1.0), ("near", STORM, 1.0)])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(8.0)


def test_one_connection_serves_in_order_and_in_outages(folder):
    """At 1.0 in order as well, West's 4 MW IT earn twice: 4 + 4 - 5. Middle is out in both."""
    write_prices(folder, [("near", "", 1.0), ("near", HARBOUR, 1.0), ("near", STORM, 1.0)])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(12.0 - 3.0)


def test_a_part_of_an_outage_may_be_priced_and_a_tree_node_is_one(folder):
    """When East alone is out, West and Middle are there: at 1.5 they earn 1.0 and 1.5."""
    for outage in ('[["site", "east"]]', '[["node", "east"]]'):
        write_prices(folder, [("near", outage, 1.5)])
        assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(6.0 - 1.0 - 1.5)


def test_more_sites_than_are_needed_prove_no_more(folder):
    write_prices(folder, BY_HAND, [(0, "near", 3, 4.5)])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(10.5, abs=1e-9)


def test_fewer_sites_than_are_needed_prove_less(folder):
    """One site, or 0.25 of it less for each MW IT: near is worth 1.5, 6.0 in all, and 4.5 x 0."""
    write_prices(folder, BY_HAND, [(0, "near", 1, 4.5)])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(6.0, abs=1e-9)


def test_where_one_site_is_never_out_one_is_enough(tmp_path):
    """West is in no storm: one site, or 0.25 of it less; near is worth 1.125, 4.5 in all."""
    inputs = Path(shutil.copytree(TINY, tmp_path / "tiny-n-1"))
    scenario = inputs / "scenario.yaml"
    text = scenario.read_text("utf-8")
    scenario.write_text(text.replace("survive: [site, node, zone]", "survive: [zone]"), "utf-8")
    folder = plan(inputs, tmp_path / "plan")
    write_prices(folder, [], TWO_SITES)
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(4.5, abs=1e-9)


def test_demand_that_is_not_promised_needs_no_site(folder):
    write_prices(folder, BY_HAND, [(0, "far", 2, 4.5)])
    assert proven_by_prices(folder).by_prices_mn_yr == pytest.approx(4 * 0.375, abs=1e-9)


@pytest.mark.parametrize(
    ("prices", "needed", "says"),
    [
        ([BY_HAND[0]], TWO_SITES, "said to prove 10.500000 M USD a year, they prove 10.000000"),
        ([("near", HARBOUR, 0.5), BY_HAND[1]], TWO_SITES[:0], "they prove 2.500000"),
        ([("near", HARBOUR, -0.5)], [], r"\(group near\), .*harbour.* out: the price is below"),
        ([BY_HAND[0], BY_HAND[0]], [], "harbour.* out: is priced twice"),
        ([("near", '[["site", "atlantis"]]', 1.0)], [], "atlantis.* is no outage that is to be"),
        ([("near", '[["node", "harbour"], ["zone", "storm"]]', 1.0)], [], "is no outage that is"),
        ([("near", "[]", 1.0)], [], r"\[\] is no outage"),
        ([("near", "harbour", 1.0)], [], "harbour is no outage"),
        ([("near", '[["node", ["harbour"]]]', 1.0)], [], "is no outage"),
        ([("near", "[" * 10_000, 1.0)], [], "is no outage"),
        ([("near", None, 1.0)], [], "null is no outage"),
        ([], [(0, "chat", 2, 1.0)], r"ashby, chat \(group chat\): the tables know no such demand"),
        ([], [(0, "near", 2, -1.0)], "set 0: mn_per_site_yr is below zero"),
        ([], [(0, "near", np.inf, 1.0)], "set 0: sites is below zero, no number"),
        ([], [(0, "near", 2, np.nan)], "set 0: mn_per_site_yr is below zero, no number"),
        ([], [(0, "near", 2, 1.0), (0, "far", 3, 1.0)], "set 0: sites is .* not the same all over"),
        ([], [(0, "near", 2, 1.0), (0, "near", 2, 1.0)], "set 0 has the same demand twice"),
    ],
)
def test_prices_of_outages_that_do_not_prove_what_they_are_said_to_are_told(
    folder, prices, needed, says
):
    write_prices(folder, prices, needed, 10.5)
    with pytest.raises(BrokenPromiseError, match=says):
        proven_by_prices(folder)


def test_without_the_table_of_sites_needed_less_is_proven(folder):
    write_prices(folder, BY_HAND, TWO_SITES, 10.5)
    (folder / "needed.parquet").unlink()
    with pytest.raises(BrokenPromiseError, match=r"they prove 1\.5000"):
        proven_by_prices(folder)


@pytest.mark.parametrize("content", [b"", b"PAR1"])
def test_a_damaged_table_of_sites_needed_is_named(folder, content):
    (folder / "needed.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"needed\.parquet"):
        proven_by_prices(folder)


def test_a_next_megawatt_is_worth_what_all_states_pay_for_it():
    """Up to 3 MW both states pay, 2 + 2; up to 4 and 5 one does, 1.5 then 1.2; each costs 1.4."""
    offer = SimpleNamespace(
        pue=1.0, sizes=(Sizes(0.0, 9.0, 0.0, 0.0),), mn_yr=0.0, mn_per_mw_yr=1.4, there=False
    )
    price, mw_it = np.array([2.0, 1.5, 2.0, 1.2]), np.array([3.0, 1.0, 3.0, 2.0])
    state, most_mw = np.array([0, 0, 4, 4]), np.full(4, 9.0)
    found = earns(offer, InReach(price=price, mw_it=mw_it, state=state, most_mw=most_mw))
    assert found.mn_yr == pytest.approx(3 * (4 - 1.4) + 1 * (1.5 + 1.2 - 1.4) + 0.0)


def test_what_a_site_earns_is_the_best_over_all_its_sizes():
    rng = np.random.default_rng(41)
    for _ in range(100):
        n = int(rng.integers(1, 12))
        state, price = np.sort(rng.integers(0, 4, n)), rng.uniform(0, 3, n)
        price, mw_it = price[np.lexsort((-price, state))], rng.uniform(0.1, 4, n)
        least_mw, most_mw = np.sort(rng.uniform(0, 12, 2))
        cost, pue = rng.uniform(0.2, 3), rng.uniform(1, 1.5)
        offer = SimpleNamespace(
            pue=pue,
            sizes=(Sizes(least_mw, most_mw, 0.0, 0.0),),
            mn_yr=0.7,
            mn_per_mw_yr=cost,
            there=True,
        )
        best = max(
            sum(paid(price[state == s], mw_it[state == s], mw / pue) for s in range(4)) - cost * mw
            for mw in np.linspace(least_mw, most_mw, 2001)
        )
        slack = n * 3 * (most_mw - least_mw) / 2000
        most = np.full(n, most_mw)
        found = earns(offer, InReach(price=price, mw_it=mw_it, state=state, most_mw=most))
        assert best - 1e-9 <= found.mn_yr + 0.7 <= best + slack


def paid(price, mw_it, size_mw_it: float) -> float:
    """Give what serving the dearest first pays up to a size."""
    left, earned = size_mw_it, 0.0
    for each, wanted in zip(price, mw_it, strict=True):
        earned += each * min(left, wanted)
        left -= min(left, wanted)
    return earned


def test_a_row_of_sites_needed_holds_whatever_is_built():
    rng = np.random.default_rng(43)
    for _ in range(300):
        given = np.concatenate([[0.0], np.cumsum(np.sort(rng.uniform(0, 5, 6))[::-1])])
        need, said = rng.uniform(0.1, 20), float(rng.integers(1, 10))
        sites, slope = row_of(said, need, given)
        left = np.maximum(0.0, need - given)
        assert (np.arange(7) + slope * left >= sites - 1e-9).all()
        assert sites == min([said, *np.flatnonzero(given >= need)])
