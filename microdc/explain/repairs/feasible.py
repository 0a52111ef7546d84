"""Whether there is any plan at all."""

from dataclasses import replace

from microdc.explain.bottlenecks.bottleneck import at_full_size, in_reach
from microdc.instance import Instance
from microdc.oracles.delivery import in_order
from microdc.solve.highs import Clock
from microdc.solve.least_cost import least_cost, set_aside
from microdc.solve.outcome import Ended, Settings
from microdc.solve.search.loop import Search


def plan_exists(instance: Instance, settings: Settings, clock: Clock) -> bool | None:
    """
    Tell whether some plan keeps every promise and every limit; None: time ran out first.

    Demand in nobody's reach and a max-flow with every site at full size settle most cases; the
    search looks for a plan in the others, whatever it costs.
    """
    within, _ = set_aside(instance)
    if (within.groups["max_unserved_mw_it"] < 0).any():
        return False
    if within.points.empty:
        return True
    if within.hours is None and in_order(within, "weak").violated_by(at_full_size(within)):
        return False
    free = free_of_cost(in_reach(within))
    if free.times_service:  # the mean round trip is limited
        outcome = least_cost(free, settings, clock, lambda _: None)
    else:
        outcome = Search(free, settings, clock, lambda _: None).run()
    if outcome.has_plan:
        return True
    return False if outcome.ended is Ended.INFEASIBLE else None


def free_of_cost(instance: Instance) -> Instance:
    """Let sites, megawatts, service and what is unserved cost nothing: any plan is as good."""
    sites = instance.sites.assign(site_mn_yr=0.0, size_mn_per_mw_yr=0.0)
    groups = instance.groups.assign(unserved_mn_per_mw_yr=0.0)
    tiers = instance.tiers and instance.tiers.costing_nothing()
    return replace(
        instance,
        sites=sites,
        tiers=tiers,
        groups=groups,
        reach=instance.reach.unpriced,
        constant_mn_yr=0.0,
    )
