"""Who alone may serve whom, where a table of pairs says that it names all who may."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microdc.inputs.region import Region
from microdc.scenario import Scenario

Named = dict[tuple[str, str], set[str]]
"""Ids of sites and hubs, by place and service."""


def named_alone(
    scenario: Scenario, region: Region, measured: Mapping[tuple[str, str], Mapping[str, float]]
) -> Named | None:
    """
    Look up, row by row, who alone may serve each place and class; None: whoever is near enough.

    `measured` are the round trips that count. Where both tables say so, both must name a pair.
    """
    by_time, by_price = scenario.measured, scenario.pair_prices
    tables: list[Named] = []
    if by_time is not None and by_time.only:
        tables.append({key: set(by_site) for key, by_site in measured.items()})
    if by_price is not None and by_price.only:
        tables.append(_priced(scenario, region))
    if not tables:
        return None
    first, other = tables[0], tables[-1]
    return {key: sites & other.get(key, set()) for key, sites in first.items()}


def _priced(scenario: Scenario, region: Region) -> Named:
    named: Named = {}
    columns = (region.pair_prices[c] for c in ("place", "service", "site"))
    for place, service, site in zip(*columns, strict=True):
        for name in [service] if service else scenario.services:
            named.setdefault((place, name), set()).add(site)
    return named


def unnamed(named: Named | None, rows: pd.DataFrame) -> pd.DataFrame:
    """Give the rows (`place`, `service`, `site`) of pairs that may not serve."""
    if named is None:
        return rows[:0]
    columns = (rows[c] for c in ("place", "service", "site"))
    may = [i in named.get((j, k), ()) for j, k, i in zip(*columns, strict=True)]
    return rows[~np.array(may, dtype=bool)]
