"""The shape of a frontier: what one more of x is worth, and where it turns."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from microdc.studies.frontier.points import Point

_FLAT_SHARE = 0.02  # of the square that holds the curve: a curve so near its chord has no knee


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """
    What loosening x from one point to the next saves, per unit of x (millions a year).

    `saved` is the difference of costs; what the cheapest plans differ by lies between `least` and
    `most`, as costs and bounds prove.
    """

    tighter_x: float
    looser_x: float
    saved: float
    least: float
    most: float


def slopes_of(points: list[Point]) -> list[Slope]:
    """Give the slope between every two neighbours that have plans; points the loosest first."""
    slopes = []
    for loose, tight in pairwise(points):
        if loose.cost is not None and tight.cost is not None:
            width = abs(loose.x - tight.x)
            slopes.append(
                Slope(
                    tighter_x=tight.x,
                    looser_x=loose.x,
                    saved=(tight.cost - loose.cost) / width,
                    least=max(0.0, tight.bound - loose.cost) / width,
                    most=(tight.cost - loose.bound) / width,
                )
            )
    return slopes


def knee_of(points: list[Point]) -> Point | None:
    """
    Give the point farthest from the chord between the two ends, both axes scaled to 0 to 1.

    That is the knee of Satopää, Albrecht, Irwin & Raghavan 2011, "Finding a 'kneedle' in a
    haystack", with no smoothing and no threshold but one: nearly straight curves have none. Only
    points below the chord are knees.
    """
    planned = [point for point in points if point.cost is not None]
    x = np.array([point.x for point in planned])
    cost = np.array([point.cost for point in planned], dtype=float)
    if len(planned) < 3 or np.ptp(x) == 0 or np.ptp(cost) == 0:
        return None
    along = (x - x[0]) / (x[-1] - x[0])
    height = (cost - cost[0]) / (cost[-1] - cost[0])
    below = along - height
    at = int(below.argmax())
    return planned[at] if below[at] > _FLAT_SHARE else None
