"""Who is in reach of demand: how large each can be and by which limit, or why it is no site."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from microdc.explain.named.case import Case
from microdc.inputs.hosts.capacity import ancestors_of, least_mw, most_mw
from microdc.instance import WATT_MW, Ints, Reach
from microdc.model.bound.market import largest_mw


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """
    A substation, parcel or hub in reach of demand, and what it could give.

    limit
        What keeps it from giving more: `headroom` (its own), `node` (a limit above it), `largest
        size`, `modules`, `capacity` (of a hub), `hour`; or why it gives nothing: `excluded`,
        `forbidden`, `too small`, `outage`.
    by
        The id of the node, or the reason of the exclusion.
    """

    id: str
    name: str
    lat: float
    lon: float
    counts: bool
    """Whether what it has was counted as in reach."""
    mw: float
    """What it has at most (MW, grid side; of a hub MW IT), or would have if it counted."""
    limit: str
    by: str = ""
    limit_mw: float | None = None
    """What that limit alone would allow (MW)."""


def counted_hosts(case: Case, sites: Ints, hour: int | None) -> list[Host]:
    """Name the sites that count, the largest first; in an `hour` (row) with what they have then."""
    return _largest_first(_counted(case, sites, hour))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSites:
    """The rows of the power tree that are no sites, and whom of some points they could answer."""

    rows: pd.DataFrame
    points: Ints
    """Ascending."""
    reach: Reach

    def near(self, points: Ints) -> pd.DataFrame:
        """Give the rows in reach of some of the points."""
        reach = self.reach.keep(np.searchsorted(self.points, points))
        return self.rows.iloc[np.unique(reach.site)]


def no_sites(case: Case, points: Ints, *, out: bool) -> NoSites:
    """Find the rows that are no sites in reach of points (ascending; `out`: in outages)."""
    tree = case.substations
    no_site = ~tree.index.isin(case.instance.sites.index) & tree["lat"].notna()
    rows = tree[no_site & (tree["candidate"].astype(bool) | tree["excluded"].notna())]
    return NoSites(rows=rows, points=points, reach=case.reached(points, rows, out=out))


def other_hosts(case: Case, points: Ints, out: Ints | None, none: NoSites) -> list[Host]:
    """Name who else is in reach of points and gives nothing; `out` are the sites that are out."""
    small = _no_sites(case, none.near(points))
    return _largest_first([*_out(case, points, out), *_forbidden(case, points), *small])


def _largest_first(hosts: Iterable[Host]) -> list[Host]:
    return sorted(hosts, key=lambda host: (-host.mw, host.id))


def _host(case: Case, key: str, *, counts: bool, mw: float, limit: str, **more: object) -> Host:
    name, lat, lon = case.hosts[key]
    fields: dict[str, Any] = {"counts": counts, "mw": mw, "limit": limit, **more}
    return Host(id=key, name=name, lat=lat, lon=lon, **fields)


def _counted(case: Case, sites: Ints, hour: int | None) -> Iterator[Host]:
    """Say of each site that counts how large it can be, and what limits that."""
    ids = case.instance.sites.index[sites]
    full_mw = largest_mw(case.instance)[sites]
    limits = sizes_limited(case, ids)
    available_mw = full_mw
    if hour is not None and case.instance.hours is not None:
        available_mw = case.instance.hours.available_mw[hour, sites]
    for key, mw, now_mw in zip(ids, full_mw, available_mw, strict=True):
        if now_mw < mw - WATT_MW:
            yield _host(case, key, counts=True, mw=float(now_mw), limit="hour")
        else:
            limit, by, limit_mw = limits[key]
            yield _host(case, key, counts=True, mw=float(mw), limit=limit, by=by, limit_mw=limit_mw)


def sizes_limited(case: Case, ids: pd.Index) -> dict[str, tuple[str, str, float]]:
    """Give of each site or hub what limits its size: the kind, the id of a node, and its MW."""
    tree, hubs = case.substations, case.region.hubs
    row_of = tree.index.get_indexer(ids)
    headroom = tree["headroom_mw"].to_numpy(dtype=float)
    existing = tree["existing_mw"].to_numpy(dtype=float)
    most = tree["max_mw"].fillna(case.scenario.sites.max_mw).to_numpy(dtype=float)
    levels = ancestors_of(tree)
    full_mw = dict(zip(case.instance.sites.index, largest_mw(case.instance), strict=True))
    told: dict[str, tuple[str, str, float]] = {}
    for key, row in zip(ids, row_of, strict=True):
        if row < 0:
            told[key] = "capacity", "", float(hubs["mw_it"][key])
            continue
        above = [int(level[row]) for level in levels if level[row] >= 0]
        rooms = [
            (headroom[row], 0, "headroom", ""),
            (most[row] - existing[row], 1, "largest size", ""),
        ]
        rooms += [(headroom[at], 2, "node", str(tree.index[at])) for at in above]
        room, _, limit, by = min(one for one in rooms if not np.isnan(one[0]))
        short = existing[row] + room - full_mw.get(key, 0.0) > WATT_MW
        told[key] = "modules" if short else limit, by, float(existing[row] + max(room, 0.0))
    return told


def _out(case: Case, points: Ints, out: Ints | None) -> Iterator[Host]:
    """Name the sites in reach that are out."""
    outages = case.instance.outages
    if out is None or outages is None:
        return
    near = np.intersect1d(outages.reach.keep(points).site, out)
    for key, mw in zip(
        case.instance.sites.index[near], largest_mw(case.instance)[near], strict=True
    ):
        yield _host(case, key, counts=False, mw=float(mw), limit="outage")


def _forbidden(case: Case, points: Ints) -> Iterator[Host]:
    """Name the sites in reach that the scenario rules out."""
    forbidden = case.instance.sites["forbidden"].to_numpy()
    near = np.unique(case.instance.reach.keep(points).site)
    near = near[forbidden[near]]
    for key, mw in zip(
        case.instance.sites.index[near], largest_mw(case.instance)[near], strict=True
    ):
        yield _host(case, key, counts=False, mw=float(mw), limit="forbidden")


def _no_sites(case: Case, near: pd.DataFrame) -> Iterator[Host]:
    """Name rows that are no sites: excluded, or with too little for the smallest."""
    tree = case.substations
    if near.empty:
        return
    as_if = tree.assign(candidate=tree["candidate"] | tree.index.isin(near.index))
    would_mw = most_mw(case.scenario, as_if, ancestors_of(as_if))
    least = least_mw(case.scenario, tree)
    limits = sizes_limited(case, near.index)
    for key, reason in zip(near.index.astype(str), near["excluded"], strict=True):
        _, by, room_mw = limits[key]
        if isinstance(reason, str):
            mw = float(np.nan_to_num(would_mw[key]))
            yield _host(case, key, counts=False, mw=mw, limit="excluded", by=reason)
        elif room_mw < least[key]:
            yield _host(
                case,
                key,
                counts=False,
                mw=room_mw,
                limit="too small",
                by=by,
                limit_mw=least[key],
            )
