"""From a checked scenario and its tables to the problem as numbers."""

import difflib

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.errors import Fault, InputError
from microdc.ground.distance import geodesic_km
from microdc.inputs.costs import annuity_factor, cost_rates
from microdc.inputs.hosts.capacity import ancestors_of, least_mw, most_mw
from microdc.inputs.region import Region
from microdc.inputs.tables.forms.memory import memory_bytes
from microdc.instance import WATT_MW, Floats, Instance, Ints, matrix_of
from microdc.latency.apart import cliques_of, pairs_nearer_than
from microdc.latency.estimate import refuse_too_many_pairs
from microdc.latency.fibre import Fibre
from microdc.latency.measured import in_force, with_measured
from microdc.latency.reach import sites_in_reach
from microdc.scenario import Scenario


def assemble(scenario: Scenario, region: Region) -> Instance:
    """
    State the siting problem of a scenario as numbers.

    A candidate becomes a site if its own headroom, and that of all it hangs below, bears the
    smallest size; existing sites and hubs are sites in any case. A class with a share that must be
    served everywhere becomes two groups of points: what is promised, and the rest at its price.
    Raises InputError for sites that are to be forced or forbidden but cannot be, and for more pairs
    within bound than fit into memory.
    """
    ancestors = ancestors_of(region.substations)
    cap_mw = most_mw(scenario, region.substations, ancestors)
    candidates = region.substations[cap_mw.notna()]
    _check_named_sites(scenario, region.substations, candidates)
    sites = _sites(scenario, candidates, cap_mw[candidates.index])
    sites = pd.concat([sites, _hubs(region.hubs)]) if len(region.hubs) else sites
    nodes, below = _tree(region.substations, ancestors, sites)
    counts, counted = _counts(scenario, candidates, len(sites))
    points, groups = _demand(scenario, region.demand)
    ends = points, located(scenario, region.hosts.loc[sites.index]), fibre_of(scenario)
    refuse_too_many_pairs(*ends, memory_bytes())
    reach = sites_in_reach(*ends)
    measured = measured_pairs(scenario, region)
    if len(measured):
        reach = with_measured(reach, points, sites.index, measured)
    return Instance(
        sites=sites,
        points=points[["place", "service", "group", "mw_it"]],
        groups=groups,
        reach=reach,
        nodes=nodes,
        below=below,
        modules_mw=scenario.sites.modules_mw,
        budget_mn=scenario.limits.budget_mn,
        counts=counts,
        counted=counted,
        apart=_apart(scenario, candidates, len(sites)),
    )


def fibre_of(scenario: Scenario) -> Fibre:
    """Give the path from distance to time that a scenario states."""
    return Fibre(route_factor=scenario.latency.route_factor, km_per_ms=scenario.latency.km_per_ms)


def measured_pairs(scenario: Scenario, region: Region) -> pd.DataFrame:
    """Give the measured round trip (ms) that counts for each `place`, `service` and `site`."""
    percentile = scenario.measured.percentile if scenario.measured else None
    return in_force(region.measured, percentile, list(scenario.services))


def located(scenario: Scenario, hosts: pd.DataFrame) -> pd.DataFrame:
    """Give `lat`, `lon` and `processing_ms` of hosts, the scenario's where not stated."""
    processing_ms = hosts["processing_ms"].fillna(scenario.latency.processing_ms)
    return hosts[["lat", "lon"]].assign(processing_ms=processing_ms)


def _check_named_sites(
    scenario: Scenario, substations: pd.DataFrame, candidates: pd.DataFrame
) -> None:
    """Refuse to force what cannot be a site, forbid what stands, or name what is not there."""
    only_feeds = substations["feeds"] & (substations["existing_mw"] == 0)
    known = substations.index[~only_feeds]
    named = {"force": scenario.limits.force, "forbid": scenario.limits.forbid}
    faults = [
        _no_such_site(scenario, f"limits.{key}", site, substations)
        for key, sites in named.items()
        for site in sites
        if site not in known
    ]
    faults += [
        Fault(
            file=str(scenario.path.name),
            at="limits.force",
            says=_why_no_site(substations, site),
            found=site,
            allowed=f"a candidate that can bear {least_mw(scenario, substations)[site]:g} MW",
        )
        for site in scenario.limits.force
        if site in known and site not in candidates.index
    ]
    faults += [
        Fault(
            file=str(scenario.path.name),
            at="limits.forbid",
            says="this site stands already",
            found=f"{site}, {candidates['existing_mw'][site]:g} MW",
            allowed="ids without existing_mw",
        )
        for site in scenario.limits.forbid
        if site in candidates.index and candidates["existing_mw"][site] > 0
    ]
    if faults:
        raise InputError(faults)


def _why_no_site(substations: pd.DataFrame, site: str) -> str:
    reason = substations["excluded"][site]
    because = f": it is excluded ({reason})" if isinstance(reason, str) else ""
    what = "parcel" if substations["parcel"][site] else "substation"
    return f"this {what} cannot be a site{because}"


def _no_such_site(scenario: Scenario, at: str, site: str, substations: pd.DataFrame) -> Fault:
    what = "parcel" if scenario.parcels else "substation"
    known = substations.index[substations["parcel"]] if scenario.parcels else substations.index
    nearest = difflib.get_close_matches(site, list(known), n=1)
    return Fault(
        file=str(scenario.path.name),
        at=at,
        says=f"no {what} has this id",
        found=site,
        nearest=nearest[0] if nearest else "",
    )


def _sites(
    scenario: Scenario, candidates: pd.DataFrame, cap_mw: "pd.Series[float]"
) -> pd.DataFrame:
    rates = cost_rates(candidates, scenario)
    per_year = annuity_factor(scenario.costs.annuity)
    existing_mw = candidates["existing_mw"]
    per_site_mn = rates[["site_mn", "connection_mn", "feeder_mn", "fibre_mn"]].sum(axis=1)
    per_site_mn -= rates["facility_mn_per_mw"] * existing_mw  # sunk: only what is added costs
    return pd.DataFrame(
        {
            "min_mw": least_mw(scenario, candidates),
            "cap_mw": cap_mw,
            "existing_mw": existing_mw,
            "pue": candidates["pue"].fillna(scenario.sites.pue),
            "site_mn_yr": per_year * per_site_mn,
            "size_mn_per_mw_yr": per_year * rates["facility_mn_per_mw"]
            + rates["energy_mn_per_mw_yr"],
            "site_capital_mn": per_site_mn,
            "size_capital_mn_per_mw": rates["facility_mn_per_mw"],
            "modular": True,
            "standing": existing_mw > 0,
            "forced": candidates.index.isin(scenario.limits.force),
            "forbidden": candidates.index.isin(scenario.limits.forbid),
        },
        index=candidates.index,
    )


def _hubs(hubs: pd.DataFrame) -> pd.DataFrame:
    """Give hubs as sites that stand already: no power tree, any size, and a price per MW IT."""
    return pd.DataFrame(
        {
            "min_mw": 0.0,
            "cap_mw": hubs["mw_it"],
            "existing_mw": 0.0,
            "pue": 1.0,
            "site_mn_yr": 0.0,
            "size_mn_per_mw_yr": hubs["mn_per_mw_it_yr"],
            "site_capital_mn": 0.0,
            "size_capital_mn_per_mw": 0.0,
            "modular": False,
            "standing": True,
            "forced": False,
            "forbidden": False,
        },
        index=hubs.index,
    )


def _tree(
    substations: pd.DataFrame, ancestors: list[Ints], sites: pd.DataFrame
) -> tuple[pd.DataFrame, csr_array]:
    """Give the limits that all sites below them could exceed together, and who is below which."""
    row = substations.index.get_indexer(sites.index)
    own = [row, *(np.where(row < 0, -1, level[row]) for level in ancestors)]
    node = np.concatenate(own)
    site = np.tile(np.arange(len(sites)), len(own))
    at = node >= 0
    member = csr_array(
        (np.ones(at.sum()), (node[at], site[at])), shape=(len(substations), len(sites))
    )
    limit: Floats = substations["headroom_mw"].to_numpy()
    growth_mw = (sites["cap_mw"] - sites["existing_mw"]).to_numpy()
    binding = np.flatnonzero(member @ growth_mw > limit + WATT_MW)
    nodes = pd.DataFrame({"limit_mw": limit[binding]}, index=substations.index[binding])
    return nodes, csr_array(member[binding])


def _counts(
    scenario: Scenario, candidates: pd.DataFrame, sites: int
) -> tuple[pd.DataFrame, csr_array]:
    """Give the most new sites overall and of each state, owner or group, and who counts as what."""
    rules: dict[str, tuple[int, Ints]] = {}
    new = candidates.assign(at=np.arange(len(candidates)))[candidates["existing_mw"] == 0]
    if scenario.limits.max_sites is not None:
        rules["all sites"] = (scenario.limits.max_sites, new["at"].to_numpy())
    for column, most in scenario.limits.max_sites_by.items():
        for value, rows in new.groupby(column)["at"]:
            rules[f"{column} {value}"] = (most, rows.to_numpy())
    counts = pd.DataFrame({"most": [most for most, _ in rules.values()]}, index=list(rules))
    return counts, matrix_of((rows for _, rows in rules.values()), sites)


def _demand(scenario: Scenario, demand: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split demand into points by promise: what must be served, and what has a price."""
    service = demand["service"].map(scenario.services)
    floor = service.map(lambda s: s.floor).to_numpy(dtype=float)
    demand = demand.assign(
        access_ms=demand["access_ms"].fillna(scenario.latency.access_ms),
        rtt_ms=service.map(lambda s: s.rtt_ms).astype(float),
    )
    promised = demand.assign(mw_it=demand["mw_it"] * floor, promised=True)
    priced = demand.assign(mw_it=demand["mw_it"] * (1 - floor), promised=False)
    points = pd.concat([promised, priced])
    points = points[points["mw_it"] > 0].sort_index(kind="stable").reset_index(drop=True)
    groups = _groups(scenario, points)
    key = pd.MultiIndex.from_frame(points[["service", "promised"]])
    points["group"] = pd.MultiIndex.from_frame(groups[["service", "promised"]]).get_indexer(key)
    return points, groups[["unserved_mn_per_mw_yr", "max_unserved_mw_it"]]


def _groups(scenario: Scenario, points: pd.DataFrame) -> pd.DataFrame:
    groups = points.groupby(["service", "promised"], sort=True)["mw_it"].sum().reset_index()
    price = groups["service"].map(lambda s: scenario.services[s].unserved_mn_per_mw_yr or 0.0)
    groups["unserved_mn_per_mw_yr"] = price.astype(float)
    groups["max_unserved_mw_it"] = groups["mw_it"].where(~groups["promised"], 0.0)
    groups.index = pd.Index(
        groups["service"] + np.where(groups["promised"], " promised", ""), name="group"
    )
    return groups


def _apart(scenario: Scenario, candidates: pd.DataFrame, sites: int) -> csr_array:
    """
    Give sets of candidates of which at most one can be built; refuse to force two of them.

    Existing sites stand where they stand, but a new one keeps its distance to them.
    """
    least_km = scenario.limits.separation_km
    pairs = pairs_nearer_than(candidates, least_km)
    existing = candidates["existing_mw"].to_numpy() > 0
    pairs = pairs[~existing[pairs].all(axis=1)]
    settled = existing | candidates.index.isin(scenario.limits.force)
    faults = []
    for pair in pairs[settled[pairs].all(axis=1)]:
        one, other = (candidates.iloc[[row]] for row in pair)
        km = geodesic_km(*(end[axis].to_numpy() for end in (one, other) for axis in ("lat", "lon")))
        faults.append(
            Fault(
                file=str(scenario.path.name),
                at="limits.force",
                says="two sites, forced or existing, are nearer than limits.separation_km",
                found=f"{one.index[0]} and {other.index[0]}, {km[0]:.3f} km apart",
                allowed=f"at least {least_km:g} km",
            )
        )
    if faults:
        raise InputError(faults)
    return matrix_of(cliques_of(pairs, len(candidates)), sites)
