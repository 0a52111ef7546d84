"""What forcing or forbidding a site is said to cost, against the textbook model solved twice."""

from collections.abc import Mapping

import hourly
import numpy as np
import pytest
from instances import FEATURES, Feature, random_instance

from microdc.explain.sites import base as sites_base
from microdc.explain.sites.base import Base, solved, stand
from microdc.explain.sites.pricing import (
    forbidden,
    forced_in,
    least_rise_mn_yr,
    with_forced,
    without,
)
from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.search.loop import Search
from microdc.solve.textbook import textbook

SETTINGS, EXACT = Settings(gap=0.001), Settings(gap=1e-7)
ROUNDING_MN_YR = 1e-4


def silent(mark: object) -> None:
    pass


BY_HOUR = {f.__name__: f for f in (hourly.hours, hourly.hours_shared, hourly.hours_held)}


@pytest.fixture(autouse=True)
def in_good_time(monkeypatch):
    """Let a busy machine take its time: widths are those of the gap, not of the clock."""
    monkeypatch.setattr(sites_base, "_LEAST_S", 60.0)


def drawn(seed: int, features: Mapping[str, Feature] = FEATURES) -> tuple[Instance, Base] | None:
    """Give a small instance with two features and a plan of it; None where there is none."""
    rng = np.random.default_rng(seed)
    instance = random_instance(rng, sites=int(rng.integers(3, 9)))
    for name in rng.choice(list(features), 2 if features is FEATURES else 1):
        instance = features[name](rng, instance)
    outcome = Search(instance, SETTINGS, Clock(20), silent).run()
    if not outcome.has_plan:
        return None
    base = stand(instance, outcome.sizes_mw, solved(outcome), SETTINGS)(Clock(60), silent)
    return instance, base


def least_cost(instance: Instance) -> float:
    cost = textbook(instance, EXACT, Clock(60)).cost
    return np.inf if cost is None else cost


def check(seed: int, features: Mapping[str, Feature] = FEATURES) -> None:
    found = drawn(seed, features)
    if found is None:
        return
    instance, base = found
    cost, least_rise = least_cost(instance), least_rise_mn_yr(base)
    for site, row in instance.sites.iterrows():
        if row["standing"] or row["forbidden"]:
            continue
        if site in base.built:
            priced, changed = forbidden(base, site), without(instance, site)
        else:
            priced, changed = forced_in(base, site), with_forced(instance, site)
        true = least_cost(changed) - cost
        assert priced.change.least_mn_yr <= true + ROUNDING_MN_YR
        assert true <= priced.change.most_mn_yr + ROUNDING_MN_YR
        if np.isfinite(true):
            width = priced.change.most_mn_yr - priced.change.least_mn_yr
            assert width <= 2 * SETTINGS.gap * abs(cost + true) + ROUNDING_MN_YR
        if site not in base.built:
            assert least_rise[site] <= true + ROUNDING_MN_YR
            assert base.proof.bound + priced.by_prices_mn_yr <= cost + true + ROUNDING_MN_YR


@pytest.mark.parametrize("seed", range(8))
def test_prices_of_sites_hold_between_two_independent_solves(seed):
    check(seed)


@pytest.mark.parametrize("seed", range(2))
def test_prices_of_sites_hold_where_demand_has_hours(seed):
    check(seed, BY_HOUR)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 200))
def test_prices_of_many_more_sites_hold_between_two_independent_solves(seed):
    check(seed)
