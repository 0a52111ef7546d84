"""What is to be decided, where, and under which rules."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from microdc.instance.hours import Hours
from microdc.instance.outages import Outages
from microdc.instance.reach import Floats, Ints, Reach
from microdc.instance.rows import columns_of
from microdc.instance.sizes import Projects, Tiers
from microdc.instance.stages.risk import Risk
from microdc.instance.stages.stages import Stages

ALL_SITES = "all sites"
"""Name of the count of all new sites."""


def _no_counts() -> pd.DataFrame:
    return pd.DataFrame({"most": np.empty(0)})


class Beyond(NamedTuple):
    """Demand that no site reaches any more, and what it waits at its bound (MW IT x ms)."""

    mw_it: float
    waits_mw_ms: float


NOBODY = Beyond(0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    The siting problem as numbers.

    sites
        One row per candidate, existing site or hub, indexed by id: `min_mw`, `cap_mw` and, of them,
        `existing_mw` (grid side); `pue`; `site_mn_yr` (for being there), `size_mn_per_mw_yr` (per
        MW, grid side; at least 0), and the capital behind them, `site_capital_mn`,
        `size_capital_mn_per_mw`.
        What exists is paid: there, being there costs less than nothing, by the price of its size.
        Where there are `tiers`, prices are the least of any size.
        Flags: `modular` (comes in modules, where there are any), `standing` (is there whatever is
        planned: an existing site, or a hub), `forced`, `forbidden`.
    points
        One row per demand point, numbered: `place` and `service` (ids), `group` (row of
        `groups`), `mw_it`.
    groups
        Points that share a price: `unserved_mn_per_mw_yr` and `max_unserved_mw_it` (0: must be
        served in full), indexed by name; where the mean round trip counts, `rtt_bound_ms`; and
        where service counts by its time, the `months` that it counts for. Where some are served by
        one site each, or not at all, `split` tells the others.
    nodes, below
        Limits of the power tree (`limit_mw`, indexed by node id), and the sites that hang below
        each as ones in a matrix, nodes x sites. Where more may be had at a price:
        `most_more_mw` (0: none) and `more_mn_per_mw_yr`.
    counts, counted
        Most sites of a kind (`most`, indexed by name), and which sites count, kinds x sites.
    apart
        Sets of sites of which at most one is built, as ones in a matrix, sets x sites; every two
        sites too near one another share a set.
    modules_mw
        Sizes that a modular site is a sum of, beside what exists; empty if any size from `min_mw`
        to `cap_mw` will do.
    tiers
        Classes of sizes, and what each costs more; None: a site costs the same per MW at any size.
    projects
        Which sites may be built together, and what they come to; None: each is built by itself.
    budget_mn, most_unserved_mw_it
        Capital to spend, and demand that may stay unserved over all groups, in MW-months of IT
        where groups have `months`; None: no limit.
    most_mean_rtt_ms
        Longest mean round trip (ms) of the demand that some site reaches, by MW IT: served at
        `Reach.rtt_ms`, unserved at the `rtt_bound_ms` of its group; None: no limit.
    beyond
        Demand that counts in that mean as well, though no site reaches it any more.
    more_budget_mn_yr
        Price of another million of capital (millions a year); None: the budget holds.
    constant_mn_yr
        Cost that no choice changes, such as that of demand out of every site's reach.
    outages
        What must be survived; None: nothing.
    hours
        When demand must be served, and with what; None: at its peak, with all that is connected.
    stages
        Which sites are the same in several stages of a programme; None: all at one time.
    risk
        How its costs in several futures are made one; None: they are added up, as likely as each.
    """

    sites: pd.DataFrame
    points: pd.DataFrame
    groups: pd.DataFrame
    reach: Reach
    nodes: pd.DataFrame
    below: csr_array
    modules_mw: tuple[float, ...] = ()
    tiers: Tiers | None = None
    projects: Projects | None = None
    budget_mn: float | None = None
    most_unserved_mw_it: float | None = None
    most_mean_rtt_ms: float | None = None
    beyond: Beyond = NOBODY
    more_budget_mn_yr: float | None = None
    constant_mn_yr: float = 0.0
    counts: pd.DataFrame = field(default_factory=_no_counts)
    counted: csr_array = field(default_factory=lambda: csr_array((0, 0)))
    apart: csr_array = field(default_factory=lambda: csr_array((0, 0)))
    outages: Outages | None = None
    hours: Hours | None = None
    stages: Stages | None = None
    risk: Risk | None = None

    @property
    def elastic_nodes(self) -> pd.DataFrame:
        """The nodes of which more may be had at a price; none unless prices are stated."""
        if "most_more_mw" not in self.nodes:
            return self.nodes[:0].assign(most_more_mw=0.0, more_mn_per_mw_yr=0.0)
        return self.nodes[self.nodes["most_more_mw"] > 0]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Each site (id) of a programme with the same one a stage later; none without stages."""
        ids = self.sites.index
        pairs = [] if self.stages is None else self.stages.kept.tolist()
        return [(ids[now], ids[later]) for now, later in pairs]

    @property
    def elastic_budget(self) -> bool:
        """Whether there is a budget, and more than it may be had at a price."""
        return self.budget_mn is not None and self.more_budget_mn_yr is not None

    @property
    def most_more_budget_mn(self) -> float:
        """The most capital beyond the budget that any plan could take (millions)."""
        per_site, per_mw, cap_mw = (
            self.sites[c].to_numpy()
            for c in ("site_capital_mn", "size_capital_mn_per_mw", "cap_mw")
        )
        most_mn = float(np.maximum(0.0, per_site + per_mw * cap_mw).sum())
        if self.tiers is not None:
            most_mn += float(self._most_capital_of_tiers_mn.sum())
        return max(0.0, most_mn - (self.budget_mn or 0.0))

    @property
    def _most_capital_of_tiers_mn(self) -> Floats:
        """The most that a site of each class can take beyond what the table of sites says."""
        assert self.tiers is not None
        _, most_mw = self.tier_range_mw
        most_mn = self.tiers.site_capital_mn + self.tiers.size_capital_mn_per_mw * most_mw
        return np.where(most_mw > 0, most_mn, 0.0)

    @property
    def tier_range_mw(self) -> tuple[Floats, Floats]:
        """
        The smallest and the largest size (MW) of each site in each class; shape (sites, tiers).

        Where it can have no size of a class, the smallest is above the largest, which is 0.
        """
        if self.tiers is None:
            none = np.empty((len(self.sites), 0))
            return none, none
        least_mw, cap_mw = (self.sites[c].to_numpy(dtype=float) for c in ("min_mw", "cap_mw"))
        return self.tiers.range_mw(least_mw, cap_mw)

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
    def months(self) -> Floats:
        """Months for which serving a group counts, 1 where time does not; shape (groups,)."""
        if "months" not in self.groups:
            return np.ones(len(self.groups))
        months: Floats = self.groups["months"].to_numpy(dtype=float)
        return months

    @property
    def times_service(self) -> bool:
        """Whether it matters who is served from where: time has a price, or a limit in the mean."""
        return self.reach.mn_per_mw_it_yr is not None or self.most_mean_rtt_ms is not None

    @property
    def reached_mw_it(self) -> float:
        """Demand that some site reaches (MW IT)."""
        return float(self.points["mw_it"].to_numpy()[self.reach.sites_per_point > 0].sum())

    @property
    def most_wait_mw_ms(self) -> float:
        """The longest that all demand in reach may wait together (MW IT x ms); inf: no limit."""
        if self.most_mean_rtt_ms is None:
            return np.inf
        counted_mw_it = self.reached_mw_it + self.beyond.mw_it
        return self.most_mean_rtt_ms * counted_mw_it - self.beyond.waits_mw_ms

    @property
    def least_wait_mw_ms(self) -> float:
        """The shortest that all demand in reach can wait together (MW IT x ms), all at its best."""
        reached = np.flatnonzero(self.reach.sites_per_point > 0)
        if not len(reached) or self.reach.rtt_ms is None:
            return 0.0
        nearest_ms = np.fmin.reduceat(self.reach.rtt_ms, self.reach.start[reached])
        best_ms = np.minimum(np.nan_to_num(nearest_ms), self.unserved_ms[reached])
        return float(self.points["mw_it"].to_numpy(dtype=float)[reached] @ best_ms)

    @property
    def unserved_ms(self) -> Floats:
        """What the mean round trip counts each point's unserved demand as (ms); shape (points,)."""
        bound_ms: Floats = self.groups["rtt_bound_ms"].to_numpy(dtype=float)
        return bound_ms[self.points["group"]]

    @property
    def unsplit(self) -> NDArray[np.bool_]:
        """Which points are served by one site each, or not at all; shape (points,)."""
        if "split" not in self.groups:
            return np.zeros(len(self.points), dtype=bool)
        split = self.groups["split"].to_numpy(dtype=bool)
        return np.asarray(~split[self.points["group"]], dtype=bool)

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

    def with_reach(self, reach: Reach) -> "Instance":
        """Give the instance with some of its pairs alone; who has none left counts in the mean."""
        if "rtt_bound_ms" not in self.groups:
            return replace(self, reach=reach)
        lost = (self.reach.sites_per_point > 0) & (reach.sites_per_point == 0)
        mw_it = self.points["mw_it"].to_numpy(dtype=float)[lost]
        waits_mw_ms = self.beyond.waits_mw_ms + float(mw_it @ self.unserved_ms[lost])
        beyond = Beyond(self.beyond.mw_it + float(mw_it.sum()), waits_mw_ms)
        return replace(self, reach=reach, beyond=beyond)

    def with_sites(self, sites: Ints, reach: Reach, in_outages: Reach) -> "Instance":
        """Give the instance with some of its sites alone, which reach and are reached as told."""
        return replace(
            self.with_reach(reach),
            sites=self.sites.iloc[sites],
            outages=self.outages and self.outages.with_sites(sites, in_outages),
            hours=self.hours and self.hours.with_sites(sites),
            tiers=self.tiers and self.tiers.with_sites(sites),
            projects=self.projects and self.projects.with_sites(sites),
            below=columns_of(self.below, sites),
            counted=columns_of(self.counted, sites),
            apart=columns_of(self.apart, sites),
            stages=self.stages and self.stages.with_sites(sites),
        )

    def with_points(self, points: Ints) -> "Instance":
        """Give the instance with some of its demand points alone."""
        kept = self.points.iloc[points].reset_index(drop=True)
        reach, outages = self.reach.keep(points), self.outages
        if outages is not None:
            same = outages.reach is self.reach
            outages = outages.with_points(points, reach if same else outages.reach.keep(points))
        hours = self.hours and self.hours.with_points(points)
        return replace(self, points=kept, reach=reach, outages=outages, hours=hours)
