"""From a scenario file to a verified plan, in one readable page."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from microdc.assembly import assemble, fibre_of, located, measured_pairs
from microdc.errors import InfeasibleError, NoPlanError, UsageError
from microdc.explain.bottleneck import why_infeasible
from microdc.explain.words import in_words, listed
from microdc.ground.distance import geodesic_km
from microdc.inputs.lint import lint
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance
from microdc.latency.fit import LatencyFit, fit_formula
from microdc.latency.measured import measured_or
from microdc.latency.reach import exact_rtt_ms
from microdc.placement.assign import Pairs, least_latency
from microdc.placement.plan import Plan, make_plan
from microdc.placement.store import refuse_existing, write_plan
from microdc.report.geojson import write_geojson
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.solve.objective import solve
from microdc.solve.outcome import Ended, Outcome, Settings, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """A verified plan and the folder it was written to."""

    plan: Plan
    folder: Path


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
    scenario = _overridden(load_scenario(path), overrides)
    folder = Path("plans") / scenario.name if out is None else out
    refuse_existing(folder, force=force)
    region = read_region(scenario)
    instance = assemble(scenario, region)
    limit_s = scenario.solve.time_limit_s - clock.seconds
    within = Clock(max(0.0, limit_s), whole=clock)
    outcome = search(scenario, region, instance, within, watch)
    service = serve(scenario, region, instance, outcome, within)
    far = instance.points[instance.reach.sites_per_point == 0]
    out_of_reach_mw_it = far.groupby("service")["mw_it"].sum().to_dict()
    plan = make_plan(
        scenario, region, outcome, service, out_of_reach_mw_it, tuple(lint(region, scenario))
    )
    write_plan(plan, folder, force=force, also=write_geojson)
    return PlanResult(plan=plan, folder=folder)


def search(
    scenario: Scenario, region: Region, instance: Instance, clock: Clock, watch: Watch
) -> Outcome:
    """Search for a plan; raise InfeasibleError with the reason, or NoPlanError if time ran out."""
    settings = settings_of(scenario)
    outcome = solve(instance, scenario.objective, settings, clock, watch)
    if outcome.ended is Ended.INFEASIBLE:
        reason = in_words(
            why_infeasible(instance, settings, clock),
            instance,
            _places(region),
            dict(region.hosts["name"]),
        )
        msg = f"no plan can satisfy this scenario: {reason}"
        raise InfeasibleError(msg, hint="give a class an unserved price, or loosen what is named")
    if not outcome.has_plan:
        msg = f"no plan was found ({outcome.ended} after {outcome.seconds:.0f} s); bound proven: "
        msg += f"{outcome.bound:.2f} M {scenario.currency} a year"
        stopped = outcome.ended is Ended.INTERRUPTED
        raise NoPlanError(msg, hint="" if stopped else "raise solve.time_limit_s or --time-limit")
    return outcome


def _places(region: Region) -> dict[str, str]:
    """Give the name of every place by id."""
    places = region.demand.drop_duplicates("place")
    return dict(zip(places["place"], places["name"], strict=True))


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
    Assign demand to the built sites at least latency.

    Returns `place`, `service`, `site` (id; None where demand stays unserved), `mw_it` and the
    exact `rtt_ms` (NaN where unserved); every place and class adds up to its demand.
    """
    pairs = _pairs_of_built(scenario, region, instance, outcome)
    unserved = np.asarray(outcome.unserved_mw_it, dtype=float)
    service = least_latency(instance, outcome.sizes_mw, pairs, unserved, clock)
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
    demand = region.demand.set_index(["place", "service"])
    demand = demand.assign(access_ms=demand["access_ms"].fillna(scenario.latency.access_ms))
    asked = pd.MultiIndex.from_frame(instance.points[["place", "service"]].iloc[point])
    places = demand.loc[asked, ["lat", "lon", "access_ms"]]
    sites = located(scenario, region.hosts.loc[instance.sites.index[site]])
    formula_ms = exact_rtt_ms(places, sites, fibre_of(scenario))
    pairs = instance.points.iloc[point][["place", "service"]].assign(site=sites.index)
    rtt_ms = measured_or(formula_ms, pairs, measured_pairs(scenario, region))
    return Pairs(point=point, site=site, rtt_ms=rtt_ms)


def _overridden(scenario: Scenario, overrides: dict[str, object]) -> Scenario:
    return scenario.model_copy(update={"solve": scenario.solve.model_copy(update=overrides)})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What `check` has to tell: figures, warnings, and demand that no candidate can reach."""

    summary: list[tuple[str, str | int | float]]
    warnings: list[str]
    unreachable: list[str]
    fit: LatencyFit | None = None


def check_scenario(path: Path, *, fit_latency: bool = False) -> CheckResult:
    """
    Read and judge all inputs of a scenario; solve nothing.

    On request the formula is fitted to what was measured; raises UsageError where it cannot be.
    """
    scenario = load_scenario(path)
    region = read_region(scenario)
    instance = assemble(scenario, region)
    demand, new = instance.points["mw_it"], instance.sites[~instance.sites["standing"]]
    summary: list[tuple[str, str | int | float]] = [
        ("scenario", scenario.name),
        ("substations and limits read", int((~region.substations["parcel"]).sum())),
        *_parcels(scenario, region),
        ("candidates that bear the smallest site", len(new)),
        *_excluded(region),
        ("their sizes one at a time, MW", round(float(new["cap_mw"].sum()), 1)),
        *_standing(region, instance),
        ("limits of the power tree that could bind", len(instance.nodes)),
        ("places", int(region.demand["place"].nunique())),
        ("demand, MW IT", round(float(demand.sum()), 1)),
        ("pairs within bound", instance.reach.pairs),
    ]
    return CheckResult(
        summary=summary,
        warnings=[*region.warnings, *lint(region, scenario)],
        unreachable=_unreachable(region, instance),
        fit=latency_fit(scenario, region) if fit_latency else None,
    )


def latency_fit(scenario: Scenario, region: Region) -> LatencyFit:
    """Compare formula and measurements over every measured pair whose positions are known."""
    if scenario.measured is None:
        msg = "nothing was measured that the formula could be fitted to"
        raise UsageError(msg, hint="name a table of round trips: measured: {path: rtt.csv}")
    told = measured_pairs(scenario, region).drop_duplicates(["place", "site", "rtt_ms"])
    placed = region.hosts.dropna(subset=["lat", "lon"])
    told = told[told["site"].isin(placed.index)]
    places = region.demand.drop_duplicates("place").set_index("place").loc[told["place"]]
    places = places.assign(access_ms=places["access_ms"].fillna(scenario.latency.access_ms))
    sites = located(scenario, placed.loc[told["site"]])
    km = geodesic_km(*(t[c].to_numpy(float) for t in (places, sites) for c in ("lat", "lon")))
    processing_ms = sites["processing_ms"].to_numpy(float)
    formula_ms = exact_rtt_ms(places, sites, fibre_of(scenario)) - processing_ms
    beyond_site_ms = told["rtt_ms"].to_numpy(float) - processing_ms
    return fit_formula(km, beyond_site_ms, formula_ms, scenario.latency.km_per_ms)


def _parcels(scenario: Scenario, region: Region) -> list[tuple[str, str | int | float]]:
    """Count the parcels, and those that a substation feeds, where sites stand on parcels."""
    rows = region.substations[region.substations["parcel"]]
    fed = rows["parent"].dropna()
    counts = {
        "parcels read": len(rows),
        "parcels that a substation feeds": len(fed),
        "substations that feed them": fed.nunique(),
    }
    return list(counts.items()) if scenario.parcels else []


def _excluded(region: Region) -> list[tuple[str, str | int | float]]:
    """Count the candidates that lie in excluded areas, where any do."""
    rows = region.substations
    fed = ~rows["parcel"] | rows["parent"].notna()
    count = int((rows["excluded"].notna() & fed).sum())
    return [("candidates excluded by where they stand", count)] if count else []


def _standing(region: Region, instance: Instance) -> list[tuple[str, str | int | float]]:
    """Count existing sites and hubs with their power, where there are any."""
    existing = instance.sites[instance.sites["existing_mw"] > 0]
    existing_mw = float(existing["existing_mw"].sum())
    told: list[tuple[str, str | int | float]] = []
    if len(existing):
        told += [
            ("existing sites", len(existing)),
            ("what they have, MW", round(existing_mw, 1)),
            ("what they may grow, MW", round(float(existing["cap_mw"].sum()) - existing_mw, 1)),
        ]
    if len(region.hubs):
        capacity_mw_it = round(float(region.hubs["mw_it"].sum()), 1)
        told += [("hubs", len(region.hubs)), ("their capacity, MW IT", capacity_mw_it)]
    return told


def _unreachable(region: Region, instance: Instance) -> list[str]:
    """Say for each class how much demand lies beyond every candidate's reach, and where."""
    far = instance.points[instance.reach.sites_per_point == 0]
    names = _places(region)
    return [
        f"{service}: {points['mw_it'].sum():.2f} MW IT at {points['place'].nunique()} place(s), "
        f"such as {listed(names[place] for place in points['place'].unique())}"
        for service, points in far.groupby("service", sort=True)
    ]
