"""Borders of countries and of states of the US, as the report's map has them."""

import json
from importlib.resources import files

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from microdc.instance import Floats
from microdc.report.figures.paper import PALE

_OUTLINES = "page/assets/outlines.json"
_WIDTHS = {"states": 0.4, "countries": 0.7}


def draw_land(ax: Axes) -> None:
    """Draw the borders that pass through the axes' limits, below all else."""
    told = json.loads((files("microdc.report") / _OUTLINES).read_text("utf-8"))
    within = np.array([ax.get_xlim(), ax.get_ylim()])
    for layer, width in _WIDTHS.items():
        lines = [_degrees(arc, told["steps_per_degree"]) for arc in told[layer]["arcs"]]
        near = [line for line in lines if _meets(line, within)]
        ax.add_collection(LineCollection(near, colors=PALE, linewidths=width, zorder=1))


def _degrees(arc: list[int], steps_per_degree: int) -> Floats:
    """Give the positions of a border, which is kept as a start and steps from there."""
    return np.cumsum(np.reshape(arc, (-1, 2)), axis=0) / steps_per_degree


def _meets(line: Floats, within: Floats) -> bool:
    """Whether the box around a line meets that of the map."""
    apart = (line.max(axis=0) < within[:, 0]) | (line.min(axis=0) > within[:, 1])
    return not apart.any()
