"""
Headroom in MW: as published, or firm headroom from the ratings of a station's transformers.

Engineering convention: with any one transformer out, the others at their emergency rating and the
neighbours (transfer) still carry the load,

    firm MVA = min over transformers k of (sum of the others + transfer)
    headroom = firm MVA * power factor - forecast peak - committed, less the reserve.

Tables of feeders are summed as `tables.feeders` says.
"""

import re
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.tables.cells import blank_texts, numbers
from microdc.inputs.tables.columns import Table, power_factor
from microdc.inputs.tables.feeders import has_feeders, headroom_by_feeders
from microdc.inputs.tables.findings import Findings
from microdc.inputs.tables.schemas import UNITS
from microdc.scenario import SubstationSource

TRANSFORMER = re.compile(
    r"(?:(?P<count>\d{1,2})\s*[x×*]\s*)?(?P<ratings>\d+(?:\.\d+)?(?:\s*/\s*\d+(?:\.\d+)?)*)"
    r"\s*(?:MVA|kVA)?",
    re.IGNORECASE,
)


COUNTED_AS_ZERO = ", counted as 0"
"""Ends the arithmetic of a headroom that came out below zero."""


def transformer_ratings(text: str) -> tuple[float, ...] | None:
    """
    Read the emergency rating of each transformer; None if the text cannot be read.

    Understood are lists (`20;20`), counts (`2 x 20MVA + 1 x 15`), remarks in brackets, and the
    two ratings of a transformer with and without forced cooling (`15/30`), of which the higher
    one is its emergency rating.
    """
    ratings: list[float] = []
    for part in re.split(r"[;+&,]", re.sub(r"\([^)]*\)", "", text)):
        match = TRANSFORMER.fullmatch(part.strip())
        if match is None:
            return None
        rating = max(float(r) for r in match["ratings"].split("/"))
        ratings += [rating] * int(match["count"] or 1)
    return tuple(ratings) or None


def with_headroom(table: Table, source: SubstationSource) -> pd.DataFrame:
    """
    Give the values with headroom after reserve, and how each came about.

    Adds `headroom_stated`, `headroom_unit`, `short_mw` (by what a computed headroom is below zero),
    `transformers` (count), `installed_mva` and `arithmetic`; what cannot be read is left to
    `unread_ratings`. Stated headroom wins.
    """
    values = table.values.copy()
    keep = 1 - source.reserve_share
    stated = table.has("headroom_mw")
    cells = table.cells["headroom_mw"] if stated else pd.Series(np.nan, index=values.index)
    values["headroom_stated"] = numbers(cells, table.raw.marks)
    known = values["headroom_stated"].notna()
    unit = source.units.get("headroom_mw", "MW")
    values["headroom_unit"] = pd.Series(None, index=values.index, dtype=object).mask(known, unit)
    values["headroom_mw"] *= keep
    ratings = _ratings(values, source)
    values["transformers"] = ratings.map(len, na_action="ignore").astype(float)
    values["installed_mva"] = ratings.map(sum, na_action="ignore").astype(float)
    values["arithmetic"], values["short_mw"] = "", 0.0
    # A cell that holds something unreadable is a fault, never a reason to compute.
    open_ = ~known & blank_texts(cells.astype(object).fillna("").astype(str).to_numpy(object))
    computed = open_ & ratings.notna() & values["peak_mw"].notna()
    if computed.any():
        firm = _firm(values[computed], ratings[computed], source)
        values.loc[computed, "headroom_mw"] = firm["headroom_mw"].clip(lower=0.0)
        values.loc[computed, "short_mw"] = -firm["headroom_mw"].clip(upper=0.0)
        values.loc[computed, "arithmetic"] = firm["arithmetic"]
    if has_feeders(table):
        _sum_feeders(values, open_, source)
    return values


def _sum_feeders(values: pd.DataFrame, open_: "pd.Series[bool]", source: SubstationSource) -> None:
    """Fill in what the feeders of a substation can bear, unless a row states its headroom."""
    summed = headroom_by_feeders(values, source)
    mw = summed["headroom_mw"].clip(lower=0.0) * (1 - source.reserve_share)
    unstated = open_.groupby(values["id"]).transform("all")
    firm_mw = values["headroom_mw"].groupby(values["id"]).transform("min")
    computed = unstated & mw.notna() & ~(mw > firm_mw)  # of transformers and feeders the weaker
    below = summed["headroom_mw"] < 0
    ending = np.where(below, COUNTED_AS_ZERO, _reserved(source.reserve_share))
    values.loc[computed, "headroom_mw"] = mw[computed]
    short_mw = np.maximum(values["short_mw"], -summed["headroom_mw"])
    values.loc[computed, "short_mw"] = short_mw[computed]
    values.loc[computed, "arithmetic"] = (summed["arithmetic"] + ending)[computed]


def _reserved(share: float) -> str:
    return f", less {share:.0%} reserve" if share else ""


def unread_ratings(
    table: Table, rows: "pd.Series[bool]", source: SubstationSource, findings: Findings
) -> None:
    """Note the transformer ratings, in some rows, that cannot be read."""
    if not table.has("transformer_mva"):
        return
    words = table.values["transformer_mva"]
    lost = _ratings(table.values, source).isna() & rows & ~blank_texts(words.to_numpy(object))
    for row in lost.index[lost]:
        allowed = "ratings in MVA such as 20;20 or 2 x 15/30"
        says = "is no list of transformer ratings"
        findings.fault(table.places.fault(int(row), "transformer_mva", says, allowed))


def _ratings(values: pd.DataFrame, source: SubstationSource) -> "pd.Series[Any]":
    """Give the transformers' ratings (MVA) of each row; None where they are not known."""
    unit = UNITS["MVA"].get(source.units.get("transformer_mva", "MVA"), 1.0)
    words = values["transformer_mva"]
    read = {word: transformer_ratings(word) for word in words.unique()}
    ratings = {
        word: tuple(r * unit for r in each) for word, each in read.items() if each is not None
    }
    return pd.Series([ratings.get(word) for word in words], index=values.index, dtype=object)


def _firm(
    values: pd.DataFrame, ratings: "pd.Series[Any]", source: SubstationSource
) -> pd.DataFrame:
    """Compute firm headroom (MW, may be negative) and write its arithmetic."""
    transfer = values["transfer_mva"].fillna(0.0)
    others = ratings.map(lambda each: sum(each) - max(each)).astype(float)
    firm_mva = others + transfer
    stated = values["rating_mva"]
    # A station with one transformer has no firm capacity unless its owner states a rating.
    lone = ratings.map(len) == 1
    firm_mva = firm_mva.mask(lone & stated.notna(), stated)
    firm_mva = firm_mva.mask(~lone & (stated < firm_mva), stated)
    pf = power_factor(values, source)
    committed = values["committed_mw"].fillna(0.0)
    before = firm_mva * pf - values["peak_mw"] - committed
    rows = pd.DataFrame(
        {
            "firm": firm_mva, "pf": pf, "peak": values["peak_mw"], "committed": committed,
            "transfer": transfer, "rating": stated, "ratings": ratings, "mw": before,
        }
    )  # fmt: skip
    texts = [_written(row, source.reserve_share) for row in rows.itertuples(index=False)]
    mw = before.where(before < 0, before * (1 - source.reserve_share))
    return pd.DataFrame({"headroom_mw": mw, "arithmetic": texts}, index=values.index)


def _written(row: Any, reserve: float) -> str:
    """Write the arithmetic of one row in a line."""
    if row.firm == row.rating:
        origin = "as rated by its owner"
    else:
        each = " + ".join(f"{r:g}" for r in row.ratings)
        lone = len(row.ratings) == 1
        origin = f"one transformer, {each} MVA, out" if lone else f"{each} MVA with the largest out"
        origin += f" + {row.transfer:g} transfer" if row.transfer else ""
    text = f"firm {row.firm:g} MVA ({origin}) x {row.pf:g} - {row.peak:g} peak"
    text += f" - {row.committed:g} committed" if row.committed else ""
    text += f" = {row.mw:.4g} MW"
    if row.mw < 0:
        return text + COUNTED_AS_ZERO
    return text + _reserved(reserve)
