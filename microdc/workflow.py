"""From a scenario file to a verified plan, in one readable page."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from microdc.assembly import assemble
from microdc.assembly.hours import left_out
from microdc.assembly.prices.pairs import without_price
from microdc.assembly.reach import round_trips_ms
from microdc.errors import InfeasibleError, NoPlanError
from microdc.explain.bottlenecks import bottlenecks_of
from microdc.explain.mean_rtt import too_soon
from microdc.explain.named import case_of, named_bottlenecks
from microdc.explain.named.sentences import sentence
from microdc.inputs.lint import lint
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance
from microdc.placement.assign import Pairs, least_latency
from microdc.placement.hours.home import home_service
from microdc.placement.one_site import least_latency_from_one_site
from microdc.placement.plan import Plan, make_plan
from microdc.placement.store import refuse_existing, write_plan
from microdc.placement.words.rounding import money_down
from microdc.report.geojson import write_geojson
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings, Watch
from microdc.solve.search.known import Known
from microdc.solve.turns.held import held_to

IMPOSSIBLE = "no plan can satisfy this scenario:"
"""How an infeasible scenario is told of, before the reason."""

_TOLD = 3
"""Bottlenecks that an infeasible scenario is explained with; `microdc explain` tells all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """A verified plan and the folder it was written to."""

    plan: Plan
    folder: Path
    beside: dict[str, Any] = field(default_factory=dict)
    """
    What was planned beside it, in brief, where that was asked for.

    `levels`, the same scenario with less to survive; or `firm`, the same with firm connections, and
    `unlocked`, what the plan gives beyond that; or `alternatives`, fleets that cost nearly as much.
    """
    open_ended: bool = False
    """Whether something asked for beside the plan was neither found nor ruled out."""


def plan_scenario(
    path: Path,
    out: Path | None,
    *,
    force: bool,
    overrides: dict[str, object],
    watch: Watch,
    clock: Clock,
) -> PlanResult:
    """
    Plan a scenario, verify the plan and write it to a folder (default `plans/<name>`).

    `overrides` replace keys of the scenario's `solve`; its time limit counts from the clock's
    start. Raises InputError, InfeasibleError (with the reason) or NoPlanError.
    """
    scenario, folder = begin(path, out, force=force, overrides=overrides)
    plan = plan_of(scenario, read_region(scenario), watch, clock)
    write_plan(plan, folder, force=force, also=write_geojson)
    return PlanResult(plan=plan, folder=folder)


def begin(
    path: Path, out: Path | None, *, force: bool, overrides: dict[str, object]
) -> tuple[Scenario, Path]:
    """Give a scenario, some keys of its `solve` replaced, and the folder of its plan."""
    scenario = load_scenario(path)
    solving = scenario.solve.model_copy(update=overrides)
    folder = Path("plans") / scenario.name if out is None else out
    refuse_existing(folder, force=force)
    return scenario.model_copy(update={"solve": solving}), folder


def plan_of(scenario: Scenario, region: Region, watch: Watch, clock: Clock) -> Plan:
    """Plan a scenario whose tables were read; its time limit counts from the clock's start."""
    return plan_from(None, scenario, region, watch, clock)[0]


def plan_from(
    known: Known | None, scenario: Scenario, region: Region, watch: Watch, clock: Clock
) -> tuple[Plan, Known | None]:
    """Plan the same from what is known of a neighbour; give also what is known then."""
    instance = assemble(scenario, region)
    limit_s = scenario.solve.time_limit_s - clock.seconds
    within = Clock(max(0.0, limit_s), whole=clock)
    outcome = search(scenario, region, instance, within, watch, known)
    return finish(scenario, region, instance, outcome, within), outcome.known


def finish(
    scenario: Scenario, region: Region, instance: Instance, outcome: Outcome, clock: Clock
) -> Plan:
    """Make the plan of what a search found: who is served from where, and all that follows."""
    instance = held_to(instance, outcome.reached)
    service = serve(scenario, region, instance, outcome, clock)
    far = instance.points[instance.reach.sites_per_point == 0]
    far_mw_it = far.groupby("service")["mw_it"].sum().to_dict()
    unpriced = without_price(scenario, region, instance)
    doubts = (*lint(region, scenario), *left_out(scenario, region), *unpriced)
    return make_plan(scenario, region, outcome, service, far_mw_it, doubts)


def search(
    scenario: Scenario,
    region: Region,
    instance: Instance,
    clock: Clock,
    watch: Watch,
    known: Known | None = None,
) -> Outcome:
    """Search for a plan; raise InfeasibleError with the reason, or NoPlanError if time ran out."""
    settings = settings_of(scenario)
    outcome = solve(instance, scenario.objective, settings, clock, watch, known)
    if outcome.ended is Ended.INFEASIBLE:
        reason = _why(scenario, region, instance, settings, clock)
        msg = f"{IMPOSSIBLE}{reason}"
        raise InfeasibleError(msg, hint=f"microdc explain {from_here(scenario.path)} says more")
    if not outcome.has_plan:
        msg = f"no plan was found ({outcome.ended} after {outcome.seconds:.0f} s); bound proven: "
        msg += f"{money_down(outcome.bound):.2f} M {scenario.currency} a year"
        stopped = outcome.ended is Ended.INTERRUPTED
        hint = "" if stopped else "raise solve.time_limit_s or --time-limit"
        raise NoPlanError(msg, hint=hint, bound=outcome.bound)
    return outcome


def from_here(path: Path) -> Path:
    """Give a path as short as it can be typed where the command runs."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _why(
    scenario: Scenario, region: Region, instance: Instance, settings: Settings, clock: Clock
) -> str:
    """Say who is short, and why: the largest few bottlenecks, a sentence each."""
    case = case_of(scenario, region, instance)
    found = bottlenecks_of(instance, settings, clock, case.areas()).bottlenecks
    told = [sentence(one) for one in named_bottlenecks(case, found[:_TOLD])]
    if len(found) > _TOLD:
        told.append(f"and {len(found) - _TOLD} more bottlenecks")
    longer = None if found else too_soon(instance, settings, clock)
    if longer is not None:
        told.append(longer.sentence)
    if len(told) <= 1:
        return f" {told[0]}" if told else " there was no time left to find out why"
    return "".join(f"\n  - {text}" for text in told)


def settings_of(scenario: Scenario) -> Settings:
    """Give the solver's settings that a scenario states."""
    stated = scenario.solve
    return Settings(
        gap=stated.gap, threads=stated.threads, seed=stated.seed, formulation=stated.formulation
    )


def serve(
    scenario: Scenario, region: Region, instance: Instance, outcome: Outcome, clock: Clock
) -> pd.DataFrame:
    """
    Assign demand to the built sites at least latency; where it has hours, that is its home.

    Returns `place`, `service`, `site` (id; None where demand stays unserved), `mw_it` and the
    exact `rtt_ms` (NaN where unserved); every place and class adds up to its demand.
    """
    pairs = _pairs_of_built(scenario, region, instance, outcome)
    unserved = np.asarray(outcome.unserved_mw_it, dtype=float)
    if outcome.served_by is not None:
        settled = unserved, outcome.served_by
        service = least_latency_from_one_site(instance, outcome.sizes_mw, pairs, settled, clock)
    elif instance.hours is None:
        service = least_latency(instance, outcome.sizes_mw, pairs, unserved, clock)
    else:
        service = home_service(instance, outcome, pairs)
    ids = [*instance.sites.index, None]  # -1 is None
    points = instance.points.loc[service["point"], ["place", "service"]].reset_index(drop=True)
    named = points.assign(
        site=[ids[i] for i in service["site"]], mw_it=service["mw_it"], rtt_ms=service["rtt_ms"]
    )
    keys = ["place", "service", "site"]
    whole = named.groupby(keys, dropna=False, sort=False)
    return whole.agg(mw_it=("mw_it", "sum"), rtt_ms=("rtt_ms", "first")).reset_index()


def _pairs_of_built(
    scenario: Scenario, region: Region, instance: Instance, outcome: Outcome
) -> Pairs:
    """Give the pairs of built sites, their round trips on the ellipsoid."""
    built = instance.sites.index.isin(outcome.sizes_mw.index)
    kept = built[instance.reach.site]
    point = np.repeat(np.arange(len(instance.points)), instance.reach.sites_per_point)[kept]
    site = instance.reach.site[kept].astype(np.int64)
    asked = instance.points[["place", "service"]].iloc[point]
    rtt_ms = round_trips_ms(scenario, region, asked, instance.sites.index[site])
    paid = instance.reach.mn_per_mw_it_yr
    price = None if paid is None else paid[kept]
    return Pairs(point=point, site=site, rtt_ms=rtt_ms, mn_per_mw_it_yr=price)
