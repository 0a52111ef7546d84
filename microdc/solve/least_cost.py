"""The one search, for least cost; demand that nobody reaches is set aside first."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.errors import UsageError
from microdc.instance import Floats, Instance, Ints
from microdc.model.bound.floor import floor_mn_yr
from microdc.solve.highs import Clock
from microdc.solve.mean_rtt import MeanSearch
from microdc.solve.outcome import Counts, Ended, Outcome, Settings, SettledByHour, Watch
from microdc.solve.priced.large import LargeSearch, begun_unpriced, large
from microdc.solve.priced.search import PricedSearch
from microdc.solve.priced.surviving import SurvivingSearch
from microdc.solve.search.known import Known
from microdc.solve.search.loop import Search
from microdc.solve.search.settled import projects_in
from microdc.solve.textbook import textbook
from microdc.solve.unsplit.fitting import that_fit
from microdc.solve.unsplit.search import UnsplitSearch

ROUNDING_MW_IT = 1e-9
"""Sums of demand that differ by less are the same."""

_ROUNDING_SHARE = 1e-11  # of a sum of demand

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
    whole = settings.formulation == "compact"
    if whole and instance.times_service:
        _expect_few_pairs(instance)
    fitting = that_fit(instance)
    within, unserved = set_aside(fitting)
    if fitting is not instance:
        within = _with_as_much_left(within, unserved - set_aside(instance)[1])
    if (within.groups["max_unserved_mw_it"] < 0).any():
        return _nobody_can_serve(instance, clock)

    begun = _begun(within, known, start)
    if whole:
        outcome = textbook(within, settings, clock)
    elif within.unsplit.any():
        outcome = UnsplitSearch(within, settings, clock, watch).run(
            lambda sharper, clock, watch: _split(within, sharper, clock, watch, begun)
        )
    else:
        outcome, _ = _split(within, settings, clock, watch, begun)
    if fitting is not instance:  # prices would have to know who fits
        outcome = replace(outcome, floor=floor_mn_yr(set_aside(instance)[0]), proof=None)
    return replace(
        outcome,
        unserved_mw_it=outcome.unserved_mw_it + unserved,
        served_by=_by_point(outcome.served_by, fitting),
        by_hour=outcome.by_hour and _of_all_points(outcome.by_hour, instance),
    )


def _with_as_much_left(within: Instance, too_large: "pd.Series[float]") -> Instance:
    """Count what no site can hold whole, by group (MW IT), as left, where that is limited."""
    if within.most_unserved_mw_it is None:
        return within
    left_mw_it = within.most_unserved_mw_it - float(within.months @ too_large.to_numpy())
    return replace(within, most_unserved_mw_it=left_mw_it)


def _expect_few_pairs(instance: Instance) -> None:
    if instance.reach.pairs > MOST_PRICED_PAIRS:
        msg = f"the textbook model is for up to {MOST_PRICED_PAIRS:,} pairs of place and site "
        msg += f"within bound; this scenario has {instance.reach.pairs:,}"
        raise UsageError(msg, hint="leave out `solve: {formulation: compact}`")


Begun = tuple[Known | None, Ints | None]
"""What is known of a neighbour, and the sites (rows) of a plan to begin with."""


def _begun(instance: Instance, known: Known | None, start: "pd.Index[str] | None") -> Begun:
    if start is None and instance.times_service and known is not None:
        start = known.built.intersection(instance.sites.index)
    return known, None if start is None else instance.sites.index.get_indexer(start)


def _split(
    instance: Instance, settings: Settings, clock: Clock, watch: Watch, begun: Begun
) -> tuple[Outcome, Floats]:
    """
    Search as though every point could be split.

    Gives also what is proven of plans with each site (millions a year); shape (sites,).
    """
    known, start = begun
    if instance.times_service:
        return _priced(instance, settings, clock, watch, start)
    search = Search(instance, settings, clock, watch, known)
    return search.run(start), _with_each_site(search)


def _priced(
    instance: Instance, settings: Settings, clock: Clock, watch: Watch, start: Ints | None
) -> tuple[Outcome, Floats]:
    """Search where time has a price, or a limit in the mean; gives what `_split` does."""
    if instance.most_mean_rtt_ms is not None:
        mean = MeanSearch(instance, settings, clock, watch)
        outcome = mean.run(start)
        nothing = np.full(len(instance.sites), -np.inf)
        return _with_plan_known(instance, outcome, mean.limited.best), nothing
    if instance.outages is not None:
        search: PricedSearch = SurvivingSearch(instance, settings, clock, watch)
    elif not large(instance):
        search = PricedSearch(instance, settings, clock, watch)
    elif start is None:
        search = begun_unpriced(instance, settings, clock, watch)
    else:
        search = LargeSearch(instance, settings, clock, watch)
    if start is not None:
        search.begin_with(np.zeros(instance.reach.pairs, dtype=bool), start, search.floor)
    outcome = search.run()
    return _with_plan_known(instance, outcome, search.best), search.bids.with_each_mn_yr


def _with_each_site(search: Search) -> Floats:
    """Give what the prices of a search prove of plans with each site; shape (sites,)."""
    if search.proof is None:
        return np.full(len(search.instance.sites), -np.inf)
    sites, proof = search.instance.sites, search.proof
    there = (sites["standing"] | sites["forced"]).to_numpy(dtype=bool)
    return np.where(there, -np.inf, proof.bound - proof.profit_mn_yr)


def _with_plan_known(instance: Instance, outcome: Outcome, best: Floats | None) -> Outcome:
    """
    Let a search of a neighbour begin with the sites of the plan that was found.

    `best` is that plan in the columns of `model.build`, which tell the projects of its sites.
    """
    if not outcome.has_plan or best is None:
        return outcome
    built = outcome.sizes_mw.index
    known = Known(listed=instance, cuts=(), in_full=(), built=built, core=built)
    return replace(outcome, known=known, projects=projects_in(instance, best))


def set_aside(instance: Instance) -> tuple[Instance, "pd.Series[float]"]:
    """Give the instance of the points in some site's reach, and what the others leave unserved."""
    reached = instance.reach.sites_per_point > 0
    far = instance.points[~reached]
    lost = np.bincount(far["group"], weights=far["mw_it"], minlength=len(instance.groups))
    price = instance.groups["unserved_mn_per_mw_yr"].fillna(0.0).to_numpy()
    left = instance.groups["max_unserved_mw_it"].to_numpy() - lost
    left = np.where(np.abs(left) <= np.maximum(ROUNDING_MW_IT, _ROUNDING_SHARE * lost), 0.0, left)
    groups = instance.groups.assign(unserved_mn_per_mw_yr=price, max_unserved_mw_it=left)
    within = replace(
        instance.with_points(np.flatnonzero(reached)),
        groups=groups,
        constant_mn_yr=instance.constant_mn_yr + float(lost @ price),
        risk=instance.risk and instance.risk.with_constant(lost * price),
    )
    return within, pd.Series(lost, index=instance.groups.index)


def _by_point(served_by: Ints | None, instance: Instance) -> Ints | None:
    """Add the points that were set aside: none is served by any site."""
    if not instance.unsplit.any():
        return None
    of_all: Ints = np.full(len(instance.points), -1)
    if served_by is not None:
        of_all[instance.reach.sites_per_point > 0] = served_by
    return of_all


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
