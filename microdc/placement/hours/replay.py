"""Every hour in which a plan promises service, replayed on the finished plan."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from microdc.instance import Floats, Ints
from microdc.placement.hours.fleet import HourlyFleet
from microdc.placement.hours.reroute import Rerouted, rerouted

_MOST_LEFT_MW_IT = 1e-3
"""The search calls a shortfall of 1e-5 MW IT in a set none; a plan that leaves so much is wrong."""
_SAME_MW_IT = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """
    What is served in every hour.

    fleet
        The plan; of its service at home is taken what some hour misses by rounding.
    kept
        Share of each want's service that was not taken; shape (wants,).
    moved
        Service that is not from home in its hour, all of each want then: rows of hours `hour` and
        `for_hour` (of whose load it is), rows `want` and `host`, `mw_it`.
    mw_it
        What each host serves in each hour (MW IT), hours x hosts.
    """

    fleet: HourlyFleet
    kept: Floats
    moved: pd.DataFrame
    mw_it: Floats

    @property
    def drawn_mw(self) -> Floats:
        """What each host draws in each hour (MW, grid), hours x hosts."""
        return self.mw_it * self.fleet.pue


def replay(fleet: HourlyFleet) -> Replay:
    """
    Serve every hour: from home where that fits, else with as little as can be deferred and moved.

    Crumbs for which an hour has no room are left unserved in all. Raises AssertionError where more
    than rounding is missing: the sizes do not bear what the search promised.
    """
    drawn_mw = fleet.drawn_at_home_mw_it() * fleet.pue
    day = fleet.hours.what["day"].to_numpy()
    found = (rerouted(fleet, hours, drawn_mw[hours]) for hours in _runs(day))
    parts = [part for part in found if part is not None]
    kept = _kept(fleet, parts)
    moved = _scaled(fleet, kept, parts)
    fleet = replace(fleet, home=csr_array(diags_array(kept) @ fleet.home))
    return Replay(fleet=fleet, kept=kept, moved=moved, mw_it=_served_mw_it(fleet, moved))


def _runs(day: Ints) -> list[Ints]:
    """Give the rows of each day."""
    ends = np.flatnonzero(np.diff(day)) + 1
    return np.split(np.arange(len(day)), ends)


def _kept(fleet: HourlyFleet, parts: list[Rerouted]) -> Floats:
    """Give the share of each want's service that finds room in every hour."""
    missed = np.zeros(len(fleet.peak_mw_it))
    for part in parts:
        for_hour, want, mw_it = part.left
        if part.left_mw_it > _MOST_LEFT_MW_IT:
            time = fleet.hours.what["time"].iloc[for_hour[0]]
            msg = f"the chosen sites cannot serve in {time} what the search promised"
            raise AssertionError(msg)
        by_load = pd.Series(mw_it).groupby([for_hour, want]).sum()
        rows = by_load.index.to_frame().to_numpy().T
        share = fleet.hours.share[rows[0], fleet.hours.service[rows[1]]]
        np.maximum.at(missed, rows[1], by_load.to_numpy() / share)
    peak = fleet.peak_mw_it
    share = np.divide(missed, peak, out=np.zeros(len(peak)), where=peak > 0)
    kept: Floats = np.maximum(1 - share, 0.0)
    return kept


def _scaled(fleet: HourlyFleet, kept: Floats, parts: list[Rerouted]) -> pd.DataFrame:
    """Give rerouted service, scaled to what is kept; what is from home after all is left out."""
    keys = ["for_hour", "want"]
    columns = ("hour", *keys, "host", "mw_it")
    tables = [pd.DataFrame({c: getattr(part, c) for c in columns}) for part in parts]
    empty = pd.DataFrame({c: np.empty(0, float if c == "mw_it" else np.int64) for c in columns})
    rows = pd.concat(tables or [empty], ignore_index=True)
    rows = rows.groupby(list(columns[:-1]), sort=True)["mw_it"].sum().reset_index()
    for_hour, want = rows["for_hour"].to_numpy(), rows["want"].to_numpy()
    wanted = fleet.hours.share[for_hour, fleet.hours.service[want]]
    wanted = wanted * (kept * fleet.peak_mw_it)[want]
    rows["mw_it"] *= wanted / rows.groupby(keys)["mw_it"].transform("sum")
    return rows[_differs(fleet, kept, rows)].reset_index(drop=True)


def _differs(fleet: HourlyFleet, kept: Floats, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which rows belong to a load that is not served from home, in its hour."""
    want, host = rows["want"].to_numpy(), rows["host"].to_numpy()
    share = fleet.hours.share[rows["for_hour"], fleet.hours.service[want]]
    home = fleet.home.toarray()[want, host] * kept[want] * share
    away = (rows["mw_it"] - home).where(rows["hour"] == rows["for_hour"], rows["mw_it"])
    by_load = away.clip(lower=0.0).groupby([rows["for_hour"], rows["want"]])
    return np.asarray(by_load.transform("sum") > _SAME_MW_IT)


def _served_mw_it(fleet: HourlyFleet, moved: pd.DataFrame) -> Floats:
    """Add up what each host serves in each hour (MW IT), hours x hosts."""
    mw_it = fleet.drawn_at_home_mw_it()
    loads = moved[["for_hour", "want"]].drop_duplicates()
    for_hour, want = loads["for_hour"].to_numpy(), loads["want"].to_numpy()
    home = fleet.home[want].tocoo()
    hour = for_hour[home.row]
    share = fleet.hours.share[hour, fleet.hours.service[want[home.row]]]
    np.subtract.at(mw_it, (hour, home.col), home.data * share)
    np.add.at(mw_it, (moved["hour"], moved["host"]), moved["mw_it"])
    return np.maximum(mw_it, 0.0)
