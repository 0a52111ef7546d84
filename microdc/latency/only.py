"""Who may serve whom where a table names all pairs that may: no others are ever looked at."""

import numpy as np
import pandas as pd

from microdc.instance import Floats, Ints, Reach
from microdc.latency.fibre import Fibre
from microdc.latency.measured import reach_of
from microdc.latency.reach import exact_rtt_ms


def reach_among(
    alone: pd.DataFrame, points: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre
) -> Reach:
    """
    Find the sites that may serve each demand point and answer it within its bound, `rtt_ms`.

    `alone`, `points` and `sites` are as `round_trips_among` takes them.
    """
    point, site, rtt_ms = round_trips_among(alone, points, sites, fibre)
    within = rtt_ms <= points["rtt_ms"].to_numpy(dtype=float)[point]
    return reach_of(point[within], site[within], len(points))


def nearest_among(
    alone: pd.DataFrame, points: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre
) -> pd.DataFrame:
    """Give the `site` (id) that may serve each point the soonest, and its `rtt_ms`; NaN: none."""
    point, site, rtt_ms = round_trips_among(alone, points, sites, fibre)
    pairs = pd.DataFrame({"point": point, "site": sites.index[site], "rtt_ms": rtt_ms})
    first = pairs.sort_values(["rtt_ms", "site"]).drop_duplicates("point").set_index("point")
    return first.reindex(range(len(points))).set_axis(points.index)


def round_trips_among(
    alone: pd.DataFrame, points: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre
) -> tuple[Ints, Ints, Floats]:
    """
    Give the row of the point, the row of the site and the round trip (ms) of each pair.

    Parameters
    ----------
    alone
        `place`, `service`, `site` (id), each pair once, and `rtt_ms`; NaN: by the formula.
    points
        `place`, `service`, `lat`, `lon` (degrees) and `access_ms`, one row per demand point.
    sites
        `lat`, `lon` (degrees) and `processing_ms`, by id.
    """
    keys = points[["place", "service"]].assign(point=np.arange(len(points)))
    told = alone.assign(at=sites.index.get_indexer(pd.Index(alone["site"])))
    told = told[told["at"] >= 0].merge(keys, on=["place", "service"])
    point, site = told["point"].to_numpy(np.int64), told["at"].to_numpy(np.int64)
    rtt_ms = told["rtt_ms"].to_numpy(dtype=float, copy=True)
    by_formula = np.flatnonzero(np.isnan(rtt_ms))
    ends = points[["lat", "lon", "access_ms"]].iloc[point[by_formula]]
    rtt_ms[by_formula] = exact_rtt_ms(ends, sites.iloc[site[by_formula]], fibre)
    return point, site, rtt_ms
