"""What a site of a plan is for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from microdc.explain.sites.base import Base
from microdc.studies.explaining.planned import Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """
    What a site of the plan does.

    serves
        By class: `places` (count), `mw_it`, and of it `only_here_mw_it`, which no other candidate
        reaches, and `only_here_of_built_mw_it`, which no other site of the plan reaches.
    mn_per_mw_it_yr
        What the site costs for each MW IT that it serves (NaN: it serves none).
    """

    serves: pd.DataFrame
    cost_mn_yr: float
    mn_per_mw_it_yr: float


def role_of(planned: Planned, row: str) -> Role:
    """Say whom a site serves, and whom of those nobody else could."""
    service, plan = planned.plan.service, planned.plan
    mine = service[service["site"] == row]
    alone, alone_of_built = _only_reached_by(planned.base, row)
    pairs = pd.MultiIndex.from_frame(mine[["place", "service"]])
    told = mine.assign(
        only_here_mw_it=np.where(pairs.isin(alone), mine["mw_it"], 0.0),
        only_here_of_built_mw_it=np.where(pairs.isin(alone_of_built), mine["mw_it"], 0.0),
    )
    serves = told.groupby("service", sort=False).agg(
        places=("place", "nunique"),
        mw_it=("mw_it", "sum"),
        only_here_mw_it=("only_here_mw_it", "sum"),
        only_here_of_built_mw_it=("only_here_of_built_mw_it", "sum"),
    )
    table = plan.sites if row in plan.sites.index else plan.hubs
    costs = table.loc[row] if row in table.index else pd.Series(dtype=float)
    cost_mn_yr = float(sum(costs[key] for key in costs.index if str(key).endswith("_mn_yr")))
    served_mw_it = float(serves["mw_it"].sum())
    rate = cost_mn_yr / served_mw_it if served_mw_it else np.nan
    return Role(serves=serves, cost_mn_yr=cost_mn_yr, mn_per_mw_it_yr=rate)


def _only_reached_by(base: Base, row: str) -> Iterator[pd.MultiIndex]:
    """Give the demand (place, service) that no other site reaches: none allowed, none built."""
    instance, reach = base.instance, base.instance.reach
    sites = instance.sites
    point = np.repeat(np.arange(len(instance.points)), reach.sites_per_point)
    allowed = ~sites["forbidden"].to_numpy()
    mine = sites.index.get_loc(row)
    for others in (allowed, sites.index.isin(base.built)):
        counted = others & (np.arange(len(sites)) != mine)
        reached = np.bincount(point[counted[reach.site]], minlength=len(instance.points)) > 0
        here = np.zeros(len(instance.points), dtype=bool)
        here[point[reach.site == mine]] = True
        yield pd.MultiIndex.from_frame(instance.points.loc[here & ~reached, ["place", "service"]])
