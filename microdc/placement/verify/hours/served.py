"""Promises on service by the hour: all that is promised is served, with the power there is."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from microdc.placement.verify.facts import (
    POWER_MW,
    RTT_MS,
    Facts,
    Promise,
    differ,
    name_of,
    told,
    with_true_rtt,
)
from microdc.placement.verify.hosts.named import unnamed
from microdc.placement.verify.hours.hourly import KEYS, Hourly
from microdc.placement.verify.hours.year import HOURS_OF_A_DAY, Floats

LOAD = ["for_time", *KEYS]


def all_are_served_in_their_hour(facts: Facts) -> list[str]:
    """What is moved is all of its place and class in its hour: as much as the hour demands."""
    if facts.hourly is None:
        return []
    moved = facts.hourly.moved
    twice = moved[moved.duplicated(["time", "for_time", *KEYS, "site"])]
    peak = facts.served.groupby(KEYS)["mw_it"].sum()
    loads = moved.groupby(LOAD)["mw_it"].sum().reset_index()
    asked = peak.reindex(pd.MultiIndex.from_frame(loads[KEYS])).to_numpy()
    loads["asked"] = asked * facts.hourly.share(loads["service"], loads["for_time"])
    wrong = loads[differ(loads["mw_it"], loads["asked"], POWER_MW)]
    return told(f"{_load(r)}: listed twice for {r.site} in {r.time}" for r in _each(twice)) + told(
        f"{_load(r)}: {r.mw_it:.4f} MW IT served, the hour demands {r.asked:.4f} MW IT"
        for r in _each(wrong)
    )


def who_stays_is_served_from_home(facts: Facts) -> list[str]:
    """A class that may not move is served from the same sites in the same shares in every hour."""
    if facts.hourly is None:
        return []
    services = facts.scenario.services
    away = facts.hourly.moved[~facts.hourly.moved["service"].map(lambda s: services[s].movable)]
    return told(f"{_load(r)}: served from {r.site}, and may not move" for r in _each(away))


def who_waits_may(facts: Facts) -> list[str]:
    """No more than may wait does, no longer than it may, later the same day."""
    if facts.hourly is None:
        return []
    late = facts.hourly.moved[facts.hourly.moved["time"] != facts.hourly.moved["for_time"]]
    return told(_waiting_wrongly(facts, facts.hourly, late)) + told(
        _waiting_too_much(facts, facts.hourly, late)
    )


def _waiting_wrongly(facts: Facts, hourly: Hourly, late: pd.DataFrame) -> Iterator[str]:
    row = hourly.year.row
    for r in _each(late):
        defer = facts.scenario.services[r.service].defer
        at, due = row[r.time], row[r.for_time]
        if defer is None:
            yield f"{_load(r)}: served in {r.time}, and may not wait"
        elif not 0 < at - due <= defer.hours or at // HOURS_OF_A_DAY != due // HOURS_OF_A_DAY:
            yield f"{_load(r)}: served in {r.time}, may wait {defer.hours} h within its day"


def _waiting_too_much(facts: Facts, hourly: Hourly, late: pd.DataFrame) -> Iterator[str]:
    waits = late.groupby(LOAD)["mw_it"].sum()
    whole = hourly.moved.groupby(LOAD)["mw_it"].sum().reindex(waits.index)
    for r in _each(pd.DataFrame({"mw_it": waits, "whole": whole}).reset_index()):
        defer = facts.scenario.services[r.service].defer
        most = r.whole * (defer.share if defer else 0.0)
        if r.mw_it > most + POWER_MW:
            yield f"{_load(r)}: {r.mw_it:.4f} MW IT wait, at most {most:.4f} MW IT may"


def moved_within_bound(facts: Facts) -> list[str]:
    """Whoever is served from elsewhere is answered within the bound, by one who may serve, too."""
    if facts.hourly is None:
        return []
    pairs = facts.hourly.moved[[*KEYS, "site"]].drop_duplicates()
    pairs = with_true_rtt(facts, pairs)
    bounds = {name: stated.rtt_ms for name, stated in facts.scenario.services.items()}
    bound_ms = pairs["service"].map(bounds).astype(float)
    late = pairs.assign(bound_ms=bound_ms)[~(pairs["true_rtt_ms"] <= bound_ms + RTT_MS)]
    return told(
        f"{r.place}, {r.service}: {r.site}, which serves it in some hours, answers in "
        f"{r.true_rtt_ms:.6f} ms, the bound is {r.bound_ms:g} ms"
        for r in _each(late)
    ) + told(
        f"{r.place}, {r.service}: served from {r.site} in some hours, and no such pair may serve"
        for r in _each(unnamed(facts.named, pairs))
    )


def hosts_bear_every_hour(facts: Facts) -> list[str]:
    """In no hour does a site or hub draw more than its connection, or a limit bear too much."""
    if facts.hourly is None:
        return []
    hourly, at = facts.hourly, facts.hourly.hours["at"].to_numpy()
    pue = facts.substations["pue"].reindex(hourly.load_mw_it.columns).fillna(1.0)
    drawn_mw = hourly.load_mw_it * pue
    reserved_mw = pd.concat([facts.sites["mw"], facts.hubs["mw_it"]])
    lines: list[str] = []
    for host in drawn_mw.columns:
        lines += _over(
            drawn_mw[host],
            np.full(len(at), reserved_mw[host]),
            f"{host}: draws",
            "its connection is",
        )
    grown_mw = defaultdict[str, "pd.Series[float]"](lambda: 0.0 * drawn_mw.sum(axis=1))
    for site in facts.sites.index:
        existing_mw = facts.substations["existing_mw"][site]
        for node in (site, *facts.above[site]):
            grown_mw[node] = grown_mw[node] + drawn_mw[site] - existing_mw
    for node, mw in grown_mw.items():
        there_mw = hourly.year.headroom_mw(node)[at]
        lines += _over(
            mw, there_mw, f"{name_of(facts, node)}: sites at and below it take", "it has"
        )
    return told(lines)


def _over(mw: "pd.Series[float]", most_mw: Floats, takes: str, has: str) -> Iterator[str]:
    """Tell the hour in which most is missing, where anything is."""
    missing_mw = np.nan_to_num(mw.to_numpy() - most_mw, nan=-np.inf)
    if len(mw) and missing_mw.max() > POWER_MW:
        worst = int(missing_mw.argmax())
        yield f"{takes} {mw.iloc[worst]:.4f} MW in {mw.index[worst]}, {has} {most_mw[worst]:.4f} MW"


def _load(row: Any) -> str:
    return f"{row.for_time}, {row.place}, {row.service}"


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    return rows.itertuples(index=False)


PROMISES: tuple[Promise, ...] = (
    all_are_served_in_their_hour,
    who_stays_is_served_from_home,
    who_waits_may,
    moved_within_bound,
    hosts_bear_every_hour,
)
