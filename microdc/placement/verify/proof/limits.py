"""What the planner's limits are worth: to the bound, and to a site that takes them up."""

import math
from collections.abc import Container, Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from microdc.placement.verify.document import DOCUMENT, LimitPrices
from microdc.placement.verify.facts import Facts, geodesic_km, told
from microdc.placement.verify.hours.terms import connectable_mw
from microdc.placement.verify.money import true_unserved_mw_it
from microdc.placement.verify.objectives import most_new_sites


def worth_of_limits(facts: Facts, prices: LimitPrices, points: pd.DataFrame) -> list[float]:
    """
    List what each limit is worth in all (millions a year): its price, times what it allows.

    Where most is to be served, a plan may leave no more unserved than this one does.
    """
    limits, limit_mw = facts.scenario.limits, connectable_mw(facts, prices.nodes_mn_per_mw_yr)
    of_group = points.groupby("group")["mw_it"].sum()
    kinds = kinds_of_sites(facts)
    unserved_mw_it = float(true_unserved_mw_it(facts).sum())
    return [
        *(mn * limit_mw[node] for node, mn in prices.nodes_mn_per_mw_yr.items()),
        *(mn * kinds[kind][0] for kind, mn in prices.counts_mn_per_site_yr.items()),
        *(one.mn_per_site_yr for one in prices.apart),
        *(mn * of_group[group] for group, mn in prices.groups_mn_per_mw_it_yr.items()),
        prices.in_all_mn_per_mw_it_yr * unserved_mw_it,
        prices.budget_mn_per_mn_yr * (limits.budget_mn or 0.0),
    ]


def kinds_of_sites(facts: Facts) -> dict[str, tuple[int, pd.Index]]:
    """Give, by the name of each kind of new sites that is limited, the most and its members."""
    rows, limits = facts.substations, facts.scenario.limits
    new = rows[rows["existing_mw"] == 0]
    most_in_all = most_new_sites(facts)
    kinds = {"all sites": (most_in_all, new.index)} if most_in_all is not None else {}
    for column, most in limits.max_sites_by.items():
        for value, mine in new.groupby(column):
            kinds[f"{column} {value}"] = (most, mine.index)
    return {**kinds, **_kinds_of_fleets(facts, new.index)}


def _kinds_of_fleets(facts: Facts, new: pd.Index) -> dict[str, tuple[int, pd.Index]]:
    """Give the sites of each fleet from which an alternative differs, and how many it may keep."""
    told = facts.document.alternative
    if told is None:
        return {}
    members = [new.intersection(pd.Index(fleet, dtype=object)) for fleet in told.fleets]
    return {
        f"as in fleet {number}": (len(fleet) - told.leaves_out, fleet)
        for number, fleet in enumerate(members, start=1)
    }


def tolls(facts: Facts, prices: LimitPrices) -> pd.DataFrame:
    """
    Give what each substation pays for the limits it takes up, by id (millions a year).

    `mn_per_mw_yr` for every MW it grows by, to all limits of the power tree at and above it;
    `mn_yr` for being there, to limits on the number of new sites and on their distance.
    """
    per_mw, per_site = prices.nodes_mn_per_mw_yr, pd.Series(0.0, index=facts.substations.index)
    kinds = kinds_of_sites(facts)
    for kind, mn_yr in prices.counts_mn_per_site_yr.items():
        per_site[kinds[kind][1]] += mn_yr
    for one in prices.apart:
        per_site[one.sites] += one.mn_per_site_yr
    paid = {
        site: math.fsum(per_mw.get(node, 0.0) for node in (site, *above))
        for site, above in facts.above.items()
    }
    return pd.DataFrame({"mn_per_mw_yr": pd.Series(paid, dtype=float), "mn_yr": per_site})


def odd_limits(facts: Facts, prices: LimitPrices, points: pd.DataFrame) -> list[str]:
    """Name each price of a limit that the scenario does not have, or that is none."""
    return told(f"{DOCUMENT}: prices: {line}" for line in _odd(facts, prices, points))


def _odd(facts: Facts, prices: LimitPrices, points: pd.DataFrame) -> Iterator[str]:
    scenario = facts.scenario
    most_served = "most-served" in scenario.objective
    of_what: list[tuple[dict[str, float], Container[str], str]] = [
        (prices.nodes_mn_per_mw_yr, _limits(facts, prices), "is no limit of the power tree"),
        (prices.counts_mn_per_site_yr, kinds_of_sites(facts), "is no limit on a number of sites"),
        (prices.groups_mn_per_mw_it_yr, set(points["group"]), "is no group of demand"),
        ({"unserved demand": prices.in_all_mn_per_mw_it_yr},
         ["unserved demand"] if most_served else [], "is not limited"),
        ({"capital": prices.budget_mn_per_mn_yr},
         ["capital"] if scenario.limits.budget_mn is not None else [], "is not limited"),
    ]  # fmt: skip
    for stated, known, says in of_what:
        yield from (f"{name} {says}" for name, mn in stated.items() if mn and name not in known)
        yield from (f"{name} has the price {mn}" for name, mn in stated.items() if mn < 0)
    for one in prices.apart:
        yield from (f"{', '.join(one.sites)}: {says}" for says in _why_not_one(facts, one.sites))
        if one.mn_per_site_yr < 0:
            yield f"{', '.join(one.sites)} have the price {one.mn_per_site_yr}"


def _limits(facts: Facts, prices: LimitPrices) -> set[str]:
    """Give which of the priced rows of the power tree limit what may be connected below them."""
    known = facts.substations.index.intersection(pd.Index(prices.nodes_mn_per_mw_yr, dtype=object))
    return {node for node, mw in connectable_mw(facts, known).items() if np.isfinite(mw)}


def _why_not_one(facts: Facts, sites: list[str]) -> Iterator[str]:
    """Say why more than one of some sites could be there, if so."""
    rows = facts.substations.reindex(sites)
    unknown = [site for site in sites if site not in facts.substations.index]
    if unknown or len(set(sites)) < len(sites):
        yield f"no such sites, or the same twice: {', '.join(unknown or sites)}"
        return
    pairs = np.array(list(combinations(range(len(sites)), 2)), dtype=int).reshape(-1, 2)
    ends = [rows[axis].to_numpy(float)[side] for side in pairs.T for axis in ("lat", "lon")]
    if not (geodesic_km(*ends) < facts.scenario.limits.separation_km).all():
        yield "not all nearer to one another than sites may be"
    if (rows["existing_mw"] > 0).sum() > 1:
        yield "more than one exists"
