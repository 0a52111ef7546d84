"""What an objective came to, and the instance of the plans that are as good."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from microdc.instance import ALL_SITES, Floats, Instance
from microdc.solve.highs import Clock
from microdc.solve.least_cost import ROUNDING_MW_IT, least_cost
from microdc.solve.outcome import Ended, Of, Outcome, Reached, Settings, Watch
from microdc.solve.search.known import Known

Objective = Literal[
    "least-cost", "most-served", "fewest-sites", "least-worst-rtt", "least-mean-rtt"
]


_ROUNDING_MS = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """
    What a turn searches with: settings, its clock, who watches, and what is there already.

    `found` is a plan of the turn before, which is one of this turn too; None at the first.
    """

    settings: Settings
    clock: Clock
    watch: Watch
    known: Known | None = None
    found: Outcome | None = None

    def search(self, instance: Instance, of: Of) -> Outcome:
        """Search an instance whose cost is that of the turn, told as such to who watches."""
        start = None if self.found is None else self.found.sizes_mw.index
        outcome = least_cost(
            instance,
            self.settings,
            self.clock,
            lambda mark: self.watch(replace(mark, of=of)),
            self.known,
            start,
        )
        return outcome if outcome.has_plan else self._no_worse(outcome)

    def _no_worse(self, outcome: Outcome) -> Outcome:
        """
        Fall back on the plan of the turn before, of which nothing more is proven.

        What it comes to in this turn is not known.
        """
        if self.found is None:
            return outcome
        late = Ended.STALLED if outcome.ended is Ended.INFEASIBLE else outcome.ended
        return replace(self.found, cost=np.nan, bound=-np.inf, bound_of_split=False, ended=late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """
    What one objective before cost came to.

    `outcome` is that of its search, with a plan to go on from unless none was found; `held` the
    instance whose plans are all as good; `ended` within gap where `reached` is proven the best.
    """

    outcome: Outcome
    held: Instance
    reached: Reached
    ended: Ended

    @property
    def of_split(self) -> bool:
        """Whether it is not proven the best, and no better bound known than of split service."""
        return self.ended is not Ended.WITHIN_GAP and self.outcome.bound_of_split


def held_to(instance: Instance, reached: Iterable[Reached]) -> Instance:
    """Keep to as few sites, and to round trips and means as short, as objectives came to."""
    for one in reached:
        if one.objective == "fewest-sites":
            instance = with_most_sites(instance, round(one.value))
        elif one.objective == "least-worst-rtt":
            instance = within_rtt(instance, one.value)
        elif one.objective == "least-mean-rtt":
            instance = within_mean_rtt(instance, one.value)
    return instance


def with_most_sites(instance: Instance, most: int) -> Instance:
    """Let no more than so many new sites be built, or fewer where fewer were allowed."""
    counts = instance.counts
    if ALL_SITES in counts.index:
        fewer = counts["most"].where(counts.index != ALL_SITES, counts["most"].clip(upper=most))
        return replace(instance, counts=counts.assign(most=fewer))
    row = csr_array(new_sites(instance)[None, :].astype(float))
    counted = csr_array(vstack([instance.counted, row])) if len(counts) else row
    rule = pd.DataFrame({"most": [float(most)]}, index=[ALL_SITES])
    return replace(instance, counts=pd.concat([counts, rule]), counted=counted)


def at_full_size(instance: Instance) -> Instance:
    """
    Give sites their full size where that costs nothing and no limit counts megawatts.

    Nothing is lost by that, and the search need not look for sizes.
    """
    if instance.stages is not None:  # where headroom falls, a site of full size could not stay
        return instance
    free = bool((instance.sites["size_mn_per_mw_yr"] == 0).all()) and instance.budget_mn is None
    if not free or len(instance.nodes) or instance.modules_mw or instance.hours is not None:
        return instance
    if instance.tiers is not None:
        return instance
    return replace(instance, sites=instance.sites.assign(min_mw=instance.sites["cap_mw"]))


def costing(
    instance: Instance,
    *,
    site: Floats | float = 0.0,
    unserved: Floats | float = 0.0,
    constant: float = 0.0,
) -> Instance:
    """
    Give an instance in which nothing else costs anything: sizes and round trips are free.

    `site` is the price of each site (one for all, or one each, shape (sites,)), `unserved` that of
    a MW IT left (one, or one for each group), `constant` what is counted whatever is built.
    """
    sites = at_full_size(instance).sites.assign(site_mn_yr=site, size_mn_per_mw_yr=0.0)
    groups = instance.groups.assign(unserved_mn_per_mw_yr=unserved)
    reach = instance.reach.unpriced
    return replace(
        instance,
        sites=sites,
        tiers=instance.tiers and instance.tiers.costing_nothing(),
        groups=groups,
        reach=reach,
        constant_mn_yr=constant,
        risk=None,
    )


def new_sites(instance: Instance) -> NDArray[np.bool_]:
    """Tell which sites are not there yet: no hubs, nothing existing; shape (sites,)."""
    return ~instance.sites["standing"].to_numpy(dtype=bool)


def within_mean_rtt(instance: Instance, most_ms: float) -> Instance:
    """Let the mean round trip be no longer, by more than rounding; or shorter where it was."""
    limit_ms = instance.most_mean_rtt_ms
    limit_ms = np.inf if limit_ms is None else limit_ms
    return replace(instance, most_mean_rtt_ms=min(limit_ms, most_ms + _ROUNDING_MS))


def promised(instance: Instance) -> NDArray[np.bool_]:
    """Tell which points are of a class with a promise; shape (points,)."""
    must = (
        instance.groups["max_unserved_mw_it"].to_numpy()[instance.points["group"]] <= ROUNDING_MW_IT
    )
    services = instance.points["service"]
    return services.isin(services[must]).to_numpy(dtype=bool)


def within_rtt(instance: Instance, most_ms: float) -> Instance:
    """
    Let nobody be served in order over a longer round trip, of the classes with a promise.

    Who is left without a site counts in the mean all the same, at the bound of the class: no mean
    becomes shorter by that.
    """
    before, reach = (
        instance.reach.sites_per_point,
        instance.reach.within(most_ms, promised(instance)),
    )
    left_mw_it = instance.most_unserved_mw_it
    if left_mw_it is not None:  # it counts demand in reach alone
        lost = (before > 0) & (reach.sites_per_point == 0)
        left_mw_it -= float(instance.points["mw_it"].to_numpy()[lost].sum())
    return replace(instance.with_reach(reach), most_unserved_mw_it=left_mw_it)
