"""Why the solver stopped, and what it has: two answers, in the words of the problem."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.instance import Ints
from microdc.solve.highs import Clock
from microdc.solve.search.known import Known

Formulation = str


_SHARE_OF_STEP = 0.99  # a bound is lowered by what the solver's tolerances may have added

Of = Literal["cost", "service", "time to power", "sites", "round trips", "mean round trip"]
"""What a search looks for the best of."""


Method = Literal["cuts", "textbook", "pairs", "assignment"]
"""
How the answer was found: by cutting off what cannot be delivered, by the textbook model, by that on
the pairs that matter, or by assigning points whole to sites of a plan with split service.
"""


class Ended(StrEnum):
    """Why the search stopped."""

    WITHIN_GAP = "within gap"
    TIME_LIMIT = "time limit"
    INTERRUPTED = "interrupted"
    INFEASIBLE = "infeasible"
    STALLED = "stalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """
    Where the search stands; cost and bound in millions a year.

    While it looks for the most service, they are the negative of the MW IT served, and of the
    MW-months for the shortest time to power; for the fewest sites, their number; for the shortest
    round trips, where any plan will do, nothing; for the shortest mean, ms.
    """

    seconds: float
    phase: str
    cost: float | None
    bound: float | None
    cuts: int
    time_left_s: float
    of: Of = "cost"

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost, as far as both are known."""
        if self.cost is None or self.bound is None:
            return None
        return relative_gap(self.cost, self.bound)


Watch = Callable[[Mark], None]


class Trail:
    """Where a search stood over time; who watches is told as it goes."""

    def __init__(self, clock: Clock, watch: Watch) -> None:
        self.clock, self.watch = clock, watch
        self.marks: list[Mark] = []

    def mark(self, phase: str, cost: float | None, bound: float, cuts: int = 0) -> None:
        """Mark where the search stands; cost and bound in millions a year."""
        mark = Mark(
            seconds=self.clock.seconds,
            phase=phase,
            cost=cost,
            bound=bound,
            cuts=cuts,
            time_left_s=self.clock.left_s,
        )
        self.marks.append(mark)
        self.watch(mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    When to stop and how to run; gap is relative.

    Costs of plans differ by at least `step`, where that is known: 1 where sites are counted. Then a
    bound less than a step below a cost proves that the least.
    """

    gap: float = 0.001
    step: float = 0.0
    threads: int = 2
    seed: int = 0
    formulation: Formulation = "auto"

    def gap_at(self, cost: float) -> float:
        """Give the gap at which a cost is near enough the bound: within the gap, or a step."""
        near = _SHARE_OF_STEP * self.step / cost if cost > 0 else 0.0
        return max(self.gap, near)

    def goal(self, cost: float) -> float:
        """Give the bound that is near enough a cost; infinite where there is no plan yet."""
        return cost - self.gap_at(cost) * abs(cost) if cost < np.inf else cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much work it was."""

    pairs: int = 0
    rows: int = 0
    cuts: int = 0
    rounds: int = 0
    nodes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceProof:
    """
    Prices at which no plan can cost less than `bound_mn_yr`; anyone can work that out again.

    Money in millions a year; limits whose price is nothing are left out.
    """

    points: pd.DataFrame
    """
    Prices of demand: `place`, `service`, `group` (name), `outage` (empty: served in order; else
    kept while that is out together, as JSON `[[kind, id], ...]`), `mn_per_mw_it_yr`. Where demand
    has hours, of what is wanted at `time` and served until `until`; both empty where a service does
    not move: then of its peak, all year.
    """
    needed: pd.DataFrame
    """
    Sets of demand that need so many sites whatever is out, a row for each set and point: `set`
    (number), `place`, `service`, `group`, `sites`, `mn_per_site_yr` (price of a site).
    """
    held_hours: pd.DataFrame
    """
    How each site is paid over the hours for what does not move: `service`, `site`, `time`, `share`;
    the shares of a service and site add up to 1.
    """
    nodes_by_hour: pd.DataFrame
    """Price of a MW drawn below a limit in an hour: `node` (id), `time`, `mn_per_mw_yr`."""
    nodes: "pd.Series[float]"
    """Price of a MW of growth below a limit of the power tree, by node id."""
    counts: "pd.Series[float]"
    """Price of a site of a kind of which only so many may be built, by the kind's name."""
    apart: tuple[tuple[tuple[str, ...], float], ...]
    """Sets of sites of which one may be built, and the price of being the one."""
    groups: "pd.Series[float]"
    """Price of a MW IT left unserved, of groups that may leave only a part, by name."""
    in_all_mn_per_mw_it_yr: float
    """Price of a MW IT left unserved, where that is limited over all groups."""
    budget: float
    """Price of a million of capital."""
    bound_mn_yr: float
    futures: NDArray[np.float64] | None = None
    """How much each future of a programme weighs; None: as much as it is likely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledByHour:
    """What every hour can be served with: who is left unserved, and what is kept for whom."""

    unserved_mw_it: NDArray[np.float64]
    """Of each demand point's peak (MW IT), in the order of the instance's points."""
    held_mw: "pd.Series[float]"
    """
    Power (MW, grid) held for the peak of each service that does not move, by (service, site).

    Only of built sites. In an hour such a service takes its share of that, and others the rest.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """
    What an objective before cost came to; less than `bound` is proven impossible.

    Of `fewest-sites` new sites, of `least-worst-rtt` and `least-mean-rtt` ms, of `most-served` the
    unserved MW IT, or MW-months.
    """

    objective: str
    value: float
    bound: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What the search found.

    `cost` and `bound` (millions a year) are those of the solver: the bound is safe against its
    tolerances, the cost is computed again from the finished plan.
    """

    ended: Ended
    sizes_mw: "pd.Series[float]"
    """Grid connection of each built site, by id; empty if no plan was found."""
    unserved_mw_it: "pd.Series[float]"
    """Unserved demand of each group, out of reach included."""
    projects: "pd.Series[str]" = field(default_factory=lambda: pd.Series(dtype=object))
    """The site at the centre of each built site's project, by id; empty where there are none."""
    served_by: Ints | None = None
    """
    The site (row of the instance) that serves each point whole, -1 where none does; shape
    (points,). None where all points may be split; those that may are -1 as well.
    """
    by_hour: "SettledByHour | None" = None
    """What the plan settles beside sizes where demand has hours."""
    cost: float | None = None
    """None where no plan was found; NaN of one that an earlier search found for something else."""
    bound: float
    bound_of_split: bool = False
    """Whether the bound is that of split service, although some points may not be split."""
    floor: float
    """What cannot be avoided: every MW served at its cheapest reachable price per MW."""
    unserved_bound_mw_it: float | None = None
    """Proven least unserved demand when most is to be served; of a programme, in MW-months."""
    reached: tuple[Reached, ...] = ()
    """What other objectives before cost came to, in their order; cost and bound hold within it."""
    reached_of_split: tuple[str, ...] = ()
    """Objectives before cost that are not proven, whose bound is that of split service."""
    proof: PriceProof | None = field(default=None, repr=False)
    """Prices that prove the relaxation's part of the bound; None for the textbook model."""
    seconds: float = 0.0
    counts: Counts = Counts()
    method: Method = "cuts"
    trail: tuple[Mark, ...] = field(default=(), repr=False)
    known: Known | None = field(default=None, repr=False)
    """What a search of a neighbouring instance can begin with."""

    @property
    def has_plan(self) -> bool:
        """Whether a plan was found."""
        return self.cost is not None


NOTHING_MN = 1e-6
"""Less money than this, one unit of the currency, is no difference."""

_ROUNDING_SHARE = 1e-5  # of a cost: what working it out anew may take off


def ended_at(clock: Clock, *, infeasible: bool, within_gap: bool) -> Ended:
    """Say why a search stopped that has nothing left to do, or no time to do it."""
    if infeasible:
        return Ended.INFEASIBLE
    if within_gap:
        return Ended.WITHIN_GAP
    if clock.interrupted:
        return Ended.INTERRUPTED
    return Ended.TIME_LIMIT if clock.expired else Ended.STALLED


def less_rounding(bound: float, cost: float) -> float:
    """
    Give a bound of all plans, and so of a plan of this cost, without what rounding put above it.

    What rounding does not explain is left: then the proof is wrong, and the verifier refuses it.
    """
    rounding = _ROUNDING_SHARE * abs(cost) + NOTHING_MN
    return cost if cost < bound <= cost + rounding else bound


def relative_gap(cost: float, bound: float) -> float:
    """Give (cost - bound) / cost, at least 0; 0 when nothing lies between them."""
    if cost - bound <= NOTHING_MN:
        return 0.0
    return (cost - bound) / abs(cost) if cost else float("inf")
