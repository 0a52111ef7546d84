"""
Why a plan leaves priced demand unserved, reason by reason, the plainest first.

Out of reach; short of power even at full size; short within limits and rules; and, for what is
left, not worth it: serving it is proven to cost so much, and leaving it costs its price. Where most
is served, cost is no reason: to serve what is left would leave others.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from microdc.explain.bottlenecks import Bottleneck, Kind, bottlenecks_of
from microdc.explain.named import Case
from microdc.explain.words import listed
from microdc.instance import Floats, Instance, Ints
from microdc.placement.plan import Plan
from microdc.placement.words.aims import before, such
from microdc.placement.words.rounding import figure_down
from microdc.solve.highs import Clock
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Ended, Settings
from microdc.solve.search.loop import Search
from microdc.solve.turns.held import held_to

_MOST_S = 6.0  # for the bound on what it costs to serve a class
_TOLD_MW_IT = 1e-4  # less is nothing
_NOT_WORTH_IT, _BEFORE_COST = "not worth it", "objective before cost"
_UNKNOWN, _ONE_SITE, _OTHERS = "not known", "one site each", "others instead"

_REASONS = {
    Kind.OUT_OF_REACH: "out of reach",
    Kind.FULL_SIZE: "short of power at full size",
    Kind.RULES: "limits and rules",
    Kind.WHOLE_SITES: "limits and rules",
    Kind.TOO_LARGE: "larger than any site in reach",
    Kind.WHOLE_PLACES: _ONE_SITE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """Demand of a class that a plan leaves unserved for one reason (MW IT)."""

    service: str
    reason: str
    """
    `out of reach`, `larger than any site in reach`, `short of power at full size`, `limits and
    rules`, `objective before cost`, `not worth it`, `others instead` where most is served, `one
    site each` where it might be served if it were split, or `not known` where time ran out before a
    bottleneck was ruled out.
    """
    mw_it: float
    places: tuple[str, ...]
    price_mn: float
    """What leaving a MW IT costs a year (millions)."""
    least_cost_mn: float | None = None
    """Proven least that serving it all would cost a year and MW IT; None: nothing is proven."""
    as_good: str = ""
    """Which plans could serve it, such as ` that builds as few sites`; empty: all."""
    least_left_mw_it: float | None = None
    """Of all demand, what no such plan leaves less than: so this would leave others; or None."""

    def sentence(self, currency: str) -> str:
        """Say how much of what is unserved, and why."""
        head = f"{self.mw_it:,.2f} MW IT of {self.service} unserved at {listed(self.places)}"
        if self.reason == _UNKNOWN:
            return f"{head}: why was not found in the time there was"
        price = f"its price is {self.price_mn:g} M {currency} a MW IT and year"
        if self.reason != _NOT_WORTH_IT:
            return f"{head}: {self._why}; {price}"
        least = self.least_cost_mn or 0.0
        if np.floor(1e4 * least) / 1e4 < self.price_mn:
            no_plan = f"no plan{self.as_good} was found that pays"
            return f"{head}: there is power for it, and {no_plan}; {price}"
        takes = f"to serve it all takes at least {figure_down(least, 4)} M"
        return f"{head}: not worth it; {takes}, {price}"

    @property
    def _why(self) -> str:
        """Say why it is left, where that is no matter of its price."""
        if self.reason == _OTHERS:
            return self._others
        if self.reason == _BEFORE_COST:
            return f"no plan{self.as_good} can serve it all (proven)"
        if self.reason == _ONE_SITE:
            no_plan = f"no plan{self.as_good} was found that serves it whole and pays"
            return f"it has one site or none, and {no_plan}"
        return self.reason

    @property
    def _others(self) -> str:
        """Say that others would go without it instead, as far as that is proven."""
        if self.least_left_mw_it is None:
            return f"no plan{self.as_good} was found that serves more in all"
        least = f"less than {figure_down(self.least_left_mw_it, 4)} MW IT in all"
        no_plan = f"no plan{self.as_good} leaves {least} (proven)"
        return f"serving it all would leave others unserved: {no_plan}"

    def to_document(self, currency: str) -> dict[str, Any]:
        """Give it as JSON knows it."""
        return {"sentence": self.sentence(currency), **asdict(self)}


def why_unserved(
    case: Case, plan: Plan, settings: Settings, clock: Clock
) -> tuple[list[Bottleneck], tuple[Unserved, ...], bool]:
    """
    Give the bottlenecks behind what a plan leaves unserved, that by reason, and if that is all.

    Bottlenecks are those of serving everything, priced or not; only those are given of which the
    plan leaves something. Of demand in one of them as much as it is short by is put down to it, and
    what a plan leaves beyond that is not worth it, or, where most is served, left for others.
    """
    unserved_mw_it = _unserved(case, plan)
    if unserved_mw_it.sum() <= _TOLD_MW_IT:
        return [], (), True
    whole = _everything_promised(case.instance)
    found = bottlenecks_of(whole, settings, clock, case.areas())
    left_mw_it = unserved_mw_it.copy()
    free = case.instance.reach.sites_per_point > 0
    kept, told = [], []
    for one in found.bottlenecks:
        taken_mw_it = _taken(case.instance, one, left_mw_it)
        if taken_mw_it.sum() > _TOLD_MW_IT:
            left_mw_it -= taken_mw_it
            kept.append(one)
            told += _by_class(case, taken_mw_it, _REASONS[one.kind])
        free[list(one.points)] = False
    told = _merged(told)
    rest = _by_class(case, left_mw_it, _NOT_WORTH_IT)
    for_most = plan.stage is None and plan.alternative is None  # these leave some for its cost, too
    if for_most and "most-served" in plan.objective.split(", "):
        told += [_instead_of_others(plan, one, found.complete) for one in rest]
        return kept, tuple(told), found.complete
    trying = _Trial(case=case, plan=plan, settings=settings, clock=clock)
    priced = (trying.priced(one, np.flatnonzero(free), left_mw_it) for one in rest)
    told += [_sure(_whole(case, one), found.complete) for one in priced]
    return kept, tuple(told), found.complete


def _instead_of_others(plan: Plan, one: Unserved, complete: bool) -> Unserved:
    """
    Put down to others what could be served in place of them, where most is to be served.

    That they would lose is proven where more is left of it than any plan can serve beyond this one.
    """
    proven = plan.certificate
    as_good = before("most-served", plan.to_document())
    least_mw_it = proven.unserved_bound_mw_it
    if least_mw_it is not None and one.mw_it > proven.unserved_mw_it - least_mw_it + _TOLD_MW_IT:
        return replace(one, reason=_OTHERS, as_good=as_good, least_left_mw_it=least_mw_it)
    return replace(one, reason=_OTHERS if complete else _UNKNOWN, as_good=as_good)


def _whole(case: Case, one: Unserved) -> Unserved:
    """Put down to its one site what may not be split, unless it is too dear even split."""
    dear = one.least_cost_mn is not None and one.least_cost_mn >= one.price_mn
    split = case.scenario.services[one.service].split
    return one if split or dear or one.reason != _NOT_WORTH_IT else replace(one, reason=_ONE_SITE)


def _sure(one: Unserved, complete: bool) -> Unserved:
    """Claim power for what is left only if it is proven too dear, or every bottleneck was found."""
    dear = one.least_cost_mn is not None and one.least_cost_mn >= one.price_mn
    settled = complete or dear or one.reason != _NOT_WORTH_IT
    return one if settled else replace(one, reason=_UNKNOWN)


def _unserved(case: Case, plan: Plan) -> Floats:
    """Give what the plan leaves of each point (MW IT): first of what has a price."""
    service = plan.service[plan.service["site"].isna()]
    left = service.groupby(["place", "service"])["mw_it"].sum()
    points = case.instance.points
    may_mw_it = case.instance.most_unserved_by_point_mw_it
    keys = pd.MultiIndex.from_frame(points[["place", "service"]])
    asked_mw_it = left.reindex(keys).fillna(0.0).to_numpy(dtype=float)
    taken: Floats = np.minimum(asked_mw_it, may_mw_it)
    return taken


def _everything_promised(instance: Instance) -> Instance:
    groups = instance.groups.assign(max_unserved_mw_it=0.0)
    return replace(instance, groups=groups, most_unserved_mw_it=None)


def _taken(instance: Instance, one: Bottleneck, left_mw_it: Floats) -> Floats:
    """Put what a bottleneck is short by down to what is unserved in it, the cheapest first."""
    points = np.array(one.points, dtype=np.int64)
    price = instance.groups["unserved_mn_per_mw_yr"].to_numpy()
    order = points[np.argsort(price[instance.points["group"].iloc[points]], kind="stable")]
    most = np.inf if one.kind is Kind.OUT_OF_REACH or one.outages else one.short_mw_it
    up_to = np.minimum(np.cumsum(left_mw_it[order]), most)
    taken = np.zeros_like(left_mw_it)
    taken[order] = np.diff(up_to, prepend=0.0)
    return taken


def _by_class(case: Case, mw_it: Floats, reason: str) -> list[Unserved]:
    """Sum demand up by class."""
    some = case.instance.points.assign(left=mw_it)[mw_it > _TOLD_MW_IT / 10]
    names = case.region.places
    return [
        Unserved(
            service=str(service),
            reason=reason,
            mw_it=float(mine["left"].sum()),
            places=tuple(names[place] for place in mine["place"].unique()),
            price_mn=float(case.scenario.services[str(service)].unserved_mn_per_mw_yr or 0.0),
        )
        for service, mine in some.groupby("service", sort=False)
        if mine["left"].sum() > _TOLD_MW_IT
    ]


def _merged(told: list[Unserved]) -> list[Unserved]:
    """Put together what is of one class and one reason."""
    whole: dict[tuple[str, str], Unserved] = {}
    for one in told:
        key = one.service, one.reason
        before = whole.get(key, replace(one, mw_it=0.0, places=()))
        places = tuple(dict.fromkeys([*before.places, *one.places]))
        whole[key] = replace(before, mw_it=before.mw_it + one.mw_it, places=places)
    return list(whole.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """A plan, and how the same with more service is looked for."""

    case: Case
    plan: Plan
    settings: Settings
    clock: Clock

    def priced(self, one: Unserved, free: Ints, left_mw_it: Floats) -> Unserved:
        """Prove what serving all of a class at points that are free of bottlenecks would cost."""
        reached = self.plan.certificate.reached
        instance = held_to(self.case.instance, reached)
        mine = free[(instance.points["service"] == one.service).to_numpy()[free]]
        more_mw_it = float(left_mw_it[mine].sum())
        if more_mw_it <= _TOLD_MW_IT:
            return one
        one = replace(one, as_good=self._as_good())
        no_plan = replace(one, reason=_BEFORE_COST if reached else _REASONS[Kind.RULES])
        trial, _ = set_aside(_promising(instance, mine))
        if (trial.groups["max_unserved_mw_it"] < 0).any():  # within the bounds, but not so soon
            return no_plan
        clock = Clock(min(_MOST_S, self.clock.left_s), whole=self.clock)
        outcome = Search(trial, self.settings, clock, lambda _: None).run()
        if outcome.ended is Ended.INFEASIBLE:
            return no_plan
        more_mn = outcome.bound - self.plan.certificate.cost_mn_yr
        return replace(one, least_cost_mn=max(0.0, one.price_mn + more_mn / more_mw_it))

    def _as_good(self) -> str:
        """Say of which plans it is: as good by what comes before cost, and as soon in the mean."""
        text = such(self.plan.objective, [asdict(r) for r in self.plan.certificate.reached])
        most_ms = self.plan.most_mean_rtt_ms
        if most_ms is None:
            return text
        begun = f"{text} and" if text else " that"
        return f"{begun} answers in {most_ms:g} ms in the mean"


def _promising(instance: Instance, points: Ints) -> Instance:
    """Let some points be served in full, as a group of their own."""
    group = instance.points["group"].to_numpy().copy()
    group[points] = len(instance.groups)
    must = pd.DataFrame(
        {"unserved_mn_per_mw_yr": [0.0], "max_unserved_mw_it": [0.0]}, index=["must"]
    )
    of_all = instance.points["mw_it"].to_numpy()[points]
    lost = np.bincount(instance.points["group"].iloc[points], of_all, len(instance.groups))
    most = np.maximum(0.0, instance.groups["max_unserved_mw_it"] - lost)
    groups = pd.concat([instance.groups.assign(max_unserved_mw_it=most), must])
    return replace(instance, points=instance.points.assign(group=group), groups=groups)
