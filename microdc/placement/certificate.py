"""How good a plan is proven to be: cost, bound and gap, worked out from the finished plan."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any, NamedTuple

import pandas as pd

from microdc.placement.parts.mean_rtt import mean_rtt_ms
from microdc.placement.parts.records import records
from microdc.scenario import Scenario
from microdc.solve.outcome import (
    NOTHING_MN,
    Counts,
    Ended,
    Mark,
    Method,
    Outcome,
    PriceProof,
    Reached,
    less_rounding,
    relative_gap,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPrices:
    """
    What the planner's limits are worth, and the bound that they prove with the prices of demand.

    Millions a year for each unit of a limit; those that are worth nothing are left out.
    """

    bound_mn_yr: float
    nodes_mn_per_mw_yr: dict[str, float]
    """A MW of growth below a limit of the power tree, by id."""
    nodes_by_hour_mn_per_mw_yr: dict[str, dict[str, float]] = field(default_factory=dict)
    """A MW drawn below a limit of the power tree beyond what exists, by id and hour."""
    counts_mn_per_site_yr: dict[str, float]
    """A site of a kind of which only so many may be built, by the kind's name."""
    apart: list[dict[str, Any]]
    """`sites` (ids) of which one may be built, and `mn_per_site_yr`."""
    groups_mn_per_mw_it_yr: dict[str, float]
    """A MW IT left unserved of a group that may leave only a part, by name."""
    in_all_mn_per_mw_it_yr: float
    """A MW IT left unserved, where that is limited over all groups."""
    budget_mn_per_mn_yr: float
    """A million of capital."""

    @classmethod
    def of(cls, proof: PriceProof, cost_mn_yr: float) -> "LimitPrices":
        """Take the prices of limits from the search's proof."""
        return cls(
            bound_mn_yr=less_rounding(proof.bound_mn_yr, cost_mn_yr),
            nodes_mn_per_mw_yr=_by_name(proof.nodes),
            nodes_by_hour_mn_per_mw_yr={
                str(node): _by_name(prices.set_index("time")["mn_per_mw_yr"])
                for node, prices in proof.nodes_by_hour.groupby("node")
            },
            counts_mn_per_site_yr=_by_name(proof.counts),
            apart=[{"sites": list(s), "mn_per_site_yr": price} for s, price in proof.apart],
            groups_mn_per_mw_it_yr=_by_name(proof.groups),
            in_all_mn_per_mw_it_yr=proof.in_all_mn_per_mw_it_yr,
            budget_mn_per_mn_yr=proof.budget,
        )


def _by_name(prices: "pd.Series[float]") -> dict[str, float]:
    return {str(name): float(price) for name, price in prices.items()}


class Step(NamedTuple):
    """Where the search stood; millions a year, None where there was no plan or no bound yet."""

    seconds: float
    cost_mn_yr: float | None
    bound_mn_yr: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Cost, bound and gap, always together; money in millions a year."""

    cost_mn_yr: float
    bound_mn_yr: float
    gap: float
    floor_mn_yr: float
    """What no plan avoids: every MW at its cheapest price in reach."""
    gap_avoidable: float
    """The gap as a share of what can be avoided at all."""
    asked_gap: float
    seconds: float
    counts: Counts
    unserved_mw_it: float
    unserved_bound_mw_it: float | None
    """Proven least unserved demand, where the objective is to serve most."""
    reached: tuple[Reached, ...] = ()
    """What other objectives before cost came to: cost and bound are of plans as good as that."""
    prices: LimitPrices | None = None
    """What proves the bound, or most of it; None for the textbook model."""
    method: Method = "cuts"
    bound_of_split: bool = False
    """Whether the bound is that of split service, although some classes may not be split."""
    reached_of_split: tuple[str, ...] = ()
    """Objectives before cost that are not proven, whose bound is that of split service, too."""
    trail: tuple[Step, ...] = ()
    """How the search came there, a step for each change; none for the textbook model."""

    @classmethod
    def from_document(cls, proven: dict[str, Any]) -> "Certificate":
        """Give the certificate that a document states."""
        prices, counts = proven.get("prices"), Counts(**proven["counts"])
        told: dict[str, Any] = {"counts": counts}
        told["prices"] = LimitPrices(**prices) if prices else None
        trail = tuple(Step(*step) for step in proven.get("trail", ()))
        reached = tuple(Reached(**one) for one in proven.get("reached", ()))
        of_split = tuple(proven.get("reached_of_split", ()))
        told |= {"reached": reached, "reached_of_split": of_split, "trail": trail}
        return cls(**{**proven, **told})


def certify(
    scenario: Scenario, outcome: Outcome, cost_mn_yr: float, service: pd.DataFrame
) -> Certificate:
    """Lay the plan's own cost (millions a year) beside what the search proved."""
    bound = less_rounding(outcome.bound, cost_mn_yr)
    floor = less_rounding(outcome.floor, cost_mn_yr)
    above, avoidable = cost_mn_yr - bound, cost_mn_yr - floor
    return Certificate(
        cost_mn_yr=cost_mn_yr,
        bound_mn_yr=bound,
        gap=relative_gap(cost_mn_yr, bound),
        floor_mn_yr=floor,
        gap_avoidable=above / avoidable if above > NOTHING_MN and avoidable > 0 else 0.0,
        asked_gap=scenario.solve.gap,
        seconds=outcome.seconds,
        counts=outcome.counts,
        unserved_mw_it=float(service.loc[service["site"].isna(), "mw_it"].sum()),
        unserved_bound_mw_it=outcome.unserved_bound_mw_it,
        reached=outcome.reached,
        prices=LimitPrices.of(outcome.proof, cost_mn_yr) if outcome.proof else None,
        method=outcome.method,
        bound_of_split=outcome.bound_of_split,
        reached_of_split=outcome.reached_of_split,
        trail=tuple(_steps(outcome.trail, cost_mn_yr)),
    )


def with_own_mean(outcome: Outcome, classes: pd.DataFrame) -> Outcome:
    """Let a plan state its own mean, which is no longer than the one it was held to."""
    mean_ms = mean_rtt_ms(records(classes))
    if mean_ms is None:
        return outcome
    reached = (
        replace(one, value=mean_ms, bound=less_rounding(one.bound, mean_ms))
        if one.objective == "least-mean-rtt"
        else one
        for one in outcome.reached
    )
    return replace(outcome, reached=tuple(reached))


def _steps(marks: tuple[Mark, ...], cost_mn_yr: float) -> Iterator[Step]:
    """Keep the marks at which cost or bound changed; the bound holds for the plan, so below it."""
    before: tuple[float | None, float | None] | None = None
    for mark in marks:
        known = mark.bound is not None and isfinite(mark.bound)
        bound = min(mark.bound, cost_mn_yr) if known and mark.bound is not None else None
        if (mark.cost, bound) != before:
            before = mark.cost, bound
            yield Step(mark.seconds, mark.cost, bound)


def status_of(outcome: Outcome, certificate: Certificate) -> str:
    """Say how the search ended, unless the finished plan's own gap says otherwise."""
    missed = certificate.gap > certificate.asked_gap
    ended = Ended.STALLED if outcome.ended is Ended.WITHIN_GAP and missed else outcome.ended
    return str(ended)
