"""The parts put together: one instance of a scenario."""

from microdc.assembly.demand import demand_of
from microdc.assembly.hours import hours_in_force
from microdc.assembly.limits import projects_of, site_counts, sites_apart, tree_limits
from microdc.assembly.named import check_named_sites
from microdc.assembly.outages import outages_of
from microdc.assembly.prices.service import with_prices
from microdc.assembly.reach import reaches, with_round_trips
from microdc.assembly.sites import sites_of, tiers_of
from microdc.errors import UsageError
from microdc.inputs.hosts.capacity import ancestors_of, most_mw
from microdc.inputs.hosts.connection import connected
from microdc.inputs.region import Region
from microdc.instance import Instance
from microdc.scenario import Scenario


def assemble(scenario: Scenario, region: Region) -> Instance:
    """
    State the siting problem of a scenario as numbers.

    A candidate becomes a site if its own headroom, and that of all it hangs below, bears the
    smallest size: in every hour, or within the terms of a flexible connection. Existing sites and
    hubs are sites in any case. A class with a share that must be served everywhere becomes two
    groups of points: what is promised, and the rest at its price.
    Raises InputError for sites that are to be forced or forbidden but cannot be, and for more pairs
    within bound than fit into memory; UsageError for a scenario of several stages.
    """
    if scenario.stages and scenario.stage is None:
        msg = f"{scenario.name} has stages, which are planned together"
        raise UsageError(msg, hint="microdc plan plans them; a stage's own folder can be looked at")
    substations = connected(scenario, region)
    cap_mw = most_mw(scenario, substations, ancestors_of(substations))
    candidates = substations[cap_mw.notna()]
    check_named_sites(scenario, substations, candidates)
    sites = sites_of(scenario, candidates, cap_mw[candidates.index], region.hubs)
    nodes, below = tree_limits(substations, sites)
    counts, counted = site_counts(scenario, candidates, len(sites))
    points, groups = demand_of(scenario, region.demand)
    reach, in_outage = reaches(scenario, region, points, sites.index)
    reach = with_round_trips(reach, scenario, region, points, sites.index)
    reach = with_prices(reach, scenario, region, points, sites.index)
    return Instance(
        sites=sites,
        points=points[["place", "service", "group", "mw_it"]],
        groups=groups,
        reach=reach,
        nodes=nodes,
        below=below,
        modules_mw=scenario.sites.modules_mw,
        tiers=tiers_of(scenario, candidates, sites),
        projects=projects_of(scenario, candidates, sites),
        budget_mn=scenario.limits.budget_mn,
        most_mean_rtt_ms=scenario.limits.mean_rtt_ms,
        counts=counts,
        counted=counted,
        apart=sites_apart(scenario, candidates, len(sites)),
        outages=outages_of(scenario, region, points, in_outage, sites.index),
        hours=hours_in_force(scenario, region, points, sites),
    )
