"""How good a plan is proven to be: cost, bound and gap, worked out from the finished plan."""

from dataclasses import dataclass

import pandas as pd

from microdc.scenario import Scenario
from microdc.solve.outcome import NOTHING_MN, Counts, Ended, Outcome, relative_gap


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


def certify(
    scenario: Scenario, outcome: Outcome, cost_mn_yr: float, service: pd.DataFrame
) -> Certificate:
    """Lay the plan's own cost (millions a year) beside what the search proved."""
    # The bound holds for every plan, so also for this one: what is above it is rounding.
    bound, floor = min(outcome.bound, cost_mn_yr), min(outcome.floor, cost_mn_yr)
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
    )


def status_of(outcome: Outcome, certificate: Certificate) -> str:
    """Say how the search ended, unless the finished plan's own gap says otherwise."""
    missed = certificate.gap > certificate.asked_gap
    ended = Ended.STALLED if outcome.ended is Ended.WITHIN_GAP and missed else outcome.ended
    return str(ended)
