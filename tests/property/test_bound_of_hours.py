"""What prices by the hour prove: what the search says, and never more than is true."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from random_scenarios import FEW, write_scenario

from microdc.assembly import assemble
from microdc.errors import BrokenPromiseError
from microdc.inputs.read import read_region
from microdc.placement.verify import proven_by_prices
from microdc.placement.verify.document import (
    PRICE,
    DemandPrices,
    LimitPrices,
    read_document,
    read_prices,
    read_service,
)
from microdc.placement.verify.facts import Facts, gather
from microdc.placement.verify.proof.bound import bound_mn_yr
from microdc.placement.verify.proof.claim import AGREEMENT_SHARE
from microdc.placement.verify.proof.demand import KEY, odd_prices, points_of
from microdc.placement.verify.proof.hours.held import odd_shares
from microdc.placement.verify.proof.hours.power import odd_limits_by_hour
from microdc.placement.verify.proof.hours.wanted import latest, odd_times
from microdc.scenario import load_scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook
from microdc.workflow import plan_scenario

CASES = (
    {"flexible", "held", "existing", "modules", "tree"},
    {"flexible", "waiting", "existing", "hubs", "measured"},
    {"held", "waiting", "floors", "tree"},
    {"flexible", "held", "existing", "hubs", "tree"},
    {"flexible", "waiting", "counts", "apart"},
    {"flexible", "existing", "floors", "tree", "measured"},
    {"held", "existing", "waiting", "forbidden", FEW},
)
SLACK_MN = 1e-5
DRAWS = 10
OTHER_SEARCH_S = 1.0


@dataclass(frozen=True)
class Case:
    """Facts of a finished plan, its prices, and the least cost found of any plan."""

    facts: Facts
    prices: DemandPrices
    limits: LimitPrices
    best_mn_yr: float

    def proven(self, prices: DemandPrices, limits: LimitPrices) -> float:
        """Give what prices prove that are not odd."""
        points = points_of(self.facts)
        assert odd_prices(self.facts, points, prices.points) == []
        assert [*odd_times(self.facts, prices.points)] == []
        assert [*odd_shares(self.facts, prices.held_hours)] == []
        assert [*odd_limits_by_hour(self.facts, limits)] == []
        return bound_mn_yr(self.facts, points, prices, limits)


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> list[Case]:
    root = tmp_path_factory.mktemp("hours")
    return [planned(seed, features, root) for seed, features in enumerate(CASES)]


def planned(seed: int, features: set[str], root: Path) -> Case:
    folder = write_scenario(
        np.random.default_rng([seed, 71]), {"hours", *features}, root / str(seed)
    )
    plan_scenario(
        folder, folder / "plan", force=False, overrides={"gap": 1e-4}, watch=lambda _: None,
        clock=Clock(30),
    )  # fmt: skip
    document = read_document(folder / "plan")
    scenario = load_scenario(folder)
    instance = assemble(scenario, read_region(scenario))
    other = textbook(instance, Settings(gap=1e-6), Clock(OTHER_SEARCH_S)).cost
    costs = (document.certificate.cost_mn_yr, other)
    return Case(
        facts=gather(folder / "plan", document, read_service(folder / "plan")),
        prices=read_prices(folder / "plan"),
        limits=document.certificate.prices,
        best_mn_yr=min(cost for cost in costs if cost is not None),
    )


@pytest.mark.slow
def test_the_bound_is_what_the_search_said(cases):
    for case in cases:
        proven = proven_by_prices(case.facts.folder)
        assert proven.by_prices_mn_yr == pytest.approx(proven.stated_mn_yr, rel=AGREEMENT_SHARE)
        assert proven.by_prices_mn_yr <= case.best_mn_yr + SLACK_MN
    assert sum(len(case.limits.nodes_by_hour_mn_per_mw_yr) > 0 for case in cases) >= 2
    assert sum(len(case.prices.held_hours) > 0 for case in cases) >= 3
    assert sum((case.prices.points["until"] > case.prices.points["time"]).any() for case in cases)


@pytest.mark.slow
def test_no_prices_of_hours_prove_more_than_the_best_plan_costs(cases):
    """Near the search's, where nothing is left to prove, as far from them."""
    for seed, case in enumerate(cases):
        rng = np.random.default_rng([seed, 73])
        for spread in (0.01, 0.05, 0.3, 2.0):
            points = case.prices.points
            factor = rng.lognormal(0, spread, len(points))
            prices = replace(
                case.prices,
                points=points.assign(**{PRICE: points[PRICE] * factor}),
                held_hours=shifted(rng, case.prices.held_hours, spread),
            )
            limits = by_hour(rng, case, spread)
            assert case.proven(prices, limits) <= case.best_mn_yr + SLACK_MN


@pytest.mark.slow
def test_no_random_prices_of_hours_prove_more_than_the_best_plan_costs(cases):
    for seed, case in enumerate(cases):
        rng = np.random.default_rng([seed, 79])
        for _ in range(DRAWS):
            prices = random_prices(rng, case)
            limits = by_hour(rng, case, 1.0)
            assert case.proven(prices, limits) <= case.best_mn_yr + SLACK_MN


def shifted(rng: np.random.Generator, held: pd.DataFrame, spread: float) -> pd.DataFrame:
    """Pay sites in other shares over their hours, and of some sites tell nothing."""
    if held.empty:
        return held
    share = held["share"] * rng.lognormal(0, spread, len(held))
    keys = [held["service"], held["site"]]
    told = held["site"].map(dict.fromkeys(held["site"].unique(), True))
    some = held["site"].isin(rng.permutation(held["site"].unique())[:6]) & told
    return held.assign(share=share / share.groupby(keys).transform("sum"))[some]


def by_hour(rng: np.random.Generator, case: Case, spread: float) -> LimitPrices:
    """Change the prices of limits, and price three more in some hours."""
    times = case.facts.hourly.hours["time"].to_numpy()
    changed = {
        node: {time: mn * rng.lognormal(0, spread) for time, mn in prices.items()}
        for node, prices in case.limits.nodes_by_hour_mn_per_mw_yr.items()
    }
    for node in rng.choice(["north", "s0", "s1", "s2", "s3", "s4"], 3, replace=False):
        some = {str(time): rng.exponential(0.1 * spread) for time in rng.choice(times, 3, False)}
        changed[str(node)] = {**some, **changed.get(str(node), {})}
    return case.limits.model_copy(update={"nodes_by_hour_mn_per_mw_yr": changed})


def random_prices(rng: np.random.Generator, case: Case) -> DemandPrices:
    """Draw prices in a few of the hours, of what waits and of what does not, and of peaks."""
    facts, most = case.facts, rng.choice([0.3, 1.0, 4.0])
    points, hours = points_of(facts)[KEY], facts.hourly.hours
    stays = [name for name, service in facts.scenario.services.items() if not service.movable]
    rows = [points[points["service"].isin(stays)].assign(time="", until="")]
    for row in rng.choice(hours["at"].to_numpy(), 4, replace=False):
        for service in facts.scenario.services.keys() - set(stays):
            end = latest(facts, service, np.array([row]))[0]
            for until in {int(row), int(end)}:
                time, last = (facts.hourly.year.times[at] for at in (row, until))
                mine = points[points["service"] == service]
                rows.append(mine.assign(time=time, until=last))
    table = pd.concat(rows, ignore_index=True).assign(outage="")
    price = rng.uniform(0, most, len(table)) * (rng.random(len(table)) < rng.choice([0.3, 1.0]))
    return replace(
        case.prices,
        points=table.assign(**{PRICE: price}),
        held_hours=shifted(rng, case.prices.held_hours, 1.0),
    )


@pytest.mark.slow
def test_what_is_doctored_is_found(cases):
    """Prices raised, hours exchanged, shares or limits left out: something is told."""
    for case in cases[:4]:
        folder, stated = case.facts.folder, case.prices.points
        raised = stated.assign(**{PRICE: stated[PRICE] * 1.5 + 0.1})
        exchanged = stated.assign(time=stated["time"].to_numpy()[::-1])
        for points in (raised, exchanged):
            points.to_parquet(folder / "prices.parquet", index=False)
            with pytest.raises(BrokenPromiseError):
                proven_by_prices(folder)
        stated.to_parquet(folder / "prices.parquet", index=False)
        text = (folder / "plan.json").read_text("utf-8")
        document = json.loads(text)
        limits = document["certificate"]["prices"]
        if limits["nodes_by_hour_mn_per_mw_yr"]:
            limits["nodes_by_hour_mn_per_mw_yr"] = {}
            (folder / "plan.json").write_text(json.dumps(document), "utf-8")
            with pytest.raises(BrokenPromiseError, match="they prove"):
                proven_by_prices(folder)
            (folder / "plan.json").write_text(text, "utf-8")
        proven_by_prices(folder)
