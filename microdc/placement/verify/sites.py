"""Promises on sites and grid: what may be built, how large, and what the power tree bears."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.placement.verify.facts import (
    POWER_MW,
    RTT_MS,
    SAME,
    Facts,
    Floats,
    Promise,
    differ,
    name_of,
    told,
)
from microdc.scenario import Sites


def known_candidates_once(facts: Facts) -> list[str]:
    """Every site is in the tables, exists or may be built, and is listed once; all that exist."""
    stated = Counter(site.id for site in facts.document.sites)
    return told(_unfit(facts, stated))


def _unfit(facts: Facts, stated: Counter[str]) -> Iterator[str]:
    for site, times in stated.items():
        if times > 1:
            yield f"{site}: listed {times} times as a site"
        if site not in facts.substations.index:
            yield f"{site}: a site, but no substation of the tables"
        elif not facts.substations.loc[site, ["candidate", "existing_mw"]].any():
            yield f"{name_of(facts, site)}: a site, but not a candidate"
    settled = facts.scenario.limits
    yield from (f"{s}: a site, but forbidden" for s in settled.forbid if s in stated)
    yield from (f"{s}: forced, but no site" for s in settled.force if s not in stated)
    existing = facts.substations.index[facts.substations["existing_mw"] > 0]
    yield from (f"{name_of(facts, s)}: exists, but is no site" for s in existing if s not in stated)


def sizes_allowed(facts: Facts) -> list[str]:
    """
    A size lies between the least and the most allowed, and is a sum of modules beside what exists.

    What exists is the least of its site, and its most as well where that is more than allowed, or
    where the site is no candidate to grow.
    """
    rules = facts.scenario.sites
    rows = size_limits_mw(facts).join(facts.sites, how="inner")
    lines = []
    largest_mw = rows["most"].to_numpy().max(initial=rules.max_mw)
    modules = sum_of_modules(rules.modules_mw, largest_mw) if rules.modules_mw else None
    for row in rows.itertuples():
        site: Any = row
        name = name_of(facts, site.Index)
        if site.mw < site.least - POWER_MW:
            lines.append(f"{name}: {site.mw:.4f} MW, at least {site.least:g} MW are allowed")
        if site.mw > site.most + POWER_MW:
            lines.append(f"{name}: {site.mw:.4f} MW, at most {site.most:g} MW are allowed")
        if modules is not None and not is_sum(site.grown_mw, modules):
            sizes = ", ".join(f"{module:g}" for module in rules.modules_mw)
            lines.append(f"{name}: {site.grown_mw:.4f} MW is no sum of modules of {sizes} MW")
    return told(lines)


def size_limits_mw(facts: Facts) -> pd.DataFrame:
    """Give the `least` and the `most` that a site may have at each substation (MW)."""
    rules, rows = facts.scenario.sites, facts.substations
    exists = rows["existing_mw"] > 0
    most = rows["max_mw"].fillna(rules.max_mw).where(rows["candidate"], 0.0)
    return pd.DataFrame(
        {
            "least": rows["existing_mw"].where(exists, rows["min_mw"].fillna(rules.min_mw)),
            "most": most.where(~exists, np.maximum(most, rows["existing_mw"])),
        }
    )


def sum_of_modules(modules_mw: tuple[float, ...], most_mw: float) -> int:
    """Give all sums of modules, which are in whole kW: bit k of the number stands for k kW."""
    most_kw = round(most_mw * 1e3) + 1
    sums = 1
    for module_mw in modules_mw:
        step_kw = round(module_mw * 1e3)
        while step_kw <= most_kw:  # 1, 2, 4 ... of this module more
            sums |= (sums << step_kw) & ((2 << most_kw) - 1)
            step_kw *= 2
    return sums


def smallest_mw(rules: Sites, stated_mw: "pd.Series[float]") -> "pd.Series[float]":
    """Give the smallest new site (MW) by what rows state: that, or the next sum of modules."""
    wanted_mw = stated_mw.fillna(rules.min_mw)
    if not rules.modules_mw:
        return wanted_mw
    sums = sum_of_modules(rules.modules_mw, rules.max_mw)
    return wanted_mw.map({mw: _next_sum_mw(sums, mw) for mw in wanted_mw.unique()}).astype(float)


def _next_sum_mw(sums: int, mw: float) -> float:
    """Give the first of some sums (bit k: k kW) that is not below a size; infinity without any."""
    from_kw = math.ceil(mw * 1e3 - 1e-6)
    larger = sums >> from_kw
    return (from_kw + (larger & -larger).bit_length() - 1) / 1e3 if larger else math.inf


def is_sum(mw: float, sums: int) -> bool:
    """Whether a size is one of the sums, to 100 W."""
    if not 0 <= mw * 1e3 < sums.bit_length():
        return False
    kw = round(mw * 1e3)
    return abs(mw * 1e3 - kw) <= POWER_MW * 1e3 * (1 + SAME) and bool(sums >> kw & 1)


def least_limit_mw(facts: Facts, rows: pd.DataFrame) -> Floats:
    """Give the least headroom at and above each row (MW); infinity where there is no limit."""
    limit = dict(zip(facts.substations.index, facts.substations["headroom_mw"], strict=True))
    limits = ([limit[node] for node in (site, *facts.above[site])] for site in rows.index)
    known = ([mw for mw in each if not math.isnan(mw)] for each in limits)
    return np.array([min(each, default=math.inf) for each in known], dtype=float)


def tree_bears_sites(facts: Facts) -> list[str]:
    """
    What is added at and below a substation or supply point is within its headroom.

    Where headroom has hours, the terms of connections say what may be added.
    """
    if facts.hourly is not None:
        return []
    drawn: defaultdict[str, float] = defaultdict(float)
    below: defaultdict[str, list[str]] = defaultdict(list)
    for site, mw in zip(facts.sites.index, facts.sites["grown_mw"], strict=True):
        for node in (site, *facts.above[site]):
            drawn[node] += mw
            below[node].append(f"{site} {mw:.4f}")
    limit = facts.substations["headroom_mw"]
    return told(
        f"{name_of(facts, node)}: sites at and below it take {mw:.4f} MW, it has "
        f"{limit[node]:.4f} MW ({', '.join(below[node][:5])}{' ...' if below[node][5:] else ''})"
        for node, mw in drawn.items()
        if mw > limit[node] + POWER_MW
    )


def sites_bear_load(facts: Facts) -> list[str]:
    """A site serves no more than its connection carries, PUE included; with hours, in each."""
    load_mw = true_loads(facts)["load_mw"]
    over = facts.sites.assign(true_load_mw=load_mw)[load_mw > facts.sites["mw"] + POWER_MW]
    return told(
        f"{name_of(facts, str(site))}: serves {row['true_load_mw']:.4f} MW, "
        f"has a connection of {row['mw']:.4f} MW"
        for site, row in over.iterrows()
    )


def not_too_many(facts: Facts) -> list[str]:
    """No more new sites are built than allowed, in all and by state, owner or group."""
    limits, rows = facts.scenario.limits, facts.substations.loc[facts.sites.index]
    rows = rows[rows["existing_mw"] == 0]
    lines = []
    if limits.max_sites is not None and len(rows) > limits.max_sites:
        lines.append(f"{len(rows)} sites, at most {limits.max_sites} are allowed")
    for column, most in limits.max_sites_by.items():
        for value, count in rows[column].value_counts().items():
            if count > most:
                lines.append(f"{column} {value}: {count} sites, at most {most} are allowed")
    return told(lines)


def sites_as_they_are(facts: Facts) -> list[str]:
    """What a site's row states is what tables and service say."""
    return told(_misstated(facts))


def _misstated(facts: Facts) -> Iterator[str]:
    stated, table = facts.sites, _as_tables_say(facts)
    loads, compute = true_loads(facts), facts.scenario.compute
    racks = stated["mw"] / table["pue"] * 1000 / compute.kw_it_per_rack
    gpus = racks * compute.gpus_per_rack
    copied = ("lat", "lon", "headroom_mw", "pue", "voltage_kv", "feeder_km", "fibre_km")
    numbers: dict[str, tuple[pd.Series, Any, str]] = {
        **{c: (table[c], SAME, "") for c in copied},
        "existing_mw": (table["existing_mw"], SAME, " MW"),
        "load_mw_it": (loads["load_mw_it"], POWER_MW, " MW IT"),
        "load_mw": (loads["load_mw"], POWER_MW, " MW"),
        "utilisation": (loads["load_mw"] / stated["mw"], POWER_MW, ""),
        "racks": (racks, SAME * racks, ""),
        "gpus": (gpus, SAME * gpus, ""),
        "worst_rtt_ms": (loads["worst_rtt_ms"], RTT_MS, " ms"),
        "mean_rtt_ms": (loads["mean_rtt_ms"], RTT_MS, " ms"),
    }
    for column, (true, tolerance, unit) in numbers.items():
        wrong = differ(stated[column], true, tolerance)
        for site, said, found in zip(
            stated.index[wrong], stated[column][wrong], true[wrong], strict=True
        ):
            yield f"{site}: {column} is stated as {said:.9g}{unit}, it is {found:.9g}{unit}"
    for column in ("name", "state", "arithmetic", "substation"):
        for site, said, found in zip(stated.index, stated[column], table[column], strict=True):
            if said != found and not (pd.isna(said) and pd.isna(found)):
                yield f"{site}: {column} is stated as {said}, it is {found}"
    for site, said in zip(stated.index, stated["parents"], strict=True):
        if said != facts.above[site]:
            yield f"{site}: hangs below {facts.above[site]}, stated is {said}"


def _as_tables_say(facts: Facts) -> pd.DataFrame:
    """Give the row of each site, with the headroom of the substation that it draws on."""
    rows = facts.substations.loc[facts.sites.index]
    fed = rows["parcel"] & rows["parent"].notna()
    substation = rows["parent"].where(fed, rows.index.to_series())
    feeding = facts.substations.reindex(substation)
    return rows.assign(
        substation=substation,
        **{c: feeding[c].to_numpy() for c in ("headroom_mw", "arithmetic")},
        **{c: rows[c].fillna(0.0) for c in ("feeder_km", "fibre_km")},
    )


def true_loads(facts: Facts) -> pd.DataFrame:
    """Give `load_mw_it`, `load_mw`, `worst_rtt_ms` and `mean_rtt_ms` of each site, by service."""
    loads = loads_of(facts, facts.sites.index)
    pue = facts.substations["pue"].reindex(facts.sites.index)
    return loads.assign(load_mw=loads["load_mw_it"] * pue)


def loads_of(facts: Facts, hosts: pd.Index) -> pd.DataFrame:
    """
    Give `load_mw_it`, `worst_rtt_ms` and `mean_rtt_ms` of sites or hubs, by service.

    Where service has hours, the load is the most in any of them; round trips are those from home.
    """
    served = facts.served.assign(mw_ms=facts.served["mw_it"] * facts.served["true_rtt_ms"])
    by_host = served.groupby("site").agg(
        load_mw_it=("mw_it", "sum"), worst_rtt_ms=("true_rtt_ms", "max"), mw_ms=("mw_ms", "sum")
    )
    loads = by_host.reindex(hosts)
    loads["load_mw_it"] = loads["load_mw_it"].fillna(0.0)
    some = loads["load_mw_it"].where(loads["load_mw_it"] > 0, np.nan)
    loads = loads.assign(mean_rtt_ms=loads["mw_ms"] / some)
    if facts.hourly is None:
        return loads
    return loads.assign(load_mw_it=facts.hourly.load_mw_it.max(axis=0).reindex(hosts).fillna(0.0))


PROMISES: tuple[Promise, ...] = (
    known_candidates_once,
    sizes_allowed,
    tree_bears_sites,
    sites_bear_load,
    not_too_many,
    sites_as_they_are,
)
