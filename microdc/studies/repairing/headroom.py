"""
Headroom added at substations and limits: by itself, or in a mix with capital and less demand.

Whoever is in reach counts, those too that have too little headroom to be candidates today: their
headroom becomes a limit of the tree, which may be exceeded.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from microdc.assembly import assemble
from microdc.assembly.limits import at_and_below
from microdc.explain.repairs.elastic import least_headroom_mw
from microdc.inputs.hosts.capacity import ancestors_of
from microdc.instance import Instance
from microdc.studies.repairing.ladders import watts_up
from microdc.studies.repairing.repair import Repair
from microdc.studies.repairing.trial import Trial

MOST_TRIED = 4
"""Substations and limits that are tried one by one for each bottleneck."""


def elastic_rows(trial: Trial) -> pd.Index:
    """Give the ids of substations in reach of the demand, and of limits above, with a headroom."""
    table = trial.case.substations
    located = table[table["candidate"] & table["lat"].notna()]
    keys = pd.MultiIndex.from_frame(trial.demand[["place", "service"]])
    asked = pd.MultiIndex.from_frame(trial.case.points[["place", "service"]]).isin(keys)
    reach = trial.case.reached(np.flatnonzero(asked), located, out=False)
    row = table.index.get_indexer(located.index[np.unique(reach.site)])
    above = [level[row] for level in ancestors_of(table)]
    rows = np.unique(np.concatenate([row, *above]))
    rows = rows[rows >= 0]
    stated: pd.Index = table.index[rows[table["headroom_mw"].notna().to_numpy()[rows]]]
    return stated


def with_limits_of(trial: Trial, rows: pd.Index) -> Instance:
    """State the problem with the headroom of some rows as limits of the tree, and nothing else."""
    table = trial.region.substations
    stated_mw = table["headroom_mw"]
    loose = table.assign(headroom_mw=stated_mw.where(~table.index.isin(rows)))
    instance = assemble(trial.scenario, replace(trial.region, substations=loose))
    member = at_and_below(table, instance.sites.index)[table.index.get_indexer(rows)]
    limits = pd.DataFrame({"limit_mw": stated_mw[rows].to_numpy()}, index=rows)
    below = vstack([instance.below, member]) if len(instance.nodes) else member
    nodes = pd.concat([instance.nodes, limits])
    return replace(instance, nodes=nodes, below=csr_array(below))


def headroom_repairs(trial: Trial, first: list[str]) -> Iterator[Repair]:
    """Find the least headroom that cures at each of a few nodes, those named `first` before all."""
    if trial.case.instance.hours is not None or trial.too_late:
        return
    rows = elastic_rows(trial)
    if rows.empty:
        return
    instance = with_limits_of(trial, rows)
    for node in _in_order(instance, rows, first)[:MOST_TRIED]:
        if trial.too_late:
            return
        found = least_headroom_mw(instance, node, trial.settings, trial.limited())
        if found is not None and len(found.headroom_mw):
            yield of_headroom(trial, node, float(found.headroom_mw.sum()), exact=found.within_gap)


def _in_order(instance: Instance, rows: pd.Index, first: list[str]) -> list[str]:
    """Put the nodes that are known to bind first, then those that most demand hangs on."""
    near_mw_it = np.bincount(
        instance.reach.site,
        weights=np.repeat(instance.points["mw_it"], instance.reach.sites_per_point),
        minlength=len(instance.sites),
    )
    demand = pd.Series(instance.below @ near_mw_it, index=instance.nodes.index)
    by_demand = demand[rows].sort_values(ascending=False, kind="stable")
    known = [node for node in first if node in rows]
    return list(dict.fromkeys([*known, *map(str, by_demand.index[by_demand > 0])]))


def of_headroom(trial: Trial, node: str, more_mw: float, *, exact: bool) -> Repair:
    """Tell of headroom added at a node, rounded up to the watt."""
    added_mw = round(watts_up(more_mw + 1e-6), 6)
    stated_mw = float(trial.case.substations["headroom_mw"][node])
    return Repair(
        kind="headroom",
        id=node,
        name=str(trial.region.substations.loc[node, "name"]),
        unit="MW",
        stated=stated_mw,
        amount=stated_mw + added_mw,
        changes={"reinforce": {node: added_mw + trial.scenario.reinforce.get(node, 0.0)}},
        cost_mn_yr=added_mw * trial.prices.headroom_mn_per_mw_yr,
        exact=exact,
    )
