"""A fleet's cost elsewhere is that of a flow worked out directly, and a broken rule is told."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from instances import FEATURES, random_instance
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

from microdc.batch.summary.regret.fixed import broken_rules, fixed
from microdc.instance import Instance
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings

EXACT = Settings(gap=1e-7, threads=1)
IN_ORDER = sorted(name for name in FEATURES if "outage" not in name and "survive" not in name)


def outcome_of(instance: Instance) -> Outcome:
    return solve(instance, "least-cost", EXACT, Clock(60), lambda _: None)


def cost_by_flow(instance: Instance, sizes_mw: "pd.Series[float]") -> float:
    """Send demand to the fleet and to hubs as a transport problem; inf: not all can be served."""
    sites, points, groups = instance.sites, instance.points, instance.groups
    hub = (sites["standing"] & (sites["existing_mw"] == 0)).to_numpy()
    mw = sizes_mw.reindex(sites.index).fillna(sites["existing_mw"]).to_numpy()
    power = np.where(hub, sites["cap_mw"], mw) / sites["pue"].to_numpy()
    per_site, per_mw = sites["site_mn_yr"].to_numpy(), sites["size_mn_per_mw_yr"].to_numpy()
    built = hub | (mw > 0)
    owner = np.repeat(np.arange(len(points)), instance.reach.sites_per_point)
    pairs, n = len(owner), len(points)
    price = groups["unserved_mn_per_mw_yr"].fillna(0.0).to_numpy()
    rent = np.where(hub, per_mw * sites["pue"].to_numpy(), 0.0)[instance.reach.site]
    cost = np.concatenate([rent, price[points["group"]]])
    unserved = (np.ones(n), (points["group"], pairs + np.arange(n)))
    at_most = vstack([
        coo_array(
            (np.ones(pairs), (instance.reach.site, np.arange(pairs))), (len(sites), pairs + n)
        ),
        coo_array(unserved, (len(groups), pairs + n)),
    ])  # fmt: skip
    whole = coo_array(
        (np.ones(pairs + n), (np.append(owner, np.arange(n)), np.arange(pairs + n))),
        (n, pairs + n),
    )
    limit = np.concatenate([power, groups["max_unserved_mw_it"].to_numpy()])
    demand = points["mw_it"].to_numpy()
    answer = linprog(cost, at_most.tocsr(), limit, whole.tocsr(), demand)
    if not answer.success:
        return np.inf
    fleet = (built & ~hub) @ (per_site + per_mw * mw) + hub @ per_site
    if instance.tiers is not None:
        fleet += instance.tiers.more_mn_yr(mw)[built & ~hub].sum()
    return float(answer.fun + fleet + instance.constant_mn_yr)


def elsewhere(rng: np.random.Generator, instance: Instance) -> Instance:
    """Other prices, a little less demand or a little more, and dearer to leave."""
    sites, points = instance.sites, instance.points
    factor = np.where(sites["standing"], 1.0, rng.uniform(0.6, 1.6, len(sites)))
    demand = points["mw_it"] * rng.uniform(0.8, 1.1)
    groups = instance.groups
    most = np.bincount(points["group"], weights=demand, minlength=len(groups))
    stated = groups["max_unserved_mw_it"].to_numpy()
    held = rng.random() < 0.4
    return replace(
        instance,
        sites=sites.assign(site_mn_yr=sites["site_mn_yr"] * factor),
        points=points.assign(mw_it=demand),
        groups=groups.assign(max_unserved_mw_it=np.minimum(stated, 0.1 * most if held else most)),
    )


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("feature", [None, *IN_ORDER])
def test_a_fleet_costs_elsewhere_what_its_flow_does(feature, seed):
    rng = np.random.default_rng(seed)
    home = random_instance(rng)
    home = FEATURES[feature](rng, home) if feature else home
    best = outcome_of(home)
    if not best.has_plan:
        return
    ids = home.sites.index[~home.sites["standing"] | (home.sites["existing_mw"] > 0)]
    fleet = best.sizes_mw[best.sizes_mw.index.isin(ids)]
    assert list(broken_rules(home, fleet)) == []
    away = elsewhere(rng, home)
    for instance in (home, away):
        found = outcome_of(fixed(instance, fleet))
        expected = cost_by_flow(instance, fleet)
        assert (found.ended is Ended.INFEASIBLE) == (expected == np.inf)
        if np.isfinite(expected):
            assert found.cost == pytest.approx(expected, rel=2e-5, abs=2e-4)
            assert found.bound <= expected + 1e-6
