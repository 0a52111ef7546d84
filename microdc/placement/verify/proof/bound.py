"""
The bound that prices prove, worked out with nothing but sums.

Put a price on demand at every place, and on every limit. Whoever serves then earns the price of
the demand in its reach, the dearest first, up to its size; it pays for itself, and for what it
takes of limits. No plan can cost less than all demand at its price, or at what leaving it costs
where that is less, minus the limits at theirs, minus what everyone could earn at best. That holds
for any prices at all: good ones only prove more.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.document import PRICE, LimitPrices
from microdc.placement.verify.facts import Facts, Floats
from microdc.placement.verify.proof.demand import KEY
from microdc.placement.verify.proof.limits import worth_of_limits
from microdc.placement.verify.proof.near import answered, bounds_in_order
from microdc.placement.verify.proof.offers import offers_of

ROUNDING_SHARE = 1e-12
"""Thousands of additions, each off by one part in 10^16, are off by less than this."""
_HAIR_MS = 1e-9  # round trips are told apart to this; later answers do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Some money (millions a year), and by how much the sums behind it may be off."""

    mn_yr: float
    off_mn_yr: float


def bound_mn_yr(
    facts: Facts, points: pd.DataFrame, prices: pd.DataFrame, limits: LimitPrices
) -> float:
    """
    Give what no plan can cost less than (millions a year), everything in doubt taken off.

    `points` is demand (`points_of`), `prices` what it is worth (`read_prices`), `limits` what
    limits are worth; all at least 0. Where most is to be served, the bound is on the plans that
    leave no more unserved than this one.
    """
    points = points.merge(prices[[*KEY, PRICE]], on=KEY, how="left").fillna({PRICE: 0.0})
    of_group = points["group"].map(limits.groups_mn_per_mw_it_yr).fillna(0.0)
    leave = points["leave_mn_per_mw_it_yr"] + of_group + limits.in_all_mn_per_mw_it_yr
    earned, reached = _earned(facts, points, offers_of(facts, limits))
    left = leave.where(np.isfinite(leave), 0.0)  # if promised and out of reach, there is no plan
    price = points[PRICE].where(reached[points["row"]], left)
    paid = points["mw_it"] * np.minimum(price, leave)
    terms = [*paid, *(-mn_yr for mn_yr in worth_of_limits(facts, limits, points))]
    terms += [-each.mn_yr for each in earned]
    off = ROUNDING_SHARE * math.fsum(map(abs, terms)) + math.fsum(e.off_mn_yr for e in earned)
    return math.fsum(terms) - off


def _earned(
    facts: Facts, points: pd.DataFrame, offers: pd.DataFrame
) -> tuple[list[Amount], NDArray[np.bool_]]:
    """Give what everyone could earn at best, and which rows of demand anyone answers in time."""
    dearest = points[points[PRICE] > 0].sort_values(PRICE, ascending=False, kind="stable")
    row, price, mw_it = (dearest[c].to_numpy() for c in ("row", PRICE, "mw_it"))
    reached = np.zeros(len(facts.demand), dtype=bool)
    earned = []
    for some, (within,) in answered(facts, offers, bounds_in_order(facts), (_HAIR_MS,)):
        reached |= within.any(axis=0)
        for offer, near in zip(offers[some].itertuples(), within[:, row], strict=True):
            mine = np.flatnonzero(near)
            earned.append(earns(offer, price[mine], mw_it[mine]))
    return earned, reached


def earns(offer: Any, price: Floats, mw_it: Floats) -> Amount:
    """
    Give the most that someone can earn above its cost (millions a year).

    `offer` is a row of `offers_of`; `price` (millions a year and MW IT, the dearest first) and
    `mw_it` are of the demand in its reach. Up to its least size a site is paid for in any case;
    beyond, it grows only where that pays. Where it would lose it is not there, unless it has to be.
    """
    up_to_mw = np.minimum(np.cumsum(mw_it * offer.pue), offer.most_mw)
    within_least_mw = np.diff(np.minimum(up_to_mw, offer.least_mw), prepend=0.0)
    beyond_mw = np.diff(up_to_mw, prepend=0.0) - within_least_mw
    per_mw = price / offer.pue
    gain = within_least_mw @ per_mw + beyond_mw @ np.maximum(0.0, per_mw - offer.mn_per_mw_yr)
    cost = offer.mn_yr + offer.mn_per_mw_yr * offer.least_mw
    off = ROUNDING_SHARE * (gain + abs(offer.mn_yr) + offer.mn_per_mw_yr * offer.least_mw)
    if not offer.there and gain - cost + off <= 0:
        return Amount(mn_yr=0.0, off_mn_yr=0.0)
    return Amount(mn_yr=float(gain - cost), off_mn_yr=float(off))
