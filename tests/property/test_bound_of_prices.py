"""What prices prove: from raw inputs the same as the search says, and never more than is true."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from instances import FEATURES as INSTANCE_FEATURES
from instances import random_instance
from often import often
from random_scenarios import FEATURES, FEW, OUTAGES, write_scenario

from microdc.errors import BrokenPromiseError, InfeasibleError, InputError
from microdc.instance import Instance
from microdc.model.bound.market import Market
from microdc.model.bound.prices import CountPrice, OfDemand, OutagePrices, Prices
from microdc.placement.verify import proven_by_prices
from microdc.placement.verify.document import (
    PRICE,
    DemandPrices,
    read_document,
    read_prices,
    read_service,
)
from microdc.placement.verify.facts import Facts, gather
from microdc.placement.verify.proof.bound import bound_mn_yr
from microdc.placement.verify.proof.demand import KEY, everything_out, odd_prices, points_of
from microdc.placement.verify.proof.outages.needed import odd_needed
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook
from microdc.workflow import plan_scenario

PLANS, ENOUGH = often(14, many=28), often(9, many=20)
KNOWN_TO_PRICES = tuple(feature for feature in FEATURES if feature != "projects")
"""Raised from where they prove most, prices prove less; of projects they do not prove most."""

NOTHING_HELD = pd.DataFrame(columns=["service", "site", "time", "share"])
REPEATED = often(1, many=3)


def planned(seed: int, root: Path, more: set[str]) -> Path | None:
    """Plan a scenario with some features; None where none is feasible, or two contradict."""
    rng = np.random.default_rng([seed, 23])
    features = {*more, *rng.choice(KNOWN_TO_PRICES, 2)}
    folder, quiet = write_scenario(rng, features, root / str(seed)), lambda _: None
    try:
        plan_scenario(
            folder, folder / "plan", force=False, overrides={}, watch=quiet, clock=Clock(30)
        )
    except (InfeasibleError, InputError):
        return None
    return folder / "plan"


@pytest.fixture(scope="module")
def plans(tmp_path_factory) -> list[Path]:
    root = tmp_path_factory.mktemp("plans")
    of = KNOWN_TO_PRICES
    cases = ({of[seed % len(of)]} for seed in range(PLANS))
    return [plan for seed, more in enumerate(cases) if (plan := planned(seed, root, more))]


@pytest.fixture(scope="module")
def surviving(tmp_path_factory) -> list[Path]:
    """Plans that survive outages: of sites and nodes, of zones too, of any two of them."""
    root = tmp_path_factory.mktemp("surviving")
    cases = ({kind, people} for _, kind, people in product(range(REPEATED), OUTAGES, (FEW, "many")))
    return [plan for seed, more in enumerate(cases) if (plan := planned(seed, root, more))]


def facts_of(plan: Path) -> Facts:
    return gather(plan, read_document(plan), read_service(plan))


@pytest.mark.slow
def test_the_bound_is_what_the_search_said(plans, surviving):
    assert len(plans) >= ENOUGH
    prices = [read_prices(plan) for plan in surviving]
    assert sum(len(priced.points["outage"].unique()) > 1 for priced in prices) >= 8 * REPEATED / 3
    assert sum(len(priced.needed) > 0 for priced in prices) >= 6 * REPEATED / 3
    for plan in [*plans, *surviving]:
        proven = proven_by_prices(plan)
        assert proven.by_prices_mn_yr >= proven.stated_mn_yr * (1 - 1e-9) - 1e-8
        if read_document(plan).objective == "least-cost":  # else what stays unserved is rounded
            assert proven.by_prices_mn_yr == pytest.approx(proven.stated_mn_yr, rel=1e-9, abs=1e-8)


@pytest.mark.slow
def test_no_prices_prove_more_than_a_plan_costs(plans):
    for seed, plan in enumerate(plans):
        rng, facts = np.random.default_rng([seed, 29]), facts_of(plan)
        stated, certificate = read_prices(plan), facts.document.certificate
        for spread in (0.02, 0.2, 1.0, 3.0):
            factor = rng.lognormal(0, spread, len(stated.points))
            points = stated.points.assign(**{PRICE: stated.points[PRICE] * factor})
            prices = replace(stated, points=points)
            nodes = certificate.prices.nodes_mn_per_mw_yr
            dearer = {node: mn * rng.lognormal(0, spread) for node, mn in nodes.items()}
            limits = certificate.prices.model_copy(update={"nodes_mn_per_mw_yr": dearer})
            found = bound_mn_yr(facts, points_of(facts), prices, limits)
            assert found <= certificate.cost_mn_yr + 1e-6


def slack_mn(facts: Facts) -> float:
    """Give by how much a bound may exceed the cost: where most is served, a watt has its price."""
    return 1e-6 + 1e-5 * facts.document.certificate.prices.in_all_mn_per_mw_it_yr


def outage_prices(rng: np.random.Generator, facts: Facts, points: pd.DataFrame) -> DemandPrices:
    """Draw prices of demand in order, in some outages, and of the sites that some sets need."""
    most, events = rng.choice([0.5, 2.0, 6.0]), list(everything_out(facts))
    stated = [
        points[KEY].assign(outage="", time="", until="", price=rng.uniform(0, most, len(points)))
    ]
    needed = []
    for number in range(5):
        of = rng.integers(
            len(events), size=int(rng.integers(facts.scenario.resilience.at_once)) + 1
        )
        some = points[KEY][rng.random(len(points)) < rng.choice([0.1, 0.5, 0.9])]
        price = rng.uniform(0, most, len(some))
        stated.append(
            some.assign(time="", until="", outage=json.dumps([events[k] for k in of]), price=price)
        )
        sites = float(rng.integers(1, 5))
        needed.append(some.assign(set=number, sites=sites, mn_per_site_yr=rng.exponential(most)))
    table = pd.concat(stated, ignore_index=True).rename(columns={"price": PRICE})
    return DemandPrices(
        points=table.drop_duplicates([*KEY, "outage"]).assign(time="", until=""),
        needed=pd.concat(needed, ignore_index=True),
        held_hours=NOTHING_HELD,
    )


@pytest.mark.slow
def test_no_prices_of_outages_prove_more_than_a_plan_costs(surviving):
    for seed, plan in enumerate(surviving):
        rng, facts = np.random.default_rng([seed, 37]), facts_of(plan)
        points, certificate = points_of(facts), facts.document.certificate
        for _ in range(8):
            prices = outage_prices(rng, facts, points)
            assert odd_prices(facts, points, prices.points) == []
            assert odd_needed(points, prices.needed) == []
            found = bound_mn_yr(facts, points, prices, certificate.prices)
            assert found <= certificate.cost_mn_yr + slack_mn(facts)


@pytest.mark.slow
def test_prices_near_those_of_the_search_prove_no_more_than_a_plan_costs(surviving):
    for seed, plan in enumerate(surviving):
        rng, facts = np.random.default_rng([seed, 53]), facts_of(plan)
        stated, certificate = read_prices(plan), facts.document.certificate
        for spread in (0.0, 0.01, 0.05, 0.2):
            points, needed = (
                table.assign(**{column: table[column] * rng.lognormal(0, spread, len(table))})
                for table, column in ((stated.points, PRICE), (stated.needed, "mn_per_site_yr"))
            )
            first = needed.groupby("set")["mn_per_site_yr"].transform("first")
            needed = needed.assign(mn_per_site_yr=first, sites=needed["sites"] + 1)
            prices = replace(stated, points=points, needed=needed)
            found = bound_mn_yr(facts, points_of(facts), prices, certificate.prices)
            assert found <= certificate.cost_mn_yr + slack_mn(facts)


@pytest.mark.slow
def test_raised_prices_of_outages_prove_less_than_is_said(surviving):
    found = 0
    for plan in surviving[:8]:
        stated, facts = read_prices(plan).points, facts_of(plan)
        dearer = stated[PRICE].where(stated["outage"] == "", stated[PRICE] * 1.5 + 0.5)
        prices = replace(read_prices(plan), points=stated.assign(**{PRICE: dearer}))
        proven = facts.document.certificate.prices
        less = bound_mn_yr(facts, points_of(facts), prices, proven) < proven.bound_mn_yr - 0.1
        if not less:  # no outage has a price, or leaving demand costs no more than the old ones
            continue
        found += 1
        stated.assign(**{PRICE: dearer}).to_parquet(plan / "prices.parquet", index=False)
        with pytest.raises(BrokenPromiseError, match="they prove"):
            proven_by_prices(plan)
        stated.to_parquet(plan / "prices.parquet", index=False)
    assert found >= 3


@pytest.mark.slow
def test_raised_prices_and_a_raised_claim_are_found(plans, surviving):
    for plan in [*plans[:8], *surviving[:4]]:
        stated = read_prices(plan).points
        raise_prices = stated.assign(**{PRICE: stated[PRICE] * 1.5 + 0.1})
        raise_prices.to_parquet(plan / "prices.parquet", index=False)
        with pytest.raises(BrokenPromiseError, match="they prove"):
            proven_by_prices(plan)
        stated.to_parquet(plan / "prices.parquet", index=False)
        text = (plan / "plan.json").read_text("utf-8")
        bound = read_document(plan).certificate.prices.bound_mn_yr
        raised = text.replace(
            f'"bound_mn_yr": {bound!r},\n   "nodes', '"bound_mn_yr": 1e6,\n "nodes'
        )
        assert raised != text
        (plan / "plan.json").write_text(raised, "utf-8")
        with pytest.raises(BrokenPromiseError, match=r"said to prove 1000000\.0"):
            proven_by_prices(plan)
        (plan / "plan.json").write_text(text, "utf-8")


def random_prices_of_demand(rng: np.random.Generator, instance: Instance) -> OfDemand:
    """Draw prices of points in order, of some sets in some outages, and of sites needed."""
    points, most = len(instance.points), rng.choice([1.5, 3.0, 9.0])
    if instance.outages is None:
        return OfDemand(rng.uniform(0, most, points), (), ())

    def some() -> np.ndarray:
        return np.sort(rng.choice(points, size=int(rng.integers(1, points)), replace=False))

    count, together = len(instance.outages.what), instance.outages.at_once
    outages = []
    for _ in range(3):
        rows = tuple(sorted(rng.choice(count, size=together, replace=False).tolist()))
        at = some()
        outages.append(
            OutagePrices(rows=rows, points=at, price=rng.uniform(0, 0.5 * most, len(at)))
        )
    needed = [CountPrice(points=some(), price=rng.exponential(0.3)) for _ in range(3)]
    return OfDemand(rng.uniform(0, 0.4 * most, points), tuple(outages), tuple(needed))


def random_prices(rng: np.random.Generator, instance: Instance) -> Prices:
    """Draw prices of demand and, where there are limits, of those."""
    spent = {
        "node": len(instance.nodes),
        "count": len(instance.counts),
        "apart": instance.apart.shape[0],
        "group": len(instance.groups),
    }
    return Prices(
        **random_prices_of_demand(rng, instance)._asdict(),
        **{name: rng.exponential(0.3, n) * (rng.random(n) < 0.5) for name, n in spent.items()},
        limit_by_hour=np.zeros((0, 0)),
        in_all=0.0,
        budget=0.0 if instance.budget_mn is None else float(rng.exponential(0.05)),
    )


def test_no_prices_prove_more_than_the_optimum_of_the_textbook_model():
    wanted, feasible = often(15, many=50), 0
    for seed in range(120):
        rng = np.random.default_rng([seed, 31])
        instance = random_instance(rng, sites=int(rng.integers(3, 9)))
        for feature in rng.choice(list(INSTANCE_FEATURES), 2, replace=False):
            instance = INSTANCE_FEATURES[feature](rng, instance)
        best = textbook(instance, Settings(gap=1e-6), Clock(30)).cost
        if best is None:
            continue
        feasible += 1
        market = Market(instance)
        for _ in range(20):
            prices = random_prices(rng, instance)
            bound = market.bound_mn_yr(prices, market.profit_mn_yr(prices))
            assert bound <= best + 1e-6 * max(1, abs(best))
        if feasible == wanted:
            break
    assert feasible == wanted
