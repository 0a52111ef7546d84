"""Which sites lie within each demand point's latency bound; never a dense matrix."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
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
    bounds = [np.unique(bound) for _, bound in where["rtt_ms"]]
    parts = [
        _pairs(places.iloc[first : first + _PLACES_AT_ONCE], sites, fibre)
        for first in range(0, max(1, len(places)), _PLACES_AT_ONCE)
    ]
    place = np.concatenate([part[0] for part in parts])
    site = np.concatenate([part[1] for part in parts])
    rtt_ms = np.concatenate([part[2] for part in parts])
    near = _near_a_bound(place, rtt_ms, bounds)
    rtt_ms[near] = exact_rtt_ms(places.iloc[place[near]], sites.iloc[site[near]], fibre)
    return _by_point(points, place_of, (place, site, rtt_ms))


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
    return places.index.to_numpy()[place[maybe]], site[maybe], rtt_ms[maybe]


def _near_a_bound(place: Ints, rtt_ms: Floats, bounds: list[Floats]) -> NDArray[np.bool_]:
    """Tell which pairs the sphere may put on the wrong side of one of their place's bounds."""
    most = max((len(b) for b in bounds), default=0)
    table = np.full((len(bounds), most), np.inf)
    for row, values in zip(table, bounds, strict=True):
        row[: len(values)] = values
    near = np.zeros(len(place), dtype=bool)
    for bound in table.T:
        near |= np.abs(rtt_ms - bound[place]) <= SPHERE_ERROR * rtt_ms
    return near


def _by_point(points: pd.DataFrame, place_of: Ints, pairs: tuple[Ints, Ints, Floats]) -> Reach:
    """Give every point its place's pairs within its own bound, nearest first."""
    place, site, rtt_ms = pairs
    order = np.lexsort((site, rtt_ms, place))
    nearest, rtt_ms = site[order].astype(np.int32), rtt_ms[order]
    count = np.bincount(place, minlength=place_of.max(initial=-1) + 1)
    by_place = Reach(start=np.concatenate([[0], np.cumsum(count)]), site=nearest, rtt_ms=rtt_ms)
    owner, at = by_place.of(place_of)
    within = rtt_ms[at] <= points["rtt_ms"].to_numpy()[owner]
    count = np.bincount(owner[within], minlength=len(points))
    return Reach(
        start=np.concatenate([[0], np.cumsum(count)]),
        site=nearest[at[within]],
        rtt_ms=rtt_ms[at[within]],
    )
