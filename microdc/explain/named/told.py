"""A bottleneck with names: what is written to a file, shown on a map, and put into a sentence."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from microdc.explain.bottlenecks import Bottleneck, Kind
from microdc.explain.named.case import Case
from microdc.explain.named.hosts import Host, NoSites, counted_hosts, no_sites, other_hosts
from microdc.instance import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with demand in a bottleneck: what it wants of each class (MW IT)."""

    id: str
    name: str
    lat: float
    lon: float
    mw_it: dict[str, float]
    witness: tuple[str, ...]
    """Classes of it that belong to the witness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLimit:
    """A limit that sites share, or a rule of the planner; see `bottlenecks.Limit`."""

    kind: str
    id: str
    name: str
    amount: float | None
    least: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The candidate nearest to demand in nobody's reach, and the bound that it misses."""

    place: str
    site: str
    rtt_ms: float
    bound_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """
    A bottleneck with the names of everything in it; figures as `bottlenecks.Bottleneck` has them.

    `hosts` are all in reach, those that count first. `unit` is MW IT, or MWh IT over several hours.
    """

    kind: str
    places: tuple[Place, ...]
    services: tuple[str, ...]
    hosts: tuple[Host, ...]
    need_mw_it: float
    have_mw_it: float
    short_mw_it: float
    most_short_mw_it: float | None
    unit: str
    exact: bool
    outages: tuple[str, ...]
    hours: tuple[str, ...]
    also: int
    limits: tuple[NamedLimit, ...]
    cures: tuple[str, ...]
    nearest: Nearest | None
    irreducible: bool

    @property
    def counted(self) -> tuple[Host, ...]:
        """Those in reach whose power was counted."""
        return tuple(host for host in self.hosts if host.counts)

    @property
    def others(self) -> tuple[Host, ...]:
        """Those in reach that cannot be sites, or are out."""
        return tuple(host for host in self.hosts if not host.counts)

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON knows it."""
        document = asdict(self)
        for place in document["places"]:
            place["mw_it"] = {name: round(mw, 9) for name, mw in place["mw_it"].items()}
        return document


def named_bottlenecks(case: Case, found: Iterable[Bottleneck]) -> list[Told]:
    """Name bottlenecks, in their order."""
    found = list(found)
    in_order = [j for one in found if one.exact and not one.outages for j in one.points]
    none = no_sites(case, np.unique(in_order).astype(np.int64), out=False)
    far = [j for one in found if one.kind is Kind.OUT_OF_REACH for j in one.points]
    near = case.nearest(np.unique(far).astype(np.int64))
    return [_named(case, one, none, near) for one in found]


def _named(case: Case, one: Bottleneck, none: NoSites, near: pd.DataFrame) -> Told:
    points = np.sort(np.array(one.points, dtype=np.int64))
    hour = one.hours[0] if len(one.hours) == 1 else None
    if one.exact and one.outages:
        none = no_sites(case, points, out=True)
    others = other_hosts(case, points, _sites_out(case, one), none) if one.exact else ()
    far = one.kind is Kind.OUT_OF_REACH
    sites = np.array(one.sites, dtype=np.int64)
    return Told(
        kind=str(one.kind),
        places=_places(case, points, set(one.witness)),
        services=tuple(dict.fromkeys(case.points["service"].iloc[points])),
        hosts=(*counted_hosts(case, sites, hour), *others),
        need_mw_it=one.need_mw_it,
        have_mw_it=one.have_mw_it,
        short_mw_it=one.short_mw_it,
        most_short_mw_it=one.most_short_mw_it,
        unit="MWh IT" if len(one.hours) > 1 else "MW IT",
        exact=one.exact,
        outages=tuple(_outage(case, row) for row in one.outages),
        hours=_times(case, one),
        also=one.also,
        limits=tuple(
            _limit(case, limit.kind, limit.id, limit.amount, limit.least) for limit in one.limits
        ),
        cures=one.cures,
        nearest=_nearest(case, points, near) if far else None,
        irreducible=one.irreducible,
    )


def _times(case: Case, one: Bottleneck) -> tuple[str, ...]:
    hours = case.instance.hours
    return () if hours is None else tuple(map(str, hours.what["time"].iloc[list(one.hours)]))


def _sites_out(case: Case, one: Bottleneck) -> Ints | None:
    outages = case.instance.outages
    if outages is None or not one.outages:
        return None
    rows: Ints = np.unique(outages.sites[list(one.outages)].indices).astype(np.int64)
    return rows


def _places(case: Case, points: Ints, witness: set[int]) -> tuple[Place, ...]:
    """List the places of points, those that want most first."""
    names = case.region.places
    places = []
    for key, mine in case.points.iloc[points].groupby("place", sort=False):
        mw_it = mine.groupby("service", sort=False)["mw_it"].sum()
        some = mine["service"][[j in witness for j in mine.index]]
        at = mine.iloc[0]
        places.append(
            Place(
                id=str(key),
                name=names[str(key)],
                lat=float(at["lat"]),
                lon=float(at["lon"]),
                mw_it={str(service): float(mw) for service, mw in mw_it.items()},
                witness=tuple(dict.fromkeys(some)),
            )
        )
    return tuple(sorted(places, key=lambda place: -sum(place.mw_it.values())))


def _outage(case: Case, row: int) -> str:
    outages = case.instance.outages
    assert outages is not None
    what = outages.what.iloc[row]
    return f"{what['kind']} {what['id']}"


def _limit(
    case: Case, kind: str, key: str, amount: float | None, least: float | None
) -> NamedLimit:
    tree = case.substations
    name = tree["name"].get(key, key) if kind.startswith("node") else key
    return NamedLimit(kind=kind, id=key, name=str(name), amount=amount, least=least)


def _nearest(case: Case, points: Ints, near: pd.DataFrame) -> Nearest | None:
    """Give the candidate that misses the bound of any of the points by least."""
    near = near.loc[case.points.index[points]]
    if near["rtt_ms"].isna().all():
        return None
    bound_ms = case.points["rtt_ms"].iloc[points]
    best = int(np.nanargmin((near["rtt_ms"] - bound_ms).to_numpy()))
    site = str(near["site"].iloc[best])
    return Nearest(
        place=case.region.places[case.points["place"].iloc[points[best]]],
        site=case.hosts[site][0],
        rtt_ms=float(near["rtt_ms"].iloc[best]),
        bound_ms=float(bound_ms.iloc[best]),
    )
