"""What connections cost, by voltage or by the class of a site's size; and promises on classes."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from microdc.inputs.costs import CONNECTION_MN_BY_KV
from microdc.placement.verify.facts import POWER_MW, SAME, Facts, Promise, differ, texts, told
from microdc.scenario import Tier
from microdc.scenario.parts.stages.months import later_by

KW_MW = 1e-3
"""A class begins a kW above its bound: sizes and bounds are told to the kW."""


class Sizes(NamedTuple):
    """Sizes that a site may have (MW), and what they cost beyond its other costs (M a year)."""

    least_mw: float
    most_mw: float
    mn_yr: float
    mn_per_mw_yr: float


def by_voltage_mn(facts: Facts, voltage_kv: float) -> float:
    """Give the price of a connection (millions), of whatever size, at a voltage (kV; NaN: none)."""
    costs = facts.scenario.costs
    if costs.connection_stated or math.isnan(voltage_kv):
        return costs.connection_mn
    return next(mn for kv, mn in CONNECTION_MN_BY_KV if voltage_kv <= kv) * facts.scenario.dollar


def tier_of(facts: Facts, mw: float) -> Tier:
    """Give the class of a size (MW): the last above whose bound it is."""
    return [tier for tier in facts.scenario.sites.tiers if mw > tier.above_mw + POWER_MW][-1]


def of_tier_mn(facts: Facts, tier: Tier, voltage_kv: float) -> float:
    """Give the price of a connection in a class (millions), but for what each MW adds to it."""
    if tier.connection_mn is not None:
        return tier.connection_mn + tier.deposit_mn
    return by_voltage_mn(facts, tier.voltage_kv or voltage_kv) + tier.deposit_mn


def connection_of_sites_mn(facts: Facts) -> "pd.Series[float]":
    """Give the capital of the connection of each site as large as it is (millions)."""
    rows = facts.substations.loc[facts.sites.index]
    return pd.Series(
        {
            site: _of_size_mn(facts, mw, kv) if existing_mw == 0 else 0.0
            for site, mw, kv, existing_mw in zip(
                rows.index,
                facts.sites["mw"],
                rows["voltage_kv"],
                rows["existing_mw"],
                strict=True,
            )
        },
        dtype=float,
    )


def _of_size_mn(facts: Facts, mw: float, voltage_kv: float) -> float:
    if not facts.scenario.sites.tiers or mw <= POWER_MW:
        return by_voltage_mn(facts, voltage_kv)
    tier = tier_of(facts, mw)
    return of_tier_mn(facts, tier, voltage_kv) + tier.connection_mn_per_mw * mw


def sizes_of(
    facts: Facts, voltage_kv: float, between_mw: tuple[float, float], mn_yr_per_mn: float
) -> tuple[Sizes, ...]:
    """
    List the sizes of a new site by class, with their connection; one without classes.

    `between_mw` are its smallest and its largest size, `mn_yr_per_mn` is what a million of capital
    costs a year.
    """
    tiers, (least_mw, most_mw) = facts.scenario.sites.tiers, between_mw
    if not tiers:
        return (Sizes(least_mw, most_mw, by_voltage_mn(facts, voltage_kv) * mn_yr_per_mn, 0.0),)
    ends_mw = [*(above.above_mw for _, above in pairwise(tiers)), math.inf]
    each = (
        Sizes(
            least_mw=max(least_mw, tier.above_mw + KW_MW if tier.above_mw else 0.0),
            most_mw=min(most_mw, end_mw),
            mn_yr=of_tier_mn(facts, tier, voltage_kv) * mn_yr_per_mn,
            mn_per_mw_yr=tier.connection_mn_per_mw * mn_yr_per_mn,
        )
        for tier, end_mw in zip(tiers, ends_mw, strict=True)
    )
    return tuple(sizes for sizes in each if sizes.least_mw <= sizes.most_mw)


def tiers_as_they_are(facts: Facts) -> list[str]:
    """Class, voltage and months of each new site are its size's, and in time for its stage."""
    return told(_misstated(facts))


def _misstated(facts: Facts) -> Iterator[str]:
    names = dict(zip(facts.scenario.sites.tiers, facts.scenario.sites.tier_names, strict=True))
    rows = facts.substations.loc[facts.sites.index]
    new = rows["existing_mw"] == 0
    said_of = texts(facts.sites["tier"])
    stated = (facts.sites[column] for column in ("mw", "connection_kv", "months"))
    for site, is_new, at_kv, said, mw, said_kv, said_months in zip(
        rows.index, new, rows["voltage_kv"], said_of, *stated, strict=True
    ):
        name, kv, months = None, math.nan, math.nan
        if names and is_new:
            tier = tier_of(facts, max(mw, 2 * POWER_MW))
            name, kv = names[tier], tier.voltage_kv or at_kv
            months = math.nan if tier.months is None else tier.months
        if said != name:
            yield f"{site}: {mw:g} MW are of the size class {name}, stated is {said}"
        if differ(said_kv, kv, SAME):
            yield f"{site}: connection_kv is stated as {said_kv:g}, it is {kv:g}"
        if differ(said_months, months, SAME):
            yield f"{site}: months is stated as {said_months:g}, it is {months:g}"
        begins, stage = facts.scenario.programme.begins, facts.scenario.stage
        if stage and begins and not math.isnan(months) and later_by(begins, months) > stage.by:
            yield f"{site}: a site of class {name} has no power before {later_by(begins, months)}"


PROMISES: tuple[Promise, ...] = (tiers_as_they_are,)
