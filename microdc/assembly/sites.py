"""Who may be a site or stands already, how large, and what it costs."""

import pandas as pd

from microdc.inputs.costs import annuity_factor, cost_rates
from microdc.inputs.hosts.capacity import least_mw
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
    rates = cost_rates(candidates, scenario)
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
            "size_mn_per_mw_yr": per_year * rates["facility_mn_per_mw"]
            + rates["energy_mn_per_mw_yr"],
            "site_capital_mn": per_site_mn,
            "size_capital_mn_per_mw": rates["facility_mn_per_mw"],
            "modular": True,
            "standing": existing_mw > 0,
            "forced": candidates.index.isin(scenario.limits.force),
            "forbidden": candidates.index.isin(scenario.limits.forbid),
        },
        index=candidates.index,
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
