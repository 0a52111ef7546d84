"""Demand as points: what must be served, what has a price, and what is kept in an outage."""

import numpy as np
import pandas as pd

from microdc.scenario import Scenario


def demand_of(scenario: Scenario, demand: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Split demand into points by promise: what must be served, and what has a price.

    Gives points with `place`, `service`, `group`, `mw_it`, position, `access_ms`, their bounds (ms)
    `rtt_ms` in order and `outage_rtt_ms` in an outage, and the share `kept` in one; and
    `Instance.groups`.
    """
    service = demand["service"].map(scenario.services)
    floor = service.map(lambda s: s.floor).to_numpy(dtype=float)
    demand = demand.assign(
        access_ms=demand["access_ms"].fillna(scenario.latency.access_ms),
        rtt_ms=service.map(lambda s: s.rtt_ms).astype(float),
        outage_rtt_ms=service.map(lambda s: s.outage_rtt_ms).astype(float),
        kept=service.map(lambda s: s.kept).astype(float),
    )
    promised = demand.assign(mw_it=demand["mw_it"] * floor, promised=True)
    priced = demand.assign(mw_it=demand["mw_it"] * (1 - floor), promised=False)
    points = pd.concat([promised, priced])
    points = points[points["mw_it"] > 0].sort_index(kind="stable").reset_index(drop=True)
    groups = _groups(scenario, points)
    key = pd.MultiIndex.from_frame(points[["service", "promised"]])
    points["group"] = pd.MultiIndex.from_frame(groups[["service", "promised"]]).get_indexer(key)
    columns = ["unserved_mn_per_mw_yr", "max_unserved_mw_it", "rtt_bound_ms", "split"]
    return points, groups[columns]


def _groups(scenario: Scenario, points: pd.DataFrame) -> pd.DataFrame:
    groups = points.groupby(["service", "promised"], sort=True)["mw_it"].sum().reset_index()
    price = groups["service"].map(lambda s: scenario.services[s].unserved_mn_per_mw_yr or 0.0)
    groups["unserved_mn_per_mw_yr"] = price.astype(float)
    groups["rtt_bound_ms"] = groups["service"].map(lambda s: scenario.services[s].rtt_ms)
    groups["split"] = groups["service"].map(lambda s: scenario.services[s].split).astype(bool)
    groups["max_unserved_mw_it"] = groups["mw_it"].where(~groups["promised"], 0.0)
    groups.index = pd.Index(
        groups["service"] + np.where(groups["promised"], " promised", ""), name="group"
    )
    return groups
