"""How many pairs lie within bound, told from a sample before any of them is built."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from microdc.errors import Fault, InputError
from microdc.ground.distance import EARTH_KM, on_sphere
from microdc.latency.fibre import Fibre

OF_A_PAIR = 100
"""Bytes that a pair takes while the reach is built, rounded up from 78 measured over 10.8 million
pairs; 12 of them stay."""

OF_A_NAMED_PAIR = 100
"""Bytes that a pair of a class takes that a table names, while the reach is built, rounded up from
72 measured over 3 to 12 million."""

_SAMPLE = 1000  # demand points


def pairs_within_bound(points: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre) -> int:
    """
    Estimate the pairs of demand points and sites within bound, from up to 1,000 of the points.

    `points` have `lat`, `lon`, `access_ms` and the bound `rtt_ms`; `sites` have `lat`, `lon` and
    `processing_ms`, of which the least counts for all.
    """
    if points.empty or sites.empty:
        return 0
    some = points.iloc[np.unique(np.linspace(0, len(points) - 1, _SAMPLE).astype(int))]
    path_ms = some["rtt_ms"] - some["access_ms"] - sites["processing_ms"].min()
    angle = np.minimum(fibre.within_km(path_ms.to_numpy(float)) / EARTH_KM, np.pi)
    near = angle >= 0
    found = cKDTree(on_sphere(sites)).query_ball_point(
        on_sphere(some[near]), 2 * np.sin(angle[near] / 2), return_length=True
    )
    return round(float(np.sum(found)) * len(points) / len(some))


def refuse_too_many_named(pairs: int, most_bytes: float) -> None:
    """Raise InputError if pairs that tables name, of all classes, would take too much memory."""
    if pairs * OF_A_NAMED_PAIR > most_bytes:
        fault = Fault(
            file="scenario.yaml",
            at="services",
            says="so many pairs are named for so many classes that they would not fit into memory",
            found=f"{pairs / 1e6:,.0f} million: {pairs * OF_A_NAMED_PAIR / 1e9:.1f} GB",
            allowed=f"{most_bytes / 1e9:g} GB: fewer pairs, or more as MICRODC_MEMORY_GB",
        )
        raise InputError([fault])


def refuse_too_many_pairs(
    points: pd.DataFrame, sites: pd.DataFrame, fibre: Fibre, most_bytes: float
) -> None:
    """Raise InputError if the pairs within bound would take more memory than there is."""
    pairs = pairs_within_bound(points, sites, fibre)
    if pairs * OF_A_PAIR > most_bytes:
        says = "so many candidates lie within bound of so many places that they would not fit "
        fault = Fault(
            file="scenario.yaml",
            at="services",
            says=says + "into memory",
            found=f"{len(points):,} demand points x {len(sites):,} candidates, of which about "
            f"{pairs / 1e6:,.0f} million pairs are within bound: {pairs * OF_A_PAIR / 1e9:.1f} GB",
            allowed=f"{most_bytes / 1e9:g} GB: a shorter rtt_ms, fewer places or candidates "
            "(where), or more as MICRODC_MEMORY_GB",
        )
        raise InputError([fault])
