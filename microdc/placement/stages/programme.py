"""A programme as it is written to `stages.json`: its stages, what each adds, and what all cost."""

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from microdc import __version__
from microdc.placement.plan import Plan
from microdc.placement.stages.futures import InFuture, appearances
from microdc.placement.stages.risk import REGRET, comes_to_mn
from microdc.placement.stages.service import TimeToPower
from microdc.placement.verify.document import STAGES_FORMAT
from microdc.solve.outcome import relative_gap

_SAME_MW = 1e-4
"""Power is told to 100 W: a site that grows by less has not grown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A site that a stage has larger than the one before (MW, grid side)."""

    id: str
    from_mw: float
    to_mw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """The separately best plan of a stage (millions a year)."""

    cost_mn_yr: float
    bound_mn_yr: float
    gap: float
    sites: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nestedness:
    """
    What it costs that what is built stays: the programme less its stages planned separately.

    Net present (millions): of the plans found, and between what it is proven to lie.
    """

    cost_mn: float
    at_least_mn: float
    at_most_mn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePlan:
    """
    A stage: its plan, from when to when (YYYY-MM), and for how many discounted years it counts.

    future, probability, before
        In which future it is (None: the same in all), how likely that is, and the name of the stage
        before (None: it is the first). `weight_yr` counts the probability.
    added, grown
        Sites that the stage before does not have, or has smaller; of the first stage, all that did
        not exist, and what exists that grows.
    alone
        The best plan of the stage by itself; None unless asked for.
    """

    name: str
    begins: str
    ends: str
    weight_yr: float
    plan: Plan
    added: tuple[str, ...]
    grown: tuple[Grown, ...]
    alone: Alone | None = None
    future: str | None = None
    probability: float = 1.0
    before: str | None = None

    def to_document(self) -> dict[str, Any]:
        """Give what `stages.json` says of the stage."""
        services = self.plan.services
        return {
            "name": self.name,
            "folder": self.name,
            "from": self.begins,
            "to": self.ends,
            "weight": self.weight_yr,
            "sites": len(self.plan.sites),
            "mw": float(self.plan.sites["mw"].sum()),
            "served_mw_it": float(services["served_mw_it"].sum()),
            "demand_mw_it": float(services["demand_mw_it"].sum()),
            "cost_mn_yr": self.plan.certificate.cost_mn_yr,
            "capital_mn": self.plan.capital_mn,
            "added": list(self.added),
            "grown": [asdict(one) for one in self.grown],
            "alone": asdict(self.alone) if self.alone else None,
            "future": self.future,
            "probability": self.probability,
            "after": self.before,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """
    All stages together, in order of dates; cost and bound are net present (millions).

    What they are of, `risk` says: the expected cost, that of the tail or of the dearest future, or
    the worst regret.

    The bound is that of the search on all stages at once, so it holds of every programme whose
    sites stay and never shrink; where `pilots` were chosen for the first stage alone, of those that
    begin with these; where most is to be served, of those that serve as much.
    """

    name: str
    currency: str
    status: str
    bound_mn: float
    seconds: float
    discount_rate: float
    stages: tuple[StagePlan, ...]
    pilots: str = "all-stages"
    futures: tuple[InFuture, ...] = ()
    """What it costs in each future, beside the best that knew of it; none unless asked for."""
    risk: str = "expected"
    cvar_level: float | None = None
    """Share of cases that the tail leaves out; None: the risk is another."""
    time_to_power: TimeToPower | None = None
    """What it serves before a date; None unless it is to serve most."""

    @property
    def cost_mn(self) -> float:
        """What it comes to by its risk (millions)."""
        if self.risk == "expected":
            return self.expected_mn
        return comes_to_mn(self.risk, self.cvar_level, self.futures)

    @property
    def expected_mn(self) -> float:
        """The cost of every year of every stage, discounted to the first (millions)."""
        return sum(stage.weight_yr * stage.plan.certificate.cost_mn_yr for stage in self.stages)

    def cost_in_mn(self, future: str) -> float:
        """Give the cost of every year if a future (by name) comes, discounted (millions)."""
        return sum(
            stage.weight_yr / stage.probability * stage.plan.certificate.cost_mn_yr
            for stage in self.stages
            if stage.future in (None, future)
        )

    @property
    def gap(self) -> float:
        """How far what it comes to may be from the best possible, as a share of the cost."""
        if self.risk == REGRET:  # which may be nothing at all
            above_mn = self.cost_mn - self.bound_mn
            return relative_gap(self.expected_mn, self.expected_mn - above_mn)
        return relative_gap(self.cost_mn, self.bound_mn)

    @property
    def nestedness(self) -> Nestedness | None:
        """What it costs that sites stay; None unless every stage was planned alone too."""
        alone = [(stage.weight_yr, stage.alone) for stage in self.stages if stage.alone]
        if len(alone) < len(self.stages):
            return None
        best_mn = sum(weight * one.cost_mn_yr for weight, one in alone)
        least_mn = sum(weight * one.bound_mn_yr for weight, one in alone)
        return Nestedness(
            cost_mn=self.cost_mn - best_mn,
            at_least_mn=max(0.0, self.bound_mn - best_mn),
            at_most_mn=self.cost_mn - least_mn,
        )

    def to_document(self) -> dict[str, Any]:
        """Give what `stages.json` holds."""
        nestedness = self.nestedness
        return {
            "schema": STAGES_FORMAT,
            "name": self.name,
            "microdc": __version__,
            "currency": self.currency,
            "status": self.status,
            "cost_mn": self.cost_mn,
            "bound_mn": self.bound_mn,
            "gap": self.gap,
            "risk": self.risk,
            "cvar_level": self.cvar_level,
            "expected_mn": self.expected_mn,
            "seconds": self.seconds,
            "discount_rate": self.discount_rate,
            "pilots": self.pilots,
            "time_to_power": asdict(self.time_to_power) if self.time_to_power else None,
            "stages": [stage.to_document() for stage in self.stages],
            "nestedness": asdict(nestedness) if nestedness else None,
            "futures": [one.to_document() for one in self.futures],
            "appears": appearances(self.futures),
        }


def what_is_new(
    sites: pd.DataFrame, before: pd.DataFrame | None
) -> tuple[tuple[str, ...], tuple[Grown, ...]]:
    """
    Give the ids that a stage adds, and the sites that it has larger than the stage before.

    Both tables are those of plans, by id; before the first stage (None) there is what exists.
    """
    if before is None:
        exists = sites["existing_mw"] > 0
        before_mw = sites["existing_mw"][exists]
    else:
        before_mw = before["mw"]
    stays = sites.index.isin(before_mw.index)
    mw = sites["mw"][stays]
    larger = mw[mw > before_mw.reindex(mw.index) + _SAME_MW]
    grown = (
        Grown(id=one, from_mw=float(before_mw.loc[one]), to_mw=float(larger.loc[one]))
        for one in map(str, larger.index)
    )
    return tuple(map(str, sites.index[~stays])), tuple(grown)
