"""Whoever may serve: how much each could have, and what it would pay at the prices of limits."""

import numpy as np
import pandas as pd

from microdc.placement.verify.document import LimitPrices
from microdc.placement.verify.facts import Facts, Floats
from microdc.placement.verify.hosts.tiers import Sizes, sizes_of
from microdc.placement.verify.hours.terms import connectable_mw
from microdc.placement.verify.money import per_year, site_capital_mn, size_mn_per_mw_yr
from microdc.placement.verify.proof.limits import tolls
from microdc.placement.verify.sites import sum_of_modules

WATT_MW = 1e-6
"""A candidate so little short of its smallest size may be a site."""
COLUMNS = ["lat", "lon", "processing_ms", "pue", "sizes", "most_mw", "mn_yr", "mn_per_mw_yr",
           "there"]  # fmt: skip


def offers_of(facts: Facts, prices: LimitPrices) -> pd.DataFrame:
    """
    Describe everyone who may serve, by id.

    `lat`, `lon`, `processing_ms`, `pue`; `most_mw` (grid side); `mn_yr` for being there and
    `mn_per_mw_yr` for each MW (millions a year), capital, energy and the prices of limits
    together, but for what goes by the class of its size; `sizes`, what it may have in each class
    and what that costs more; `there`, whether it is there whatever is planned.
    """
    hubs = facts.region.hubs
    at_hubs = hubs.assign(
        processing_ms=hubs["processing_ms"].fillna(facts.scenario.latency.processing_ms),
        pue=1.0,
        sizes=hubs["mw_it"].map(lambda mw_it: (Sizes(0.0, mw_it, 0.0, 0.0),)),
        most_mw=hubs["mw_it"],
        mn_yr=0.0,
        mn_per_mw_yr=hubs["mn_per_mw_it_yr"],
        there=True,
    )
    parts = [_at_substations(facts, prices), *([at_hubs] if len(hubs) else [])]
    return pd.concat([part[COLUMNS] for part in parts])


def _at_substations(facts: Facts, prices: LimitPrices) -> pd.DataFrame:
    """
    Price a site at each substation that exists, or can bear the smallest and is not forbidden.

    What exists is sunk: its capital counts from its size on, and so does what it takes of limits.
    """
    rows, settled = facts.substations, facts.scenario.limits
    exists, toll = rows["existing_mw"] > 0, tolls(facts, prices)
    least_mw = rows["min_mw"].fillna(facts.scenario.sites.min_mw)
    room_mw = _room_mw(facts)
    annuity = per_year(facts.scenario.costs.annuity)
    dearer = 1 + prices.budget_mn_per_mn_yr / annuity  # each million of capital is that dear
    size = size_mn_per_mw_yr(facts)
    grown = size["facility"] * dearer + toll["mn_per_mw_yr"]
    site_mn_yr = site_capital_mn(facts, rows).sum(axis=1) * annuity * dearer
    most_mw = rows["existing_mw"] + room_mw
    smallest_mw = rows["existing_mw"].where(exists, np.minimum(least_mw, room_mw))
    columns = (exists, rows["voltage_kv"], smallest_mw, most_mw)
    sizes = [
        (Sizes(least, most, 0.0, 0.0),)
        if stands
        else sizes_of(facts, kv, (least, most), annuity * dearer)
        for stands, kv, least, most in zip(*columns, strict=True)
    ]
    offers = rows.assign(
        sizes=pd.Series(sizes, index=rows.index, dtype=object),
        most_mw=most_mw,
        mn_yr=site_mn_yr + toll["mn_yr"] - grown * rows["existing_mw"],
        mn_per_mw_yr=grown + size["energy"],
        there=exists | rows.index.isin(settled.force),
    )
    new = rows["candidate"] & (room_mw >= least_mw - WATT_MW) & ~rows.index.isin(settled.forbid)
    return offers[exists | new]


def _room_mw(facts: Facts) -> Floats:
    """Give what may be added at each substation by itself (MW), modules considered."""
    rows, rules = facts.substations, facts.scenario.sites
    most_mw = rows["max_mw"].fillna(rules.max_mw) - rows["existing_mw"]
    room_mw: Floats = np.minimum(_connectable_mw(facts), most_mw.clip(lower=0.0).to_numpy())
    if not rules.modules_mw:
        return room_mw
    bits = bin(sum_of_modules(rules.modules_mw, room_mw.max(initial=0.0)))[:1:-1]
    sums_mw = np.flatnonzero(np.array(list(bits)) == "1") / 1e3
    fits: Floats = sums_mw[np.searchsorted(sums_mw, room_mw + WATT_MW, side="right") - 1]
    return fits


def _connectable_mw(facts: Facts) -> Floats:
    """Give what all limits at and above each substation let it grow by (MW); 0: no candidate."""
    paths = {
        str(site): (str(site), *facts.above[str(site)])
        for site in facts.substations.index[facts.substations["candidate"]]
    }
    limit_mw = connectable_mw(facts, {node for path in paths.values() for node in path})
    least_mw = {
        site: np.nanmin([np.inf, *(limit_mw[node] for node in path)])
        for site, path in paths.items()
    }
    return np.array([least_mw.get(site, 0.0) for site in facts.substations.index])
