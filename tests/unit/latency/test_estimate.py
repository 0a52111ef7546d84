"""Pairs within bound, counted from a sample before they are built."""

import numpy as np
import pandas as pd
import pytest

from microdc.errors import InputError
from microdc.latency.estimate import (
    OF_A_NAMED_PAIR,
    OF_A_PAIR,
    pairs_within_bound,
    refuse_too_many_named,
    refuse_too_many_pairs,
)
from microdc.latency.fibre import Fibre
from microdc.latency.reach import sites_in_reach

FIBRE = Fibre(route_factor=1.5, km_per_ms=204.0)


def spread(count, seed, **columns):
    """Put some points at random into a square of four degrees."""
    rng = np.random.default_rng(seed)
    lat, lon = 30 + 4 * rng.random(count), -100 + 4 * rng.random(count)
    return pd.DataFrame({"lat": lat, "lon": lon, **columns})


def test_one_place_reaches_the_nearer_of_two_sites():
    # 2 ms less 0.5 of access allow 102 km: a degree of longitude at 45 north is 79 km, two are 158.
    points = pd.DataFrame({"lat": [45.0], "lon": [0.0], "access_ms": [0.5], "rtt_ms": [2.0]})
    sites = pd.DataFrame({"lat": [45.0, 45.0], "lon": [1.0, 2.0], "processing_ms": [0.0, 0.0]})
    assert pairs_within_bound(points, sites, FIBRE) == 1
    assert pairs_within_bound(points.assign(rtt_ms=0.4), sites, FIBRE) == 0
    assert pairs_within_bound(points, sites[:0], FIBRE) == 0


def test_a_sample_tells_the_count_to_a_tenth():
    points = spread(5000, 1, access_ms=0.5, rtt_ms=3.0)
    sites = spread(400, 2, processing_ms=0.0)
    built = sites_in_reach(points, sites, FIBRE).pairs
    assert pairs_within_bound(points, sites, FIBRE) == pytest.approx(built, rel=0.1)


def test_more_pairs_than_fit_are_refused_with_their_number_and_what_to_do():
    points = spread(100, 1, access_ms=0.5, rtt_ms=50.0)
    sites = spread(50, 2, processing_ms=0.0)  # all in reach: 5,000 pairs
    refuse_too_many_pairs(points, sites, FIBRE, 5000 * OF_A_PAIR)
    with pytest.raises(InputError, match=r"100 demand points x 50 candidates.*allowed: 0.0004 GB"):
        refuse_too_many_pairs(points, sites, FIBRE, 4000 * OF_A_PAIR)


def test_more_named_pairs_than_fit_are_refused():
    refuse_too_many_named(3_000_000, 3e6 * OF_A_NAMED_PAIR)
    with pytest.raises(InputError, match="3 million"):
        refuse_too_many_named(3_000_000, 2.9e6 * OF_A_NAMED_PAIR)
