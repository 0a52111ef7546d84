"""
Random problems of the literature, as arrays.

Figures are rounded to four decimals, so that a table of them is the same problem.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from microdc.instance import Floats

SIDE = 10.0
"""Side of the square that sites and points are drawn in."""
DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Sites and points drawn uniformly in a square: where they lie, (sites, 2) and (points, 2)."""

    sites: Floats
    points: Floats

    @property
    def distance(self) -> Floats:
        """Distance of each site from each point, (sites, points); that to itself is nothing."""
        return np.asarray(cdist(self.sites, self.points), dtype=float).round(DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacitated:
    """
    A capacitated facility-location problem: which sites to open, and how much of whom they serve.

    `demand` (points), `capacity` and `fixed` cost of the sites, and the `price` of serving a unit
    of demand, (sites, points): the distance.
    """

    square: Square
    demand: Floats
    capacity: Floats
    fixed: Floats

    @property
    def price(self) -> Floats:
        """Price of a unit of each point's demand at each site, (sites, points)."""
        return self.square.distance


def uniform(sites: int, points: int, seed: int) -> Square:
    """Draw sites and points, each uniformly in the square."""
    rng = np.random.default_rng(seed)
    at = [rng.random((number, 2)) for number in (sites, points)]
    return Square(sites=SIDE * at[0], points=SIDE * at[1])


def every_point_a_site(points: int, seed: int) -> Square:
    """Draw points that are the sites as well."""
    at = SIDE * np.random.default_rng(seed).random((points, 2))
    return Square(sites=at, points=at)


def capacitated(sites: int, points: int, ratio: float, seed: int) -> Capacitated:
    """
    Draw as Cornuéjols, Sridharan and Thizy do (European Journal of Operational Research 50, 1991).

    Demand is U[5, 35], capacity U[10, 160], scaled so that all sites together hold `ratio` times
    the demand; opening one costs U[100, 110] √capacity + U[0, 90], of the capacity before scaling;
    serving a unit costs 10 times the distance in the unit square.
    """
    rng = np.random.default_rng(seed)
    at = [rng.random((number, 2)) for number in (sites, points)]
    demand = rng.uniform(5, 35, points).round(DECIMALS)
    capacity = rng.uniform(10, 160, sites)
    fixed = rng.uniform(100, 110, sites) * np.sqrt(capacity) + rng.uniform(0, 90, sites)
    capacity *= ratio * demand.sum() / capacity.sum()
    return Capacitated(
        square=Square(sites=SIDE * at[0], points=SIDE * at[1]),
        demand=demand,
        capacity=capacity.round(DECIMALS),
        fixed=fixed.round(DECIMALS),
    )
