"""
The siting problem as numbers: no paths, no geometry, no settings.

Left of an `Instance` are files, coordinates and prices per item; right of it is mathematics.
Megawatts without `_it` are grid side; `_it` is power at the computers. Money is in millions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

WATT_MW = 1e-6
"""Sizes are told apart to a watt, the unit in which plans are verified."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    Which sites may serve each demand point: those within its latency bound.

    Point j's sites are `site[start[j]:start[j + 1]]`, rows of `Instance.sites`, each once.
    Memory grows with the pairs alone.
    """

    start: Ints
    site: NDArray[np.int32]

    @property
    def pairs(self) -> int:
        """Number of (point, site) pairs within bound."""
        return len(self.site)

    @property
    def sites_per_point(self) -> Ints:
        """Number of sites in reach of each point; shape (points,)."""
        return np.diff(self.start)

    def of(self, points: Ints) -> tuple[Ints, Ints]:
        """Give the pairs of some points: position in `points` and place in `site`, aligned."""
        length = self.start[points + 1] - self.start[points]
        owner = np.repeat(np.arange(len(points)), length)
        before = np.repeat(np.cumsum(length) - length, length)
        return owner, self.start[points][owner] + np.arange(len(owner)) - before

    def keep(self, points: Ints) -> "Reach":
        """Give the reach of some points alone, in that order."""
        if self.sites_per_point[points].sum() == self.pairs and (np.diff(points) > 0).all():
            start = np.append(self.start[points], self.pairs)  # the others reach nothing
            return Reach(start=start, site=self.site)
        _, at = self.of(points)
        start = np.concatenate([[0], np.cumsum(self.sites_per_point[points])])
        return Reach(start=start, site=self.site[at])


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One situation in which the fleet must carry its load: everything in order, or an outage."""

    reach: Reach
    """Who may serve whom."""
    out: Ints
    """Rows of the sites that are out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """
    What may be out, and what is kept when it is.

    A plan that leaves `v` of a point's demand `d` unserved serves `d - v`; in every outage it must
    still serve `kept * (d - v)` of it.

    what
        One row per outage, numbered: `kind` (site, node or zone) and `id`.
    sites
        The sites that each takes out, as ones in a matrix, outages x sites; no two rows are alike,
        and none is part of another.
    reach
        Who may serve whom in an outage; where bounds relax, more than in order.
    kept
        Share of each point's service that is kept, from 0 (no promise) to 1; shape (points,).
    at_once
        1, or 2 where any two of them may happen together.
    """

    what: pd.DataFrame
    sites: csr_array
    reach: Reach
    kept: Floats
    at_once: int = 1

    def state(self, *rows: int) -> State:
        """Give the state in which some of the outages happen together; of none, all is there."""
        out = [self.sites.indices[slice(*self.sites.indptr[row : row + 2])] for row in rows]
        together = np.unique(np.concatenate([np.empty(0, np.int64), *out])).astype(np.int64)
        return State(reach=self.reach, out=together)

    def states(self) -> Iterator[State]:
        """Give every state that a plan must survive; of pairs there are many."""
        for rows in combinations(range(self.sites.shape[0]), min(self.at_once, len(self.what))):
            yield self.state(*rows)

    def with_sites(self, sites: Ints, reach: Reach) -> "Outages":
        """Give the outages among some of the sites alone, which reach and are reached as told."""
        return replace(self, sites=_columns(self.sites, sites), reach=reach)

    def with_points(self, points: Ints, reach: Reach) -> "Outages":
        """Give the outages with some of the demand points alone, which are reached as told."""
        return replace(self, reach=reach, kept=self.kept[points])


def _no_counts() -> pd.DataFrame:
    return pd.DataFrame({"most": np.empty(0)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    The siting problem as numbers.

    sites
        One row per candidate, existing site or hub, indexed by id: `min_mw`, `cap_mw` and, of them,
        `existing_mw` (grid side); `pue`; `site_mn_yr` (for being there), `size_mn_per_mw_yr` (per
        MW, grid side), and the capital behind them, `site_capital_mn`, `size_capital_mn_per_mw`.
        What exists is paid: there, being there costs less than nothing, by the price of its size.
        Flags: `modular` (comes in modules, where there are any), `standing` (is there whatever is
        planned: an existing site, or a hub), `forced`, `forbidden`.
    points
        One row per demand point, numbered: `place` and `service` (ids), `group` (row of
        `groups`), `mw_it`.
    groups
        Points that share a price: `unserved_mn_per_mw_yr` and `max_unserved_mw_it` (0: must be
        served in full), indexed by name.
    nodes, below
        Limits of the power tree (`limit_mw`, indexed by node id), and the sites that hang below
        each as ones in a matrix, nodes x sites.
    counts, counted
        Most sites of a kind (`most`, indexed by name), and which sites count, kinds x sites.
    apart
        Sets of sites of which at most one is built, as ones in a matrix, sets x sites; every two
        sites too near one another share a set.
    modules_mw
        Sizes that a modular site is a sum of, beside what exists; empty if any size from `min_mw`
        to `cap_mw` will do.
    budget_mn, most_unserved_mw_it
        Capital to spend, and demand that may stay unserved over all groups; None: no limit.
    constant_mn_yr
        Cost that no choice changes, such as that of demand out of every site's reach.
    outages
        What must be survived; None: nothing.
    """

    sites: pd.DataFrame
    points: pd.DataFrame
    groups: pd.DataFrame
    reach: Reach
    nodes: pd.DataFrame
    below: csr_array
    modules_mw: tuple[float, ...] = ()
    budget_mn: float | None = None
    most_unserved_mw_it: float | None = None
    constant_mn_yr: float = 0.0
    counts: pd.DataFrame = field(default_factory=_no_counts)
    counted: csr_array = field(default_factory=lambda: csr_array((0, 0)))
    apart: csr_array = field(default_factory=lambda: csr_array((0, 0)))
    outages: Outages | None = None

    @property
    def cap_mw_it(self) -> Floats:
        """Most IT power of each site (MW IT); shape (sites,)."""
        cap_mw_it: Floats = (self.sites["cap_mw"] / self.sites["pue"]).to_numpy()
        return cap_mw_it

    @property
    def demand_by_group_mw_it(self) -> Floats:
        """Demand of each group (MW IT); shape (groups,)."""
        group, mw_it = self.points["group"].to_numpy(), self.points["mw_it"].to_numpy()
        return np.bincount(group, weights=mw_it, minlength=len(self.groups)).astype(float)

    @property
    def members(self) -> csr_array:
        """Which demand points belong to which group, as ones in a matrix, groups x points."""
        group = self.points["group"].to_numpy()
        ones = np.ones(len(group))
        shape = (len(self.groups), len(group))
        return csr_array((ones, (group, np.arange(len(group)))), shape=shape)

    @property
    def most_unserved_by_point_mw_it(self) -> Floats:
        """Most of each demand point that may stay unserved (MW IT); shape (points,)."""
        of_group = self.groups["max_unserved_mw_it"].to_numpy()[self.points["group"]]
        most: Floats = np.clip(of_group, 0.0, self.points["mw_it"].to_numpy())
        return most

    def with_sites(self, sites: Ints, reach: Reach, in_outages: Reach) -> "Instance":
        """Give the instance with some of its sites alone, which reach and are reached as told."""
        return replace(
            self,
            sites=self.sites.iloc[sites],
            reach=reach,
            outages=self.outages and self.outages.with_sites(sites, in_outages),
            below=_columns(self.below, sites),
            counted=_columns(self.counted, sites),
            apart=_columns(self.apart, sites),
        )

    def with_points(self, points: Ints) -> "Instance":
        """Give the instance with some of its demand points alone."""
        kept = self.points.iloc[points].reset_index(drop=True)
        reach, outages = self.reach.keep(points), self.outages
        if outages is not None:
            same = outages.reach is self.reach
            outages = outages.with_points(points, reach if same else outages.reach.keep(points))
        return replace(self, points=kept, reach=reach, outages=outages)


def attainable_mw(modules_mw: Iterable[float], most_mw: float) -> list[float]:
    """
    List every size (MW) up to `most_mw` that is a sum of modules, ascending, zero included.

    Sizes are told apart to a watt.
    """
    step = WATT_MW
    sizes = {0}
    for module in sorted({round(mw / step) for mw in modules_mw}):
        frontier = sizes
        while frontier:
            frontier = {s + module for s in frontier if (s + module) * step <= most_mw + step / 2}
            frontier -= sizes
            sizes = sizes | frontier
    return [size * step for size in sorted(sizes)]


def irreducible(modules_mw: Iterable[float]) -> tuple[float, ...]:
    """Drop every module that is a sum of smaller ones: cost per MW does not depend on modules."""
    kept: list[float] = []
    for module in sorted(set(modules_mw)):
        smaller = attainable_mw(kept, module)
        if abs(smaller[-1] - module) > 1e-6:
            kept.append(module)
    return tuple(kept)


def _columns(matrix: csr_array, columns: Ints) -> csr_array:
    return csr_array(matrix[:, columns]) if matrix.shape[0] else csr_array((0, len(columns)))


def matrix_of(rows: Iterable[Iterable[int]], columns: int) -> csr_array:
    """Give a matrix of ones with the listed columns in each row."""
    lists = [list(row) for row in rows]
    start = np.concatenate([[0], np.cumsum([len(row) for row in lists], dtype=int)]).astype(int)
    column = np.array([c for row in lists for c in row], dtype=int)
    return csr_array((np.ones(len(column)), column, start), shape=(len(lists), columns))


def rows_of(matrix: csr_array) -> list[Ints]:
    """List the columns of each row of a sparse matrix."""
    return [matrix.indices[a:b].astype(np.int64) for a, b in pairwise(matrix.indptr)]
