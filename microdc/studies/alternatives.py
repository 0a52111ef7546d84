"""Fleets that cost nearly as little as the best and stand elsewhere, or the proof of none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from microdc.assembly import assemble
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance
from microdc.placement.parts.alternative import Alternative
from microdc.placement.parts.records import records
from microdc.placement.plan import Plan
from microdc.placement.store import ALTERNATIVES, refuse_existing, write_plan
from microdc.report.brief import in_brief
from microdc.report.geojson import write_geojson, write_points
from microdc.scenario import Scenario
from microdc.solve.differing import Next, as_alternative, differing, nearly_as_good, what_next
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Watch
from microdc.solve.search.known import Known
from microdc.workflow import PlanResult, begin, finish, search, settings_of

USUAL_SHARE = 0.1
"""Share of the best fleet's sites that an alternative leaves out where nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    Which alternatives are asked for.

    So many at most beside the best plan, of no more than its cost and a share `within` of it,
    each leaving out at least `leaves_out` chosen sites of each before (None: a tenth of the best
    fleet's, at least one). In what comes before cost they are worse by no more than that share.
    """

    count: int
    within: float
    leaves_out: int | None = None

    def plan(
        self,
        path: Path,
        out: Path | None,
        *,
        force: bool,
        overrides: dict[str, object],
        watch: Watch,
        clock: Clock,
    ) -> PlanResult:
        """
        Plan a scenario, then what costs nearly as little and stands elsewhere; verify all, write.

        The k-th fleet goes beside the plan's folder, to `...-alternative-k`; each has the
        scenario's time limit for itself. Beside the plan, `alternatives` has `fleets` (each in
        brief, the best first), what was asked, `next` (found: as many as asked; no more: proven;
        not known), the proven `next_bound_mn_yr` of what was not found, and `sites`: in how many
        fleets each stands. Raises as `plan_scenario` does.
        """
        scenario, folder = begin(path, out, force=force, overrides=overrides)
        folders = [folder, *(folder_of(folder, k) for k in range(2, self.count + 2))]
        for other in folders[1:]:
            refuse_existing(other, force=force)
        region = read_region(scenario)
        instance = assemble(scenario, region)
        study = _Study(
            scenario=scenario, region=region, instance=instance, watch=watch, clock=clock
        )
        plans: list[Plan] = []

        def keep(plan: Plan) -> None:
            write_plan(plan, folders[len(plans)], force=force, also=write_geojson)
            plans.append(plan)

        best, outcome = study.best()
        keep(best)
        told = _look_on(study, plans, outcome, self, keep)
        told |= _in_brief(plans, folders, scenario)
        write_points(told["sites"], plans[0].attributions, folder / ALTERNATIVES)
        left_open = told["next"] == Next.NOT_KNOWN or any(p.status != "within gap" for p in plans)
        beside = {"alternatives": told}
        return PlanResult(plan=plans[0], folder=folder, beside=beside, open_ended=left_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """What stays the same from one fleet to the next."""

    scenario: Scenario
    region: Region
    instance: Instance
    watch: Watch
    clock: Clock

    def limit(self) -> Clock:
        """Give a plan's own clock: the scenario's time limit, ended by the user's word."""
        return Clock(self.scenario.solve.time_limit_s, whole=self.clock)

    def best(self) -> tuple[Plan, Outcome]:
        """Plan the scenario as it is; give what the search found, too."""
        limit = self.limit()
        outcome = search(self.scenario, self.region, self.instance, limit, self.watch)
        plan = finish(self.scenario, self.region, self.instance, outcome, limit)
        return plan, outcome

    def another(
        self, differs: Alternative, best: Outcome, known: Known | None
    ) -> tuple[Outcome, Clock]:
        """Search for the cheapest fleet that is nearly as good as the best and differs so."""
        limit = self.limit()
        ids = [pd.Index(fleet, dtype=object) for fleet in differs.fleets]
        near = nearly_as_good(self.instance, best, differs.within)
        others, settings = differing(near, ids, differs.leaves_out), settings_of(self.scenario)
        outcome = solve(others, "least-cost", settings, limit, self.watch, known)
        return as_alternative(outcome, self.instance, best, differs.within), limit


def _look_on(
    study: _Study,
    plans: list[Plan],
    best: Outcome,
    asked: Asked,
    keep: Callable[[Plan], None],
) -> dict[str, Any]:
    """Keep one fleet after the other beside the best in `plans`; say how that ended."""
    cost = plans[0].certificate.cost_mn_yr
    first = chosen(plans[0], study.scenario)
    leaves_out = asked.leaves_out or max(1, ceil(USUAL_SHARE * len(first)))
    told = {"within": asked.within, "leaves_out": leaves_out, "asked": asked.count}
    most_mn_yr = cost + asked.within * abs(cost)
    known = best.known
    while len(plans) <= asked.count:
        fleets = [chosen(plan, study.scenario) for plan in plans]
        if min(map(len, fleets)) < leaves_out:  # nothing can leave out more sites than there are
            return {**told, "next": Next.NO_MORE, "next_bound_mn_yr": None}
        differs = Alternative(leaves_out=leaves_out, fleets=fleets, within=asked.within)
        outcome, limit = study.another(differs, best, known)
        found = what_next(outcome, most_mn_yr)
        if found is not Next.FOUND:
            possible = outcome.ended is not Ended.INFEASIBLE and isfinite(outcome.bound)
            bound = outcome.bound if possible else None
            return {**told, "next": found, "next_bound_mn_yr": bound}
        known = outcome.known or known
        plan = finish(study.scenario, study.region, study.instance, outcome, limit)
        keep(replace(plan, alternative=differs))
    return {**told, "next": Next.FOUND, "next_bound_mn_yr": None}


def chosen(plan: Plan, scenario: Scenario) -> list[str]:
    """List the sites of a plan that the search chose: what exists or is forced stands anyway."""
    new = plan.sites.index[plan.sites["existing_mw"] == 0]
    return sorted(new.difference(pd.Index(scenario.limits.force, dtype=object)))


def _in_brief(plans: list[Plan], folders: list[Path], scenario: Scenario) -> dict[str, Any]:
    """Sum up each fleet, and each site that was chosen in some of them, the commonest first."""
    best, cost = set(chosen(plans[0], scenario)), plans[0].certificate.cost_mn_yr
    fleets = [
        {
            **in_brief(plan.to_document()),
            "above_best": (plan.certificate.cost_mn_yr - cost) / abs(cost) if cost else 0.0,
            "other_sites": len(best.difference(chosen(plan, scenario))),
            "folder": str(folder),
        }
        for plan, folder in zip(plans, folders, strict=False)
    ]
    rows = pd.concat([plan.sites.loc[chosen(plan, scenario)] for plan in plans])
    by_id = rows.groupby(level="id")
    sites = (
        by_id[["name", "lat", "lon"]]
        .first()
        .assign(fleets=by_id.size(), least_mw=by_id["mw"].min(), most_mw=by_id["mw"].max())
    )
    ranked = (
        sites.rename_axis("id").reset_index().sort_values(["fleets", "id"], ascending=[False, True])
    )
    return {"fleets": fleets, "sites": records(ranked)}


def folder_of(best: Path, number: int) -> Path:
    """Name the folder of a fleet of some number; the best is the first."""
    return best.with_name(f"{best.name}-alternative-{number}")
