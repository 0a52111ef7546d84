"""The textbook model with hours, against linear programs over all subsets of the sites."""

from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hourly import HOURS
from instances import FEATURES, random_instance
from often import often
from scipy.optimize import linprog

from microdc.assembly.hours import in_force
from microdc.instance import Hours, Instance, rows_of
from microdc.solve.highs import Clock
from microdc.solve.outcome import Outcome, Settings
from microdc.solve.textbook import textbook

EXACT = Settings(gap=1e-7)
BINDING = often(2, many=6)
TRIES = 40


def compact(instance: Instance) -> Outcome:
    return textbook(instance, EXACT, Clock(60))


@pytest.mark.parametrize("feature", HOURS)
def test_no_subset_of_the_sites_serves_all_hours_for_less(feature):
    make, without = HOURS[feature]
    binding = 0
    for seed in range(TRIES):
        rng = np.random.default_rng([seed, *feature.encode()])
        instance = random_instance(rng, sites=int(rng.integers(3, 5)))
        if seed % 3 == 0:
            instance = FEATURES["existing"](rng, instance)
        if seed % 2 == 0:
            instance = FEATURES["prices"](rng, instance)
        instance = make(rng, instance)
        found = compact(instance)
        assert found.cost == pytest.approx(least_cost(instance), rel=1e-6, abs=1e-5)
        binding += abs(found.cost - compact(without(instance)).cost) > 1e-4
        if binding == BINDING:
            break
    assert binding == BINDING


def least_cost(instance: Instance) -> float:
    """Price the cheapest sizes and service on every subset of the sites with what stands."""
    rows = range(len(instance.sites))
    stands = np.flatnonzero(instance.sites["standing"])
    subsets = chain.from_iterable(combinations(rows, k) for k in range(len(rows) + 1))
    return min(cost_of(instance, built) for built in subsets if set(stands) <= set(built))


def cost_of(instance: Instance, built: tuple[int, ...]) -> float:
    """Price the cheapest sizes and service on these sites; written without the model."""
    sites, points = instance.sites.iloc[list(built)], instance.points
    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()[points["group"]]
    size = {
        ("x", i): (sites["min_mw"].iloc[k], sites["cap_mw"].iloc[k]) for k, i in enumerate(built)
    }
    left = {("v", j): (0, mw_it) for j, mw_it in enumerate(points["mw_it"])}
    flow = dict.fromkeys(flows(instance, instance.hours, built), (0, None))
    bounds = size | left | flow
    column = {key: k for k, key in enumerate(bounds)}
    cost = np.zeros(len(bounds))
    cost[: len(size)], cost[len(size) : len(size) + len(left)] = sites["size_mn_per_mw_yr"], price
    rows = [*sizes_suffice(instance, built, flow), *loads_are_served(instance, flow)]
    a, b = np.zeros((len(rows), len(bounds))), np.zeros(len(rows))
    for row, (terms, most) in enumerate(rows):
        b[row] = most
        for key, factor in terms:
            a[row, column[key]] += factor
    answer = linprog(cost, A_ub=a, b_ub=b, bounds=list(bounds.values()))
    return answer.fun + sites["site_mn_yr"].sum() if answer.success else np.inf


def flows(instance: Instance, hours: Hours, built: tuple[int, ...]):
    """List (arises in hour, served in hour, point, site); one for all hours if it does not move."""
    day = hours.what["day"].to_numpy()
    for j in range(len(instance.points)):
        service = hours.services.iloc[hours.service[j]]
        near = instance.reach.site[instance.reach.start[j] : instance.reach.start[j + 1]]
        for i in set(near.tolist()) & set(built):
            if not service["moves"]:
                yield ("held", "held", j, i)
                continue
            for tau in range(len(day)):
                for t in range(tau, len(day)):
                    if t - tau <= service["defer_h"] and day[t] == day[tau]:
                        yield (tau, t, j, i)


def sizes_suffice(instance: Instance, built: tuple[int, ...], flow):
    """In no hour more is drawn than sites have, and than can be drawn together."""
    hours, pue = instance.hours, instance.sites["pue"].tolist()
    existing_mw = instance.sites["existing_mw"].to_numpy()
    for t in range(len(hours.what)):
        draws = {i: [] for i in built}
        for key in flow:
            _, served, j, i = key
            if served == "held":
                draws[i].append((key, pue[i] * hours.share[t, hours.service[j]]))
            elif served == t:
                draws[i].append((key, pue[i]))
        for i in built:
            yield [*draws[i], (("x", i), -1)], 0
            yield draws[i], hours.available_mw[t, i]
        for below, limit_mw in zip(rows_of(hours.below), hours.limit_mw[t], strict=True):
            there = [i for i in built if i in below]
            together = [term for i in there for term in draws[i]]
            yield together, limit_mw + existing_mw[there].sum()


def loads_are_served(instance: Instance, flow):
    """All is served but for what is left, and no more than may wait is served later."""
    hours = instance.hours
    for j, mw_it in enumerate(instance.points["mw_it"]):
        service = hours.services.iloc[hours.service[j]]
        of_point = [key for key in flow if key[2] == j]
        if not service["moves"]:
            yield [(("v", j), -1), *((key, -1) for key in of_point)], -mw_it
            continue
        for tau, share in enumerate(hours.share[:, hours.service[j]]):
            arising = [key for key in of_point if key[0] == tau]
            late = [key for key in arising if key[1] > tau]
            yield [(("v", j), -share), *((key, -1) for key in arising)], -share * mw_it
            waits = service["deferred_share"] * share
            yield [(("v", j), waits), *((key, 1) for key in late)], waits * mw_it


@pytest.mark.parametrize("feature", HOURS)
def test_what_cannot_be_avoided_is_no_more_than_the_optimum(feature):
    for seed in range(often(5, many=12)):
        rng = np.random.default_rng([seed, 47, *feature.encode()])
        instance = random_instance(rng, sites=int(rng.integers(3, 8)))
        for other in rng.choice(["existing", "hubs", "prices", "pue_by_site"], 2, replace=False):
            instance = FEATURES[other](rng, instance)
        found = compact(HOURS[feature][0](rng, instance))
        assert found.floor <= found.cost + 1e-6 * max(1, abs(found.cost))


def test_what_does_not_move_is_held_at_built_sites_for_the_peak_that_is_served():
    told = 0
    for seed in range(often(4, many=10)):
        rng = np.random.default_rng([seed, 53])
        instance = HOURS["hours_held"][0](rng, random_instance(rng, sites=5))
        found = compact(instance)
        pue = instance.sites["pue"]
        held, left = found.by_hour.held_mw, found.by_hour.unserved_mw_it
        first = instance.hours.service == 0
        assert set(held.index.get_level_values("service")) <= {"service 0"}
        site = held.index.get_level_values("site")
        assert set(site) <= set(found.sizes_mw.index)
        served = (instance.points["mw_it"] - left)[first].sum()
        assert (held / pue.loc[site].to_numpy()).sum() == pytest.approx(served, abs=1e-5)
        assert instance.members @ left == pytest.approx(found.unserved_mw_it.to_numpy())
        told += len(held) > 1
    assert told >= 3


def test_everything_demanded_in_one_hour_is_the_problem_without_hours():
    for seed in range(often(4, many=10)):
        rng = np.random.default_rng([seed, 59])
        instance = HOURS["hours"][0](rng, random_instance(rng, sites=5))
        peak = replace(instance.hours, share=np.ones_like(instance.hours.share))
        at_peak = compact(replace(instance, hours=None))
        assert compact(replace(instance, hours=peak)).cost == pytest.approx(at_peak.cost, rel=1e-6)
        assert compact(replace(instance, hours=peak)).floor == pytest.approx(at_peak.floor)


@pytest.mark.parametrize("feature", HOURS)
def test_hours_that_need_not_be_looked_at_change_no_optimum(feature):
    set_aside, tries = 0, often(4, many=8)
    for seed in range(tries):
        rng = np.random.default_rng([seed, 67, *feature.encode()])
        instance = HOURS[feature][0](rng, random_instance(rng, sites=5))
        longer = replace(instance, hours=with_easier_day(rng, instance.hours))
        fewer = replace(instance, hours=in_force(longer.hours))
        assert compact(fewer).cost == pytest.approx(compact(longer).cost, rel=1e-6, abs=1e-5)
        set_aside += len(longer.hours.what) - len(fewer.hours.what)
    assert set_aside >= 2 * tries


def with_easier_day(rng: np.random.Generator, hours: Hours) -> Hours:
    """Follow the first day by one like it that asks for less, and has more, of some things."""
    first = np.flatnonzero(hours.what["day"] == hours.what["day"].iloc[0])
    every = np.concatenate([np.arange(len(hours.what)), first])
    last = slice(len(hours.what), None)
    share, available_mw, limit_mw = (
        table[every] for table in (hours.share, hours.available_mw, hours.limit_mw)
    )
    share[last] *= rng.choice([0.5, 1.0], share[last].shape)
    available_mw[last] += rng.choice([0.0, 1.0], available_mw[last].shape)
    limit_mw[last] += rng.choice([0.0, 1.0], limit_mw[last].shape)
    what = hours.what.iloc[every].reset_index(drop=True)
    what.loc[what.index[last], "day"] = what["day"].max() + 1
    return replace(hours, what=what, share=share, available_mw=available_mw, limit_mw=limit_mw)
