"""What the model's relaxation pays for demand, in order and in outages, and for each limit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from microdc.instance import Floats, Instance, Ints
from microdc.instance.stages.risk import Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class OutagePrices:
    """Prices of what is served while some outages happen together (millions a year)."""

    rows: tuple[int, ...]
    """Of `Outages.sites`."""
    points: Ints
    price: Floats
    """Of a MW IT that must be kept, by `points`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPrice:
    """Price of a site among those that a set of points needs so many of (millions a year)."""

    points: Ints
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HourPrices:
    """Prices of what is wanted in an hour, or in a day (millions a year)."""

    period: int
    """Number among those of `periods_of`."""
    wants: Ints
    price: Floats
    """Of a MW IT, by `wants`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPrices:
    """Prices of what is served from the same sites all year (millions a year)."""

    service: int
    """Row of `Hours.services`."""
    points: Ints
    price: Floats
    """Of a MW IT of the peak, by `points`."""
    by_hour: Floats
    """
    How each site is paid that over the hours, hours x sites: shares that add up to 1 for each site,
    none in an hour in which nothing is wanted.
    """

    def of_all(self, rows: Ints, sites: int) -> "HeldPrices":
        """Give it for all sites, of which these are `rows`: the others are paid as on average."""
        by_hour = np.repeat(self.by_hour.mean(axis=1)[:, None], sites, axis=1)
        by_hour[:, rows] = self.by_hour
        return replace(self, by_hour=by_hour)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePrices:
    """Prices of what ties the stages of a programme together (millions)."""

    site: Floats
    """Of a site being there: what it pays to be there later, less what it is paid by before."""
    mw: Floats
    """Of a MW of it, likewise."""
    budget: Floats
    """Of a million of capital, by stage."""

    @classmethod
    def of(cls, instance: Instance, by_rule: Mapping[str, Mapping[Any, float]]) -> "StagePrices":
        """Take the prices of the rows that tie a site to the same one a stage later."""
        stages = instance.stages
        assert stages is not None
        kept, rows = stages.kept, len(instance.sites)

        def net(rule: str) -> Floats:
            prices = by_rule.get(rule, {})
            price = np.array([max(0.0, -prices.get(k, 0.0)) for k in range(len(kept))], dtype=float)
            pays, is_paid = (np.bincount(kept[:, end], price, minlength=rows) for end in (0, 1))
            return np.subtract(pays, is_paid, dtype=float)

        spent = by_rule.get("spend_within_budget_by_stage", {})
        budget = np.array([max(0.0, -spent.get(t, 0.0)) for t in range(len(stages.budget_mn))])
        return cls(site=net("stay_once_built"), mw=net("never_shrink"), budget=budget)

    def of_all(self, rows: Ints, sites: int) -> "StagePrices":
        """Give them for all sites, of which these are `rows`: nothing ties the others together."""
        site, mw = np.zeros(sites), np.zeros(sites)
        site[rows], mw[rows] = self.site, self.mw
        return replace(self, site=site, mw=mw)


class OfDemand(NamedTuple):
    """Prices of demand in order, in outages and in hours, and of the sites it needs."""

    point: Floats
    outages: tuple[OutagePrices, ...]
    needed: tuple[CountPrice, ...]
    hours: tuple[HourPrices, ...] = ()
    held: tuple[HeldPrices, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices (millions a year), none below zero; arrays in the order of the instance's tables."""

    point: Floats
    """Of a MW IT of demand with everything in order, by demand point."""
    outages: tuple[OutagePrices, ...]
    """Of what must be kept in outages."""
    needed: tuple[CountPrice, ...]
    """Of the sites that sets of points need whatever is out."""
    hours: tuple[HourPrices, ...]
    """Of what services that move want in hours."""
    held: tuple[HeldPrices, ...]
    """Of what services that do not move are served with all year."""
    limit_by_hour: Floats
    """Of a MW drawn below a limit of the power tree in an hour; hours x limits."""
    node: Floats
    """Of a MW of growth below a limit of the power tree."""
    count: Floats
    """Of a site of a kind of which only so many may be built."""
    apart: Floats
    """Of a site of a set of which only one may be built."""
    group: Floats
    """Of a MW IT left unserved of a group that may leave only a part."""
    in_all: float
    """Of a MW IT left unserved, where that is limited over all groups."""
    budget: float
    """Of a million of capital."""
    stages: StagePrices | None = None
    """Of what ties stages together; None: there are none."""
    futures: Floats | None = None
    """How much each future weighs; None: as much as it is likely, or there are none."""

    @classmethod
    def of(
        cls,
        instance: Instance,
        of_demand: OfDemand,
        by_rule: Mapping[str, Mapping[Any, float]],
    ) -> "Prices":
        """Take the prices of the limits from the row prices of `model.constraints`, by rule."""

        def paid(rule: str, keys: list[Any]) -> Floats:
            rows = by_rule.get(rule, {})
            return np.array([max(0.0, -rows.get(key, 0.0)) for key in keys], dtype=float)

        limit_by_hour = np.zeros((0, 0))
        if instance.hours is not None:
            limit_by_hour = np.zeros_like(instance.hours.limit_mw, dtype=float)
            for (t, k), price in by_rule.get("draw_within_tree_limit_by_hour", {}).items():
                limit_by_hour[t, k] = max(0.0, -price)
        return cls(
            **of_demand._asdict(),
            limit_by_hour=limit_by_hour,
            node=paid("draw_within_tree_limit", list(instance.nodes.index)),
            count=paid("build_at_most", list(instance.counts.index)),
            apart=paid("keep_apart", list(range(instance.apart.shape[0]))),
            group=paid("leave_unserved_at_most", list(instance.groups.index)),
            in_all=float(paid("leave_unserved_in_all_at_most", [0])[0]),
            budget=float(paid("spend_within_budget", [0])[0]),
            stages=None if instance.stages is None else StagePrices.of(instance, by_rule),
            futures=None if instance.risk is None else _weights(instance.risk, by_rule),
        )

    def of_all(self, rows: Ints, sites: int) -> "Prices":
        """Give prices found among some sites, `rows` of all, where something is told of all."""
        stages = self.stages and self.stages.of_all(rows, sites)
        held = tuple(held.of_all(rows, sites) for held in self.held)
        return replace(self, held=held, stages=stages)


def _weights(risk: Risk, by_rule: Mapping[str, Mapping[Any, float]]) -> Floats:
    """Take how much each future weighs from what its cost above the level is paid."""
    paid = by_rule.get("cost_above_level", {})
    return risk.allowed(np.array([paid.get(f, 0.0) for f in range(len(risk.most))], dtype=float))
