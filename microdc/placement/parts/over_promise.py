"""
The over-promise report: headroom added up one at a time, against what the power tree allows.

A published headroom holds for one substation at a time. Below a supply point with a limit of its
own, substations share that limit, as parcels share that of their substation, and their sum
promises what is not there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from microdc.inputs.region import Region

COLUMNS = ("name", "limit_mw", "below_mw", "allowed_mw", "binds", "used_mw")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverPromise:
    """
    The supply points that have a limit and large enough candidates below them.

    sum_mw, allowed_mw
        Headroom of all candidates below them, each once and one at a time, and what the tree
        leaves of it (MW).
    rows
        By `id`: `name`, `limit_mw`, `below_mw` (headroom strictly below, one at a time),
        `allowed_mw` (what this limit and those under it leave), `binds` (this limit takes from
        what those under it leave), `used_mw` (what the plan draws at and below).
    """

    sum_mw: float
    allowed_mw: float
    rows: pd.DataFrame

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "OverPromise":
        """Give the report that a document states."""
        rows = pd.DataFrame(document["rows"], columns=["id", *COLUMNS]).set_index("id")
        return cls(sum_mw=document["sum_mw"], allowed_mw=document["allowed_mw"], rows=rows)

    def to_document(self) -> dict[str, Any]:
        """Give what `plan.json` holds."""
        return {
            "nodes": len(self.rows),
            "sum_mw": self.sum_mw,
            "allowed_mw": self.allowed_mw,
            "binding": int(self.rows["binds"].sum()),
            "unit": "MW",
            "rows": self.rows.reset_index().astype(object).to_dict("records"),
        }


def over_promise(region: Region, min_mw: float, mw: "pd.Series[float]") -> OverPromise:
    """
    Compare headroom one at a time with what the limits above it allow together.

    Counted are candidates that could be a site by themselves (of their least size, where not
    stated `min_mw`) or have one to grow, below rows that state a limit; a parcel promises the
    headroom of the substation that feeds it. `mw` is what the plan draws on headroom, by id.
    """
    substations = region.substations
    headroom, parent = substations["headroom_mw"], substations["parent"]
    own = headroom.where(~substations["parcel"], parent.map(headroom))
    least_mw = substations["min_mw"].fillna(min_mw).where(substations["existing_mw"] == 0, 0.0)
    large = substations["candidate"] & (own >= least_mw)
    below, left = _below(own, parent, large)
    shown = headroom.notna() & (below > 0)
    rows = pd.DataFrame(
        {
            "name": substations["name"],
            "limit_mw": headroom,
            "below_mw": below,
            "allowed_mw": np.minimum(headroom, left),
            "binds": left > headroom,
            "used_mw": _drawn(parent, mw).reindex(substations.index, fill_value=0.0),
        }
    )[shown]
    top = rows[~_under(parent, shown)[shown]]
    return OverPromise(
        sum_mw=float(top["below_mw"].sum()),
        allowed_mw=float(top["allowed_mw"].sum()),
        rows=rows.rename_axis("id"),
    )


def _below(
    headroom: "pd.Series[float]", parent: "pd.Series[str]", large: "pd.Series[bool]"
) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Add up, strictly below each row, headroom one at a time and what inner limits leave of it."""
    below = pd.Series(0.0, index=headroom.index)
    left = below.copy()
    for level in reversed(_levels(parent)):
        # A substation that could host up to its own limit adds that; any other, what is below it.
        promised = below[level] + headroom[level].where(large[level], 0.0)
        allowed = np.fmin(left[level], headroom[level]).where(~large[level], headroom[level])
        below = below.add(promised.groupby(parent[level]).sum(), fill_value=0.0)
        left = left.add(allowed.groupby(parent[level]).sum(), fill_value=0.0)
    return below.reindex(headroom.index), left.reindex(headroom.index)


def _levels(parent: "pd.Series[str]") -> list[pd.Index]:
    """Give the ids that hang below something, those nearest the top of the tree first."""
    levels = []
    level = parent.index[parent.isna()]
    while len(level):
        level = parent.index[parent.isin(level)]
        levels.append(level)
    return levels


def _under(parent: "pd.Series[str]", shown: "pd.Series[bool]") -> "pd.Series[bool]":
    """Tell which rows have a shown row somewhere above them."""
    under = pd.Series(data=False, index=parent.index)
    for level in _levels(parent):
        above = pd.Index(parent[level])
        under[level] = under[above].to_numpy() | shown[above].to_numpy()
    return under


def _drawn(parent: "pd.Series[str]", mw: "pd.Series[float]") -> "pd.Series[float]":
    """Add up the plan's sizes (MW) at and below every row that has any."""
    total, at = mw.copy(), mw
    while len(at):
        up = at.groupby(parent.reindex(at.index).to_numpy()).sum()
        total = total.add(up, fill_value=0.0)
        at = up
    return total
