"""Promises on connections: firm in every hour, or within the terms of flexible ones."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from microdc.placement.verify.facts import POWER_MW, SAME, Facts, Promise, name_of, told
from microdc.placement.verify.hours.year import Floats, Year

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
    longest = run = 0
    for one in short.tolist():
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


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


PROMISES: tuple[Promise, ...] = (connections_keep_their_terms,)
