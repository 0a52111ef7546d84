"""From a scenario file to what its inputs look like; nothing is solved."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from microdc.assembly import assemble, fibre_of, located, measured_pairs
from microdc.assembly.hours import left_out
from microdc.assembly.outages import possible_outages
from microdc.assembly.prices.pairs import unpriced_pairs, without_price
from microdc.errors import UsageError
from microdc.explain.exposed import all_out_together
from microdc.explain.words import listed
from microdc.ground.distance import geodesic_km
from microdc.inputs.hours.profiles import CONSTANT
from microdc.inputs.lint import lint
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.instance import Instance, Ints
from microdc.latency.fit import LatencyFit, fit_formula
from microdc.latency.reach import exact_rtt_ms
from microdc.scenario import Scenario, load_scenario, scenario_of_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What `check` has to tell: figures, warnings, and demand that no plan can serve."""

    summary: list[tuple[str, str | int | float]]
    warnings: list[str]
    unreachable: list[str]
    """No candidate can reach it."""
    exposed: list[str]
    """It must stay unserved: an outage takes every site in its reach."""
    fit: LatencyFit | None = None


def check_scenario(path: Path, *, fit_latency: bool = False) -> CheckResult:
    """
    Read and judge all inputs of a scenario; solve nothing.

    Of several stages, the last is told of in full, and those before it in brief. On request the
    formula is fitted to what was measured; raises UsageError where it cannot be.
    """
    whole = load_scenario(path)
    scenario = scenario_of_stage(whole, len(whole.stages) - 1) if whole.stages else whole
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
        *_prices(scenario, region, instance),
        *_outages(scenario, region, instance),
        *_hours(scenario, region, instance),
        *_stages_before(whole),
    ]
    exposed, impossible = _exposed(region, instance)
    return CheckResult(
        summary=summary,
        warnings=[
            *region.warnings,
            *lint(region, scenario),
            *left_out(scenario, region),
            *without_price(scenario, region, instance),
            *impossible,
        ],
        unreachable=_unreachable(region, instance),
        exposed=exposed,
        fit=latency_fit(scenario, region) if fit_latency else None,
    )


def _stages_before(whole: Scenario) -> Iterator[tuple[str, str | int | float]]:
    """Say what each stage but the last has to choose from, and what it is to serve."""
    for number, stage in enumerate(whole.stages[:-1]):
        alone = scenario_of_stage(whole, number)
        instance = assemble(alone, read_region(alone))
        new = instance.sites[~instance.sites["standing"]]
        by = f"{stage.name}, by {stage.by}"
        yield f"{by}: candidates", len(new)
        yield f"{by}: their sizes one at a time, MW", round(float(new["cap_mw"].sum()), 1)
        yield f"{by}: demand, MW IT", round(float(instance.points["mw_it"].sum()), 1)


def latency_fit(scenario: Scenario, region: Region) -> LatencyFit:
    """Compare formula and measurements over every measured pair whose positions are known."""
    if scenario.measured is None:
        msg = "nothing was measured that the formula could be fitted to"
        raise UsageError(msg, hint="name a table of round trips: measured: {path: rtt.csv}")
    if region.drawn:
        msg = "no table states positions, so there are no distances to fit the formula to"
        raise UsageError(msg, hint="state lat and lon of places and sites")
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


def _prices(
    scenario: Scenario, region: Region, instance: Instance
) -> list[tuple[str, str | int | float]]:
    """Count the pairs within bound that the table of prices does not name, where there is one."""
    if scenario.pair_prices is None:
        return []
    return [("pairs within bound without a price", unpriced_pairs(scenario, region, instance))]


def _outages(
    scenario: Scenario, region: Region, instance: Instance
) -> list[tuple[str, str | int | float]]:
    """Count the outages to survive by kind, and those in force; tell what each class keeps."""
    if scenario.resilience is None or instance.outages is None:
        return []
    what, _ = possible_outages(scenario.resilience, region, instance.sites.index)
    told: list[tuple[str, str | int | float]] = [
        (f"outages to survive: {kind}", int((what["kind"] == kind).sum()))
        for kind in dict.fromkeys(scenario.resilience.survive)
    ]
    told.append(("of them within no other, and so in force", len(instance.outages.what)))
    if scenario.resilience.at_once > 1:
        told.append(("how many of these at once", scenario.resilience.at_once))
    told += [
        (
            f"kept of {name} in every outage",
            f"{100 * service.kept:.4g} % within {service.outage_rtt_ms:g} ms",
        )
        for name, service in scenario.services.items()
        if service.kept > 0
    ]
    return told


def _hours(
    scenario: Scenario, region: Region, instance: Instance
) -> list[tuple[str, str | int | float]]:
    """Tell of which year the hours are, which are used and in force, and what connections bear."""
    if region.hours is None or instance.hours is None:
        return []
    what, states = region.hours.what, region.hours.states
    day = what["day"].iloc[region.hours.used["hour"]]
    peak = what.loc[what["day"] == region.hours.peak_day, "time"]
    follow = region.hours.rows["profile"].gt(CONSTANT).sum()
    told: list[tuple[str, str | int | float]] = [
        ("hours of the tables", f"{len(what):,} from {what['time'].iloc[0]}"),
        ("weights of them, h", round(float(what["weight_h"].sum()), 2)),
        (
            "profiles of headroom, and of demand",
            f"{len(states) - 1}, {len(region.hours.demand_share.columns)}",
        ),
        ("substations and limits that follow one", int(follow)),
        ("day of least headroom", f"24 hours from {peak.iloc[0]}"),
        ("hours in which service is promised", f"{len(day):,} of {day.nunique():,} day(s)"),
        ("of them no easier than any other, and so in force", len(instance.hours.what)),
        ("connections", scenario.connection.type),
        *((f"their {term}", f"{most:g}") for term, most in scenario.connection.terms.items()),
    ]
    for name, service in scenario.services.items():
        if not service.movable:
            told.append((f"{name} is served all year", "from the same sites"))
        if service.defer is not None:
            waits = f"{100 * service.defer.share:.4g} % for up to {service.defer.hours} h"
            told.append((f"{name} may wait", waits))
    return told


def _exposed(region: Region, instance: Instance) -> tuple[list[str], list[str]]:
    """Say what an outage takes every site of: what then stays unserved, and what must not."""
    lost = all_out_together(instance)
    may_wait = instance.most_unserved_by_point_mw_it > 0
    sides = ({j: rows for j, rows in lost.items() if may_wait[j] == side} for side in (True, False))
    unserved, must = (list(_lost(region, instance, side)) for side in sides)
    says = "no plan is possible, an outage takes every site in reach of what must be served"
    return unserved, [f"{says}: {text}" for text in must]


def _lost(region: Region, instance: Instance, lost: dict[int, Ints]) -> Iterator[str]:
    """Say for each class how much demand loses every site in reach, and whose in which outage."""
    if instance.outages is None:
        return
    near, what = instance.outages.reach.sites_per_point, instance.outages.what
    points = instance.points.loc[list(lost)]
    for service, of in points.groupby("service", sort=True):
        example = int(of.index[0])
        name = region.places[of["place"].iloc[0]]
        out = (f"{row.kind} {row.id}" for row in what.loc[np.unique(lost[example])].itertuples())
        yield (
            f"{service}: {of['mw_it'].sum():.2f} MW IT at {of['place'].nunique()} place(s), such "
            f"as {name}, whose {near[example]} site(s) in reach are out with {' and '.join(out)}"
        )


def _unreachable(region: Region, instance: Instance) -> list[str]:
    """Say for each class how much demand lies beyond every candidate's reach, and where."""
    far = instance.points[instance.reach.sites_per_point == 0]
    names = region.places
    return [
        f"{service}: {points['mw_it'].sum():.2f} MW IT at {points['place'].nunique()} place(s), "
        f"such as {listed(names[place] for place in points['place'].unique())}"
        for service, points in far.groupby("service", sort=True)
    ]
