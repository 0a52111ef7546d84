"""Who may be a site or stands already, how large, and what it costs."""

import numpy as np
import pandas as pd

from microdc.inputs.costs import annuity_factor, connection_of_tiers_mn, cost_rates
from microdc.inputs.hosts.capacity import least_mw
from microdc.instance import TIER_STEP_MW, Tiers
from microdc.scenario import Scenario


def sites_of(
    scenario: Scenario, candidates: pd.DataFrame, cap_mw: "pd.Series[float]", hubs: pd.DataFrame
) -> pd.DataFrame:
    """Give `Instance.sites`: candidates and existing sites, which may reach `cap_mw`, then hubs."""
    sites = _sites(scenario, candidates, cap_mw)
    return pd.concat([sites, _hubs(hubs)]) if len(hubs) else sites


def _sites(
    scenario: Scenario, candidates: pd.DataFrame, cap_mw: "pd.Series[float]"
) -> pd.DataFrame:
    rates = cost_rates(candidates, scenario).assign(connection_mn_per_mw=0.0)
    if scenario.sites.tiers:
        least_mn = connection_of_tiers_mn(candidates, scenario).min(axis=1)
        rates = rates.assign(connection_mn=least_mn, connection_mn_per_mw=_least_per_mw(scenario))
        rates.loc[candidates["existing_mw"] > 0, "connection_mn_per_mw"] = 0.0
    size_mn_per_mw = rates["facility_mn_per_mw"] + rates["connection_mn_per_mw"]
    per_year = annuity_factor(scenario.costs.annuity)
    existing_mw = candidates["existing_mw"]
    per_site_mn = rates[["site_mn", "connection_mn", "feeder_mn", "fibre_mn"]].sum(axis=1)
    per_site_mn -= rates["facility_mn_per_mw"] * existing_mw  # sunk: only what is added costs
    return pd.DataFrame(
        {
            "min_mw": least_mw(scenario, candidates),
            "cap_mw": cap_mw,
            "existing_mw": existing_mw,
            "pue": candidates["pue"].fillna(scenario.sites.pue),
            "site_mn_yr": per_year * per_site_mn,
            "size_mn_per_mw_yr": per_year * size_mn_per_mw + rates["energy_mn_per_mw_yr"],
            "site_capital_mn": per_site_mn,
            "size_capital_mn_per_mw": size_mn_per_mw,
            "modular": True,
            "standing": existing_mw > 0,
            "forced": candidates.index.isin(scenario.limits.force),
            "forbidden": candidates.index.isin(scenario.limits.forbid),
        },
        index=candidates.index,
    )


def _least_per_mw(scenario: Scenario) -> float:
    return min(tier.connection_mn_per_mw for tier in scenario.sites.tiers)


def tiers_of(scenario: Scenario, candidates: pd.DataFrame, sites: pd.DataFrame) -> Tiers | None:
    """
    Give `Instance.tiers` of `Instance.sites`, of which `candidates` come first; None: none stated.

    Existing sites and hubs are of the first class at any size, at no price.
    """
    tiers = scenario.sites.tiers
    if not tiers:
        return None
    new = np.zeros(len(sites), dtype=bool)
    new[: len(candidates)] = candidates["existing_mw"] == 0
    fixed_mn = np.zeros((len(sites), len(tiers)))
    fixed_mn[: len(candidates)] = connection_of_tiers_mn(candidates, scenario)
    fixed_mn -= fixed_mn.min(axis=1, keepdims=True)
    per_mw = np.array([tier.connection_mn_per_mw for tier in tiers]) - _least_per_mw(scenario)
    size_mn_per_mw = np.where(new[:, None], per_mw, 0.0)
    per_year = annuity_factor(scenario.costs.annuity)
    return Tiers(
        begins_mw=np.array([0.0, *(tier.above_mw + TIER_STEP_MW for tier in tiers[1:])]),
        ends_mw=np.array([*(tier.above_mw for tier in tiers[1:]), np.inf]),
        applies=new,
        site_mn_yr=per_year * fixed_mn,
        size_mn_per_mw_yr=per_year * size_mn_per_mw,
        site_capital_mn=fixed_mn,
        size_capital_mn_per_mw=size_mn_per_mw,
    )


def _hubs(hubs: pd.DataFrame) -> pd.DataFrame:
    """Give hubs as sites that stand already: no power tree, any size, and a price per MW IT."""
    return pd.DataFrame(
        {
            "min_mw": 0.0,
            "cap_mw": hubs["mw_it"],
            "existing_mw": 0.0,
            "pue": 1.0,
            "site_mn_yr": 0.0,
            "size_mn_per_mw_yr": hubs["mn_per_mw_it_yr"],
            "site_capital_mn": 0.0,
            "size_capital_mn_per_mw": 0.0,
            "modular": False,
            "standing": True,
            "forced": False,
            "forbidden": False,
        },
        index=hubs.index,
    )
