"""What of a site's connection is there in every hour, and how much and how long it is curtailed."""

import numpy as np
import pandas as pd

from microdc.instance import Floats, Hours, rows_of

_WATTS_MW = 1e-5  # curtailed by less than this is not curtailed


def alone_mw(mw: Floats, existing_mw: Floats, hours: Hours) -> Floats:
    """
    Give what each site may draw in each hour, as if it were the only one; hours x sites.

    That is the least of its connection `mw`, its own headroom, and every limit above it beside
    what exists (MW, grid).
    """
    alone = np.minimum(mw, hours.available_mw)
    for limit, below in enumerate(rows_of(hours.below)):
        most_mw = hours.limit_mw[:, [limit]] + existing_mw[below]
        alone[:, below] = np.minimum(alone[:, below], most_mw)
    return alone


def firmness(mw: Floats, existing_mw: Floats, hours: Hours) -> pd.DataFrame:
    """
    Say of each site what is firm of it and how it is curtailed in the hours of a year.

    `firm_mw` is what it may draw in every hour as if it were alone; `curtailed_h_per_yr` are the
    hours in which that is less than its connection, and `curtailed_mwh_per_mw_yr` what it lacks
    then, for each MW of the connection.
    """
    alone, weight_h = alone_mw(mw, existing_mw, hours), hours.what["weight_h"].to_numpy(float)
    lacks_mw = np.where(mw - alone > _WATTS_MW, mw - alone, 0.0)
    mwh = weight_h @ lacks_mw
    return pd.DataFrame(
        {
            "firm_mw": mw - lacks_mw.max(axis=0),
            "curtailed_h_per_yr": weight_h @ (lacks_mw > 0),
            "curtailed_mwh_per_mw_yr": np.divide(mwh, mw, out=np.zeros(len(mw)), where=mw > 0),
        }
    )


def firm_together_mw(firm_mw: Floats, existing_mw: Floats, hours: Hours) -> float:
    """
    Give what sites may draw together in every hour (MW), of what each may draw alone.

    Limits of a tree lie within one another or apart: taken from the smallest to the largest, each
    leaves of what is below it no more than it has in its least hour.
    """
    grown = firm_mw - existing_mw
    below = rows_of(hours.below)
    for limit in sorted(range(len(below)), key=lambda limit: len(below[limit])):
        most, wanted = hours.limit_mw[:, limit].min(), grown[below[limit]].sum()
        if wanted > most:
            grown[below[limit]] *= most / wanted
    return float((existing_mw + grown).sum())
