"""
What one search learnt that another, of much the same instance, can begin with.

Which sets of demand points are hard to serve, which candidates matter and which sites make a good
plan hardly changes when costs, limits or bounds do. None of that is taken on trust: every row is
written anew from its set by the oracle of the instance at hand, and every plan is checked there.
What is trusted is `least_mn_yr`, and none is unless the caller says so.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from microdc.instance import Instance, Ints
from microdc.instance.periods import periods_of
from microdc.oracles.base import OPEN, Cut, Oracle, Situation, Sizes
from microdc.solve.search.relaxation import Relaxation

NOWHERE = -1
"""Where nothing answers to what is sought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """
    What a search learnt: its shortlist, the rows in force, the sites of its best plan and core.

    Cuts count points and sites as `listed` does, which is the instance searched with the shortlist
    alone. `in_full` has one cut of every set that was written in full.

    `least_mn_yr` is what no plan of the next instance can cost less than, in the caller's word:
    the bound proven for this one, where every plan of the next is one of this one too.
    """

    listed: Instance
    cuts: tuple[Cut, ...]
    in_full: tuple[Cut, ...]
    built: "pd.Index[str]"
    core: "pd.Index[str]"
    least_mn_yr: float = float("-inf")

    @classmethod
    def of(
        cls, listed: Instance, relaxation: Relaxation, built: "pd.Index[str]", core: Sizes | None
    ) -> "Known":
        """Keep what is in force at the end of a search."""
        cuts, in_full = tuple(relaxation.found), tuple(relaxation.in_full)
        ids = listed.sites.index
        ids = ids if core is None else ids[core.built > OPEN]
        return cls(listed=listed, cuts=cuts, in_full=in_full, built=built, core=ids)

    def candidates(self, instance: Instance) -> Ints:
        """Give the rows in an instance of the shortlist, and of what is there anyway; ascending."""
        sites = instance.sites
        there = (sites["standing"] | sites["forced"]).to_numpy()
        return np.flatnonzero(sites.index.isin(self.listed.sites.index) | there)

    def plan(self, instance: Instance) -> Ints:
        """Give the rows in an instance of the sites of the best plan; ascending."""
        return np.flatnonzero(instance.sites.index.isin(self.built))

    def opened(self, listed: Instance) -> Ints:
        """Give the rows in a shortlist of the sites that the core opens; ascending."""
        return np.flatnonzero(listed.sites.index.isin(self.core))

    def written_for(self, listed: Instance, oracle: Oracle) -> tuple[list[Cut], list[Cut]]:
        """
        Write the cuts, and one of every set written in full, for a shortlist of another instance.

        What is not there any more is left out: points, outages, and hours where others stand in
        their place.
        """
        translate = _Translation(self.listed, listed)
        old: Ints = listed.sites.index.get_indexer(self.listed.sites.index)
        cuts, in_full = translate.cuts(self.cuts), translate.cuts(self.in_full)
        return oracle.carried_over(cuts, old), oracle.carried_over(in_full, old)


class _Translation:
    """Leads from the points and outages of one instance to those of another."""

    def __init__(self, old: Instance, new: Instance) -> None:
        self._point: Ints = _named(new).get_indexer(_named(old))
        self._outage = _outages(new).get_indexer(_outages(old))
        self._same_wants = _wants_by_hour(old) == _wants_by_hour(new)

    def cuts(self, cuts: tuple[Cut, ...]) -> list[Cut]:
        """Give those of some cuts that still speak of something."""
        moved = (self._cut(cut) for cut in cuts)
        return [cut for cut in moved if cut is not None]

    def _cut(self, cut: Cut) -> Cut | None:
        if cut.situation.period is not None:
            return cut if self._same_wants else None
        wants = self._point[cut.wants]
        wants = np.sort(wants[wants != NOWHERE]).astype(np.int64)
        outages = cut.situation.outages
        rows = self._outage[list(outages)] if outages else np.empty(0, dtype=np.int64)
        if NOWHERE in rows or not len(wants):
            return None
        if outages:
            outages = tuple(sorted(rows.tolist()))
        return replace(cut, wants=wants, situation=Situation(outages=outages))


def _named(instance: Instance) -> pd.MultiIndex:
    """Name each point; a class of which a share is promised has two at a place, in two groups."""
    group = instance.groups.index[instance.points["group"]]
    return pd.MultiIndex.from_frame(instance.points[["place", "service"]].assign(group=group))


def _outages(instance: Instance) -> pd.MultiIndex:
    if instance.outages is None:
        return pd.MultiIndex.from_tuples([], names=["kind", "id"])
    return pd.MultiIndex.from_frame(instance.outages.what[["kind", "id"]])


def _wants_by_hour(instance: Instance) -> list[tuple[object, ...]]:
    """Tell what is wanted in each period, to see if two instances number it alike."""
    if instance.hours is None:
        return []
    names = list(_named(instance))
    moving = [
        (p.hours.tobytes(), p.point.tobytes(), p.first.tobytes(), p.last.tobytes())
        for p in periods_of(instance.hours)
    ]
    return [tuple(names), tuple(instance.hours.services["moves"]), *moving]
