"""
The bound that prices prove, worked out with nothing but sums.

Put a price on demand at every place, in order and in outages, and on every limit. Whoever serves
then earns, in each of these states that leaves it standing, the price of the demand in its reach,
the dearest first, up to its size, which is one for all; it pays for itself, and for what it takes
of limits. No plan can cost less than all demand at its price, or at what leaving it costs where
that is less, minus the limits at theirs, minus what everyone could earn at best. That holds for
any prices at all: good ones only prove more.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.document import PRICE, DemandPrices, LimitPrices
from microdc.placement.verify.facts import Facts, Floats
from microdc.placement.verify.proof.demand import out_in, priced
from microdc.placement.verify.proof.limits import worth_of_limits
from microdc.placement.verify.proof.near import (
    Within,
    answered,
    bounds_in_order,
    bounds_in_outages,
)
from microdc.placement.verify.proof.needed import Sets, sets_of, worth_of_sets
from microdc.placement.verify.proof.offers import offers_of

ROUNDING_SHARE = 1e-12
"""Thousands of additions, each off by one part in 10^16, are off by less than this."""
_EACH_SHARE = 4 * float(np.finfo(float).eps)  # a price: what its share in three sums may be off by
_HAIR_MS = 1e-9  # round trips are told apart to this; later answers do not count

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Some money (millions a year), and by how much the sums behind it may be off."""

    mn_yr: float
    off_mn_yr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """
    Demand that has a price, state by state, all in order first, and in each the dearest first.

    Arrays over the pieces: `row` of `Facts.demand`, `state`, `price` (millions a year and MW IT)
    and `mw_it`. The first `in_order` are of all in order; `there` tells who is, offers x states.
    """

    row: Ints
    state: Ints
    price: Floats
    mw_it: Floats
    in_order: int
    there: NDArray[np.bool_]

    @classmethod
    def of(cls, facts: Facts, demand: pd.DataFrame, offers: pd.Index) -> "Pieces":
        """Take the pieces from priced demand (`priced`); `offers` are ids."""
        pieces = demand[demand[PRICE] > 0]
        pieces = pieces.sort_values(["outage", PRICE], ascending=[True, False], kind="stable")
        state, outages = pd.factorize(pieces["outage"])
        out = out_in(facts, outages)
        there = [~offers.isin(list(out[outage])) for outage in outages]
        return cls(
            row=pieces["row"].to_numpy(),
            state=state,
            price=pieces[PRICE].to_numpy(),
            mw_it=pieces["mw_it"].to_numpy(),
            in_order=int((pieces["outage"] == "").sum()),
            there=np.array(there, dtype=bool).reshape(-1, len(offers)).T,
        )

    def near(self, some: slice, in_order: Within, in_outages: Within) -> Within:
        """Tell which pieces some offers may serve, of whom they answer in time; offers x pieces."""
        k = self.in_order
        kept = in_outages[:, self.row[k:]] & self.there[some][:, self.state[k:]]
        return np.concatenate([in_order[:, self.row[:k]], kept], axis=1)


def bound_mn_yr(
    facts: Facts, points: pd.DataFrame, prices: DemandPrices, limits: LimitPrices
) -> float:
    """
    Give what no plan can cost less than (millions a year), everything in doubt taken off.

    `points` is demand (`points_of`), `prices` what it is worth, `limits` what limits are worth; all
    at least 0, of demand and outages that there are. Where most is to be served, the bound is on
    the plans that leave no more unserved than this one.
    """
    offers, demand = offers_of(facts, limits), priced(points, prices.points)
    sets = sets_of(facts, points, prices.needed)
    pieces = Pieces.of(facts, demand, offers.index)
    earned, reached, within_mw_it = _earned(facts, offers, pieces, sets)
    counted = worth_of_sets(facts, offers, sets, within_mw_it, len(points))
    worth = np.bincount(demand["point"], demand[PRICE] * demand["share"], len(points))
    of_group = points["group"].map(limits.groups_mn_per_mw_it_yr).fillna(0.0)
    leave = points["leave_mn_per_mw_it_yr"] + of_group + limits.in_all_mn_per_mw_it_yr
    left = leave.where(np.isfinite(leave), 0.0)  # if promised and out of reach, there is no plan
    price = np.where(reached[points["row"]], worth + counted.per_mw_it, left)
    paid = points["mw_it"] * np.minimum(price, leave)
    terms = [*paid, *counted.mn_yr, *(-mn_yr for mn_yr in worth_of_limits(facts, limits, points))]
    terms += [-each.mn_yr for each in earned]
    off = ROUNDING_SHARE * math.fsum(map(abs, terms)) + math.fsum(e.off_mn_yr for e in earned)
    return math.fsum(terms) - off


def _earned(
    facts: Facts, offers: pd.DataFrame, pieces: Pieces, sets: Sets
) -> tuple[list[Amount], NDArray[np.bool_], Floats]:
    """
    Give what everyone could earn at best, and which rows of demand anyone answers in time.

    And how much of what each set must keep each offer answers in an outage (MW IT): for being among
    the sites that a set needs, it is paid too.
    """
    reached = np.zeros(len(facts.demand), dtype=bool)
    within_mw_it = np.zeros((len(offers), len(sets.price)))
    earned = []
    for some, in_order, in_outages in _answered(facts, offers):
        reached |= in_order.any(axis=0)
        within_mw_it[some] = in_outages @ sets.kept_mw_it
        paid_mn_yr = (within_mw_it[some] > 0) @ sets.price
        each = offers[some].assign(mn_yr=offers["mn_yr"][some] - paid_mn_yr).itertuples()
        for offer, near in zip(each, pieces.near(some, in_order, in_outages), strict=True):
            mine = np.flatnonzero(near)
            earned.append(earns(offer, pieces.price[mine], pieces.mw_it[mine], pieces.state[mine]))
    return earned, reached, within_mw_it


def _answered(facts: Facts, offers: pd.DataFrame) -> Iterator[tuple[slice, Within, Within]]:
    """Say of some offers after others whom each answers in time in order, and in an outage."""
    bounds = bounds_in_order(facts), bounds_in_outages(facts)
    if bounds[0] == bounds[1]:
        for some, (within,) in answered(facts, offers, bounds[0], (_HAIR_MS,)):
            yield some, within, within
        return
    ways = (answered(facts, offers, bound_ms, (_HAIR_MS,)) for bound_ms in bounds)
    for (some, (in_order,)), (_, (in_outages,)) in zip(*ways, strict=True):
        yield some, in_order, in_outages


def earns(offer: Any, price: Floats, mw_it: Floats, state: Ints) -> Amount:
    """
    Give the most that someone can earn above its cost (millions a year).

    `offer` is a row of `offers_of`; `price` (millions a year and MW IT), `mw_it` and `state` are of
    the demand in its reach, one state after another and in each the dearest first. What its next MW
    is worth adds up over the states, and falls wherever it does in one of them. Up to its least
    size a site is paid for in any case; beyond, it grows only where that pays. Where it would lose
    it is not there, unless it has to be.
    """
    up_to_mw, fall = _falls(offer, price, mw_it, state)
    per_mw = np.cumsum(fall[::-1])[::-1]
    within_least_mw = np.diff(np.minimum(up_to_mw, offer.least_mw), prepend=0.0)
    beyond_mw = np.diff(up_to_mw, prepend=0.0) - within_least_mw
    gain = within_least_mw @ per_mw + beyond_mw @ np.maximum(0.0, per_mw - offer.mn_per_mw_yr)
    cost = offer.mn_yr + offer.mn_per_mw_yr * offer.least_mw
    share = max(ROUNDING_SHARE, _EACH_SHARE * len(price))
    off = share * (gain + abs(offer.mn_yr) + offer.mn_per_mw_yr * offer.least_mw)
    if not offer.there and gain - cost + off <= 0:
        return Amount(mn_yr=0.0, off_mn_yr=0.0)
    return Amount(mn_yr=float(gain - cost), off_mn_yr=float(off))


def _falls(offer: Any, price: Floats, mw_it: Floats, state: Ints) -> tuple[Floats, Floats]:
    """
    Give up to which size (MW) what the next MW is worth holds, and by how much it falls there.

    Ascending by size; no sum here takes anything off, so that none loses digits.
    """
    ends = np.flatnonzero(np.diff(state)) + 1
    sums = [np.cumsum(of_state) for of_state in np.split(mw_it * offer.pue, ends)]
    then = np.append(price[1:], 0.0)[: len(price)]
    then[ends - 1] = 0.0
    up_to_mw = np.minimum(np.concatenate(sums), offer.most_mw)
    order = np.argsort(up_to_mw, kind="stable")
    return up_to_mw[order], ((price - then) / offer.pue)[order]
