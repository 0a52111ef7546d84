"""What a map lies on: borders of countries and of states of the US."""

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from microdc.report.figures.paper import PALE
from microdc.report.outlines import LAYERS, Extent, borders

_WIDTHS = dict(zip(LAYERS, (0.4, 0.7), strict=True))


def draw_land(ax: Axes) -> None:
    """Draw the borders that pass through the axes' limits, below all else."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    within = Extent(west, south, east, north)
    for layer, width in _WIDTHS.items():
        lines = borders(layer, within)
        ax.add_collection(LineCollection(lines, colors=PALE, linewidths=width, zorder=1))
