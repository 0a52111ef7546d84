"""
Sets of demand that need so many sites, whatever is out, and what that proves at a price.

If each site in reach of a set may be out, then of those that are built the largest may be, of two
outages at once the two largest. So m of them keep at most G(m), what ranks 2 (or 3) to m of all
together can give. A set that must keep K needs n sites, or leaves so much that of it a plan keeps
less:

    (sites built in reach)  +  a * (what is not kept of K for being left in order)  >=  n

With m < n sites at least K - G(m) is left, so the row holds where a >= (n - m) / (K - G(m)).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from microdc.placement.verify.document import NEEDED, SITE_PRICE
from microdc.placement.verify.facts import Facts, Floats, told
from microdc.placement.verify.proof.demand import KEY, everything_out

_ROUNDING_SHARE = 1e-12  # of what a set must keep: less is nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """
    Sets of demand that are said to need sites, one after another.

    kept_mw_it
        What is to be kept of each row of `Facts.demand` in each set; rows x sets.
    members
        `set`, `point` (row of the points) and its share `kept`, for each point of each.
    sites, price
        How many sites each is said to need, and the price of one (millions a year).
    """

    kept_mw_it: csr_array
    members: pd.DataFrame
    sites: Floats
    price: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What the rows are worth: amounts in all, and for each MW IT served in order, by point."""

    mn_yr: list[float]
    per_mw_it: Floats


def sets_of(facts: Facts, points: pd.DataFrame, needed: pd.DataFrame) -> Sets:
    """Take the sets from a plan's table (`DemandPrices.needed`); all their points are known."""
    found = needed.merge(points.assign(point=np.arange(len(points))), on=KEY)
    numbers, first, which = np.unique(
        found["set"].to_numpy(), return_index=True, return_inverse=True
    )
    kept_mw_it = (found["mw_it"] * found["kept"]).to_numpy(float)
    shape = len(facts.demand), len(numbers)
    return Sets(
        kept_mw_it=csr_array((kept_mw_it, (found["row"].to_numpy(int), which)), shape=shape),
        members=found[["point", "kept"]].assign(set=which),
        sites=found["sites"].to_numpy(float)[first],
        price=found[SITE_PRICE].to_numpy(float)[first],
    )


def worth_of_sets(
    facts: Facts, offers: pd.DataFrame, sets: Sets, within_mw_it: Floats, points: int
) -> Worth:
    """Work out each row again, and price it; `within_mw_it` is how much each offer can answer."""
    may_be_out = offers.index.isin(list(frozenset().union(*everything_out(facts).values())))
    at_once = facts.scenario.resilience.at_once if facts.scenario.resilience else 0
    cap_mw_it = (offers["most_mw"] / offers["pue"]).to_numpy(float)
    need_mw_it = sets.kept_mw_it.sum(axis=0)
    amounts, per_kept_mw_it = [], np.zeros(len(sets.price))
    for k, price in enumerate(sets.price):
        near = within_mw_it[:, k] > 0
        most_mw_it = np.minimum(cap_mw_it, within_mw_it[:, k])[near]
        given_mw_it = _given_mw_it(most_mw_it, at_once if may_be_out[near].all() else 0)
        sites, slope = row_of(sets.sites[k], need_mw_it[k], given_mw_it)
        amounts += [price * sites, -price * slope * need_mw_it[k]]
        per_kept_mw_it[k] = price * slope
    members = sets.members
    per_mw_it = per_kept_mw_it[members["set"]] * members["kept"]
    return Worth(
        mn_yr=amounts, per_mw_it=np.bincount(members["point"], per_mw_it, points).astype(float)
    )


def _given_mw_it(most_mw_it: Floats, out: int) -> Floats:
    """Give what 0, 1, 2, ... sites keep at most, the largest `out` of them out."""
    ranked = np.sort(most_mw_it)[::-1]
    ranked[:out] = 0.0
    return np.concatenate([[0.0], np.cumsum(ranked)])


def row_of(sites: float, need_mw_it: float, given_mw_it: Floats) -> tuple[float, float]:
    """
    Give how many sites are needed, no more than is said, and the least slope a of their row.

    `given_mw_it` is what 0, 1, 2, ... sites keep at most.
    """
    short_mw_it = need_mw_it - given_mw_it
    too_few = short_mw_it > _ROUNDING_SHARE * need_mw_it
    fewer = np.arange(len(given_mw_it))
    if not too_few.all():
        sites = min(sites, float(too_few.argmin()))
    fewer = fewer[fewer < sites]
    slope = ((sites - fewer) / short_mw_it[fewer]).max(initial=0.0)
    return sites, float(slope * (1 + _ROUNDING_SHARE))


def odd_needed(points: pd.DataFrame, needed: pd.DataFrame) -> list[str]:
    """Name each set that is none, or has no price or number of sites."""
    return told(_odd(points, needed))


def _odd(points: pd.DataFrame, needed: pd.DataFrame) -> Iterator[str]:
    stated = pd.MultiIndex.from_frame(needed[KEY])
    unknown: NDArray[np.bool_] = ~stated.isin(pd.MultiIndex.from_frame(points[KEY]))
    for place, service, group in stated[unknown]:
        yield f"{NEEDED}: {place}, {service} (group {group}): the tables know no such demand"
    for number, rows in needed.groupby("set", dropna=False):
        name = f"{NEEDED}: set {number:g}"
        if rows.duplicated(KEY).any():
            yield f"{name} has the same demand twice"
        for column in ("sites", SITE_PRICE):
            first, *others = rows[column].unique()
            if others or not 0 <= first < math.inf:
                yield f"{name}: {column} is below zero, no number, or not the same all over"
