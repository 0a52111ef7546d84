"""
Rules of a scenario that can be loosened step by step, and what each step changes.

More of each never makes a plan impossible, so the smallest step that cures is found by halving.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from microdc.assembly import allowed_rtt_ms
from microdc.explain.repairs.promise import first_bound, most_share
from microdc.explain.repairs.smallest import first_of, least_between
from microdc.ground.distance import geodesic_km
from microdc.instance import WATT_MW, Floats, Instance, Ints, attainable_mw
from microdc.latency.apart import pairs_nearer_than
from microdc.oracles.base import OutOfTimeError
from microdc.scenario.siting import MOST_MW
from microdc.studies.repairing.trial import Trial

_MOST_TIMES = 10  # a bound is not loosened beyond so many times what it was
_FINE = 1e6  # parts of a ms, of a km, or of a share, to which amounts are rounded


class Step(NamedTuple):
    """How far a rule is loosened: `exact`, less does not do; `seen`, so much does."""

    amount: float
    exact: bool
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """
    One rule, what it says, and how far it can be loosened.

    `values` are all steps, the mildest first; without any, all between `stated` and `most` are.
    """

    kind: str
    id: str = ""
    name: str = ""
    unit: str
    stated: float
    values: Sequence[float] = ()
    most: float | None = None
    hint: float | None = None
    """No milder value can do."""
    changes: Callable[[float], dict[str, Any]]
    rounded: Callable[[float], float] = float

    def smallest(self, cures: Callable[[dict[str, Any]], bool | None]) -> Step | None:
        """
        Find the mildest value that cures; None: none is known.

        `cures` says None where time ran out: then the mildest that was seen to, or that may.
        """
        seen: list[float] = []
        failed: list[float] = []

        def does(value: float) -> bool:
            known = cures(self.changes(self.rounded(value)))
            if known is None:
                raise OutOfTimeError
            if known:
                seen.append(self.rounded(value))
            else:
                failed.append(value)
            return known

        try:
            value = self._least(does)
        except OutOfTimeError:  # each that was seen to do is milder than the one before
            return Step(seen[-1], exact=False, seen=True) if seen else self._untried(failed)
        return None if value is None else Step(self.rounded(value), exact=True, seen=True)

    @property
    def at_least(self) -> Step | None:
        """What is known before anything is tried."""
        return None if self.hint is None else Step(self.hint, exact=False, seen=False)

    def _untried(self, failed: Sequence[float]) -> Step | None:
        """Give the mildest step that may do, after some (the mildest first) that do not."""
        if not failed:
            return self.at_least
        stronger = self.values[self.values.index(failed[-1]) + 1 :] if self.most is None else ()
        return Step(self.rounded(stronger[0]), exact=False, seen=False) if stronger else None

    def _least(self, does: Callable[[float], bool]) -> float | None:
        if self.most is None:
            first = 0 if self.hint is None else self.values.index(self.hint)
            return first_of(self.values[first:], does)
        if self.hint is not None and does(self.hint):
            return self.hint
        return least_between(self.stated, self.most, does)


def ladders_of(trial: Trial) -> Iterator[Ladder]:
    """Give every rule that could be loosened for the demand of a trial."""
    bounds = [_bound(trial, str(name)) for name in trial.demand["service"].unique()]
    yield from bounds
    if len(bounds) > 1:
        yield _bounds(bounds)
    yield from _sizes(trial)
    yield from _counts(trial)
    yield from _separation(trial)
    for name in trial.demand["service"].unique():
        if trial.scenario.services[str(name)].floor > 0:
            yield _promise(trial, str(name))


def out_of_reach(trial: Trial, instance: Instance, service: str) -> tuple[str, ...]:
    """Name the places of a class that no site of the trial's instance reaches."""
    far = instance.points["service"].eq(service).to_numpy() & (instance.reach.sites_per_point == 0)
    places = instance.points["place"].to_numpy()[far]
    names = trial.demand.drop_duplicates("place").set_index("place")["name"]
    return tuple(str(names.get(place, place)) for place in places)


def _up(value: float) -> float:
    return math.ceil(value * _FINE - 1e-3) / _FINE


def share_down(value: float) -> float:
    """Round a share, or a distance, down to a millionth."""
    return math.floor(value * _FINE + 1e-3) / _FINE


def _bound(trial: Trial, service: str) -> Ladder:
    """Give the round trips at which another site comes into reach of a place."""
    scenario = trial.scenario
    stated_ms = scenario.services[service].rtt_ms
    instance = trial.stated
    points = np.flatnonzero((instance.points["service"] == service).to_numpy())
    places = trial.demand[trial.demand["service"] == service].set_index("place")
    places = places.loc[instance.points["place"].iloc[points]].reset_index()
    places = places.assign(access_ms=places["access_ms"].fillna(scenario.latency.access_ms))
    hosts = trial.region.hosts.loc[instance.sites.index]
    place, site = (a.ravel() for a in np.indices((len(places), len(hosts))))
    rtt_ms = allowed_rtt_ms(scenario, trial.region, places.iloc[place], hosts.iloc[site])
    beyond = rtt_ms[(rtt_ms > stated_ms) & (rtt_ms <= _MOST_TIMES * stated_ms)]
    values = sorted({_up(ms) for ms in beyond.tolist()})
    return Ladder(
        kind="bound",
        id=service,
        unit="ms",
        stated=stated_ms,
        values=values,
        hint=_first_bound(instance, points, rtt_ms, values),
        changes=lambda ms: {"services": {service: {"rtt_ms": ms}}},
    )


def _first_bound(
    instance: Instance, points: Ints, rtt_ms: Floats, values: Sequence[float]
) -> float | None:
    """Give the mildest of some bounds that power in reach allows; None: none, or not known."""
    if instance.hours is not None or not values:
        return None
    by_point = rtt_ms.reshape(len(points), len(instance.sites))
    return first_bound(instance, points, by_point, values)


def _bounds(each: Sequence[Ladder]) -> Ladder:
    """Loosen the bounds of several classes together, all by the same time."""
    steps = {round(ms - one.stated, 6) for one in each for ms in one.values}
    stated_ms = {one.id: one.stated for one in each}

    def changes(more_ms: float) -> dict[str, Any]:
        loose = {name: {"rtt_ms": round(ms + more_ms, 6)} for name, ms in stated_ms.items()}
        return {"services": loose}

    return Ladder(
        kind="bounds",
        id=",".join(stated_ms),
        name=" and ".join(stated_ms),
        unit="ms",
        stated=0.0,
        values=sorted(steps),
        changes=changes,
    )


def _sizes(trial: Trial) -> Iterator[Ladder]:
    """Give the largest size of a site: any, or the next sums of modules."""
    sites, headroom_mw = trial.scenario.sites, trial.case.substations["headroom_mw"]
    most_mw = min(MOST_MW, float(headroom_mw.max(skipna=True)) if len(headroom_mw) else 0.0)
    if headroom_mw.isna().all() or most_mw <= sites.max_mw:
        return
    modules = sites.modules_mw
    sums = [mw for mw in attainable_mw(modules, most_mw) if mw > sites.max_mw] if modules else []
    if modules and not sums:
        return
    yield Ladder(
        kind="larger sites",
        unit="MW",
        stated=sites.max_mw,
        values=sums,
        most=None if modules else most_mw,
        changes=lambda mw: {"sites": {"max_mw": mw}},
        rounded=_up,
    )


def _counts(trial: Trial) -> Iterator[Ladder]:
    new = len(trial.case.instance.sites)
    for column, most in trial.scenario.limits.max_sites_by.items():
        if new > most:
            yield Ladder(
                kind="more sites",
                id=column,
                unit="sites",
                stated=most,
                values=range(most + 1, new + 1),
                changes=_count_by(column),
            )


def _count_by(column: str) -> Callable[[float], dict[str, Any]]:
    return lambda most: {"limits": {"max_sites_by": {column: int(most)}}}


def _separation(trial: Trial) -> Iterator[Ladder]:
    """Give the distances between candidates that are too near, the largest first."""
    stated_km = trial.scenario.limits.separation_km
    if stated_km <= 0:
        return
    standing = trial.case.instance.sites.index
    hosts: pd.DataFrame = trial.region.substations
    hosts = hosts.loc[hosts.index.intersection(standing)]
    one, other = (hosts.iloc[rows] for rows in pairs_nearer_than(hosts, stated_km).T)
    km = geodesic_km(*(end[axis].to_numpy() for end in (one, other) for axis in ("lat", "lon")))
    yield Ladder(
        kind="nearer sites",
        unit="km",
        stated=stated_km,
        values=sorted({share_down(distance) for distance in km.tolist()}, reverse=True),
        changes=lambda km: {"limits": {"separation_km": km}},
    )


def _promise(trial: Trial, service: str) -> Ladder:
    """Give the share of a class that is promised at every place; the rest may be left."""
    stated = trial.scenario.services[service]
    priced = stated.unserved_mn_per_mw_yr is not None

    def changes(share: float) -> dict[str, Any]:
        price = {} if priced else {"unserved_mn_per_mw_yr": trial.prices.unserved_mn_per_mw_it_yr}
        return {"services": {service: {"min_served": share, **price}}}

    promised = most_promised(trial, service, {})
    return Ladder(
        kind="less demand",
        id=service,
        unit="share",
        stated=stated.floor,
        values=(0.0,),
        most=None if promised == 0 else 0.0,
        hint=promised if promised and promised < stated.floor - 1 / _FINE else None,
        changes=changes,
        rounded=share_down,
    )


def most_promised(trial: Trial, service: str, others: Mapping[str, Any]) -> float | None:
    """Give the share of a class that power in reach allows with other changes; None: not known."""
    instance = trial.instance(others)
    if instance.hours is not None:
        return None
    points = np.flatnonzero((instance.points["service"] == service).to_numpy())
    share = trial.scenario.services[service].floor * most_share(instance, points)
    return share - 1e-7 if share > 1e-6 else 0.0


def watts_up(mw: float) -> float:
    """Round up to the watt (MW), one more than is needed at most."""
    return math.ceil(mw / WATT_MW - 1e-3) * WATT_MW
