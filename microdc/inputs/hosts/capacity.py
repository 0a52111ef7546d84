"""How small and how large a site each substation can bear by itself."""

import numpy as np
import pandas as pd

from microdc.inputs.power.energised import most_energised_mw
from microdc.instance import WATT_MW, Ints, attainable_mw
from microdc.scenario import Scenario, Sites


def most_mw(
    scenario: Scenario, substations: pd.DataFrame, ancestors: list[Ints]
) -> "pd.Series[float]":
    """
    Give the largest site (MW) that each substation can bear by itself; NaN where none fits.

    That is what exists and, beside it, the least of its own headroom, every limit above it, and
    what is left of the largest size allowed; where sizes come in modules, the largest sum of them
    within that. What exists stays, however little it may grow. A new site is of no class of sizes
    whose connection takes until after the date of the scenario's stage.
    """
    headroom, existing = (substations[c].to_numpy() for c in ("headroom_mw", "existing_mw"))
    most = substations["max_mw"].fillna(scenario.sites.max_mw).to_numpy()
    most = np.where(existing > 0, most, np.fmin(most, most_energised_mw(scenario)))
    room = np.fmin(headroom, np.maximum(most - existing, 0.0))
    for above in ancestors:
        known = above >= 0
        room[known] = np.fmin(room[known], headroom[above[known]])
    room = np.floor(room / WATT_MW + 1e-3) * WATT_MW
    if scenario.sites.modules_mw:
        sizes = np.array(attainable_mw(scenario.sites.modules_mw, scenario.sites.max_mw))
        room = sizes[np.searchsorted(sizes, room + WATT_MW / 2, side="right") - 1]
    room = np.where(substations["candidate"], room, 0.0)
    bears = (existing > 0) | (room >= least_mw(scenario, substations) - WATT_MW / 2)
    return pd.Series(np.where(bears, existing + room, np.nan), index=substations.index)


def least_mw(scenario: Scenario, substations: pd.DataFrame) -> "pd.Series[float]":
    """Give the smallest site (MW) worth building at each substation; what exists, where it does."""
    least = substations["min_mw"].fillna(scenario.sites.min_mw)
    return least.where(substations["existing_mw"] == 0, substations["existing_mw"])


def smallest_mw(sites: Sites, wanted_mw: "pd.Series[float]") -> "pd.Series[float]":
    """Give the smallest size (MW) not below the wanted ones: of modules, the next sum of them."""
    if not sites.modules_mw:
        return wanted_mw
    sums = np.array([*attainable_mw(sites.modules_mw, sites.max_mw), np.inf])
    next_up = np.searchsorted(sums, wanted_mw.to_numpy() - WATT_MW)
    return pd.Series(sums[next_up], index=wanted_mw.index)


def ancestors_of(substations: pd.DataFrame) -> list[Ints]:
    """Give the row of each substation's parent, of its parent's parent, and so on; -1: none."""
    parent = substations.index.get_indexer(pd.Index(substations["parent"]))
    levels = []
    above = parent
    while (above >= 0).any():
        levels.append(above)
        above = np.where(above >= 0, parent[above], -1)
    return levels
