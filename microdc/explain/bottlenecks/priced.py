"""
Which demand and which limits stand in the way together, read from prices.

Where demand may go short at 1 a MW IT and all else is free, the relaxation pays for the demand that
is short, and for every limit that makes it so. What shares no site and no limit is apart, and the
prices of a part, taken alone, prove how much of it goes short whatever is built.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from microdc.explain.bottlenecks.bottleneck import Limit
from microdc.instance import Floats, Instance, Ints, rows_of
from microdc.instance.periods import periods_of
from microdc.model.bound.market import Market
from microdc.model.bound.prices import Prices
from microdc.solve.search.proof.told import prove

A_PRICE = 1e-6
"""What demand or a limit must cost to stand in the way."""

_NEARLY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Demand points with a price, the sites in their reach, and what limits those."""

    points: Ints
    sites: Ints
    limits: tuple[Limit, ...]
    least_short_mw_it: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A limit with a price, and the sites that it holds; None: whatever they are."""

    limit: Limit
    sites: Ints | None
    at: tuple[str, int]
    """The field of `Prices` it is priced in, and where."""


def parts_of_prices(market: Market, prices: Prices) -> list[Part]:
    """Give the parts of what is priced that share neither site nor limit, the shortest first."""
    instance = market.instance
    points = _paid(market, prices)
    if not len(points):
        return []
    near = _near(instance, prices, points)
    rows = list(_rows(instance, prices))
    label = _labels(near, rows, len(instance.sites))
    parts = [
        _part(market, prices, points[mine := label[: len(points)] == number], near[mine],
              [row for k, row in enumerate(rows) if label[len(points) + k] == number])
        for number in np.unique(label[: len(points)])
    ]  # fmt: skip
    return sorted(parts, key=lambda part: -part.least_short_mw_it)


def _paid(market: Market, prices: Prices) -> Ints:
    """
    Give the points with a price, but for those whose price some site earns back in full.

    A site that could serve all that is priced in its reach, and pays for no limit, earns as much as
    it is paid: without those prices the bound is no lower, and the demand is not short.
    """
    mw_it, rows = market.instance.points["mw_it"].to_numpy(), _all_rows(prices)
    worth = market.worth_mn_yr_per_mw_it(prices)
    worth = np.where(worth > A_PRICE, worth, 0.0)
    while True:
        points = np.flatnonzero(worth)
        paid = market.by_site.sums(worth * mw_it)
        earned = market.profit_mn_yr(_alone(market.instance, prices, points, rows))
        amply = (paid > 0) & (earned >= paid * (1 - _NEARLY))
        amply &= ~market.instance.sites["forbidden"].to_numpy()
        if not amply.any():
            return points
        worth[np.unique(market.by_site.pairs(np.flatnonzero(amply))[1])] = 0.0


def _all_rows(prices: Prices) -> set[tuple[str, int]]:
    """List every limit that has a price."""
    by_limit = {name: getattr(prices, name) for name in ("node", "count", "apart")}
    by_limit["limit_by_hour"] = prices.limit_by_hour.sum(axis=0)
    rows = {(name, k) for name, of in by_limit.items() for k in np.flatnonzero(of).tolist()}
    return rows | {("budget", 0)}


def _part(market: Market, prices: Prices, points: Ints, near: csr_array, rows: list[_Row]) -> Part:
    alone = _alone(market.instance, prices, points, {row.at for row in rows})
    limits = [row.limit for row in rows] + list(_situations(market.instance, alone))
    return Part(
        points=points,
        sites=np.unique(near.indices).astype(np.int64),
        limits=tuple(limits),
        least_short_mw_it=max(0.0, prove(market, alone).bound),
    )


def _near(instance: Instance, prices: Prices, points: Ints) -> csr_array:
    """Give the sites in reach of points, in outages too where those are priced; points x sites."""
    reach = instance.reach
    if instance.outages is not None and (prices.outages or prices.needed):
        reach = instance.outages.reach
    kept = reach.keep(points)
    shape = len(points), len(instance.sites)
    return csr_array((np.ones(kept.pairs, np.int8), kept.site, kept.start), shape=shape)


def _rows(instance: Instance, prices: Prices) -> Iterator[_Row]:
    """Give the limits that have a price."""
    below, counted, apart = (
        rows_of(matrix) for matrix in (instance.below, instance.counted, instance.apart)
    )
    for k in np.flatnonzero(prices.node > A_PRICE).tolist():
        limit_mw = float(instance.nodes["limit_mw"].iloc[k])
        limit = Limit(kind="node", id=str(instance.nodes.index[k]), amount=limit_mw)
        yield _Row(limit=limit, sites=below[k], at=("node", k))
    for k in np.flatnonzero(prices.count > A_PRICE).tolist():
        most = float(instance.counts["most"].iloc[k])
        limit = Limit(kind="count", id=str(instance.counts.index[k]), amount=most)
        yield _Row(limit=limit, sites=counted[k], at=("count", k))
    for k in np.flatnonzero(prices.apart > A_PRICE).tolist():
        ids = ", ".join(map(str, instance.sites.index[apart[k]]))
        yield _Row(limit=Limit(kind="separation", id=ids), sites=apart[k], at=("apart", k))
    if prices.budget > A_PRICE:
        limit = Limit(kind="budget", id="", amount=instance.budget_mn)
        yield _Row(limit=limit, sites=None, at=("budget", 0))
    yield from _rows_by_hour(instance, prices)


def _rows_by_hour(instance: Instance, prices: Prices) -> Iterator[_Row]:
    hours = instance.hours
    if hours is None:
        return
    below = rows_of(hours.below)
    for k in np.flatnonzero((prices.limit_by_hour > A_PRICE).any(axis=0)).tolist():
        hour = int(prices.limit_by_hour[:, k].argmax())
        limit_mw = float(hours.limit_mw[hour, k])
        limit = Limit(kind="node by hour", id=str(hours.limits[k]), amount=limit_mw)
        yield _Row(limit=limit, sites=below[k], at=("limit_by_hour", k))


def _labels(near: csr_array, rows: list[_Row], sites: int) -> Ints:
    """Number the parts: of each point, then of each limit; a budget joins all."""
    points = near.shape[0]
    of, site = near.nonzero()
    ends = [(of, points + len(rows) + site)]
    used = np.unique(site)
    for k, row in enumerate(rows):
        held = used if row.sites is None else np.intersect1d(row.sites, used)
        ends.append((np.full(len(held), points + k), points + len(rows) + held))
    tail, head = (np.concatenate(end) for end in zip(*ends, strict=True))
    nodes = points + len(rows) + sites
    graph = coo_array((np.ones(len(tail), np.int8), (tail, head)), shape=(nodes, nodes))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def _alone(instance: Instance, prices: Prices, points: Ints, at: set[tuple[str, int]]) -> Prices:
    """Give the prices of some points and limits alone; the others cost nothing."""
    mine = np.zeros(len(instance.points), dtype=bool)
    mine[points] = True

    def kept(field: str, price: Floats) -> Floats:
        rows = [k for name, k in at if name == field]
        only = np.zeros_like(price)
        only[..., rows] = price[..., rows]
        return only

    want = [period.point for period in periods_of(instance.hours)] if instance.hours else []
    return replace(
        prices,
        point=np.where(mine, prices.point, 0.0),
        outages=tuple(
            replace(one, points=one.points[some], price=one.price[some])
            for one in prices.outages
            if (some := mine[one.points]).any()
        ),
        needed=tuple(one for one in prices.needed if mine[one.points].all()),
        hours=tuple(
            replace(one, wants=one.wants[some], price=one.price[some])
            for one in prices.hours
            if (some := mine[want[one.period][one.wants]]).any()
        ),
        held=tuple(
            replace(one, points=one.points[some], price=one.price[some])
            for one in prices.held
            if (some := mine[one.points]).any()
        ),
        node=kept("node", prices.node),
        count=kept("count", prices.count),
        apart=kept("apart", prices.apart),
        limit_by_hour=kept("limit_by_hour", prices.limit_by_hour),
        budget=prices.budget if ("budget", 0) in at else 0.0,
    )


def _situations(instance: Instance, prices: Prices) -> Iterator[Limit]:
    """Name the outages that are priced, and the services that are held back by not moving."""
    outages, hours = instance.outages, instance.hours
    if outages is not None:
        rows = sorted({row for one in prices.outages for row in one.rows})
        for what in outages.what.iloc[rows].itertuples():
            yield Limit(kind="outage", id=f"{what.kind} {what.id}")
        if not rows and prices.needed:
            yield Limit(kind="outage", id="any")
    if hours is not None:
        for service in sorted({one.service for one in prices.held}):
            yield Limit(kind="stays", id=str(hours.services.index[service]))
