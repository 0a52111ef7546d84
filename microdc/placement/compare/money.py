"""Why the cost changed, item by item, and what of the change is proven."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from microdc.placement.certificate import Certificate
from microdc.solve.outcome import NOTHING_MN


def cost_items(before: Mapping[str, float], after: Mapping[str, float]) -> pd.DataFrame:
    """
    Lay the cost items of two plans side by side (millions a year).

    `item`, `before_mn_yr`, `after_mn_yr`, `difference_mn_yr`; differences add up to that of cost.
    """
    items = list(dict.fromkeys([*before, *after]))
    table = pd.DataFrame(
        {
            "item": items,
            "before_mn_yr": [before.get(item, 0.0) for item in items],
            "after_mn_yr": [after.get(item, 0.0) for item in items],
        }
    )
    return table.assign(difference_mn_yr=table["after_mn_yr"] - table["before_mn_yr"])


def proven_difference(before: Certificate, after: Certificate) -> dict[str, Any]:
    """
    Say what is proven of how far the least costs of two scenarios lie apart (millions a year).

    Each least cost lies between a plan's bound and its cost, so their difference lies between
    `least_difference_mn_yr` and `most_difference_mn_yr`. `proven` is `cheaper` where the other
    plan costs less than any plan of the first can, `dearer` where none of the other's costs as
    little as the first plan does, `equal` where they can differ by nothing, else `open`.
    """
    least = after.bound_mn_yr - before.cost_mn_yr
    most = after.cost_mn_yr - before.bound_mn_yr
    return {
        "before": _proof_of(before),
        "after": _proof_of(after),
        "difference_mn_yr": after.cost_mn_yr - before.cost_mn_yr,
        "least_difference_mn_yr": least,
        "most_difference_mn_yr": most,
        "proven": _proven(least, most),
    }


def _proven(least: float, most: float) -> str:
    """Say what is proven of a difference between these two (millions a year)."""
    if most < -NOTHING_MN:
        return "cheaper"
    if least > NOTHING_MN:
        return "dearer"
    return "equal" if least >= -NOTHING_MN and most <= NOTHING_MN else "open"


def _proof_of(certificate: Certificate) -> dict[str, float]:
    return {
        "cost": certificate.cost_mn_yr,
        "bound": certificate.bound_mn_yr,
        "gap": certificate.gap,
    }
