"""What demand pays hour by hour, and the most that everyone could earn so."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.document import PRICE, DemandPrices, LimitPrices
from microdc.placement.verify.facts import Facts, Floats
from microdc.placement.verify.hours.hourly import Hourly
from microdc.placement.verify.proof.earnings import EACH_SHARE, InReach, Ints, Trade, earns
from microdc.placement.verify.proof.hours.held import hours_of, shares
from microdc.placement.verify.proof.hours.power import Power
from microdc.placement.verify.proof.hours.wanted import wanted
from microdc.placement.verify.proof.near import HAIR_MS, answered, bounds_in_order

Mask = NDArray[np.bool_]
Pieces = tuple[Ints, Floats, Floats]
"""Hour (row of the year), price (millions a year and MW IT) and MW IT of some demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """
    What is wanted of services that move, once for each hour in which it may be served.

    Arrays: `row` of `Facts.demand`, `hour` (row of the year), `price` (millions a year and MW IT)
    and `mw_it`.
    """

    row: Ints
    hour: Ints
    price: Floats
    mw_it: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """
    What is wanted of a service that does not move: all the year, from the same sites.

    `row` of `Facts.demand`, `price` and `mw_it` of the peak; the `hours` (rows of the year) in
    which anyone is paid for it, what they demand of the peak (`share`), and how each offer is
    `paid` over them, hours x offers.
    """

    row: Ints
    price: Floats
    mw_it: Floats
    hours: Ints
    share: Floats
    paid: Floats


def hour_by_hour(
    facts: Facts,
    points: pd.DataFrame,
    offers: pd.DataFrame,
    prices: DemandPrices,
    limits: LimitPrices,
) -> Trade:
    """
    Work out what demand pays in all hours together, and who could earn it.

    In each hour by itself everyone serves the dearest demand in reach that may be served then, up
    to what may be drawn, and pays the limits above it. What the next MW is worth adds up.
    """
    hourly = facts.hourly
    assert hourly is not None
    demand, power = wanted(facts, hourly, points, prices.points), Power(facts, hourly, limits)
    moving, held = _moving(demand), _held(hourly, demand, prices.held_hours, offers.index)
    credit_mn_yr = [power.credit_mn_yr(host) for host in offers.index]
    each = enumerate(offers.assign(mn_yr=offers["mn_yr"] - credit_mn_yr).itertuples())
    reached, earned = np.zeros(len(facts.demand), dtype=bool), []
    for _, (within,) in answered(facts, offers, bounds_in_order(facts), (HAIR_MS,)):
        reached |= within.any(axis=0)
        for near, (k, offer) in zip(within, each, strict=False):
            pieces = [_of_moving(moving, near), *(_of_held(one, k, near) for one in held)]
            earned.append(earns(offer, _in_reach(offer, pieces, power)))
    worth: Floats = np.bincount(
        demand["point"], demand[PRICE] * demand["share"], len(points)
    ).astype(float)
    return Trade(
        earned=earned,
        reached=reached,
        per_mw_it=worth,
        mn_yr=[-mn_yr for mn_yr in power.worth_mn_yr()],
    )


def _moving(demand: pd.DataFrame) -> Moving:
    """List each want (`wanted`) of what moves in every hour in which it may be served."""
    some = demand[(demand["first"] >= 0) & (demand[PRICE] > 0) & (demand["mw_it"] > 0)]
    hours = (some["last"] - some["first"] + 1).to_numpy()
    want = np.repeat(np.arange(len(some)), hours)
    since = np.arange(len(want)) - np.repeat(np.cumsum(hours) - hours, hours)
    return Moving(
        row=some["row"].to_numpy()[want],
        hour=some["first"].to_numpy()[want] + since,
        price=some[PRICE].to_numpy()[want],
        mw_it=some["mw_it"].to_numpy()[want],
    )


def _held(
    hourly: Hourly, demand: pd.DataFrame, held_hours: pd.DataFrame, offers: pd.Index
) -> list[Held]:
    """List what is wanted (`wanted`) of each service that does not move."""
    some = demand[(demand["first"] < 0) & (demand[PRICE] > 0)]
    held = []
    for service, mine in some.groupby("service"):
        hours = hours_of(hourly, str(service), held_hours)
        held.append(
            Held(
                row=mine["row"].to_numpy(),
                price=mine[PRICE].to_numpy(),
                mw_it=mine["mw_it"].to_numpy(),
                hours=hours,
                share=hourly.year.share(str(service))[hours],
                paid=shares(hourly, str(service), held_hours, hours, offers),
            )
        )
    return held


def _of_moving(moving: Moving, near: Mask) -> Pieces:
    """Give what someone may serve of what moves, who answers some rows of demand (`near`)."""
    mine = near[moving.row]
    return moving.hour[mine], moving.price[mine], moving.mw_it[mine]


def _of_held(held: Held, offer: int, near: Mask) -> Pieces:
    """Give what one of the offers may hold of a service, in each hour in which it is paid."""
    mine, paid = near[held.row], held.paid[:, offer] > 0
    share, part = held.share[paid], held.paid[paid, offer]
    hour = np.repeat(held.hours[paid], mine.sum())
    price, mw_it = np.outer(part / share, held.price[mine]), np.outer(share, held.mw_it[mine])
    return hour, price.ravel(), mw_it.ravel()


def _in_reach(offer: Any, pieces: list[Pieces], power: Power) -> InReach:
    """
    Give what pays someone above what limits cost it, hour after hour, the dearest first.

    A price counts by a hair more, so that what the limits take off costs no digits that matter.
    """
    hour, price, mw_it = (np.concatenate(column) for column in zip(*pieces, strict=True))
    price = price * (1 + EACH_SHARE) - power.mn_per_mw_yr(offer.Index)[hour] * offer.pue
    order = np.lexsort((-price, hour))
    order = order[price[order] > 0]
    most_mw = np.minimum(offer.most_mw, power.available_mw(offer.Index)[hour[order]])
    return InReach(price=price[order], mw_it=mw_it[order], state=hour[order], most_mw=most_mw)
