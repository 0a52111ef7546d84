"""Promises on connections: firm in every hour, or within the terms of flexible ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.facts import POWER_MW, SAME, Facts, Promise, name_of, told
from microdc.placement.verify.hours.year import Floats, Year
from microdc.scenario import Connection

Mask = NDArray[np.bool_]


def connections_keep_their_terms(facts: Facts) -> list[str]:
    """At and below every substation and limit, what is added is connected on the stated terms."""
    if facts.hourly is None:
        return []
    grown_mw = defaultdict[str, float](float)
    for site, mw in facts.sites["grown_mw"].items():
        for node in (str(site), *facts.above[str(site)]):
            grown_mw[node] += mw
    return told(
        f"{name_of(facts, node)}: {mw:.4f} MW are connected at and below it, {why}"
        for node, mw in grown_mw.items()
        for why in broken_terms(facts, facts.hourly.year, node, mw - POWER_MW)
    )


def broken_terms(facts: Facts, year: Year, node: str, mw: float) -> Iterator[str]:
    """Say which terms a connection of some MW at and below a row of the power tree breaks."""
    headroom_mw, connection = year.headroom_mw(node), facts.scenario.connection
    if np.isnan(headroom_mw).any() or mw <= 0:
        return
    lacks_mw = np.maximum(mw - headroom_mw, 0.0)
    if connection.type == "firm":
        if lacks_mw.any():
            at = year.times[int(headroom_mw.argmin())]
            yield f"it has {headroom_mw.min():.4f} MW in {at}"
        return
    said = {
        "max_hours_per_yr": (float(year.weight_h[lacks_mw > 0].sum()), "h a year short of it"),
        "max_mwh_per_mw_yr": (
            float(year.weight_h @ lacks_mw) / mw, "MWh a year out of reach for each MW"
        ),
        "max_run_h": (float(longest_run(lacks_mw > 0)), "h in one go without all of it"),
    }  # fmt: skip
    stated: Mapping[str, float] = connection.terms
    for term, (true, what) in said.items():
        if term in stated and true > stated[term] * (1 + SAME) + SAME:
            yield f"{true:.4f} {what}, {term} is {stated[term]:g}"


def longest_run(short: Mask) -> int:
    """Give the longest run of hours that are short of power."""
    turns = np.flatnonzero(np.diff(short.astype(np.int8), prepend=0, append=0))  # short, then not
    return int((turns[1::2] - turns[::2]).max(initial=0))


def bearers(facts: Facts, year: Year, rows: pd.DataFrame, wanted_mw: Floats) -> Mask:
    """Tell which rows of the power tree can be connected with some MW by themselves."""
    known: dict[tuple[str, float], bool] = {}
    bears = []
    for node, mw in zip(rows.index, wanted_mw, strict=True):
        limits = [(str(limit), float(mw)) for limit in (node, *facts.above[node])]
        for limit in limits:
            if limit not in known:
                known[limit] = not any(broken_terms(facts, year, *limit))
        bears.append(all(known[limit] for limit in limits))
    return np.array(bears, dtype=bool)


def connectable_mw(facts: Facts, nodes: Iterable[str]) -> dict[str, float]:
    """
    Give the most that may be connected at and below some rows of the power tree (MW), by id.

    Each row by itself; NaN where it is no limit, infinity where no term of connections is one.
    """
    if facts.hourly is None:
        headroom_mw = facts.substations["headroom_mw"]
        return {node: float(headroom_mw[node]) for node in nodes}
    year, connection = facts.hourly.year, facts.scenario.connection
    return {node: largest_mw(connection, year.headroom_mw(node), year.weight_h) for node in nodes}


def largest_mw(connection: Connection, headroom_mw: Floats, weight_h: Floats) -> float:
    """
    Give the largest connection (MW) where headroom is that in each hour; infinity: any.

    Firm, it finds room in every hour. Flexible, hours that it finds too little in weigh no more
    than they may; in any hours, W in weight and with H MWh of headroom, a connection of s MW lacks
    W s - H, which is no more than E s wherever s <= H / (W - E); and in any stretch longer than it
    may be without all of its power there is an hour that has it.
    """
    if connection.type == "firm" or np.isnan(headroom_mw).any():
        return float(headroom_mw.min())
    terms, order = connection.terms, np.argsort(headroom_mw, kind="stable")
    rising_mw, weight_h = headroom_mw[order], weight_h[order]
    hours, mwh = np.cumsum(weight_h), np.cumsum(weight_h * rising_mw)
    most_mw = [np.inf]
    if (most_h := terms.get("max_hours_per_yr")) is not None:
        most_mw.append(rising_mw[hours > most_h * (1 + SAME) + SAME].min(initial=np.inf))
    if (most_mwh := terms.get("max_mwh_per_mw_yr")) is not None:
        beyond = hours > most_mwh
        most_mw.append((mwh[beyond] / (hours[beyond] - most_mwh)).min(initial=np.inf))
    if (most_run_h := terms.get("max_run_h")) is not None:
        most_mw.append(_most_of_stretches(headroom_mw, int(most_run_h) + 1).min(initial=np.inf))
    return float(min(most_mw))


def _most_of_stretches(headroom_mw: Floats, hours: int) -> Floats:
    """Give the most headroom of so many hours in a row, from each hour on that they follow."""
    most_mw, width = headroom_mw, 1
    while width < hours:  # two stretches that meet or overlap are one
        step = min(width, hours - width)
        most_mw, width = np.maximum(most_mw[:-step], most_mw[step:]), width + step
    return most_mw


PROMISES: tuple[Promise, ...] = (connections_keep_their_terms,)
