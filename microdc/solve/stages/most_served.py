"""The most MW that can be served."""

from dataclasses import replace

from microdc.instance import Instance
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Reached
from microdc.solve.stages.held import Means, Stage, at_full_size


def most_served(instance: Instance, means: Means) -> Stage:
    """Serve the most MW IT, then hold on to the plans that leave no more unserved."""
    outcome = means.search(_serving_most(instance), "service")
    unserved_mw_it = float(outcome.unserved_mw_it.sum())
    _, lost = set_aside(instance)
    # As far as the solver can tell, so that the plan just found stays a plan.
    left_mw_it = max(0.0, unserved_mw_it - float(lost.sum())) + TOLERANCE_MW_IT
    least = max(0.0, float(instance.demand_by_group_mw_it.sum()) + outcome.bound)
    return Stage(
        outcome=outcome,
        held=replace(instance, most_unserved_mw_it=left_mw_it),
        reached=Reached(objective="most-served", value=unserved_mw_it, bound=least),
        ended=outcome.ended,
    )


def _serving_most(instance: Instance) -> Instance:
    """Price nothing but service: the cost is the negative of the MW served."""
    sites = at_full_size(instance).sites.assign(site_mn_yr=0.0, size_mn_per_mw_yr=0.0)
    groups = instance.groups.assign(unserved_mn_per_mw_yr=1.0)
    served_all = -float(instance.demand_by_group_mw_it.sum())
    return replace(
        instance,
        sites=sites,
        groups=groups,
        constant_mn_yr=served_all,
        reach=instance.reach.unpriced,
    )
