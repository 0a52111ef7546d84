"""What someone could earn at best at some prices, and by how much the sums behind it may be off."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from microdc.placement.verify.facts import Floats
from microdc.placement.verify.hosts.tiers import Sizes

ROUNDING_SHARE = 1e-12
"""Thousands of additions, each off by one part in 10^16, are off by less than this."""
EACH_SHARE = 4 * float(np.finfo(float).eps)
"""A price: what its share in three sums may be off by."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Some money (millions a year), and by how much the sums behind it may be off."""

    mn_yr: float
    off_mn_yr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """
    What demand pays, and who could earn it, over all states or hours.

    earned
        The most that each offer could earn.
    reached
        Which rows of `Facts.demand` anyone answers in time.
    per_mw_it
        What a MW IT of each point pays where it is served (millions a year).
    mn_yr
        What is paid beside that, whoever is served (millions a year).
    """

    earned: list[Amount]
    reached: NDArray[np.bool_]
    per_mw_it: Floats
    mn_yr: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class InReach:
    """
    Demand that someone may serve, one state after another and in each the dearest first.

    Arrays over its pieces: `price` (millions a year and MW IT), `mw_it`, `state`, and `most_mw`,
    what may be drawn in that state (grid side).
    """

    price: Floats
    mw_it: Floats
    state: Ints
    most_mw: Floats


def earns(offer: Any, demand: InReach) -> Amount:
    """
    Give the most that someone can earn above its cost (millions a year).

    `offer` is a row of `offers_of`. Of the classes of its size it is of that in which it earns
    most. Where it would lose in all of them it is not there, unless it has to be.
    """
    each = [_earned(offer, sizes, demand) for sizes in offer.sizes]
    earned = [one for one in each if offer.there or one.mn_yr + one.off_mn_yr > 0]
    if not earned:
        return Amount(mn_yr=0.0, off_mn_yr=0.0)
    return Amount(
        mn_yr=max(one.mn_yr for one in earned), off_mn_yr=max(one.off_mn_yr for one in earned)
    )


def _earned(offer: Any, sizes: Sizes, demand: InReach) -> Amount:
    """
    Give the most that someone of some sizes earns above its cost, a loss below 0.

    What its next MW is worth adds up over the states, and falls wherever it does in one of them. Up
    to its least size a site is paid for in any case; beyond, it grows only where that pays.
    """
    up_to_mw, fall = _falls(offer.pue, demand)
    up_to_mw = np.minimum(up_to_mw, sizes.most_mw)
    per_mw = np.cumsum(fall[::-1])[::-1]
    mn_yr, mn_per_mw_yr = offer.mn_yr + sizes.mn_yr, offer.mn_per_mw_yr + sizes.mn_per_mw_yr
    within_least_mw = np.diff(np.minimum(up_to_mw, sizes.least_mw), prepend=0.0)
    beyond_mw = np.diff(up_to_mw, prepend=0.0) - within_least_mw
    gain = within_least_mw @ per_mw + beyond_mw @ np.maximum(0.0, per_mw - mn_per_mw_yr)
    cost = mn_yr + mn_per_mw_yr * sizes.least_mw
    share = max(ROUNDING_SHARE, EACH_SHARE * len(demand.price))
    off = share * (gain + abs(mn_yr) + mn_per_mw_yr * sizes.least_mw)
    return Amount(mn_yr=float(gain - cost), off_mn_yr=float(off))


def _falls(pue: float, demand: InReach) -> tuple[Floats, Floats]:
    """
    Give up to which size (MW) what the next MW is worth holds, and by how much it falls there.

    Ascending by size; no sum here takes anything off, so that none loses digits.
    """
    price = demand.price
    ends = np.flatnonzero(np.diff(demand.state)) + 1
    sums = [np.cumsum(of_state) for of_state in np.split(demand.mw_it * pue, ends)]
    then = np.append(price[1:], 0.0)[: len(price)]
    then[ends - 1] = 0.0
    up_to_mw = np.minimum(np.concatenate(sums), demand.most_mw)
    order = np.argsort(up_to_mw, kind="stable")
    return up_to_mw[order], ((price - then) / pue)[order]
