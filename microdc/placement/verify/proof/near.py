"""Who answers whom within the bound: some hosts at a time, never all pairs at once."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from microdc.placement.verify.facts import Facts, Floats, geodesic_km
from microdc.placement.verify.objectives import bounds_ms

Within = NDArray[np.bool_]
Rows = NDArray[np.int64]

HAIR_MS = 1e-9
"""Round trips are told apart to this; later answers do not count."""

_PAIRS_AT_ONCE = 1_000_000  # bounds memory
_EARTH_KM, _SPHERE_ERROR = 6371.0, 0.01  # the ellipsoid differs by 0.6 % from the sphere


def bounds_in_order(facts: Facts) -> dict[str, float]:
    """Give the bound of each class (ms) while nothing is out, or what an objective came to."""
    return bounds_ms(facts)


def bounds_in_outages(facts: Facts) -> dict[str, float]:
    """Give the bound of each class (ms) while something is out: its usual one, or a later."""
    return {
        name: stated.outage.rtt_ms if stated.outage and stated.outage.rtt_ms else stated.rtt_ms
        for name, stated in facts.scenario.services.items()
    }


def answered(
    facts: Facts, hosts: pd.DataFrame, bound_ms: Mapping[str, float], beyond_ms: Sequence[float]
) -> Iterator[tuple[slice, tuple[Within, ...]]]:
    """
    Say of some hosts after others which demand each answers within a bound.

    Parameters
    ----------
    hosts
        `lat`, `lon` (degrees) and `processing_ms`, by id.
    bound_ms
        The bound of each class.
    beyond_ms
        How much later an answer still counts (ms; below zero: earlier), once for each answer.

    Yields rows of `hosts`, and for each of `beyond_ms` an array, these hosts x `Facts.demand`.
    Distances are taken on the sphere, on the ellipsoid where the sphere leaves it open; a round
    trip that was measured counts instead. Pairs that may not serve never count.
    """
    away = _Away(facts, hosts, bound_ms, beyond_ms)
    told, named = _measured(facts, hosts, bound_ms), _named(facts, hosts)
    step = max(1, _PAIRS_AT_ONCE // len(facts.demand))
    for first in range(0, len(hosts), step):
        some = slice(first, min(first + step, len(hosts)))
        ways = away.within(some)
        mine = told[(told["host"] >= some.start) & (told["host"] < some.stop)]
        for within, beyond in zip(ways, beyond_ms, strict=True):
            within[mine["host"] - first, mine["row"]] = mine["late_ms"] <= beyond
            if named is not None:
                within[~_may_serve(named, some, len(facts.demand))] = False
        yield some, ways


class _Away:
    """Round trips by the formula, from every place to some hosts at a time."""

    def __init__(
        self,
        facts: Facts,
        hosts: pd.DataFrame,
        bound_ms: Mapping[str, float],
        beyond_ms: Sequence[float],
    ) -> None:
        latency, demand = facts.scenario.latency, facts.demand
        latest_ms = np.array([bound_ms[service] for _, service in demand.index])
        self.left_ms = latest_ms - demand["access_ms"].to_numpy()
        self.place, places = pd.factorize(pd.MultiIndex.from_frame(demand[["lat", "lon"]]))
        self.places = places.to_frame().to_numpy(float)
        self.hosts = hosts[["lat", "lon"]].to_numpy(float)
        self.processing_ms = hosts["processing_ms"].to_numpy(float)
        self.ms_per_km = 2 * latency.route_factor / latency.km_per_ms
        self.beyond_ms = beyond_ms

    def within(self, some: slice) -> tuple[Within, ...]:
        """Tell which demand some hosts answer in time, once for each of `beyond_ms`."""
        path_ms = self.ms_per_km * _sphere_km(self.hosts[some], self.places)
        processing_ms = self.processing_ms[some, None]
        latest = path_ms * (1 + _SPHERE_ERROR) + processing_ms
        earliest = path_ms * (1 - _SPHERE_ERROR) + processing_ms
        surely = latest[:, self.place] <= self.left_ms + min(self.beyond_ms)
        maybe = earliest[:, self.place] <= self.left_ms + max(self.beyond_ms)
        host, row = np.nonzero(maybe & ~surely)
        ends = [*self.places[self.place[row]].T, *self.hosts[some][host].T]
        late_ms = geodesic_km(*ends) * self.ms_per_km + processing_ms[host, 0] - self.left_ms[row]
        ways = tuple(surely.copy() for _ in self.beyond_ms)
        for within, beyond in zip(ways, self.beyond_ms, strict=True):
            within[host, row] = late_ms <= beyond
        return ways


def _sphere_km(hosts: Floats, places: Floats) -> Floats:
    """Give great-circle distances (km) between positions (degrees); shape (hosts, places)."""
    chord = cdist(_on_sphere(hosts), _on_sphere(places))
    km: Floats = 2 * _EARTH_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return km


def _on_sphere(positions: Floats) -> Floats:
    lat, lon = np.radians(positions).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _measured(facts: Facts, hosts: pd.DataFrame, bound_ms: Mapping[str, float]) -> pd.DataFrame:
    """Give by how much each measured pair (`host`, `row` of demand) is beyond its bound (ms)."""
    row_of = {key: row for row, key in enumerate(facts.demand.index)}
    told = [
        (site, row_of[key], rtt_ms - bound_ms[key[1]])
        for key, by_site in facts.measured.items()
        if key in row_of
        for site, rtt_ms in by_site.items()
    ]
    table = pd.DataFrame(told, columns=["site", "row", "late_ms"])
    table["host"] = hosts.index.get_indexer(pd.Index(table["site"]))
    return table[table["host"] >= 0].astype({"row": int, "late_ms": float})


def _named(facts: Facts, hosts: pd.DataFrame) -> tuple[Rows, Rows] | None:
    """Give the rows of host and demand of each pair that may serve; None: all may."""
    if facts.named is None:
        return None
    host_of = {str(host): row for row, host in enumerate(hosts.index)}
    pairs = [
        (host_of[site], row)
        for row, key in enumerate(facts.demand.index)
        for site in facts.named.get(key, ())
        if site in host_of
    ]
    host, row = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return host, row


def _may_serve(named: tuple[Rows, Rows], some: slice, demands: int) -> Within:
    """Tell whom some hosts may serve; shape (hosts, demand)."""
    host, row = named
    may = np.zeros((some.stop - some.start, demands), dtype=bool)
    mine = (host >= some.start) & (host < some.stop)
    may[host[mine] - some.start, row[mine]] = True
    return may
