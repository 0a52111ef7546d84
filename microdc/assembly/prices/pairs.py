"""What a table says that serving costs, pair by pair, beside the pairs that are within bound."""

import numpy as np
import pandas as pd

from microdc.inputs.region import Region
from microdc.instance import Floats, Instance, Ints, Reach
from microdc.latency.measured import of_each_service
from microdc.scenario import Scenario


def stated_prices(
    scenario: Scenario, region: Region, reach: Reach, points: pd.DataFrame, sites: pd.Index
) -> Floats:
    """
    Give the stated price of each pair in reach (millions a year and MW IT); NaN where none is.

    `points` have `place` and `service`, in the order that `reach` counts them, as `sites` (ids)
    are.
    """
    table = of_each_service(region.pair_prices, list(scenario.services))
    places, services = pd.Index(points["place"].unique()), pd.Index(points["service"].unique())
    site, asked = sites.get_indexer(pd.Index(table["site"])), _numbers(table, places, services)
    known = (site >= 0) & (asked >= 0)
    told = asked[known] * len(sites) + site[known]
    order = np.argsort(told)
    price = np.append(table["mn_per_mw_yr"].to_numpy(float)[known][order], np.nan)
    told = np.append(told[order], np.iinfo(np.int64).max)  # something lies behind every pair
    wanted = np.repeat(_numbers(points, places, services), reach.sites_per_point)
    wanted = wanted * len(sites) + reach.site
    at = np.searchsorted(told, wanted)
    return np.where(told[at] == wanted, price[at], np.nan)


def _numbers(rows: pd.DataFrame, places: pd.Index, services: pd.Index) -> Ints:
    """Number the place and service of each row; -1 where one is unknown."""
    place = places.get_indexer(pd.Index(rows["place"]))
    service = services.get_indexer(pd.Index(rows["service"]))
    number = place.astype(np.int64) * len(services) + service
    return np.where((place < 0) | (service < 0), -1, number)


def unpriced_pairs(scenario: Scenario, region: Region, instance: Instance) -> int:
    """Count the pairs within bound that the table of prices does not name; 0 without a table."""
    if scenario.pair_prices is None:
        return 0
    points, reach = instance.points, instance.reach
    price = stated_prices(scenario, region, reach, points, instance.sites.index)
    missing = np.isnan(price)
    owner = np.repeat(np.arange(len(points)), reach.sites_per_point)[missing]
    # A class of which a share is promised is two points at each of its places.
    pairs = points.iloc[owner][["place", "service"]].assign(site=reach.site[missing])
    return len(pairs.drop_duplicates())


def without_price(scenario: Scenario, region: Region, instance: Instance) -> list[str]:
    """Warn of pairs within bound that cost nothing because the table of prices names them not."""
    missing = unpriced_pairs(scenario, region, instance)
    if scenario.pair_prices is None or not missing:
        return []
    return [
        f"{scenario.pair_prices.path}: {missing:,} pair(s) within bound are not in it; serving "
        "over them costs nothing more"
    ]
