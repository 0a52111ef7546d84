"""A plain map of the sites of all plans: a larger dot is more MW, a deeper one in more plans."""

from collections.abc import Iterable
from html import escape
from math import cos, radians, sqrt
from typing import Any

import pandas as pd

from microdc.batch.summary.page.charts import svg, text
from microdc.placement.parts.records import records

_WIDTH, _MOST_HEIGHT, _MARGIN = 720.0, 640.0, 28.0
_KM_PER_DEGREE = 111.2
_LEAST_DEGREES = 0.05
_LARGEST_PX, _FAINTEST = 10.0, 0.25
_ROUND_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


def sites_map(sites: pd.DataFrame) -> str:
    """Draw sites (`sites_table`) by longitude and latitude, to scale half-way up the map."""
    if sites.empty:
        return ""
    view = _View(sites)
    largest_mw = float(sites["mean_mw"].max()) or 1.0
    rows = records(sites.sort_values("share"))  # the frequent ones on top
    drawn = [_dot(row, view, largest_mw) for row in rows]
    says = "Sites of all plans by how often they are chosen"
    return svg(_WIDTH, view.height, [*drawn, *_scale(view)], says)


class _View:
    """Where degrees lie on the picture."""

    def __init__(self, sites: pd.DataFrame) -> None:
        lon, lat = sites["lon"].astype(float), sites["lat"].astype(float)
        self.narrowed = cos(radians(float(lat.min() + lat.max()) / 2))
        wide = max(float(lon.max() - lon.min()) * self.narrowed, _LEAST_DEGREES)
        high = max(float(lat.max() - lat.min()), _LEAST_DEGREES)
        room = _WIDTH - 2 * _MARGIN
        self.px_per_degree = min(room / wide, (_MOST_HEIGHT - 3 * _MARGIN) / high)
        self.west, self.north = float(lon.min()), float(lat.max())
        self.left = _MARGIN + (room - wide * self.px_per_degree) / 2
        self.height = round(high * self.px_per_degree + 3 * _MARGIN)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Give the place of a position, in pixels."""
        x = self.left + (lon - self.west) * self.narrowed * self.px_per_degree
        return round(x, 1), round(_MARGIN + (self.north - lat) * self.px_per_degree, 1)


def _dot(row: dict[str, Any], view: _View, largest_mw: float) -> str:
    x, y = view.at(float(row["lon"]), float(row["lat"]))
    size = max(2.5, _LARGEST_PX * sqrt(float(row["mean_mw"]) / largest_mw))
    depth = _FAINTEST + (1 - _FAINTEST) * float(row["share"])
    says = (
        f"{row['name'] or row['id']}: in {row['plans']} plans, {row['mean_mw']:.1f} MW on average"
    )
    return (
        f'<circle class="site" cx="{x}" cy="{y}" r="{size:.1f}" fill-opacity="{depth:.2f}">'
        f"<title>{escape(says)}</title></circle>"
    )


def _scale(view: _View) -> Iterable[str]:
    """Draw how long some kilometres are."""
    px_per_km = view.px_per_degree / _KM_PER_DEGREE
    km = max((km for km in _ROUND_KM if km * px_per_km <= _WIDTH / 4), default=_ROUND_KM[0])
    y = view.height - 10
    yield f'<path class="axis" d="M{_MARGIN} {y}h{km * px_per_km:.1f}"/>'
    yield text(_MARGIN, y - 6, f"{km} km", "start")
