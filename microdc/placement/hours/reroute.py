"""Service that does not fit where it is at home, sent elsewhere: in its hour, or in a later one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from microdc.instance import Floats, Ints
from microdc.placement.hours.fleet import HourlyFleet
from microdc.placement.hours.routing import Ways, one_after_another, route

NOTHING_MW_IT = 1e-6
"""What is less than this finds room, or goes with the rest."""

_MOVE, _DEFER, _LEAVE = 1.0, 10.0, 1e3  # first as little as can be left, then deferred, then moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    """
    Service of some wants in some hours, all of it, and what of it finds no room.

    hour, for_hour, want, host, mw_it
        What is served in an hour, of the load of which hour; aligned.
    left
        `for_hour`, `want` and `mw_it` of what is left, aligned.
    """

    hour: Ints
    for_hour: Ints
    want: Ints
    host: Ints
    mw_it: Floats
    left: tuple[Ints, Ints, Floats]

    @property
    def left_mw_it(self) -> float:
        """What is left, together."""
        return float(self.left[2].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loads:
    """Parts of what wants demand in hours; `last` is the last hour in which each may be served."""

    hour: Ints
    want: Ints
    part: Floats
    last: Ints


def rerouted(fleet: HourlyFleet, hours: Ints, drawn_mw: Floats) -> Rerouted | None:
    """
    Reroute what does not fit in hours of one day; None where all fits at home.

    `drawn_mw` is what each host draws while all are at home, hours x hosts. Each hour is looked
    at by itself; where that does not do and some may wait, all of them are looked at together.
    Those served at hosts without enough power are rerouted alone first, then everyone.
    """
    pressed = _pressed(fleet, hours, drawn_mw)
    some = np.flatnonzero(pressed.any(axis=1))
    if not len(some):
        return None
    alone = [_one(fleet, hours[k], drawn_mw[k], pressed[k]) for k in some]
    waits = (fleet.hours.services["deferred_share"] * fleet.hours.services["defer_h"] > 0).any()
    if not waits or all(each.left_mw_it <= NOTHING_MW_IT for each in alone):
        return _together(alone)
    return _day(fleet, hours, drawn_mw, pressed)


def _together(parts: Sequence[Rerouted]) -> Rerouted:
    """Give the routes of several hours as one."""
    columns = ("hour", "for_hour", "want", "host", "mw_it")
    hour, for_hour, want, host, mw_it = (
        np.concatenate([getattr(part, column) for part in parts]) for column in columns
    )
    when, who, left_mw_it = (
        np.concatenate(each) for each in zip(*(part.left for part in parts), strict=True)
    )
    return Rerouted(
        hour=hour,
        for_hour=for_hour,
        want=want,
        host=host,
        mw_it=mw_it,
        left=(when, who, left_mw_it),
    )


def _pressed(fleet: HourlyFleet, hours: Ints, drawn_mw: Floats) -> NDArray[np.bool_]:
    """Tell which hosts have too little power, alone or below a limit; hours x hosts."""
    of = fleet.hours
    limit_mw = of.limit_mw[hours] + of.below @ fleet.existing_mw
    over = drawn_mw @ of.below.T > limit_mw + NOTHING_MW_IT
    alone = drawn_mw > np.minimum(fleet.mw, of.available_mw[hours]) + NOTHING_MW_IT
    return np.asarray(alone | (over @ of.below > 0))


def _one(fleet: HourlyFleet, hour: int, drawn_mw: Floats, pressed: NDArray[np.bool_]) -> Rerouted:
    """Reroute an hour by itself."""
    for wants in (_served_at(fleet, pressed), fleet.moves):
        loads = _now(fleet, np.full(len(wants), hour), wants)
        answer = _route(fleet, loads, np.array([hour]), drawn_mw[None])
        if answer.left_mw_it <= NOTHING_MW_IT:
            break
    return answer


def _day(
    fleet: HourlyFleet,
    hours: Ints,
    drawn_mw: Floats,
    pressed: NDArray[np.bool_],
) -> Rerouted:
    """Reroute the hours of a day together, so that some may wait."""
    everyone = [fleet.moves for _ in hours]
    for wants in ([_served_at(fleet, mask) for mask in pressed], everyone):
        who = np.concatenate(wants)
        when = np.repeat(hours, [len(each) for each in wants])
        loads = _with_waiting(fleet, when, who, int(hours[-1]))
        answer = _route(fleet, loads, hours, drawn_mw)
        if answer.left_mw_it <= NOTHING_MW_IT:
            break
    return answer


def _served_at(fleet: HourlyFleet, pressed: NDArray[np.bool_]) -> Ints:
    """Give the wants that may move and have a home at some of the hosts."""
    there = np.flatnonzero(fleet.home @ pressed.astype(float))
    return np.intersect1d(there, fleet.moves)


def _now(fleet: HourlyFleet, hour: Ints, want: Ints) -> _Loads:
    """Let all be served in its hour; what demands nothing then is no load."""
    share = fleet.hours.share[hour, fleet.hours.service[want]]
    some = share > 0
    return _Loads(hour=hour[some], want=want[some], part=share[some], last=hour[some])


def _with_waiting(fleet: HourlyFleet, hour: Ints, want: Ints, end: int) -> _Loads:
    """Let a part of each load wait, no longer than it may, nor beyond the day's end."""
    now, services = _now(fleet, hour, want), fleet.hours.services
    service = fleet.hours.service[now.want]
    may_wait = services["deferred_share"].to_numpy(float)[service]
    last = np.minimum(now.hour + services["defer_h"].to_numpy(int)[service], end)
    may_wait = np.where(last > now.hour, may_wait, 0.0)
    some = np.flatnonzero(may_wait)
    return _Loads(
        hour=np.concatenate([now.hour, now.hour[some]]),
        want=np.concatenate([now.want, now.want[some]]),
        part=np.concatenate([now.part * (1 - may_wait), (now.part * may_wait)[some]]),
        last=np.concatenate([now.last, last[some]]),
    )


def _route(fleet: HourlyFleet, loads: _Loads, hours: Ints, drawn_mw: Floats) -> Rerouted:
    """Serve some loads beside all that stays at home."""
    hosts, first = len(fleet.pue), int(hours[0])
    need = loads.part * fleet.peak_mw_it[loads.want]
    others_mw = _beside(fleet, loads, first, drawn_mw)
    beside = [fleet.room(hour).less(mw) for hour, mw in zip(hours, others_mw, strict=True)]
    ways, at = _ways(fleet, loads, first)
    cost_of_none = np.full(len(need), _LEAVE)
    flow, left = route(need, ways, one_after_another(beside), cost_of_none)
    some, short = np.flatnonzero(flow > NOTHING_MW_IT * 1e-3), np.flatnonzero(left > 0)
    load = ways.load[some]
    return Rerouted(
        hour=at[some],
        for_hour=loads.hour[load],
        want=loads.want[load],
        host=ways.host[some] % hosts,
        mw_it=flow[some],
        left=(loads.hour[short], loads.want[short], left[short]),
    )


def _beside(fleet: HourlyFleet, loads: _Loads, first: int, drawn_mw: Floats) -> Floats:
    """Give what is drawn at home by all others (MW), hours x hosts."""
    others = drawn_mw.copy()
    home = fleet.home[loads.want].tocoo()
    mw = home.data * loads.part[home.row] * fleet.pue[home.col]
    np.subtract.at(others, (loads.hour[home.row] - first, home.col), mw)
    return np.maximum(others, 0.0)


def _ways(fleet: HourlyFleet, loads: _Loads, first: int) -> tuple[Ways, Ints]:
    """Give the ways of loads, at home and away, now and later, and the hour of each way."""
    parts = list(_ways_home_and_away(fleet, loads))
    load, host, most, at, cost = (np.concatenate(column) for column in zip(*parts, strict=True))
    place = (at - first) * len(fleet.pue) + host
    return Ways(load=load, host=place, cost=cost, most_mw_it=most), at


def _ways_home_and_away(
    fleet: HourlyFleet, loads: _Loads
) -> Iterator[tuple[Ints, Ints, Floats, Ints, Floats]]:
    """Give load, host, most (MW IT), hour and cost of ways: first now, then an hour later, ..."""
    for later in range(int((loads.last - loads.hour).max(initial=0)) + 1):
        some = np.flatnonzero(loads.last - loads.hour >= later)
        waiting = _DEFER if later else 0.0
        home = fleet.home[loads.want[some]].tocoo()
        load = some[home.row]
        yield _way(loads, load, home.col, home.data * loads.part[load], later, waiting)
        owner, pair = fleet.fleet.reach.of(loads.want[some])
        load = some[owner]
        whole = loads.part[load] * fleet.peak_mw_it[loads.want[load]]
        host = fleet.fleet.reach.site[pair].astype(np.int64)
        yield _way(loads, load, host, whole, later, waiting + _MOVE)


def _way(
    loads: _Loads, load: Ints, host: Ints, most: Floats, later: int, cost: float
) -> tuple[Ints, Ints, Floats, Ints, Floats]:
    return load, host.astype(np.int64), most, loads.hour[load] + later, np.full(len(load), cost)
