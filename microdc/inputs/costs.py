"""
What a site costs at each substation, in millions of the scenario's currency.

A table's column wins over the scenario, row by row; the scenario's own keys win over defaults.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from microdc.inputs.tables.columns import Loaded, each
from microdc.inputs.tables.findings import Findings
from microdc.instance import TIER_STEP_MW, Floats, Ints
from microdc.scenario import Annuity, Assumption, Scenario, Sites

HOURS_PER_YEAR = 8760

_ROUNDING_MN_YR = 1e-9

CONNECTION_MN_BY_KV = (
    (35.0, 0.65),  # point of interconnection, underground, over 500 kW: Eversource MA, July 2022
    (100.0, 1.06),  # 69 kV class, midpoint of 0.77-1.35
    (180.0, 1.66),  # 138 kV class, midpoint of 1.12-2.20
    (365.0, 3.85),  # 230 kV class, midpoint of 2.20-5.50
    (np.inf, 7.77),  # 500 kV class, midpoint of 5.30-10.24
)
"""Connection (million USD) by voltage up to and including (kV); above 35 kV the range over the
regions of NREL's reVX, `upgrade_substation_costs.json`, in US dollars of about 2019."""

CONNECTION_SOURCE = (
    "to 35 kV Eversource 2022; above: upgrade of a substation, midpoint over US regions, "
    "NREL reVX, USD of about 2019"
)


def annuity_factor(annuity: Annuity) -> float:
    """Give the share of a capital that is paid each year; interest of nought included."""
    if annuity.rate == 0:
        return 1 / annuity.years
    # expm1 and log1p keep the digits that 1 - (1 + r)**-n loses at a small rate
    return float(annuity.rate / -np.expm1(-annuity.years * np.log1p(annuity.rate)))


def connection_assumptions(
    substations: pd.DataFrame, scenario: Scenario, mw: "pd.Series[float]"
) -> list[Assumption]:
    """Name the price at each voltage that new sites of some sizes (MW) are connected at."""
    if scenario.costs.connection_stated:
        return []
    top = np.array([kv for kv, _ in CONNECTION_MN_BY_KV])
    of_rows = substations["voltage_kv"].astype(float)
    if tiers := scenario.sites.tiers:
        tier = [tiers[k] for k in tier_of(scenario.sites, np.asarray(mw, dtype=float))]
        stated = [one.connection_mn is not None for one in tier]
        of_tiers = pd.Series([one.voltage_kv for one in tier], index=of_rows.index, dtype=float)
        of_rows = of_tiers.fillna(of_rows).mask(np.array(stated, dtype=bool))
    kv = of_rows.dropna().to_numpy(dtype=float)
    used = np.unique(np.searchsorted(top, kv))
    return [
        Assumption(
            key=f"costs.connection_mn {_class_of(k)}",
            value=CONNECTION_MN_BY_KV[k][1] * scenario.dollar,
            unit=f"M {scenario.currency}/site",
            source=CONNECTION_SOURCE,
        )
        for k in used
    ]


def _class_of(k: int) -> str:
    """Name a class of voltages, such as `over 35 to 100 kV`."""
    least = CONNECTION_MN_BY_KV[k - 1][0] if k else 0.0
    most = CONNECTION_MN_BY_KV[k][0]
    span = f"over {least:g}" if np.isinf(most) else f"over {least:g} to {most:g}"
    return f"at {span} kV"


def cost_rates(substations: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """
    Price a site at every substation.

    Columns, indexed as `substations`: capital per site built `site_mn`, `connection_mn`,
    `feeder_mn`, `fibre_mn`, of an existing site sunk and therefore 0; capital per MW of the grid
    side that is added `facility_mn_per_mw`; and `energy_mn_per_mw_yr`, a year of energy on a
    reserved MW of the grid side.
    """
    costs = scenario.costs
    pue = _stated(substations, "pue", scenario.sites.pue)
    facility = _stated(substations, "facility_mn_per_mw_it", costs.facility_mn_per_mw_it)
    energy = _stated(substations, "energy_per_mwh", costs.energy_per_mwh)
    feeder_km = _stated(substations, "feeder_km", 0.0)
    fibre_km = _stated(substations, "fibre_km", 0.0)
    per_site = pd.DataFrame(
        {
            "site_mn": _stated(substations, "site_mn", costs.site_mn),
            "connection_mn": connection_mn(substations, scenario),
            "feeder_mn": feeder_km * costs.feeder_mn_per_km,
            "fibre_mn": fibre_km * costs.fibre_mn_per_km,
        }
    )
    return per_site.where(_stated(substations, "existing_mw", 0.0) == 0, 0.0).assign(
        facility_mn_per_mw=facility / pue,
        energy_mn_per_mw_yr=energy * HOURS_PER_YEAR / 1e6,
    )


def note_paid_to_be_large(
    substations: pd.DataFrame, scenario: Scenario, loaded: Mapping[int, Loaded], findings: Findings
) -> None:
    """
    Note sites that would earn with every MW, even idle: energy is paid on the whole connection.

    `loaded` are the tables that rows of `substations` come from, by their `source`. What exists and
    may not grow has no choice of size, and may earn.
    """
    rates, exists = cost_rates(substations, scenario), substations["existing_mw"] > 0
    per_mw = min((tier.connection_mn_per_mw for tier in scenario.sites.tiers), default=0.0)
    capital_mn = rates["facility_mn_per_mw"] + np.where(exists, 0.0, per_mw)
    capital_mn_yr = annuity_factor(scenario.costs.annuity) * capital_mn
    earns = capital_mn_yr + rates["energy_mn_per_mw_yr"] < -_ROUNDING_MN_YR
    least = -capital_mn_yr * 1e6 / HOURS_PER_YEAR
    for row in each(substations.assign(least=least)[substations["candidate"] & earns]):
        places = loaded[row.source].table.places
        column = "energy_per_mwh" if "energy_per_mwh" in places.cells else "id"
        says = f"at {row.energy_per_mwh:g}/MWh a site would earn with every MW, even idle"
        allowed = f"at least {row.least:.4g}/MWh, at what a MW costs here"
        findings.fault(places.fault(row.row, column, says, allowed))


def connection_of_tiers_mn(substations: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """
    Price the connection of a site of each size class (millions), whatever its size within.

    Substations x numbers of `sites.tiers`; deposits are in it, prices per MW are not. Of an
    existing site it is sunk and therefore 0.
    """
    new = _stated(substations, "existing_mw", 0.0) == 0
    by_tier = {
        number: tier.deposit_mn
        + (
            connection_mn(substations, scenario, tier.voltage_kv)
            if tier.connection_mn is None
            else tier.connection_mn
        )
        for number, tier in enumerate(scenario.sites.tiers)
    }
    return pd.DataFrame(by_tier, index=substations.index, dtype=float).where(new, 0.0)


def tier_of(sites: Sites, mw: Floats) -> Ints:
    """Give the number of the size class of new sites by their size (MW): the last that began."""
    begins_mw = [0.0, *(tier.above_mw + TIER_STEP_MW for tier in sites.tiers[1:])]
    return np.searchsorted(begins_mw, mw + TIER_STEP_MW / 2, side="right") - 1


def connection_of_size_mn(
    substations: pd.DataFrame, scenario: Scenario, mw: "pd.Series[float]"
) -> "pd.Series[float]":
    """Price the connection (millions) of sites of some sizes (MW), each in its size class."""
    if not scenario.sites.tiers:
        return cost_rates(substations, scenario)["connection_mn"]
    sizes_mw: Floats = np.asarray(mw, dtype=float)
    tier = tier_of(scenario.sites, sizes_mw)
    fixed_mn = connection_of_tiers_mn(substations, scenario).to_numpy()[np.arange(len(tier)), tier]
    per_mw = np.array([one.connection_mn_per_mw for one in scenario.sites.tiers])[tier]
    new = _stated(substations, "existing_mw", 0.0) == 0
    return pd.Series(fixed_mn + per_mw * sizes_mw, index=substations.index).where(new, 0.0)


def connection_mn(
    substations: pd.DataFrame, scenario: Scenario, at_kv: float | None = None
) -> "pd.Series[float]":
    """
    Price the connection (millions): as stated, else by `voltage_kv`, else the default.

    A voltage `at_kv` (kV) counts in place of that of each substation.
    """
    costs = scenario.costs
    if costs.connection_stated:
        return pd.Series(costs.connection_mn, index=substations.index, dtype=float)
    voltage_kv = _stated(substations, "voltage_kv", np.nan)
    if at_kv is not None:
        voltage_kv = pd.Series(at_kv, index=substations.index, dtype=float)
    up_to_kv, price_mn = (np.array(column) for column in zip(*CONNECTION_MN_BY_KV, strict=True))
    known = voltage_kv.notna()
    by_voltage = np.full(len(substations), costs.connection_mn)
    by_voltage[known] = price_mn[np.searchsorted(up_to_kv, voltage_kv[known])] * scenario.dollar
    return pd.Series(by_voltage, index=substations.index)


def _stated(substations: pd.DataFrame, column: str, otherwise: float) -> "pd.Series[float]":
    """Take a column where it is there and not blank, and the scenario's number elsewhere."""
    if column not in substations:
        return pd.Series(otherwise, index=substations.index, dtype=float)
    return substations[column].astype(float).fillna(otherwise)
