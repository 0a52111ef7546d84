"""Demand as the prices see it: what is promised, and what may be left at a price."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from microdc.placement.verify.document import PRICE, PRICES
from microdc.placement.verify.facts import Facts, told

KEY = ["place", "service", "group"]


def points_of(facts: Facts) -> pd.DataFrame:
    """
    Split the demand of every place and class into what is promised and what may be left.

    `place`, `service`, `group`; `row` of `Facts.demand`; `mw_it`; and `leave_mn_per_mw_it_yr`, the
    price of leaving it, infinite for what is promised.
    """
    services = facts.scenario.services.items()
    asked = facts.demand["mw_it"].reset_index()
    asked["row"] = np.arange(len(asked))
    floor = asked["service"].map({name: stated.floor for name, stated in services})
    leave = {name: stated.unserved_mn_per_mw_yr or 0.0 for name, stated in services}
    promised = asked.assign(
        group=asked["service"] + " promised",
        mw_it=asked["mw_it"] * floor,
        leave_mn_per_mw_it_yr=np.inf,
    )
    rest = asked.assign(
        group=asked["service"],
        mw_it=asked["mw_it"] * (1 - floor),
        leave_mn_per_mw_it_yr=asked["service"].map(leave),
    )
    points = pd.concat([promised, rest], ignore_index=True)
    return points[points["mw_it"] > 0].reset_index(drop=True)


def odd_prices(points: pd.DataFrame, prices: pd.DataFrame) -> list[str]:
    """Name each price that is none, or is of no demand of the tables."""
    return told(_odd(points, prices))


def _odd(points: pd.DataFrame, prices: pd.DataFrame) -> Iterator[str]:
    stated = pd.MultiIndex.from_frame(prices[KEY])
    price = prices[PRICE].to_numpy()
    for says, which in (
        ("the tables know no such demand", ~stated.isin(pd.MultiIndex.from_frame(points[KEY]))),
        ("is priced twice", stated.duplicated()),
        ("the price is below zero, or no number", ~((price >= 0) & np.isfinite(price))),
    ):
        for place, service, group in stated[which]:
            yield f"{PRICES}: {place}, {service} (group {group}): {says}"
