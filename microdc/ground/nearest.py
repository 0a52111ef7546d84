"""The nearest neighbour of each place, on the ellipsoid."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from microdc.ground.distance import SPHERE_ERROR, geodesic_km, on_sphere
from microdc.instance import Floats, Ints


def nearest_of(places: pd.DataFrame, among: pd.DataFrame) -> tuple[Ints, Floats]:
    """
    Give the row of `among` that is nearest to each place, and how far it is (km, geodesic).

    Both have `lat` and `lon` (degrees); `among` has at least one row. Of equals the first row
    counts. What is nearest on the sphere only says who may be: all of those are measured.
    """
    tree, points = cKDTree(on_sphere(among)), on_sphere(places)
    # Beyond twice the error: the nearest may look further than it is, and another one nearer.
    chord = tree.query(points)[0] * (1 + 3 * SPHERE_ERROR) + 1e-9
    maybe = tree.query_ball_point(points, chord, return_sorted=True)
    place = np.repeat(np.arange(len(places)), [len(rows) for rows in maybe])
    row = np.concatenate([np.empty(0), *maybe]).astype(np.int64)
    ends = (places.iloc[place], among.iloc[row])
    km = geodesic_km(*(end[axis].to_numpy(float) for end in ends for axis in ("lat", "lon")))
    order = np.lexsort((row, km, place))
    first = order[np.searchsorted(place[order], np.arange(len(places)))]
    return row[first], km[first]
