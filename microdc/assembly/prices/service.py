"""What serving a MW IT over each pair within bound costs."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.assembly.prices.pairs import stated_prices
from microdc.assembly.reach import of_pairs_ms
from microdc.inputs.region import Region
from microdc.instance import Floats, Reach
from microdc.scenario import Scenario
from microdc.scenario.parts.rtt_price import mn_per_mw_it_yr


def with_prices(
    reach: Reach, scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.Index
) -> Reach:
    """Add what serving a MW IT over each pair costs (millions a year), where that has a price."""
    if not scenario.prices_service:
        return reach
    price = _of_time(reach, scenario, region, points, sites)
    if scenario.pair_prices is not None:
        price += np.nan_to_num(stated_prices(scenario, region, reach, points, sites))
    return replace(reach, mn_per_mw_it_yr=price)


def _of_time(
    reach: Reach, scenario: Scenario, region: Region, points: pd.DataFrame, sites: pd.Index
) -> Floats:
    """Give what the round trip of each pair costs (millions a year and MW IT)."""
    steps = {name: s.rtt_price for name, s in scenario.services.items() if s.rtt_price}
    rtt_ms = of_pairs_ms(reach, scenario, region, points, sites, list(steps))
    price = np.zeros(reach.pairs)
    for name, of_class in steps.items():
        mine = np.repeat((points["service"] == name).to_numpy(), reach.sites_per_point)
        price[mine] = mn_per_mw_it_yr(of_class, rtt_ms[mine])
    return price
