"""The one search, for least cost; demand that nobody reaches is set aside first."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.errors import UsageError
from microdc.instance import Instance, Ints
from microdc.solve.highs import Clock
from microdc.solve.mean_rtt import MeanSearch
from microdc.solve.outcome import Counts, Ended, Outcome, Settings, SettledByHour, Watch
from microdc.solve.priced.large import LargeSearch, large
from microdc.solve.priced.search import PricedSearch
from microdc.solve.search.known import Known
from microdc.solve.search.loop import Search
from microdc.solve.textbook import textbook

ROUNDING_MW_IT = 1e-9
"""Sums of demand that differ by less are the same."""

MOST_PRICED_PAIRS = 150_000
"""The textbook model has a flow for each: more take minutes and gigabytes."""


def least_cost(
    instance: Instance,
    settings: Settings,
    clock: Clock,
    watch: Watch,
    known: Known | None = None,
    start: "pd.Index[str] | None" = None,
) -> Outcome:
    """
    Search for the cheapest plan, with the proof of how cheap it is.

    Demand out of every site's reach is set aside first: it costs its price whatever is built, and
    where it must be served there is no plan. `known` is what the search of a neighbouring instance
    learnt, `start` the sites (ids) of a plan to begin with.
    """
    priced = instance.times_service
    whole = settings.formulation == "compact"
    if priced and whole and instance.reach.pairs > MOST_PRICED_PAIRS:
        msg = f"the textbook model is for up to {MOST_PRICED_PAIRS:,} pairs of place and site "
        msg += f"within bound; this scenario has {instance.reach.pairs:,}"
        raise UsageError(msg, hint="leave out `solve: {formulation: compact}`")
    within, unserved = set_aside(instance)
    if (within.groups["max_unserved_mw_it"] < 0).any():
        return _nobody_can_serve(instance, clock)
    if start is None and priced and known is not None:
        start = known.built.intersection(within.sites.index)
    sites: Ints | None = None if start is None else within.sites.index.get_indexer(start)
    if whole:
        outcome = textbook(within, settings, clock)
    elif priced:
        outcome = _priced(within, settings, clock, watch, sites)
    else:
        outcome = Search(within, settings, clock, watch, known).run(sites)
    return replace(
        outcome,
        unserved_mw_it=outcome.unserved_mw_it + unserved,
        by_hour=outcome.by_hour and _of_all_points(outcome.by_hour, instance),
    )


def _priced(
    instance: Instance, settings: Settings, clock: Clock, watch: Watch, start: Ints | None
) -> Outcome:
    """Search where time has a price, or a limit in the mean."""
    if instance.most_mean_rtt_ms is None:
        kind = LargeSearch if large(instance) else PricedSearch
        search = kind(instance, settings, clock, watch)
        if start is not None:
            search.begin_with(np.zeros(instance.reach.pairs, dtype=bool), start, search.floor)
        outcome = search.run()
    else:
        outcome = MeanSearch(instance, settings, clock, watch).run(start)
    return _with_plan_known(instance, outcome)


def _with_plan_known(instance: Instance, outcome: Outcome) -> Outcome:
    """Let a search of a neighbour begin with the sites of the plan that was found."""
    built = outcome.sizes_mw.index
    known = Known(listed=instance, cuts=(), in_full=(), built=built, core=built)
    return replace(outcome, known=known if outcome.has_plan else None)


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
        risk=instance.risk and instance.risk.with_constant(lost * price),
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
