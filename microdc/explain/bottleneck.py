"""Why nothing is feasible: who is short of power, or which rule stands in the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Instance
from microdc.instance.periods import periods_of
from microdc.oracles.base import Cut, Sizes
from microdc.oracles.delivery import in_order
from microdc.oracles.hourly import Hourly
from microdc.solve.highs import Clock
from microdc.solve.objective import ROUNDING_MW_IT, set_aside
from microdc.solve.outcome import Settings
from microdc.solve.search.loop import Search

_MOST_S = 4.0  # for each rule tried
_A_PRICE = 1e-6  # what a limit must cost to stand in the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """
    Demand points that need more IT power than the sites in their reach can give.

    Points and sites are rows of the instance; none are named where a rule of the planner stands
    in the way, as `because` then says.
    """

    because: str
    points: tuple[int, ...] = ()
    sites: tuple[int, ...] = ()
    hours: tuple[str, ...] = ()
    """In which they do; over several, need and have are MWh IT. None: at the peak."""
    need_mw_it: float = 0.0
    have_mw_it: float = 0.0
    least_short_mw_it: float = 0.0
    """Proven: whatever is built within the rules, so much that must be served is not."""
    full_nodes: tuple[int, ...] = ()
    """Limits of the power tree that are used up where the shortage is least."""
    least_capital_mn: float = 0.0
    """Proven: what any plan within the other rules takes, where a budget stands in the way."""


def why_infeasible(instance: Instance, settings: Settings, clock: Clock) -> Shortage:
    """
    Say why an infeasible instance is infeasible.

    First the demand that no site reaches; then, with every site at full size, a set of demand
    points whose reach has too little power; then the planner's rules, taken off one at a time.
    """
    far = _out_of_reach(instance)
    if far is not None:
        return far
    short = _short_at_full_size(instance)
    if short:
        return _named(instance, max(short, key=lambda cut: _missing(instance, cut)))
    within, _ = set_aside(instance)
    rules = [rule for rule in _RULES if rule.stated(within)]
    trial = partial(_relaxed, settings=settings, clock=clock)
    if trial(within) is None:
        curing = [rule.name for rule in rules if trial(rule.without(within)) is not None]
        if curing:
            because = f"there would be plans without {' or without '.join(curing)}"
            return replace(_figures(within, trial), because=because)
    stated = ", ".join(rule.name for rule in rules) or "the sizes of sites"
    return Shortage(because=f"no combination of whole sites satisfies {stated} together")


def _out_of_reach(instance: Instance) -> Shortage | None:
    """Name the demand that no site can reach although too little of it may stay unserved."""
    far = np.flatnonzero(instance.reach.sites_per_point == 0)
    group, mw_it = (instance.points[c].to_numpy()[far] for c in ("group", "mw_it"))
    lost = np.bincount(group, weights=mw_it, minlength=len(instance.groups))
    over = lost > instance.groups["max_unserved_mw_it"].to_numpy() + ROUNDING_MW_IT
    named = over[group]
    if not named.any():
        return None
    return Shortage(
        because="no site lies within the latency bound of this demand",
        points=tuple(int(j) for j in far[named]),
        need_mw_it=float(mw_it[named].sum()),
    )


def _short_at_full_size(instance: Instance) -> list[Cut]:
    """Find sets of demand whose reach has too little power, whatever is shared and may not move."""
    if instance.hours is None:
        return in_order(instance, "weak").violated_by(_everything(instance))
    hours = instance.hours.unshared
    whole = replace(instance, hours=hours)
    return Hourly(whole, hours, linking="weak").violated_by(_everything(instance))


def _everything(instance: Instance) -> Sizes:
    allowed = np.where(instance.sites["forbidden"], 0.0, 1.0)
    return Sizes(
        built=allowed,
        mw=allowed * instance.sites["cap_mw"].to_numpy(),
        unserved_mw_it=instance.most_unserved_by_point_mw_it,
    )


def _missing(instance: Instance, cut: Cut) -> float:
    return cut.shortfall_mw_it(_everything(instance))


def _named(instance: Instance, cut: Cut) -> Shortage:
    have = cut.need_mw_it - _missing(instance, cut)
    forbidden = instance.sites["forbidden"].to_numpy(dtype=bool)
    return Shortage(
        points=tuple(np.unique(cut.points).tolist()),
        sites=tuple(np.unique(cut.sites[~forbidden[cut.sites]]).tolist()),
        hours=_hours_of(instance, cut),
        need_mw_it=cut.need_mw_it,
        have_mw_it=have,
        because="the sites in reach have too little power, each at its full size",
    )


def _hours_of(instance: Instance, cut: Cut) -> tuple[str, ...]:
    """Give the hours of which a cut speaks."""
    hours, number = instance.hours, cut.situation.period
    if hours is None or number is None:
        return ()
    period = list(periods_of(hours.unshared))[number]
    return tuple(hours.what["time"].to_numpy()[period.hours])


def _relaxed(instance: Instance, settings: Settings, clock: Clock) -> Search | None:
    """Solve the relaxation of an instance, as far as time allows; None: it has no solution."""
    search = Search(instance, settings, Clock(_MOST_S, whole=clock), lambda _: None)
    return search if search.relaxes() else None


def _figures(instance: Instance, trial: Callable[[Instance], Search | None]) -> Shortage:
    """Measure what is missing: the least demand left short, who is full then, and the capital."""
    short, paid = trial(_short_allowed(instance)), None
    if instance.budget_mn is not None:
        paid = trial(_paying_capital(instance))
    full: tuple[int, ...] = ()
    if short is not None and short.proof is not None:
        full = tuple(int(node) for node in np.flatnonzero(short.proof.prices.node > _A_PRICE))
    return Shortage(
        because="",
        least_short_mw_it=0.0 if short is None else max(0.0, short.bound),
        full_nodes=full,
        least_capital_mn=0.0 if paid is None else max(0.0, paid.bound),
    )


def _short_allowed(instance: Instance) -> Instance:
    """Let what must be served be short, at 1 a MW IT, and all else be free."""
    promised = instance.groups["max_unserved_mw_it"] <= ROUNDING_MW_IT
    groups = instance.groups.assign(
        unserved_mn_per_mw_yr=promised.astype(float),
        max_unserved_mw_it=instance.groups["max_unserved_mw_it"].where(
            ~promised, instance.demand_by_group_mw_it
        ),
    )
    free = instance.sites.assign(site_mn_yr=0.0, size_mn_per_mw_yr=0.0)
    return replace(instance, sites=free, groups=groups, constant_mn_yr=0.0)


def _paying_capital(instance: Instance) -> Instance:
    """Let the cost be the capital, and the budget not limit it."""
    sites = instance.sites.assign(
        site_mn_yr=instance.sites["site_capital_mn"],
        size_mn_per_mw_yr=instance.sites["size_capital_mn_per_mw"],
    )
    groups = instance.groups.assign(unserved_mn_per_mw_yr=0.0)
    return replace(instance, sites=sites, groups=groups, budget_mn=None, constant_mn_yr=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """A rule of the planner: whether an instance has it, and the instance without it."""

    name: str
    stated: Callable[[Instance], bool]
    without: Callable[[Instance], Instance]


def _without_tree(instance: Instance) -> Instance:
    none, hours = csr_array((0, len(instance.sites))), instance.hours
    if hours is not None:
        hours = replace(hours.unshared, services=hours.services)
    return replace(instance, nodes=instance.nodes[:0], below=none, hours=hours)


def _without_staying(instance: Instance) -> Instance:
    hours = instance.hours
    return replace(
        instance, hours=hours and replace(hours, services=hours.services.assign(moves=True))
    )


def _without_counts(instance: Instance) -> Instance:
    none = pd.DataFrame({"most": np.empty(0)})
    return replace(instance, counts=none, counted=csr_array((0, len(instance.sites))))


def _without_distance(instance: Instance) -> Instance:
    return replace(instance, apart=csr_array((0, len(instance.sites))))


def _without_forced(instance: Instance) -> Instance:
    return replace(instance, sites=instance.sites.assign(forced=False))


def _without_forbidden(instance: Instance) -> Instance:
    return replace(instance, sites=instance.sites.assign(forbidden=False))


_RULES = (
    _Rule(
        name="the budget",
        stated=lambda instance: instance.budget_mn is not None,
        without=lambda instance: replace(instance, budget_mn=None),
    ),
    _Rule(
        name="the limit on the number of sites",
        stated=lambda instance: len(instance.counts) > 0,
        without=_without_counts,
    ),
    _Rule(
        name="the distance to be kept between sites",
        stated=lambda instance: instance.apart.shape[0] > 0,
        without=_without_distance,
    ),
    _Rule(
        name="the limits of the power tree",
        stated=lambda instance: (
            len(instance.nodes) > 0
            or (instance.hours is not None and len(instance.hours.limits) > 0)
        ),
        without=_without_tree,
    ),
    _Rule(
        name="the classes that may not move",
        stated=lambda instance: (
            instance.hours is not None and not instance.hours.services["moves"].all()
        ),
        without=_without_staying,
    ),
    _Rule(
        name="the outages to be survived",
        stated=lambda instance: instance.outages is not None,
        without=lambda instance: replace(instance, outages=None),
    ),
    _Rule(
        name="the sites that must be built",
        stated=lambda instance: bool(instance.sites["forced"].any()),
        without=_without_forced,
    ),
    _Rule(
        name="the sites that are ruled out",
        stated=lambda instance: bool(instance.sites["forbidden"].any()),
        without=_without_forbidden,
    ),
)
