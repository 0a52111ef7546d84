"""Candidates too near one another: pairs on the ground, and sets in which any two are too near."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from microdc.ground.distance import geodesic_km, on_sphere, widest_chord
from microdc.instance import Ints


def pairs_nearer_than(places: pd.DataFrame, km: float) -> NDArray[np.int64]:
    """
    Give the rows of all pairs of places (`lat`, `lon`, degrees) nearer than some km.

    Distances are geodesics on WGS 84; shape (pairs, 2), ascending. Memory grows with the pairs.
    """
    lat, lon = (places[axis].to_numpy(float) for axis in ("lat", "lon"))
    if km <= 0 or len(places) < 2:
        return np.empty((0, 2), dtype=np.int64)
    tree = cKDTree(on_sphere(places))
    found = tree.query_pairs(widest_chord(km), output_type="ndarray").astype(np.int64)
    one, other = found.T
    near = geodesic_km(lat[one], lon[one], lat[other], lon[other]) < km
    pairs: Ints = np.sort(found[near], axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def cliques_of(pairs: NDArray[np.int64], count: int) -> Iterator[list[int]]:
    """
    Cover all pairs by sets in which any two are a pair; each set as large as it gets.

    Of such a set at most one place can be taken: one row instead of many, and a stronger one.
    Sets are found greedily, first rows first. Rows are told by the bits of whole numbers.
    """
    near = [0] * count
    for one, other in pairs.tolist():
        near[one] |= 1 << other
        near[other] |= 1 << one
    open_ = list(near)
    for row in range(count):
        while open_[row]:
            members = _grown(row, near, open_[row])
            yield members
            taken = sum(1 << member for member in members)
            for member in members:
                open_[member] &= ~taken


def _grown(row: int, near: list[int], first: int) -> list[int]:
    """Grow a set from one row: what is not covered yet comes first, then whatever fits."""
    members, common = [row], near[row]
    while common:
        lowest = (common & first) or common
        member = (lowest & -lowest).bit_length() - 1
        members.append(member)
        common &= near[member]
    return sorted(members)
