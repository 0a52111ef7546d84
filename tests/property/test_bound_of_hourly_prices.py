"""Whatever prices demand has by the hour, they prove no more than the textbook model costs."""

from dataclasses import replace

import numpy as np
import pytest
from hourly import HOURS
from instances import random_instance
from often import often

from microdc.instance import Instance
from microdc.instance.periods import periods_of
from microdc.model.bound.market import Market
from microdc.model.bound.prices import HeldPrices, HourPrices, Prices
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook

INSTANCES = often(3, many=8)


def random_prices(rng: np.random.Generator, instance: Instance) -> Prices:
    """Draw prices of what is wanted in hours, of what does not move, and of limits in hours."""
    hours, most = instance.hours, rng.choice([0.5, 2.0, 6.0])
    periods = list(periods_of(hours))
    priced = rng.choice(len(periods), size=min(3, len(periods)), replace=False)
    still = np.flatnonzero(~hours.services["moves"].to_numpy(bool) & (hours.share.max(axis=0) > 0))
    none = np.zeros(len(instance.points))
    limit = rng.exponential(0.2, hours.limit_mw.shape) * (rng.random(hours.limit_mw.shape) < 0.5)
    return Prices(
        point=none,
        outages=(),
        needed=(),
        hours=tuple(
            HourPrices(
                period=int(k),
                wants=np.arange(len(periods[k].point)),
                price=rng.uniform(0, most, len(periods[k].point)),
            )
            for k in priced
        ),
        held=tuple(held(rng, instance, int(service), most) for service in still),
        limit_by_hour=limit,
        node=np.zeros(len(instance.nodes)),
        count=np.zeros(len(instance.counts)),
        apart=np.zeros(instance.apart.shape[0]),
        group=rng.exponential(0.2, len(instance.groups)),
        in_all=0.0,
        budget=0.0,
    )


def held(rng: np.random.Generator, instance: Instance, service: int, most: float) -> HeldPrices:
    """Draw prices of a service that does not move, shared out over the hours at random."""
    hours = instance.hours
    points = np.flatnonzero(hours.service == service)
    wanted = (hours.share[:, service] > 0)[:, None]
    part = wanted * rng.uniform(0.01, 1, (len(hours.what), len(instance.sites)))
    by_hour = part / part.sum(axis=0)
    price = rng.uniform(0, most, len(points))
    return HeldPrices(service=service, points=points, price=price, by_hour=by_hour)


@pytest.mark.slow
@pytest.mark.parametrize("feature", HOURS)
def test_no_prices_by_the_hour_prove_more_than_the_optimum_of_the_textbook_model(feature):
    feasible = 0
    for seed in range(4 * INSTANCES):
        rng = np.random.default_rng([seed, 67])
        instance = HOURS[feature][0](rng, random_instance(rng, sites=int(rng.integers(3, 8))))
        if seed % 2:
            existing = np.where(rng.random(len(instance.sites)) < 0.4, 4.0, 0.0)
            sites = instance.sites.assign(existing_mw=existing, standing=existing > 0)
            instance = replace(instance, sites=sites)
        best = textbook(instance, Settings(gap=1e-6), Clock(30)).cost
        if best is None:
            continue
        feasible += 1
        market = Market(instance)
        for _ in range(20):
            prices = random_prices(rng, instance)
            bound = market.bound_mn_yr(prices, market.profit_mn_yr(prices))
            assert bound <= best + 1e-6 * max(1, abs(best))
        if feasible == INSTANCES:
            break
    assert feasible == INSTANCES
