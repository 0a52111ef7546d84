"""Which headrooms to ask about first: what they are worth at a plan's prices, and how far used."""

from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.assembly import assemble
from microdc.assembly.limits import at_and_below
from microdc.explain.sites.worth import earned_mn_yr
from microdc.instance import Instance
from microdc.scenario import Scenario
from microdc.studies.explaining.headroom.rows import binding_rows, headroom_mw, with_headroom
from microdc.studies.explaining.planned import Planned, sizes_mw


def used_mw(planned: Planned) -> "pd.Series[float]":
    """Give what a plan adds at and below each row of the power tree (MW), by id."""
    substations, plan = planned.region.substations, planned.plan
    added = sizes_mw(plan).reindex(plan.sites.index) - plan.sites["existing_mw"].astype(float)
    drawn = at_and_below(substations, added.index) @ added.to_numpy()
    return pd.Series(drawn, index=substations.index)


def worth_mn_yr(
    planned: Planned, *, more_mw: float = 0.0, times: float = 1.0
) -> "pd.Series[float]":
    """
    Estimate by how much other headroom at each row, alone, changes the least cost, by id.

    The price of its limit, if sites share it, and what the sites that it limits would earn more or
    less at the plan's prices (millions a year, not below zero). Exact for neither: it ranks. All
    zero where prices do not tell.
    """
    base, region, scenario = planned.base, planned.region, planned.scenario
    rows = region.substations.index
    if base.proof is None or not base.ranks:
        return pd.Series(0.0, index=rows)
    headroom = headroom_mw(scenario, region)
    by_mw = (times * headroom + more_mw).clip(lower=0.0) - headroom
    node = pd.Series(base.proof.prices.node, index=base.instance.nodes.index)
    shared = by_mw.abs() * node.reindex(rows, fill_value=0.0)
    changed = _comparable(planned, more_mw, times)
    paid = paid_above(planned)
    now, then = (earned_mn_yr(base, one, paid) for one in (base.instance, changed))
    sites = now.index.union(then.index)
    difference = then.reindex(sites, fill_value=0.0) - now.reindex(sites, fill_value=0.0)
    limiting = binding_rows(scenario, region).reindex(sites, fill_value="")
    own = difference.abs().groupby(limiting.to_numpy()).sum()
    return shared.fillna(0.0) + own.reindex(rows, fill_value=0.0)


def _comparable(planned: Planned, more_mw: float, times: float) -> Instance:
    """Give the problem with all headrooms changed, of the points that the base has."""
    base, whole, region = planned.base.instance, planned.whole, planned.region
    other = with_headroom(region, region.substations.index, more_mw=more_mw, times=times)
    reached = np.flatnonzero(whole.reach.sites_per_point > 0)
    changed = planned.held(assemble(_forcing_none(planned.scenario), other)).with_points(reached)
    forced = base.sites["forced"].reindex(changed.sites.index, fill_value=False)
    if base.outages is None:
        return replace(changed, sites=changed.sites.assign(forced=forced), groups=base.groups)
    # Prices in outages go by the outages of the base, so no site may join or leave.
    cap_mw = changed.sites["cap_mw"].reindex(base.sites.index, fill_value=0.0)
    return replace(base, sites=base.sites.assign(cap_mw=cap_mw))


def _forcing_none(scenario: Scenario) -> Scenario:
    """Give a scenario that forces no site: with less headroom one may not be a candidate."""
    limits = scenario.limits.model_copy(update={"force": ()})
    return scenario.model_copy(update={"limits": limits})


def paid_above(planned: Planned) -> "pd.Series[float]":
    """Give what a MW at each row pays for the limits at and above it (millions a year), by id."""
    substations, base = planned.region.substations, planned.base
    nodes = base.instance.nodes.index
    if base.proof is None or nodes.empty:
        return pd.Series(0.0, index=substations.index)
    below = at_and_below(substations, substations.index)[substations.index.get_indexer(nodes)]
    return pd.Series(below.T @ base.proof.prices.node, index=substations.index)
