"""
The bound that prices prove, worked out with nothing but sums.

Put a price on demand at every place, in order and in outages or hour by hour, and on every limit.
Whoever serves then earns, in each of these states or hours, the price of the demand in its reach,
the dearest first, up to its size, which is one for all; it pays for itself, and for what it takes
of limits. No plan can cost less than all demand at its price, or at what leaving it costs where
that is less, minus the limits at theirs, minus what everyone could earn at best. That holds for
any prices at all: good ones only prove more.
"""

import math

import numpy as np
import pandas as pd

from microdc.placement.verify.document import DemandPrices, LimitPrices
from microdc.placement.verify.facts import Facts
from microdc.placement.verify.proof.earnings import ROUNDING_SHARE
from microdc.placement.verify.proof.hours.paid import hour_by_hour
from microdc.placement.verify.proof.limits import worth_of_limits
from microdc.placement.verify.proof.offers import offers_of
from microdc.placement.verify.proof.outages.paid import in_order_and_in_outages


def bound_mn_yr(
    facts: Facts, points: pd.DataFrame, prices: DemandPrices, limits: LimitPrices
) -> float:
    """
    Give what no plan can cost less than (millions a year), everything in doubt taken off.

    `points` is demand (`points_of`), `prices` what it is worth, `limits` what limits are worth; all
    at least 0, of demand, outages and hours that there are. Where most is to be served, the bound
    is on the plans that leave no more unserved than this one.
    """
    offers = offers_of(facts, limits)
    if facts.hourly is None:
        trade = in_order_and_in_outages(facts, points, offers, prices)
    else:
        trade = hour_by_hour(facts, points, offers, prices, limits)
    of_group = points["group"].map(limits.groups_mn_per_mw_it_yr).fillna(0.0)
    leave = points["leave_mn_per_mw_it_yr"] + of_group + limits.in_all_mn_per_mw_it_yr
    left = leave.where(np.isfinite(leave), 0.0)  # if promised and out of reach, there is no plan
    price = np.where(trade.reached[points["row"]], trade.per_mw_it, left)
    paid = points["mw_it"] * np.minimum(price, leave)
    terms = [*paid, *trade.mn_yr, *(-mn_yr for mn_yr in worth_of_limits(facts, limits, points))]
    terms += [-each.mn_yr for each in trade.earned]
    off = ROUNDING_SHARE * math.fsum(map(abs, terms))
    return math.fsum(terms) - off - math.fsum(each.off_mn_yr for each in trade.earned)
