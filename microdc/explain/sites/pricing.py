"""The price of a site: what it costs to have one that is not in a plan, or to lose one that is."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from microdc.explain.sites.base import Base, solved
from microdc.explain.sites.changes import Change, Solved, Way
from microdc.instance import Instance
from microdc.solve.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """
    What forcing a site in, or forbidding it, does to the least cost.

    change
        Of the least cost; below zero only where a site is let go that was forced.
    by_prices_mn_yr
        By how much the relaxation's bound rises at the plan's own prices: a proven rise of the
        bound, and an estimate of that of the cost. None: there are no prices.
    sizes_mw
        Of the best plan found, by id; empty if none was.
    """

    change: Change
    by_prices_mn_yr: float | None
    sizes_mw: "pd.Series[float]"


def forced_in(base: Base, site: str) -> Priced:
    """Price a site that is not in the plan: solve again with it built."""
    earns = by_prices_mn_yr(base)[site]
    outcome = base.again(with_forced(base.instance, site), base.built.union([site]))
    return _priced(base, outcome, max(0.0, -earns), "tighter")


def forbidden(base: Base, site: str) -> Priced:
    """Price a site of the plan that does not stand: solve again without it."""
    earns = by_prices_mn_yr(base)[site]
    outcome = base.again(without(base.instance, site), base.built.difference([site]))
    if base.instance.sites["forced"][site]:
        return _priced(base, outcome, earns, "other")
    return _priced(base, outcome, max(0.0, earns), "tighter")


def least_rise_mn_yr(base: Base) -> "pd.Series[float]":
    """
    Give the least by which the cost rises if each site is forced in (millions a year), by id.

    By the prices that prove the bound: a plan with the site costs no less than that bound and what
    the site fails to earn. Proven, and often nothing, since the gap of the plan is taken off.
    """
    short = np.maximum(0.0, -by_prices_mn_yr(base).to_numpy())
    proven = -np.inf if base.proof is None else base.proof.bound
    least = np.maximum(0.0, proven + short - base.solved.cost)
    return pd.Series(least, index=base.instance.sites.index)


def by_prices_mn_yr(base: Base) -> "pd.Series[float]":
    """Give what each site earns at the plan's prices above its cost, at best (NaN: no prices)."""
    sites = base.instance.sites.index
    if base.proof is None:
        return pd.Series(np.nan, index=sites)
    return pd.Series(base.proof.profit_mn_yr, index=sites)


def with_forced(instance: Instance, site: str) -> Instance:
    """Give an instance in which a site must be built."""
    sites = instance.sites
    forced = sites["forced"] | (sites.index == site)
    return replace(instance, sites=sites.assign(forced=forced))


def without(instance: Instance, site: str) -> Instance:
    """Give an instance in which a site must not be built."""
    sites, mine = instance.sites, instance.sites.index == site
    changed = sites.assign(forced=sites["forced"] & ~mine, forbidden=sites["forbidden"] | mine)
    return replace(instance, sites=changed)


def _priced(base: Base, outcome: Outcome | None, rise_mn_yr: float, way: Way) -> Priced:
    after = solved(outcome)
    if base.proof is not None:
        after = Solved(cost=after.cost, bound=max(after.bound, base.proof.bound + rise_mn_yr))
    return Priced(
        change=Change.between(base.solved, after, way),
        by_prices_mn_yr=None if base.proof is None else rise_mn_yr,
        sizes_mw=pd.Series(dtype=float) if outcome is None else outcome.sizes_mw,
    )
