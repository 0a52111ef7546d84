"""What the planner asks for, in terms of the one search: least cost, or most served."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from microdc.instance import Instance
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.highs import Clock
from microdc.solve.outcome import Counts, Ended, Outcome, Settings, SettledByHour, Watch
from microdc.solve.search.known import Known
from microdc.solve.search.loop import Search
from microdc.solve.textbook import textbook

Objective = Literal["least-cost", "most-served"]

ROUNDING_MW_IT = 1e-9
"""Sums of demand that differ by less are the same."""

_SHARE_FOR_SERVICE = 0.6  # of the time, to serve most; the rest makes it cheap


def solve(
    instance: Instance,
    objective: Objective,
    settings: Settings,
    clock: Clock,
    watch: Watch,
    known: Known | None = None,
) -> Outcome:
    """
    Search for the best plan under an objective, with the proof of how good it is.

    Demand out of every site's reach is set aside first: it costs its price whatever is built, and
    where it must be served there is no plan. What is `known` from the search of a neighbouring
    instance (an `Outcome.known`) saves time, and changes no more than which plan within the gap is
    found.
    """
    within, unserved = set_aside(instance)
    if (within.groups["max_unserved_mw_it"] < 0).any():
        return _nobody_can_serve(instance, clock)
    if objective == "most-served":
        outcome = _most_served(within, settings, clock, watch, known)
    else:
        outcome = _least_cost(within, settings, clock, watch, known)
    return replace(
        outcome,
        unserved_mw_it=outcome.unserved_mw_it + unserved,
        by_hour=outcome.by_hour and _of_all_points(outcome.by_hour, instance),
        unserved_bound_mw_it=None
        if outcome.unserved_bound_mw_it is None
        else outcome.unserved_bound_mw_it + float(unserved.sum()),
    )


def _least_cost(
    instance: Instance, settings: Settings, clock: Clock, watch: Watch, known: Known | None
) -> Outcome:
    if settings.formulation == "compact":
        return textbook(instance, settings, clock)
    return Search(instance, settings, clock, watch, known).run()


def _most_served(
    instance: Instance, settings: Settings, clock: Clock, watch: Watch, known: Known | None
) -> Outcome:
    """Serve the most MW that can be; then, at that, find the cheapest way."""
    first_clock = clock.share(_SHARE_FOR_SERVICE)
    most = _least_cost(_serving_most(instance), settings, first_clock, _of_service(watch), known)
    if not most.has_plan:
        return most
    # As far as the solver can tell, so that the plan just found stays a plan.
    unserved = float(most.unserved_mw_it.sum()) + TOLERANCE_MW_IT
    no_worse = replace(instance, most_unserved_mw_it=unserved)
    start = instance.sites.index.get_indexer(most.sizes_mw.index)
    if settings.formulation == "compact":
        cheap = textbook(no_worse, settings, clock)
    else:
        cheap = Search(no_worse, settings, clock, watch, most.known).run(start)
    if not cheap.has_plan:
        cheap = _priced(instance, most, cheap)
    if cheap.ended is Ended.INFEASIBLE:  # by the solver's tolerances: there is a plan
        cheap = replace(cheap, ended=Ended.STALLED)
    ended = cheap.ended if most.ended is Ended.WITHIN_GAP else most.ended
    demand = float(instance.demand_by_group_mw_it.sum())
    return replace(cheap, ended=ended, unserved_bound_mw_it=max(0.0, demand + most.bound))


def _priced(instance: Instance, most: Outcome, late: Outcome) -> Outcome:
    """Give the plan that serves most, at its cost, where time ran out before a cheaper one."""
    sites = instance.sites.loc[most.sizes_mw.index]
    per_site, per_mw = (sites[c].to_numpy() for c in ("site_mn_yr", "size_mn_per_mw_yr"))
    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()
    cost = per_site.sum() + per_mw @ most.sizes_mw + price @ most.unserved_mw_it
    return replace(
        late,
        sizes_mw=most.sizes_mw,
        unserved_mw_it=most.unserved_mw_it,
        by_hour=most.by_hour,
        cost=float(cost) + instance.constant_mn_yr,
    )


def _serving_most(instance: Instance) -> Instance:
    """Price nothing but service: the cost is the negative of the MW served."""
    sites = instance.sites.assign(site_mn_yr=0.0, size_mn_per_mw_yr=0.0)
    groups = instance.groups.assign(unserved_mn_per_mw_yr=1.0)
    served_all = -float(instance.demand_by_group_mw_it.sum())
    return replace(instance, sites=sites, groups=groups, constant_mn_yr=served_all)


def _of_service(watch: Watch) -> Watch:
    """Let what is watched be told as megawatts served, not as their negative cost."""
    return lambda mark: watch(replace(mark, of="service"))


def set_aside(instance: Instance) -> tuple[Instance, "pd.Series[float]"]:
    """Give the instance of the points in some site's reach, and what the others leave unserved."""
    reached = instance.reach.sites_per_point > 0
    far = instance.points[~reached]
    lost = np.bincount(far["group"], weights=far["mw_it"], minlength=len(instance.groups))
    price = instance.groups["unserved_mn_per_mw_yr"].fillna(0.0).to_numpy()
    left = instance.groups["max_unserved_mw_it"].to_numpy() - lost
    left = np.where(np.abs(left) <= ROUNDING_MW_IT, 0.0, left)
    groups = instance.groups.assign(unserved_mn_per_mw_yr=price, max_unserved_mw_it=left)
    within = replace(
        instance.with_points(np.flatnonzero(reached)),
        groups=groups,
        constant_mn_yr=instance.constant_mn_yr + float(lost @ price),
    )
    return within, pd.Series(lost, index=instance.groups.index)


def _of_all_points(settled: SettledByHour, instance: Instance) -> SettledByHour:
    """Add the points that were set aside: all of them stays unserved."""
    unserved_mw_it = instance.points["mw_it"].to_numpy(dtype=float).copy()
    unserved_mw_it[instance.reach.sites_per_point > 0] = settled.unserved_mw_it
    return replace(settled, unserved_mw_it=unserved_mw_it)


def _nobody_can_serve(instance: Instance, clock: Clock) -> Outcome:
    return Outcome(
        ended=Ended.INFEASIBLE,
        sizes_mw=pd.Series(dtype=float),
        unserved_mw_it=pd.Series(0.0, index=instance.groups.index),
        bound=np.inf,
        floor=0.0,
        seconds=clock.seconds,
        counts=Counts(pairs=instance.reach.pairs),
    )
