"""
The siting problem as numbers: no paths, no geometry, no settings.

Left of an `Instance` are files, coordinates and prices per item; right of it is mathematics.
Megawatts without `_it` are grid side; `_it` is power at the computers. Money is in millions a year.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    The sites within the widest bound of each place, nearest (in ms) first.

    Place p's sites are `site[start[p]:start[p + 1]]`, their round trips `rtt_ms[...]`, ascending.
    A class with a tighter bound uses the first so many of them: see `Instance.reached`.
    """

    start: Ints
    site: NDArray[np.int32]
    rtt_ms: Floats

    @property
    def pairs(self) -> int:
        """Number of (place, site) pairs."""
        return len(self.site)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    The siting problem as numbers.

    sites
        One row per candidate, indexed by id: `min_mw`, `cap_mw` (grid side), `pue`,
        `site_mn_yr` (for being built), `size_mn_per_mw_yr` (per MW, grid side), the capital
        behind them `site_capital_mn`, `size_capital_mn_per_mw`, and the flags `forced` and
        `forbidden`.
    points
        One row per demand point: `place` (row of `reach`), `service` and `group` (row of `groups`)
        by number, `mw_it`, `rtt_ms` (its bound).
    groups
        One row per group of points that share a price: `unserved_mn_per_mw_yr` (NaN: must be
        served in full) and `min_served` (share of the group's demand).
    nodes, below
        Limits of the power tree (`limit_mw`, indexed by node id) and which sites hang below each
        (nodes x sites, ones).
    counts
        Most sites of a kind: `most`, with the sites counted in the same row of `counted`.
    """

    sites: pd.DataFrame
    points: pd.DataFrame
    groups: pd.DataFrame
    reach: Reach
    nodes: pd.DataFrame
    below: csr_array
    modules_mw: tuple[float, ...] = ()
    budget_mn: float | None = None
    counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"most": []}, dtype=float))
    counted: csr_array = field(default_factory=lambda: csr_array((0, 0)))
