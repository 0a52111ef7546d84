"""What demand pays with all in order and in outages, and the most that everyone could earn."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.document import PRICE, DemandPrices
from microdc.placement.verify.facts import Facts, Floats
from microdc.placement.verify.proof.demand import out_in, priced
from microdc.placement.verify.proof.earnings import Amount, InReach, Ints, Trade, earns
from microdc.placement.verify.proof.near import (
    HAIR_MS,
    Within,
    answered,
    bounds_in_order,
    bounds_in_outages,
)
from microdc.placement.verify.proof.outages.needed import Sets, sets_of, worth_of_sets


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


def in_order_and_in_outages(
    facts: Facts, points: pd.DataFrame, offers: pd.DataFrame, prices: DemandPrices
) -> Trade:
    """
    Work out what demand pays in every state that has a price, and who could earn it.

    Who serves earns in each state that leaves it standing, up to its size, which is one for all.
    """
    demand, sets = priced(points, prices.points), sets_of(facts, points, prices.needed)
    pieces = Pieces.of(facts, demand, offers.index)
    earned, reached, within_mw_it = _earned(facts, offers, pieces, sets)
    counted = worth_of_sets(facts, offers, sets, within_mw_it, len(points))
    worth = np.bincount(demand["point"], demand[PRICE] * demand["share"], len(points))
    return Trade(
        earned=earned, reached=reached, per_mw_it=worth + counted.per_mw_it, mn_yr=counted.mn_yr
    )


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
            price, mw_it, state = pieces.price[near], pieces.mw_it[near], pieces.state[near]
            most_mw = np.full(len(price), offer.most_mw)
            demand = InReach(price=price, mw_it=mw_it, state=state, most_mw=most_mw)
            earned.append(earns(offer, demand))
    return earned, reached, within_mw_it


def _answered(facts: Facts, offers: pd.DataFrame) -> Iterator[tuple[slice, Within, Within]]:
    """Say of some offers after others whom each answers in time in order, and in an outage."""
    bounds = bounds_in_order(facts), bounds_in_outages(facts)
    if bounds[0] == bounds[1]:
        for some, (within,) in answered(facts, offers, bounds[0], (HAIR_MS,)):
            yield some, within, within
        return
    ways = (answered(facts, offers, bound_ms, (HAIR_MS,)) for bound_ms in bounds)
    for (some, (in_order,)), (_, (in_outages,)) in zip(*ways, strict=True):
        yield some, in_order, in_outages
