"""Repairs of a scenario whose bottlenecks are known: one by one, and the cheapest mix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from microdc.explain.bottlenecks import Bottleneck
from microdc.explain.named import Case
from microdc.explain.repairs.prices import HEADROOM_MN_PER_MW, RepairPrices
from microdc.explain.repairs.prices import UNSERVED_MN_PER_MW_IT_YR as UNSERVED
from microdc.inputs.costs import annuity_factor
from microdc.scenario import Scenario
from microdc.solve.highs import Clock
from microdc.studies.repairing.mix import cheapest_repair
from microdc.studies.repairing.repair import Repair, sentence
from microdc.studies.repairing.singles import single_repairs
from microdc.studies.repairing.trial import Trial

LESS = "less demand"

MOST_BOTTLENECKS = 5
"""Of which single repairs are looked for, those that are short of most; the mix cures all."""

MOST_S_OF_ALL = 20.0
"""To confirm a repair on the whole scenario (s)."""

OF_THE_PLANNER = ("budget", "count", "separation")
"""Limits of a bottleneck that the planner sets, and may loosen at once."""

_SHARE_FOR_MIX = 0.5
_SHARE_OF_EACH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairs:
    """
    What would cure a scenario.

    singles
        Each by itself, those that cure all first, then by cost; what has no price comes last.
    mix, parts
        The cheapest mix and what it is made of; None: none was found.
    complete
        Whether there was time to look for all.
    """

    singles: tuple[Repair, ...]
    mix: Repair | None
    parts: tuple[Repair, ...]
    prices: RepairPrices
    complete: bool

    @property
    def best(self) -> Repair | None:
        """The mix, unless it gives up demand and a single repair cures all without that."""
        first = next((one for one in self.singles if one.all and one.kind != LESS), None)
        gives_up = self.mix is None or any(part.kind == LESS for part in self.parts)
        return first if gives_up and first is not None else self.mix

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        mix = None
        if self.mix is not None:
            mix = {**self.mix.to_document(), "parts": [one.to_document() for one in self.parts]}
        return {
            "repairs": [one.to_document() for one in self.singles],
            "mix": mix,
            "repairs_complete": self.complete,
            "repair_prices": {
                "headroom_mn_per_mw": self.prices.headroom_mn_per_mw,
                "unserved_mn_per_mw_it_yr": self.prices.unserved_mn_per_mw_it_yr,
                "annuity": self.prices.annuity,
                "headroom_source": self.prices.headroom_source,
                "unserved_source": self.prices.unserved_source,
            },
        }


def prices_of(
    scenario: Scenario,
    headroom_mn_per_mw: float | None = None,
    unserved_mn_per_mw_it_yr: float | None = None,
) -> RepairPrices:
    """Give the prices of repairs in a scenario's currency; those stated win over the defaults."""
    prices = RepairPrices(
        headroom_mn_per_mw=HEADROOM_MN_PER_MW * scenario.dollar,
        unserved_mn_per_mw_it_yr=UNSERVED * scenario.dollar,
        annuity=annuity_factor(scenario.costs.annuity),
    )
    if headroom_mn_per_mw is not None:
        prices = replace(prices, headroom_mn_per_mw=headroom_mn_per_mw, headroom_source="stated")
    if unserved_mn_per_mw_it_yr is not None:
        of_demand = unserved_mn_per_mw_it_yr
        prices = replace(prices, unserved_mn_per_mw_it_yr=of_demand, unserved_source="stated")
    return prices


def repairs_of(
    case: Case,
    bottlenecks: tuple[Bottleneck, ...],
    prices: RepairPrices,
    clock: Clock,
    reading_s: float = 0.0,
) -> Repairs:
    """
    Find what cures each of the bottlenecks by itself, and the cheapest mix that cures all.

    `reading_s` is how long the tables take to read: some changes show only there.

    Single repairs are looked for around each bottleneck alone. What cures the only one, and every
    rule that, loosened far enough, cures each of several, is tried on the whole scenario. Where the
    planner's own rules bind, they are loosened first; else the mix comes first.
    """
    every = case.region.demand
    whole = Trial(case=case, demand=every, prices=prices, clock=clock, reading_s=reading_s)
    of_a_rule = any(limit.kind in OF_THE_PLANNER for one in bottlenecks for limit in one.limits)
    found, looked = _singles(whole, bottlenecks, ()) if of_a_rule else ([], False)
    mix, parts = _mix(replace(whole, clock=clock.share(_SHARE_FOR_MIX)), bottlenecks)
    if not found:
        found, looked = _singles(whole, bottlenecks, parts)
    singles = sorted(_on_the_whole(whole, found, len(bottlenecks)), key=_order)
    currency = case.scenario.currency
    told = tuple(replace(one, says=sentence(one, currency)) for one in singles)
    return Repairs(
        singles=told,
        mix=mix and replace(mix, says=sentence(mix, currency)),
        parts=tuple(replace(part, says=sentence(part, currency)) for part in parts),
        prices=prices,
        complete=looked and not clock.expired and len(bottlenecks) <= MOST_BOTTLENECKS,
    )


def _singles(
    whole: Trial, bottlenecks: tuple[Bottleneck, ...], parts: Sequence[Repair]
) -> tuple[list[Repair], bool]:
    """
    Find what cures each bottleneck by itself; `parts` of a mix say which headroom counts.

    Says also whether there was time to look for all.
    """
    binding = [part.id for part in parts if part.kind == "headroom"]
    found: list[Repair] = []
    looked = True
    for number, one in enumerate(bottlenecks[:MOST_BOTTLENECKS], start=1):
        if whole.clock.expired:
            return found, False
        around = whole.around(np.array(one.points, dtype=np.int64))
        around = replace(around, clock=whole.clock.share(_SHARE_OF_EACH))
        nodes = [limit.id for limit in one.limits if limit.kind == "node"] + binding
        # Whoever looked at all demand has seen it cured, but for the mean round trip.
        seen = len(around.demand) == len(whole.demand) and not whole.limits_mean
        repairs = single_repairs(around, nodes)
        found += [
            replace(one, cures=(number,), confirmed=seen and not one.at_least) for one in repairs
        ]
        looked = looked and not around.clock.expired
    return found, looked


def _order(one: Repair) -> tuple[bool, bool, bool, float]:
    return not one.all, one.at_least, one.cost_mn_yr is None, one.cost_mn_yr or 0.0


def _mix(whole: Trial, bottlenecks: tuple[Bottleneck, ...]) -> tuple[Repair | None, list[Repair]]:
    """Find the mix around all bottlenecks; on the whole where what is found does not do there."""
    points = np.unique([j for one in bottlenecks for j in one.points]).astype(np.int64)
    around = whole.around(points)
    last: tuple[Repair | None, list[Repair]] = None, []
    for trial in (around, whole) if len(around.demand) < len(whole.demand) else (whole,):
        found = None if trial.too_late else cheapest_repair(trial)
        if found is None or not found[1]:
            continue
        mix, parts = found
        cures = whole.cures(mix.changes, most_s=MOST_S_OF_ALL)
        everything = tuple(range(1, len(bottlenecks) + 1))
        last = replace(mix, cures=everything, all=True, confirmed=cures is True), parts
        if cures is not False:
            return last
        last = None, []
    return last


def _on_the_whole(whole: Trial, found: list[Repair], count: int) -> Iterator[Repair]:
    """Tell of each rule once, as far as it must be loosened; say which of them cure all."""
    strongest: dict[tuple[str, str], Repair] = {}
    for one in found:
        key = one.kind, one.id
        before = strongest.get(key)
        if before is None:
            strongest[key] = one
        else:
            stronger = one if (one.more or 0.0) > (before.more or 0.0) else before
            open_ = before.at_least or one.at_least
            both = (*before.cures, *one.cures)
            strongest[key] = replace(stronger, cures=both, at_least=open_)
    for one in strongest.values():
        if whole.limits_mean:  # what cures a bottleneck may leave the mean too long
            cured = whole.cures(one.changes, most_s=MOST_S_OF_ALL) is True
            yield replace(one, all=cured, confirmed=cured)
            continue
        if one.at_least or len(one.cures) < count:
            # Confirmed around its bottleneck, where it was found.
            yield replace(one, confirmed=not one.at_least)
            continue
        cures = one.confirmed or whole.cures(one.changes, most_s=MOST_S_OF_ALL)
        # Where it does not do on the whole, it was still seen to around its bottlenecks.
        yield replace(one, all=cures is not False, confirmed=cures is not None)


def changes_of(repairs: Repairs, number: int | None) -> tuple[Repair, Mapping[str, Any]] | None:
    """
    Give single repair `number` from 1, or the best repair, with what it changes; None: none is.

    The best is the mix, unless it gives up demand and a single repair cures all without that.
    """
    if number is None:
        one = repairs.best
    else:
        one = repairs.singles[number - 1] if 0 < number <= len(repairs.singles) else None
    return None if one is None else (one, one.changes)
