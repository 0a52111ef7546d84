"""Round trips that were measured, in place of the formula's, pair by pair."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from microdc.instance import Floats, Ints, Reach

PAIR = ["place", "service", "site"]


def in_force(rows: pd.DataFrame, percentile: float | None, services: Sequence[str]) -> pd.DataFrame:
    """
    Choose the round trip (ms) that counts for each `place`, `service` and `site`.

    Parameters
    ----------
    rows
        `place`, `service` ('': every one), `site`, `rtt_ms`, `percentile`, `date`, as read.
    percentile
        Which percentile counts; None: the table states at most one.

    Of one pair the newest counts, rows without a date as the oldest; a row that names the service
    counts before one that names none, whatever their dates.
    """
    if percentile is not None:
        rows = rows[rows["percentile"] == percentile]
    newest = rows.sort_values("date", kind="stable").drop_duplicates(PAIR, keep="last")
    return of_each_service(newest, services)[[*PAIR, "rtt_ms"]]


def of_each_service(rows: pd.DataFrame, services: Sequence[str]) -> pd.DataFrame:
    """Let a row without a service ('') hold for each that has no row of its own for the pair."""
    of_all = rows["service"] == ""
    spread = [rows[of_all].assign(service=service) for service in services]
    chosen = pd.concat([*spread, rows[~of_all]], ignore_index=True)
    return chosen.drop_duplicates(PAIR, keep="last", ignore_index=True)


def measured_or(formula_ms: Floats, pairs: pd.DataFrame, measured: pd.DataFrame) -> Floats:
    """Give each pair (`place`, `service`, `site`) its measured round trip, else the formula's."""
    if measured.empty:
        return formula_ms
    known = measured.set_index(PAIR)["rtt_ms"]
    rtt_ms = known.reindex(pd.MultiIndex.from_frame(pairs[PAIR])).to_numpy(dtype=float)
    return np.where(np.isnan(rtt_ms), formula_ms, rtt_ms)


def with_measured(
    reach: Reach, points: pd.DataFrame, sites: pd.Index, measured: pd.DataFrame
) -> Reach:
    """
    Take measured pairs into reach, or out of it, whatever the formula says of them.

    Parameters
    ----------
    points
        `place`, `service` and the bound `rtt_ms`, one row per demand point.
    sites
        Ids of the sites, in the order that `reach` counts them.
    measured
        `place`, `service`, `site`, `rtt_ms`, each pair once (`in_force`).
    """
    keys = points[["place", "service"]].assign(point=np.arange(len(points)))
    told = measured.assign(at=sites.get_indexer(pd.Index(measured["site"])))
    told = told[told["at"] >= 0].merge(keys, on=["place", "service"])
    point, site = told["point"].to_numpy(np.int64), told["at"].to_numpy(np.int64)
    owner = np.repeat(np.arange(len(points)), reach.sites_per_point)
    by_formula = ~np.isin(owner * len(sites) + reach.site, point * len(sites) + site)
    within = told["rtt_ms"].to_numpy() <= points["rtt_ms"].to_numpy()[point]
    owner = np.concatenate([owner[by_formula], point[within]])
    near = np.concatenate([reach.site[by_formula], site[within]])
    return reach_of(owner, near, len(points))


def reach_of(point: Ints, site: Ints, points: int) -> Reach:
    """Give the reach of so many points from its pairs: row of the point, and of the site."""
    count = np.bincount(point, minlength=points)
    order = np.lexsort((site, point))
    return Reach(start=np.concatenate([[0], np.cumsum(count)]), site=site[order].astype(np.int32))
