"""All bottlenecks of an instance, each by the plainest reason that there is."""

from dataclasses import dataclass, replace

import numpy as np

from microdc.explain.bottlenecks.bottleneck import Bottleneck, must_mw_it
from microdc.explain.bottlenecks.elastic import short_by_rules
from microdc.explain.bottlenecks.full_size import short_at_full_size
from microdc.explain.bottlenecks.out_of_reach import out_of_reach
from microdc.explain.bottlenecks.unsplit import too_large_bottlenecks, whole_places
from microdc.instance import Instance, Ints
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.highs import Clock
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Settings
from microdc.solve.unsplit.fitting import that_fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Bottlenecks, those that are short of most first, and whether there may be others."""

    bottlenecks: tuple[Bottleneck, ...]
    complete: bool
    """All was looked at: what is not named can be served together. Else time ran out."""

    @property
    def short_mw_it(self) -> float:
        """What is short over all of them (MW IT): proven, but for what is told in MWh."""
        return sum(one.short_mw_it for one in self.bottlenecks)


def bottlenecks_of(
    instance: Instance, settings: Settings, clock: Clock, area: Ints | None = None
) -> Found:
    """
    Find what keeps an instance from serving all that must be served; none if nothing does.

    First the demand that no site reaches, or none in reach can hold whole where it may not be
    split; then, as though it could be, demand whose reach has too little power with every
    site at full size, in order, in each outage and in each hour; then, of the demand that is left,
    what limits that sites share and the rules of the planner leave short; at last, if nothing is,
    what does not fit together whole. `area` numbers the area
    of each point in nobody's reach (default: its place).
    """
    if area is None:
        area = np.unique(instance.points["place"].astype(str), return_inverse=True)[1]
    far = [*out_of_reach(instance, area), *too_large_bottlenecks(instance)]
    fitting = that_fit(instance)
    reached = np.flatnonzero(fitting.reach.sites_per_point > 0)
    within = _without_debt(set_aside(fitting)[0])
    full, looked = short_at_full_size(within, lambda: clock.expired)
    named = [one.of_rows(reached) for one in full]
    rest = _to_be_told(within, full)
    ruled, known = short_by_rules(_of_points(within, rest), settings, clock)
    named += [one.of_rows(reached[rest]) for one in ruled]
    if not far and not named and known:
        whole, known = whole_places(within, settings, clock)
        named = [one.of_rows(reached) for one in whole]
    found = sorted([*far, *named], key=lambda one: -one.short_mw_it)
    return Found(bottlenecks=tuple(found), complete=looked and known)


def _without_debt(instance: Instance) -> Instance:
    """Let a class whose demand out of reach is more than it may leave owe no more than the rest."""
    most_mw_it = instance.groups["max_unserved_mw_it"].clip(lower=0.0)
    return replace(instance, groups=instance.groups.assign(max_unserved_mw_it=most_mw_it))


def _to_be_told(instance: Instance, told: list[Bottleneck]) -> Ints:
    """Give the points that must be served, in part at least, and are in no bottleneck yet."""
    named = np.array([j for one in told for j in one.points], dtype=np.int64)
    held = instance.groups["max_unserved_mw_it"] < instance.demand_by_group_mw_it - TOLERANCE_MW_IT
    must = held.to_numpy()[instance.points["group"]] | (must_mw_it(instance) > TOLERANCE_MW_IT)
    return np.setdiff1d(np.flatnonzero(must), named)


def _of_points(instance: Instance, points: Ints) -> Instance:
    """Give the instance with some of its points alone; groups leave no more than they did."""
    if not len(points):
        points = np.arange(min(1, len(instance.points)))  # rules may contradict one another
        free = instance.groups.assign(max_unserved_mw_it=instance.demand_by_group_mw_it)
        instance = replace(instance, groups=free)
    return instance.with_points(points)
