"""The most MW that can be served; in a programme, the most MW-months."""

from dataclasses import replace

from microdc.instance import Instance
from microdc.oracles.base import TOLERANCE_MW_IT
from microdc.solve.least_cost import set_aside
from microdc.solve.outcome import Reached
from microdc.solve.turns.held import Means, Turn, costing


def most_served(instance: Instance, means: Means) -> Turn:
    """
    Serve the most MW IT, then hold on to the plans that leave no more unserved.

    Where groups have `months`, all of it is in MW-months of IT.
    """
    months = instance.months
    all_mw_it = float(months @ instance.demand_by_group_mw_it)
    # The cost is the negative of the MW IT served.
    serving = costing(instance, unserved=months, constant=-all_mw_it)
    timed = "months" in instance.groups
    outcome = means.search(serving, "time to power" if timed else "service")
    unserved_mw_it = float(months @ outcome.unserved_mw_it.to_numpy())
    _, lost = set_aside(instance)
    # As far as the solver can tell, so that the plan just found stays a plan.
    tolerance = TOLERANCE_MW_IT * max(1.0, months.max(initial=1.0))
    left_mw_it = max(0.0, unserved_mw_it - float(months @ lost.to_numpy())) + tolerance
    least = max(0.0, all_mw_it + outcome.bound)
    return Turn(
        outcome=outcome,
        held=replace(instance, most_unserved_mw_it=left_mw_it),
        reached=Reached(objective="most-served", value=unserved_mw_it, bound=least),
        ended=outcome.ended,
    )
