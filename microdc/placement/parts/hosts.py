"""What a plan says of each site and each hub: size, load, round trips and cost."""

from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.costs import annuity_factor, connection_of_size_mn, cost_rates, tier_of
from microdc.inputs.region import Region
from microdc.scenario import Scenario

CAPITAL_ITEMS = ("facility", "site", "connection", "feeder", "fibre")
SITE_ITEMS = (*CAPITAL_ITEMS, "energy")

SITE_COLUMNS = (
    *("id", "name", "lat", "lon", "state", "voltage_kv", "headroom_mw", "arithmetic", "parents"),
    *("substation", "feeder_km", "fibre_km"),
    *("mw", "existing_mw", "tier", "connection_kv", "months", "project"),
    *("load_mw", "load_mw_it", "utilisation", "pue", "racks", "gpus"),
    *("worst_rtt_ms", "mean_rtt_ms", "lost_mw_it_when_out"),
    *("firm_mw", "curtailed_h_per_yr", "curtailed_mwh_per_mw_yr"),
    *(f"{item}_mn_yr" for item in SITE_ITEMS),
)
HUB_COLUMNS = (
    *("id", "name", "lat", "lon", "capacity_mw_it", "mw_it", "load_mw_it"),
    *("worst_rtt_ms", "mean_rtt_ms", "lost_mw_it_when_out", "mn_per_mw_it_yr", "reserve_mn_yr"),
)

_BY_HOUR = ("firm_mw", "curtailed_h_per_yr", "curtailed_mwh_per_mw_yr")
_WATT_MW = 1e-6  # what a site grows by, or a hub gives, is more than this or nothing


def sites_of(
    scenario: Scenario,
    region: Region,
    mw: "pd.Series[float]",
    projects: "pd.Series[str]",
    service: pd.DataFrame,
    by_host: pd.DataFrame,
) -> pd.DataFrame:
    """
    Describe the sites of a plan, new and existing, by `id`; `mw` are their connections (MW).

    `projects` are the sites at the centres of their projects, where they are built in some.
    `by_host` has, by id, what is lost when each is out alone, `lost_mw_it_when_out`; and, where
    demand has hours, the most it serves in one (`load_mw_it`), what is firm and what curtailed.

    What exists is sunk: an existing site costs what is added to it, and energy on all of it.
    """
    rows = region.substations.loc[mw.index].copy()
    rates = cost_rates(rows, scenario).assign(
        connection_mn=connection_of_size_mn(rows, scenario, mw)
    )
    per_year = annuity_factor(scenario.costs.annuity)
    pue = rows["pue"].fillna(scenario.sites.pue)
    grown_mw = mw - rows["existing_mw"]
    grown_mw = grown_mw.where(grown_mw > _WATT_MW, 0.0)
    mw = rows["existing_mw"] + grown_mw
    loads = _loads(service, mw.index, by_host)
    sites = rows[["name", "lat", "lon", "state", "voltage_kv", "existing_mw"]].assign(
        **_fed(region.substations, rows),
        **loads,
        mw=mw,
        **_size_class(scenario, rows, mw),
        project=projects.reindex(mw.index).astype(object),
        pue=pue,
        load_mw=loads["load_mw_it"] * pue,
        utilisation=loads["load_mw_it"] * pue / mw,
        lost_mw_it_when_out=by_host["lost_mw_it_when_out"].reindex(mw.index),
        **{column: _by_hour(by_host, column, mw.index) for column in _BY_HOUR},
        racks=(mw / pue).map(scenario.compute.racks),
        gpus=(mw / pue).map(scenario.compute.racks) * scenario.compute.gpus_per_rack,
        parents=pd.Series({i: _above(region.substations, i) for i in mw.index}, dtype=object),
        facility_mn_yr=per_year * rates["facility_mn_per_mw"] * grown_mw,
        energy_mn_yr=rates["energy_mn_per_mw_yr"] * mw,
    )
    for item in CAPITAL_ITEMS[1:]:
        sites[f"{item}_mn_yr"] = per_year * rates[f"{item}_mn"]
    return _shaped(sites, SITE_COLUMNS)


def _size_class(
    scenario: Scenario, rows: pd.DataFrame, mw: "pd.Series[float]"
) -> dict[str, "pd.Series[Any]"]:
    """Give the size class of each site by name, its voltage and its months; none of what exists."""
    tiers, names = scenario.sites.tiers, scenario.sites.tier_names
    new = (rows["existing_mw"] == 0) & bool(tiers)
    number = pd.Series(tier_of(scenario.sites, np.asarray(mw, dtype=float)), index=mw.index)[new]
    kv = rows["voltage_kv"][new]
    return {
        "tier": number.map(dict(enumerate(names))).reindex(mw.index).astype(object),
        "connection_kv": number.map({k: tier.voltage_kv for k, tier in enumerate(tiers)})
        .fillna(kv)
        .reindex(mw.index),
        "months": number.map({k: tier.months for k, tier in enumerate(tiers)}).reindex(mw.index),
    }


def _fed(substations: pd.DataFrame, sites: pd.DataFrame) -> dict[str, Any]:
    """Give the substation that each site draws on, with its headroom, and the way to it (km)."""
    fed = sites["parcel"] & sites["parent"].notna()
    substation = sites["parent"].where(fed, sites.index.to_series())
    feeding = substations.reindex(substation)
    return {
        "substation": substation,
        **{column: feeding[column].to_numpy() for column in ("headroom_mw", "arithmetic")},
        **{column: sites[column].fillna(0.0) for column in ("feeder_km", "fibre_km")},
    }


def hubs_of(
    region: Region,
    mw_it: "pd.Series[float]",
    service: pd.DataFrame,
    by_host: pd.DataFrame,
) -> pd.DataFrame:
    """
    Describe every hub by `id`, used or not; `mw_it` is what is reserved there (MW IT).

    `by_host` is as `sites_of` takes it.
    """
    hubs = region.hubs
    reserved_mw_it = mw_it.reindex(hubs.index, fill_value=0.0)
    reserved_mw_it = reserved_mw_it.where(reserved_mw_it > _WATT_MW, 0.0)
    described = hubs.rename(columns={"mw_it": "capacity_mw_it"}).assign(
        **_loads(service, hubs.index, by_host),
        lost_mw_it_when_out=by_host["lost_mw_it_when_out"].reindex(hubs.index),
        mw_it=reserved_mw_it,
        reserve_mn_yr=reserved_mw_it * hubs["mn_per_mw_it_yr"],
    )
    return _shaped(described, HUB_COLUMNS)


def _by_hour(by_host: pd.DataFrame, column: str, hosts: pd.Index) -> "pd.Series[float]":
    """Give what the hours say of each host; NaN where there are none."""
    return by_host.get(column, pd.Series(dtype=float)).reindex(hosts)


def _loads(
    service: pd.DataFrame, hosts: pd.Index, by_host: pd.DataFrame
) -> dict[str, "pd.Series[float]"]:
    """
    Give what each host serves (MW IT), and its worst and mean round trip (ms).

    Where demand has hours, it serves the most of what it serves in any of them.
    """
    served = service[service["site"].notna()]
    of_host = served.assign(mw_ms=served["mw_it"] * served["rtt_ms"]).groupby("site")
    mw_it = of_host["mw_it"].sum().reindex(hosts, fill_value=0.0)
    mw_ms = of_host["mw_ms"].sum().reindex(hosts)
    return {
        "load_mw_it": _by_hour(by_host, "load_mw_it", hosts).fillna(mw_it),
        "worst_rtt_ms": of_host["rtt_ms"].max().reindex(hosts),
        "mean_rtt_ms": mw_ms / mw_it.where(mw_it > 0, np.nan),
    }


def _above(substations: pd.DataFrame, site: str) -> list[str]:
    """List what a site hangs below, nearest first."""
    parents: list[str] = []
    parent = substations["parent"].get(site)
    while isinstance(parent, str):
        parents.append(parent)
        parent = substations["parent"].get(parent)
    return parents


def _shaped(hosts: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return hosts.rename_axis("id").reset_index()[list(columns)].set_index("id")
