"""Where else a site could have been: candidates that are large enough by themselves."""

from typing import Any

import pandas as pd

from microdc.placement.plan import Plan
from microdc.report.page.data.service import DEGREE_DIGITS, MW_DIGITS, rounded
from microdc.report.page.inputs import Inputs


def candidates(plan: Plan, inputs: Inputs) -> dict[str, Any]:
    """
    Give the candidates that the plan does not use, by column: `id`, `name`, `lat`, `lon`, `mw`.

    `mw` is headroom, for a parcel that of the substation that feeds it (MW). Left out is who has
    less than the least size of a site; `count` and `too_small` say how many there are of both.
    """
    rows = inputs.region.substations
    rows = rows[rows["candidate"] & ~rows.index.isin(plan.sites.index)]
    mw = _headroom_mw(inputs.region.substations).loc[rows.index]
    large = mw >= rows["min_mw"].fillna(inputs.scenario.sites.min_mw)
    shown = rows[large]
    return {
        "id": shown.index.tolist(),
        "name": shown["name"].fillna(shown.index.to_series()).tolist(),
        "lat": rounded(shown["lat"], DEGREE_DIGITS),
        "lon": rounded(shown["lon"], DEGREE_DIGITS),
        "mw": rounded(mw[large], MW_DIGITS),
        "count": len(shown),
        "too_small": int((~large).sum()),
    }


def _headroom_mw(substations: pd.DataFrame) -> "pd.Series[float]":
    """Give what each row may draw alone (MW); a parcel has that of its substation."""
    headroom = substations["headroom_mw"]
    return headroom.where(~substations["parcel"], substations["parent"].map(headroom))
