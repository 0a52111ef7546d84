"""Borders of countries and of states of the US, as the report's map has them."""

import json
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from microdc.instance import Floats

_OUTLINES = "page/assets/outlines.json"
LAYERS = ("states", "countries")


class Extent(NamedTuple):
    """A piece of the globe, in degrees."""

    west: float
    south: float
    east: float
    north: float


def borders(layer: str, within: Extent) -> list[Floats]:
    """
    Give the borders of a layer (one of LAYERS) that come near a piece of the globe.

    Each is rows of longitude and latitude; none is cut at the edge.
    """
    told = json.loads((files("microdc.report") / _OUTLINES).read_text("utf-8"))
    lines = (_degrees(arc, told["steps_per_degree"]) for arc in told[layer]["arcs"])
    return [line for line in lines if _meets(line, within)]


def _degrees(arc: list[int], steps_per_degree: int) -> Floats:
    """Give the positions of a border, which is kept as a start and steps from there."""
    return np.cumsum(np.reshape(arc, (-1, 2)), axis=0) / steps_per_degree


def _meets(line: Floats, within: Extent) -> bool:
    """Whether the box around a line meets an extent."""
    low, high = np.array(within[:2]), np.array(within[2:])
    return not ((line.max(axis=0) < low) | (line.min(axis=0) > high)).any()
