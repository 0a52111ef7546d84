"""
Demand that is short of power although every allowed site is built as large as it can be.

A max-flow in which sites give all they have knows the smallest set of demand that misses most, the
min cut nearest the source. Its parts, which share no site, are bottlenecks of their own, each short
by exactly its share. So in order, in each outage, and in each hour.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from microdc.explain.bottlenecks.bottleneck import Bottleneck, Kind, at_full_size, must_mw_it
from microdc.explain.bottlenecks.witness import irreducible
from microdc.instance import Hours, Instance, Ints, Outages
from microdc.instance.periods import periods_of
from microdc.oracles.base import TOLERANCE_MW_IT, OutOfTimeError, Sizes
from microdc.oracles.delivery import in_order, nearest_sets, parts_of
from microdc.oracles.hall import Hall
from microdc.oracles.hourly import Hourly
from microdc.oracles.network import Network
from microdc.oracles.outages.survival import Survival

Expired = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A part of a min cut: wants, the suppliers that could give something, and when."""

    hall: Hall
    wants: Ints
    suppliers: Ints
    sizes: Sizes
    outages: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    also: int = 0

    @property
    def points(self) -> Ints:
        """The demand points that want something."""
        return np.unique(self.hall.of.point[self.wants])

    @property
    def need_mw_it(self) -> float:
        """What they want (MW IT)."""
        return float(self.hall.wanted_mw_it(self.sizes)[self.wants].sum())

    @property
    def have_mw_it(self) -> float:
        """What there is in their reach (MW IT)."""
        return float(self.hall.supply_mw_it(self.sizes)[self.suppliers].sum())

    @property
    def short_mw_it(self) -> float:
        """By how much what they want is more."""
        return self.need_mw_it - self.have_mw_it


def short_at_full_size(instance: Instance, expired: Expired) -> tuple[list[Bottleneck], bool]:
    """
    Find the bottlenecks at full size, and whether all outages and hours were looked at.

    Limits that sites share are not counted here, and every service may move. Of parts that overlap,
    in different outages or hours, the one that lacks most is given.
    """
    sizes = at_full_size(instance)
    if instance.hours is not None:
        found, whole = _collected(_in_hours(instance, instance.hours, sizes, expired))
        parts = _apart(found)
    else:
        parts = list(_in_order(instance, sizes))
        whole = True
        if instance.outages is not None:
            served = _leaving(instance, sizes, parts)
            outs = _in_outages(instance, instance.outages, served, expired)
            found, whole = _collected(outs)
            parts += _apart(found)
    return [_told(instance, part, expired) for part in parts], whole


def _in_order(instance: Instance, sizes: Sizes) -> Iterator[Short]:
    delivery = in_order(instance, "weak")
    for wants in nearest_sets(delivery.network.routed(sizes)):
        yield from _short(delivery.hall, wants, sizes)


def _in_hours(instance: Instance, hours: Hours, sizes: Sizes, expired: Expired) -> Iterator[Short]:
    """Look at each hour, or day where load waits, as though sites shared no limit."""
    unshared = hours.unshared
    whole = replace(instance, hours=unshared)
    asked = Hourly(whole, unshared, linking="weak").asked
    for delivery, period in zip(asked, periods_of(unshared), strict=True):
        if expired():
            raise OutOfTimeError
        for wants in nearest_sets(delivery.network.routed(sizes)):
            for part in _short(delivery.hall, wants, sizes):
                yield replace(part, hours=tuple(period.hours.tolist()))


def _in_outages(
    instance: Instance, outages: Outages, sizes: Sizes, expired: Expired
) -> Iterator[Short]:
    """Take out one outage after another, or two at once; only what it cuts off is routed anew."""
    survival = Survival(instance, outages, "weak", expired)
    routed = survival.network.routed(sizes)
    for rows, lost in survival.losses(routed):
        out = np.unique(outages.sites[list(rows)].indices)
        left = ~np.isin(routed.suppliers, out)
        arcs = csr_array(routed.arcs[lost.points][:, left])
        for wants in parts_of(arcs, lost.points):
            yield from _short(survival.hall, wants, sizes, rows, out)


def _short(
    hall: Hall, wants: Ints, sizes: Sizes, outages: tuple[int, ...] = (), out: Ints | None = None
) -> Iterator[Short]:
    """Give a set with the suppliers in its reach, if it is short by more than crumbs."""
    for around in hall.around([wants]):
        there = np.intersect1d(around.suppliers, hall.open(sizes))
        if out is not None:
            there = np.setdiff1d(there, out)
        part = Short(hall=hall, wants=wants, suppliers=there, sizes=sizes, outages=outages)
        if part.short_mw_it > TOLERANCE_MW_IT:
            yield part


def _leaving(instance: Instance, sizes: Sizes, parts: list[Short]) -> Sizes:
    """Leave unserved what is short already with nothing out."""
    more_mw_it = np.zeros(len(instance.points))
    for part in parts:
        more_mw_it[part.points] = must_mw_it(instance)[part.points]
    return sizes.leaving(more_mw_it)


def _collected(parts: Iterator[Short]) -> tuple[list[Short], bool]:
    """Take parts as long as there is time, and tell whether those were all."""
    found: list[Short] = []
    try:
        found.extend(parts)
    except OutOfTimeError:
        return found, False
    return found, True


def _apart(parts: list[Short]) -> list[Short]:
    """Keep parts that share no point, those that lack most; count the others with them."""
    kept: list[Short] = []
    owner: dict[int, int] = {}
    also: dict[int, set[tuple[tuple[int, ...], tuple[int, ...]]]] = {}
    for part in sorted(parts, key=lambda part: -part.short_mw_it):
        mine = part.points.tolist()
        known = [owner[j] for j in mine if j in owner]
        if known:
            also[known[0]].add((part.outages, part.hours))
            continue
        also[len(kept)] = set()
        owner |= dict.fromkeys(mine, len(kept))
        kept.append(part)
    return [
        replace(part, also=len(also[k] - {(part.outages, part.hours)}))
        for k, part in enumerate(kept)
    ]


def _told(instance: Instance, part: Short, expired: Expired) -> Bottleneck:
    """Tell of a part, with a witness of it."""
    witness, irreducible_ = _witness(instance, part, expired)
    return Bottleneck(
        kind=Kind.FULL_SIZE,
        points=tuple(part.points.tolist()),
        sites=tuple(np.unique(part.hall.of.site[part.suppliers]).tolist()),
        need_mw_it=part.need_mw_it,
        have_mw_it=part.have_mw_it,
        short_mw_it=part.short_mw_it,
        most_short_mw_it=part.short_mw_it,
        outages=part.outages,
        hours=part.hours,
        also=part.also,
        witness=tuple(witness.tolist()),
        irreducible=irreducible_,
    )


def _witness(instance: Instance, part: Short, expired: Expired) -> tuple[Ints, bool]:
    """Look for the fewest points of a part that are short by themselves, in its own network."""
    of, points = part.hall.of, part.points
    wanted = replace(
        of,
        point=of.point[part.wants],
        share=of.share[part.wants],
        reach=of.reach.keep(part.wants),
    )
    network = Network(Hall(instance, wanted, "weak", part.hall.period))
    there = np.zeros(len(instance.sites), dtype=bool)
    there[of.site[part.suppliers]] = True
    sizes = replace(
        part.sizes,
        built=np.where(there, part.sizes.built, 0.0),
        mw=np.where(there, part.sizes.mw, 0.0),
    )
    demand_mw_it = instance.points["mw_it"].to_numpy()

    def short(kept: Ints) -> Ints | None:
        unserved_mw_it = demand_mw_it.copy()
        unserved_mw_it[kept] = sizes.unserved_mw_it[kept]
        trial = replace(sizes, unserved_mw_it=unserved_mw_it)
        parts = [
            one
            for wants in nearest_sets(network.routed(trial))
            for one in _short(network.hall, wants, trial)
        ]
        return min((one.points for one in parts), key=len, default=None)

    return irreducible(points, must_mw_it(instance)[points], short, expired)
