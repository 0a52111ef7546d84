"""Which sites lie within each demand point's latency bound; never a dense matrix."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from microdc.ground.distance import (
    EARTH_KM,
    SPHERE_ERROR,
    geodesic_km,
    on_sphere,
    widest_chord,
)
from microdc.instance import Floats, Ints, Reach
from microdc.latency.fibre import Fibre

_PLACES_AT_ONCE = 500  # bounds the memory of one query of the tree


def sites_in_reach(points: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre) -> Reach:
    """
    Find the sites that answer each demand point within its bound.

    Parameters
    ----------
    points
        `lat`, `lon` (degrees), `access_ms` and the bound `rtt_ms`, one row per demand point.
        Points at one place (same position and access) share one search.
    sites
        `lat`, `lon` (degrees) and `processing_ms`.
    fibre
        From distance to time. Round trip = access + path + processing.

    Distances are taken on the sphere, and on the ellipsoid for every pair so near its bound that
    it matters. Memory grows with the pairs within bound.
    """
    where = points.groupby(["lat", "lon", "access_ms"], sort=False)
    place_of: Ints = where.ngroup().to_numpy().astype(np.int64)
    places = where["rtt_ms"].max().reset_index()
    by_place = np.argsort(place_of, kind="stable")
    bound_ms = points["rtt_ms"].to_numpy(dtype=float)
    near: list[NDArray[np.int32]] = [np.empty(0, np.int32)] * len(points)
    for first in range(0, len(places), _PLACES_AT_ONCE):
        some = places.iloc[first : first + _PLACES_AT_ONCE]
        asked = by_place[slice(*np.searchsorted(place_of[by_place], [first, first + len(some)]))]
        of_place = place_of[asked] - first
        start, site, rtt_ms = _by_place(some, sites, fibre, bound_ms[asked], of_place)
        for point, place in zip(asked, of_place, strict=True):
            mine = slice(start[place], start[place + 1])
            near[point] = site[mine][rtt_ms[mine] <= bound_ms[point]]
    count = [len(found) for found in near]
    return Reach(
        start=np.concatenate([[0], np.cumsum(count, dtype=np.int64)]),
        site=np.concatenate([np.empty(0, np.int32), *near]),
    )


def _by_place(
    places: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre, bound_ms: Floats, of_place: Ints
) -> tuple[Ints, NDArray[np.int32], Floats]:
    """
    Find the sites that some places may reach, and their round trips: exact where that matters.

    Gives where each place's sites begin, the sites in ascending order, and the round trips (ms).
    """
    place, site, rtt_ms = _pairs(places, sites, fibre)
    pairs = csr_array((rtt_ms, (place, site)), shape=(len(places), len(sites)))
    pairs.sort_indices()
    near = _near_a_bound(pairs, bound_ms, of_place)
    place = np.repeat(np.arange(len(places)), np.diff(pairs.indptr))[near]
    pairs.data[near] = exact_rtt_ms(places.iloc[place], sites.iloc[pairs.indices[near]], fibre)
    return pairs.indptr.astype(np.int64), pairs.indices.astype(np.int32), pairs.data


def exact_rtt_ms(places: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre) -> Floats:
    """Give the round trip (ms) of each place with the site in the same row, on the ellipsoid."""
    km = geodesic_km(*(t[c].to_numpy() for t in (places, sites) for c in ("lat", "lon")))
    fixed_ms = places["access_ms"].to_numpy() + sites["processing_ms"].to_numpy()
    rtt_ms: Floats = fixed_ms + fibre.path_ms(km)
    return rtt_ms


def _pairs(places: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre) -> tuple[Ints, Ints, Floats]:
    """Give place, site and round trip (ms, on the sphere) of pairs that may be within bound."""
    path_ms = places["rtt_ms"] - places["access_ms"] - sites["processing_ms"].min()
    most_km = float(fibre.within_km(path_ms.to_numpy()).max(initial=-1))
    if most_km < 0 or sites.empty:
        return np.empty(0, int), np.empty(0, int), np.empty(0)
    found = cKDTree(on_sphere(places)).sparse_distance_matrix(
        cKDTree(on_sphere(sites)), widest_chord(most_km), output_type="ndarray"
    )
    place, site = found["i"].astype(np.int64), found["j"].astype(np.int64)
    km = 2 * EARTH_KM * np.arcsin(np.minimum(found["v"] / 2, 1))
    rtt_ms = fibre.path_ms(km) + places["access_ms"].to_numpy()[place]
    rtt_ms += sites["processing_ms"].to_numpy()[site]
    maybe = rtt_ms <= places["rtt_ms"].to_numpy()[place] * (1 + SPHERE_ERROR)
    return place[maybe], site[maybe], rtt_ms[maybe]


def _near_a_bound(pairs: csr_array, bound_ms: Floats, of_place: Ints) -> Ints:
    """Give the pairs that the sphere may put on the wrong side of one of their place's bounds."""
    near = np.zeros(pairs.nnz, dtype=bool)
    for bound, place in zip(bound_ms, of_place, strict=True):
        mine = slice(pairs.indptr[place], pairs.indptr[place + 1])
        rtt_ms = pairs.data[mine]
        near[mine] |= np.abs(rtt_ms - bound) <= SPHERE_ERROR * rtt_ms
    return np.flatnonzero(near)
