"""
The least demand that must go short within all rules together, and what stands in its way.

What must be served may go short at 1 a MW IT, and all else is free: the search finds how much at
least, with a bound as ever, and the prices of its relaxation say where and why.
"""

from dataclasses import dataclass, replace

import numpy as np

from microdc.explain.bottlenecks.bottleneck import Bottleneck, Kind, in_reach, must_mw_it
from microdc.explain.bottlenecks.priced import Part, parts_of_prices
from microdc.explain.bottlenecks.rules import RULES, RULES_OF_SIZES
from microdc.explain.bottlenecks.witness import irreducible
from microdc.instance import Instance, Ints
from microdc.solve.highs import Clock
from microdc.solve.least_cost import ROUNDING_MW_IT
from microdc.solve.outcome import Ended, Outcome, Settings
from microdc.solve.search.loop import Search

MOST_S = 4.0
"""For each rule tried, and to look for the least that goes short (s)."""

SHORT_MW_IT = 1e-4
"""Less than this, proven by a solver, is no shortage."""

_MOST_POINTS = 40  # of a part of which a witness is looked for, a relaxation for each try


def short_by_rules(
    instance: Instance, settings: Settings, clock: Clock
) -> tuple[list[Bottleneck], bool]:
    """
    Find the bottlenecks that limits and rules make together, and whether that is all there is.

    None, and that is all: everything that must be served can be.
    """
    search = Search(short_allowed(instance), settings, within(clock), _nobody)
    outcome = search.run()
    found_mw_it = outcome.cost
    if search.proof is not None and search.bound > SHORT_MW_IT:
        parts = parts_of_prices(search.market, search.proof.prices)
        short = [part for part in parts if part.least_short_mw_it > SHORT_MW_IT]
        if len(short) == 1:  # whole sites may prove more than parts of them
            short = [replace(short[0], least_short_mw_it=search.bound)]
        if short:
            tried = _Tried(instance, settings, clock)
            return [_told(tried, part, found_mw_it) for part in short], True
    if found_mw_it is not None and found_mw_it <= SHORT_MW_IT:
        return [], True
    if outcome.ended is Ended.INFEASIBLE or search.bound > SHORT_MW_IT:
        return [_of_whole_sites(instance, settings, clock, search, outcome)], True
    return [], False


def within(clock: Clock) -> Clock:
    """Give a clock for one trial: a few seconds of what is left."""
    return Clock(min(MOST_S, clock.left_s), whole=clock)


def _nobody(_: object) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True)
class _Tried:
    """An instance, and how relaxations of its variants are solved."""

    instance: Instance
    settings: Settings
    clock: Clock

    def relaxed(self, instance: Instance) -> Search | None:
        """Solve the relaxation as far as time allows; None: it has no solution, or time ran out."""
        near = in_reach(instance)
        search = Search(near, self.settings, within(self.clock), _nobody)
        return search if search.relaxes() else None


def _told(tried: _Tried, part: Part, found_mw_it: float | None) -> Bottleneck:
    instance = tried.instance
    need_mw_it = float(must_mw_it(instance)[part.points].sum())
    witness, irreducible_ = _witness(tried, part)
    limits = part.limits
    if any(limit.kind == "budget" for limit in part.limits):
        least_mn = least_capital_mn(instance, tried.settings, tried.clock)
        limits = tuple(
            replace(limit, least=least_mn or None) if limit.kind == "budget" else limit
            for limit in limits
        )
    return Bottleneck(
        kind=Kind.RULES,
        points=tuple(part.points.tolist()),
        sites=tuple(part.sites[~instance.sites["forbidden"].to_numpy()[part.sites]].tolist()),
        need_mw_it=need_mw_it,
        have_mw_it=need_mw_it - part.least_short_mw_it,
        short_mw_it=part.least_short_mw_it,
        most_short_mw_it=found_mw_it,
        limits=limits,
        cures=_sizes_that_cure(tried, part),
        witness=tuple(witness.tolist()),
        irreducible=irreducible_,
    )


def _witness(tried: _Tried, part: Part) -> tuple[Ints, bool]:
    """Look for the fewest points of a part that go short by themselves, whatever else is let go."""
    instance = tried.instance
    if len(part.points) > _MOST_POINTS:
        return part.points, False

    def short(kept: Ints) -> Ints | None:
        search = tried.relaxed(short_allowed(instance.with_points(kept)))
        if search is None or search.proof is None or search.bound <= SHORT_MW_IT:
            return None
        parts = parts_of_prices(search.market, search.proof.prices)
        return kept[parts[0].points] if parts[0].least_short_mw_it > SHORT_MW_IT else kept

    mw_it = must_mw_it(instance)[part.points]
    return irreducible(part.points, mw_it, short, lambda: tried.clock.expired)


def _sizes_that_cure(tried: _Tried, part: Part) -> tuple[str, ...]:
    """Name the rules of sizes without which nothing of a part would go short, if it is small."""
    if len(part.points) > _MOST_POINTS:
        return ()
    small = tried.instance.with_points(part.points)
    return tuple(
        rule.name
        for rule in RULES_OF_SIZES
        if rule.stated(small)
        and (search := tried.relaxed(short_allowed(rule.without(small)))) is not None
        and search.bound <= SHORT_MW_IT
    )


def _of_whole_sites(
    instance: Instance, settings: Settings, clock: Clock, search: Search, outcome: Outcome
) -> Bottleneck:
    """Tell of demand that parts of sites could serve, and whole sites cannot."""
    short = np.empty(0, dtype=np.int64)
    if search.incumbent is not None:
        left_mw_it = search.incumbent.sizes.unserved_mw_it
        short = np.flatnonzero(np.minimum(left_mw_it, must_mw_it(instance)) > SHORT_MW_IT)
    near = np.unique(instance.reach.keep(short).site).astype(np.int64)
    cures = tuple(
        rule.name
        for rule in RULES
        if rule.stated(instance) and _plans(rule.without(instance), settings, clock)
    )
    need_mw_it = float(must_mw_it(instance)[short].sum())
    least_mw_it = max(0.0, outcome.bound) if np.isfinite(outcome.bound) else 0.0
    return Bottleneck(
        kind=Kind.WHOLE_SITES,
        points=tuple(short.tolist()),
        sites=tuple(near[~instance.sites["forbidden"].to_numpy()[near]].tolist()),
        need_mw_it=need_mw_it,
        have_mw_it=max(0.0, need_mw_it - least_mw_it),
        short_mw_it=least_mw_it,
        most_short_mw_it=outcome.cost,
        cures=cures,
    )


def _plans(instance: Instance, settings: Settings, clock: Clock) -> bool:
    """Tell whether a plan was found that serves all that must be."""
    free = short_allowed(instance)
    outcome = Search(free, settings, within(clock), _nobody).run()
    return outcome.cost is not None and outcome.cost <= SHORT_MW_IT


def least_capital_mn(instance: Instance, settings: Settings, clock: Clock) -> float:
    """Give what any plan takes (millions) within all rules but the budget; 0: nothing is proven."""
    paid = _Tried(instance, settings, clock).relaxed(paying_capital(instance))
    return 0.0 if paid is None else max(0.0, paid.bound)


def short_allowed(instance: Instance) -> Instance:
    """Let what must be served be short, at 1 a MW IT, and all else be free."""
    promised = instance.groups["max_unserved_mw_it"] <= ROUNDING_MW_IT
    groups = instance.groups.assign(
        unserved_mn_per_mw_yr=promised.astype(float),
        max_unserved_mw_it=instance.groups["max_unserved_mw_it"].where(
            ~promised, instance.demand_by_group_mw_it
        ),
    )
    free = instance.sites.assign(site_mn_yr=0.0, size_mn_per_mw_yr=0.0)
    tiers = instance.tiers and instance.tiers.costing_nothing()
    return replace(instance, sites=free, tiers=tiers, groups=groups, constant_mn_yr=0.0)


def paying_capital(instance: Instance) -> Instance:
    """Let the cost be the capital, and the budget not limit it."""
    sites = instance.sites.assign(
        site_mn_yr=instance.sites["site_capital_mn"],
        size_mn_per_mw_yr=instance.sites["size_capital_mn_per_mw"],
    )
    groups = instance.groups.assign(unserved_mn_per_mw_yr=0.0)
    return replace(
        instance,
        sites=sites,
        tiers=instance.tiers and instance.tiers.costing_capital(),
        groups=groups,
        reach=instance.reach.unpriced,
        budget_mn=None,
        constant_mn_yr=0.0,
    )
