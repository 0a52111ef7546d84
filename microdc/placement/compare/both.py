"""All that differs between two plans."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from microdc.errors import UsageError
from microdc.placement.compare.answered import answered, objectives_compared
from microdc.placement.compare.money import cost_items, proven_difference
from microdc.placement.compare.moved import hosts_then_and_now, service_moved
from microdc.placement.compare.origin import Origins, origins
from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.placement.store import read_plan
from microdc.placement.words.aims import whose

NOTHING_MW_IT = 1e-4
"""Power is told to 100 W."""

Which = Literal["all", "alternatives", "as much served", "other objectives"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    What differs between a plan and another; the first is `before`, the other `after`.

    origins
        What differs in the inputs, as far as that can still be told.
    hosts
        Each site and hub of either plan: `kind` (site, hub), `id`, `name`, `lat`, `lon`,
        `before_mw`, `after_mw` (grid, of hubs MW IT; 0: not there) and `fate`.
    service
        Each place and class: position, `before_mw_it`, `after_mw_it` served, and, of what is served
        in both plans, what is served from elsewhere (`moved_mw_it`).
    cost
        Each cost item in both plans and the `difference_mn_yr`.
    proven
        What costs and bounds prove of the two optima, as `proven_difference` has it.
    """

    before: Plan
    after: Plan
    origins: Origins
    hosts: pd.DataFrame
    service: pd.DataFrame
    cost: pd.DataFrame
    proven: dict[str, Any]

    @property
    def by_class(self) -> pd.DataFrame:
        """Sum the service up by class: what is served (MW IT), and what of it moved."""
        of_class = self.service.groupby("service", sort=True)
        return of_class[["before_mw_it", "after_mw_it", "moved_mw_it"]].sum().reset_index()

    @property
    def moved(self) -> pd.DataFrame:
        """Places that are served from elsewhere, or more or less than before."""
        changed_mw_it = (self.service["after_mw_it"] - self.service["before_mw_it"]).abs()
        return self.service[(self.service["moved_mw_it"] + changed_mw_it) > NOTHING_MW_IT]

    def to_document(self) -> dict[str, Any]:
        """Give all of it as JSON knows it."""
        sides = {"before": self.before, "after": self.after}
        return {
            "currency": self.after.currency,
            "bounds_hold_of": [_which(plan) for plan in sides.values()],
            "inputs": asdict(self.origins),
            "hosts": records(self.hosts),
            "classes": records(self.by_class),
            "places": records(self.moved),
            "objectives": objectives_compared(self.before, self.after),
            "cost_items": records(self.cost),
            **self.proven,
            **{which: self._side(which, plan) for which, plan in sides.items()},
        }

    def _side(self, which: str, plan: Plan) -> dict[str, Any]:
        """Give what there is to say of one of the two: cost and its proof, and how it answers."""
        return {**self.proven[which], "as_good": whose(plan.to_document()), **answered(plan)}


def _which(plan: Plan) -> Which:
    """Say of which plans a bound holds."""
    if plan.alternative is not None:
        return "alternatives"
    if plan.certificate.reached:
        return "other objectives"
    return "all" if plan.certificate.unserved_bound_mw_it is None else "as much served"


def compare(before: Path, after: Path) -> Comparison:
    """
    Compare the plans in two folders.

    Raises InputError where there is no plan that can be read, UsageError where the two count in
    different currencies.
    """
    one, other = read_plan(before), read_plan(after)
    if one.currency != other.currency:
        msg = f"the plans count in {one.currency} and in {other.currency}: costs do not compare"
        raise UsageError(msg, hint="plan one of them again in the other's currency")
    return Comparison(
        before=one,
        after=other,
        origins=origins(one, other),
        hosts=hosts_then_and_now(one, other),
        service=service_moved(one.service, other.service),
        cost=cost_items(one.cost_mn_yr, other.cost_mn_yr),
        proven=proven_difference(one.certificate, other.certificate),
    )
