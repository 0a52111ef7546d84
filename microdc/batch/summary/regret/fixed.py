"""A scenario's problem with its fleet settled: these sites, at these sizes, and no others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from microdc.instance import WATT_MW, Instance, Ints, attainable_mw, rows_of

TOLERANCE_MW = 1e-5
"""Margin at which plans are repaired; a fleet that just suffices must not fail by rounding."""
_TOLERANCE_MN = 1e-6


def among(instance: Instance, sites: Iterable[str]) -> Instance:
    """Give an instance with some sites alone (ids), and those that are there in any plan."""
    there = instance.sites["standing"] | instance.sites["forced"]
    rows = np.flatnonzero(instance.sites.index.isin(list(sites)) | there.to_numpy())
    many, outages = len(instance.sites), instance.outages
    reach = instance.reach.among(rows, many)
    same = outages is None or outages.reach is instance.reach
    wider = reach if same or outages is None else outages.reach.among(rows, many)
    return instance if len(rows) == many else instance.with_sites(rows, reach, wider)


def fixed(instance: Instance, sizes_mw: "pd.Series[float]") -> Instance:
    """
    Give an instance in which exactly a fleet is built: its sites at their sizes (MW, by id).

    All of them must be sites there. What exists beside them stays as it is; hubs are free to use.
    """
    part = among(instance, sizes_mw.index)
    sites = part.sites
    hub = sites["standing"] & (sites["existing_mw"] == 0)
    mw = sizes_mw.reindex(sites.index).fillna(sites["existing_mw"])
    settled = sites.assign(
        min_mw=sites["min_mw"].where(hub, np.maximum(0.0, mw - WATT_MW)),
        cap_mw=sites["cap_mw"].where(hub, mw + TOLERANCE_MW),
        forced=sites["forced"] | sites.index.isin(sizes_mw.index),
        modular=False,
    )
    return replace(part, sites=settled)


def broken_rules(instance: Instance, sizes_mw: "pd.Series[float]") -> Iterator[str]:
    """
    Say which of the planner's rules and limits a fleet (MW, by id) breaks, a clause each.

    All of its sites must be sites of the instance. Hours and outages are not looked at.
    """
    yield from _sizes_not_allowed(instance, sizes_mw)
    yield from _left_out(instance, sizes_mw)
    sites = instance.sites
    mw = sizes_mw.reindex(sites.index).fillna(sites["existing_mw"])
    built = (mw > 0).to_numpy()
    grown_mw = (mw - sites["existing_mw"]).to_numpy()
    for node, rows in zip(instance.nodes.index, rows_of(instance.below), strict=True):
        limit_mw, drawn_mw = instance.nodes["limit_mw"][node], grown_mw[rows].sum()
        if drawn_mw > limit_mw + TOLERANCE_MW:
            yield f"it draws {drawn_mw:.2f} MW below {node}, which has {limit_mw:.2f} MW to spare"
    for kind, rows in zip(instance.counts.index, rows_of(instance.counted), strict=True):
        most, count = instance.counts["most"][kind], int(built[rows].sum())
        if count > most:
            yield f"it has {count} sites ({kind}), and {most:g} are allowed"
    yield from _too_near(instance, rows_of(instance.apart), built)
    if instance.budget_mn is not None:
        per_site, per_mw = sites["site_capital_mn"], sites["size_capital_mn_per_mw"]
        capital_mn = float((built * (per_site + per_mw * mw)).sum())
        if instance.tiers is not None:
            more_mn = instance.tiers.costing_capital().more_mn_yr(np.asarray(mw, dtype=float))
            capital_mn += float(more_mn[built].sum())
        if capital_mn > instance.budget_mn + _TOLERANCE_MN:
            allowed = f"the budget is {instance.budget_mn:,.2f} M"
            yield f"it takes {capital_mn:,.2f} M of capital, and {allowed}"


def _sizes_not_allowed(instance: Instance, sizes_mw: "pd.Series[float]") -> Iterator[str]:
    sites = instance.sites.loc[sizes_mw.index]
    for (site, row), mw in zip(sites.iterrows(), sizes_mw, strict=True):
        existing_mw = float(row["existing_mw"])
        if row["forbidden"] and not row["standing"]:
            yield f"{site} is ruled out by limits.forbid"
        elif mw > row["cap_mw"] + TOLERANCE_MW:
            yield f"{site} has {mw:g} MW, and can have no more than {row['cap_mw']:g} MW there"
        elif mw < row["min_mw"] - TOLERANCE_MW:
            yield f"{site} has {mw:g} MW, and must have at least {row['min_mw']:g} MW there"
        elif row["modular"] and not _of_modules(instance.modules_mw, mw - existing_mw):
            yield f"{site} has {mw:g} MW, which is no sum of the modules there"


def _of_modules(modules_mw: Sequence[float], mw: float) -> bool:
    if not modules_mw:
        return True
    sums = attainable_mw(modules_mw, mw + TOLERANCE_MW)
    return abs(sums[-1] - mw) <= TOLERANCE_MW


def _left_out(instance: Instance, sizes_mw: "pd.Series[float]") -> Iterator[str]:
    forced = instance.sites.index[instance.sites["forced"] & ~instance.sites["standing"]]
    for site in forced.difference(sizes_mw.index):
        yield f"limits.force names {site}, which it lacks"


def _too_near(instance: Instance, sets: Sequence[Ints], built: np.ndarray) -> Iterator[str]:
    standing = instance.sites["standing"].to_numpy()
    for rows in sets:
        both = rows[built[rows]]
        if len(both) > 1 and not standing[both].all():
            names = " and ".join(instance.sites.index[both].astype(str))
            yield f"{names} are too near one another"
            return
