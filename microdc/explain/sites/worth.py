"""What sites of other sizes could earn at a plan's prices: an estimate to rank questions by."""

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.explain.sites.base import Base
from microdc.instance import Instance
from microdc.model.bound.market import Market
from microdc.model.bound.prices import Prices


def earned_mn_yr(
    base: Base, changed: Instance, limits_mn_per_mw_yr: "pd.Series[float]"
) -> "pd.Series[float]":
    """
    Give what each site of a changed instance earns at best at the plan's prices, by id.

    `changed` has the base's points, and the base's sites with other sizes, or more of them;
    `limits_mn_per_mw_yr` is what a MW at each site pays for the limits of the power tree above it.
    A site that need not be built earns nothing rather than less.
    """
    assert base.proof is not None
    prices, sites = base.proof.prices, changed.sites
    per_mw = limits_mn_per_mw_yr.reindex(sites.index, fill_value=0.0)
    per_site = _of_rules_mn_yr(base, prices).reindex(sites.index, fill_value=0.0)
    paying = sites.assign(
        size_mn_per_mw_yr=sites["size_mn_per_mw_yr"] + per_mw,
        site_mn_yr=sites["site_mn_yr"] + per_site - per_mw * sites["existing_mw"],
    )
    none = csr_array((0, len(sites)))
    free = replace(
        changed,
        sites=paying,
        nodes=base.instance.nodes.iloc[:0],
        below=none,
        counts=base.instance.counts.iloc[:0],
        counted=none,
        apart=none,
    )
    paid = replace(prices, node=np.empty(0), count=np.empty(0), apart=np.empty(0))
    earned = pd.Series(Market(free).profit_mn_yr(paid), index=sites.index)
    there = sites["standing"] | sites["forced"]
    return earned.where(there, earned.clip(lower=0.0)).where(~sites["forbidden"], 0.0)


def _of_rules_mn_yr(base: Base, prices: Prices) -> "pd.Series[float]":
    """Give what being built pays for the planner's counts and distances, by site."""
    instance, total = base.instance, np.zeros(len(base.instance.sites))
    for rows, price in ((instance.counted, prices.count), (instance.apart, prices.apart)):
        if len(price):
            total = total + rows.T @ price
    return pd.Series(total, index=instance.sites.index)
