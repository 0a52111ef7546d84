"""A frontier in plain values, as JSON can hold them."""

from dataclasses import asdict
from math import isfinite
from typing import Any

from microdc.studies.frontier.points import Point
from microdc.studies.frontier.run import Frontier


def to_document(frontier: Frontier) -> dict[str, Any]:
    """Tell a frontier in plain values, as JSON can hold them; points the loosest first."""
    axis, knee = frontier.axis, frontier.knee
    return {
        "name": frontier.name,
        "axis": axis.name,
        "title": axis.title,
        "unit": axis.unit,
        "one": axis.one,
        "more_is_looser": axis.more_is_looser,
        "currency": frontier.currency,
        "least": frontier.aim._asdict(),
        "complete": frontier.complete,
        "points": [_told(point) for point in frontier.points],
        "open_x": _open_x(frontier),
        "least_x": None if frontier.least_x is None else list(frontier.least_x),
        "slopes": [asdict(slope) for slope in frontier.slopes],
        "knee": None if knee is None else _told(knee),
    }


def _open_x(frontier: Frontier) -> list[str] | None:
    """Name the tightest place with a plan after the loosest without, where no least x is known."""
    points, seeks = frontier.points, frontier.least_x is not None or frontier.axis.names
    impossible = [point for point in points if point.status == "infeasible"]
    possible = [point for point in points if point.cost is not None]
    if seeks or not impossible or not possible:
        return None
    return [impossible[0].says, possible[-1].says]


def _told(point: Point) -> dict[str, Any]:
    bound = point.bound if isfinite(point.bound) else None
    if point.status == "infeasible":
        bound = None
    told = {**asdict(point), "bound": bound, "gap": point.gap}
    del told["zero"]
    return told
