"""Demand around the sites of a plan: what each could answer, and what nobody else could."""

import numpy as np
import pandas as pd

from microdc.assembly import pair_tables_of, within_bound
from microdc.instance import Reach
from microdc.placement.plan import Plan
from microdc.report.page.inputs import Inputs

_KEYS = ["place", "service"]


def around(plan: Plan, inputs: Inputs) -> pd.DataFrame:
    """
    Add up demand by what of it each host of a plan could answer within its bound (MW IT), by id.

    `only_here_mw_it`, of what it serves, what no other host of the plan reaches; `in_reach_mw_it`,
    all demand in its reach, and `short_mw_it`, what of that stays unserved. Hubs of which nothing
    is reserved do not count as hosts.
    """
    unused = plan.hubs.index[plan.hubs["mw_it"] <= 0]
    built = plan.hosts.index.difference(unused, sort=False)
    rows = plan.service.assign(short_mw_it=plan.service["mw_it"].where(plan.service["site"].isna()))
    demand = rows.groupby(_KEYS, sort=False)[["mw_it", "short_mw_it"]].sum()
    bounds_ms = _bounds_ms(plan, inputs)
    reach = _reach(inputs, demand.index.to_frame(index=False), built, bounds_ms)
    point = np.repeat(np.arange(len(demand)), reach.sites_per_point)
    pairs = demand.iloc[point].reset_index(drop=True).assign(site=built[reach.site])
    told = pairs.groupby("site").sum().rename(columns={"mw_it": "in_reach_mw_it"})
    single = demand.index[reach.sites_per_point == 1]
    mine = rows["site"].notna() & pd.MultiIndex.from_frame(rows[_KEYS]).isin(single)
    only = rows[mine].groupby("site")["mw_it"].sum()
    return told.assign(only_here_mw_it=only).reindex(plan.hosts.index).fillna(0.0)


def _bounds_ms(plan: Plan, inputs: Inputs) -> dict[str, float]:
    """Give the bound of each class (ms): its own, or the shorter one that an objective came to."""
    reached = plan.certificate.reached
    soonest = [one.value for one in reached if one.objective == "least-worst-rtt"]
    return {
        name: min([stated.rtt_ms, *(soonest if stated.floor > 0 else ())])
        for name, stated in inputs.scenario.services.items()
    }


def _reach(
    inputs: Inputs, wants: pd.DataFrame, built: pd.Index, bounds_ms: dict[str, float]
) -> Reach:
    """Give which of the built hosts (ids) lie within the bound of each place and service."""
    scenario, region = inputs.scenario, inputs.region
    asked = region.demand.set_index(_KEYS).loc[pd.MultiIndex.from_frame(wants)]
    points = asked.reset_index()[[*_KEYS, "lat", "lon", "access_ms"]]
    points = points.assign(
        access_ms=points["access_ms"].fillna(scenario.latency.access_ms),
        rtt_ms=points["service"].map(bounds_ms).astype(float),
    )
    return within_bound(scenario, pair_tables_of(scenario, region), points, region.hosts.loc[built])
