"""Demand that one site of a plan alone can answer within the bound."""

import numpy as np
import pandas as pd

from microdc.assembly import fibre_of, located, measured_pairs
from microdc.latency.measured import with_measured
from microdc.latency.reach import sites_in_reach
from microdc.placement.plan import Plan
from microdc.report.page.inputs import Inputs


def only_here_mw_it(plan: Plan, inputs: Inputs) -> "pd.Series[float]":
    """
    Add up, of what each host serves, what no other host of the plan reaches in its bound (MW IT).

    By id; hubs of which nothing is reserved do not count as hosts.
    """
    scenario, region = inputs.scenario, inputs.region
    unused = plan.hubs.index[plan.hubs["mw_it"] <= 0]
    built = plan.hosts.index.difference(unused, sort=False)
    served = plan.service[plan.service["site"].notna()]
    wants = served[["place", "service"]].drop_duplicates()
    asked = region.demand.set_index(["place", "service"]).loc[pd.MultiIndex.from_frame(wants)]
    bound_ms = {name: stated.rtt_ms for name, stated in scenario.services.items()}
    points = asked.reset_index()[["place", "service", "lat", "lon", "access_ms"]]
    points = points.assign(
        access_ms=points["access_ms"].fillna(scenario.latency.access_ms),
        rtt_ms=points["service"].map(bound_ms).astype(float),
    )
    sites = located(scenario, region.hosts.loc[built])
    reach = sites_in_reach(points, sites, fibre_of(scenario))
    measured = measured_pairs(scenario, region)
    if len(measured):
        reach = with_measured(reach, points, built, measured)
    single = np.flatnonzero(reach.sites_per_point == 1)
    alone = pd.MultiIndex.from_frame(points[["place", "service"]].iloc[single])
    mine = pd.MultiIndex.from_frame(served[["place", "service"]]).isin(alone)
    return served[mine].groupby("site")["mw_it"].sum()
