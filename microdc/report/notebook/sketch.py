"""A map small enough for a notebook: sites by MW, whom they serve, who is left; plain SVG."""

import math
from collections.abc import Collection, Iterator
from html import escape

import pandas as pd

from microdc.placement.plan import Plan
from microdc.report.export.layers import hubs_table, service_table, sites_table
from microdc.report.outlines import LAYERS, Extent, borders

_WIDTH, _HIGHEST, _MARGIN = 640, 480, 16
_MOST_LINES = 2000
_SMALLEST_DEGREES = 0.05
"""A plan in one spot still needs an extent."""
# Colour-blind safe (Okabe and Ito 2008), and seen on a light page and a dark one.
_SITE, _HUB, _LEFT, _LINE, _LAND = "#0072b2", "#009e73", "#d55e00", "#808080", "#b0a890"


class _Paper:
    """Where positions lie on the sketch: degrees as they look in the middle of the plan."""

    def __init__(self, lon: "pd.Series[float]", lat: "pd.Series[float]") -> None:
        self.extent = Extent(*map(float, (lon.min(), lat.min(), lon.max(), lat.max())))
        west, south, east, north = self.extent
        self.narrower = math.cos(math.radians((north + south) / 2))
        wide = max(self.narrower * (east - west), _SMALLEST_DEGREES)
        tall = max(north - south, _SMALLEST_DEGREES)
        room = _WIDTH - 2 * _MARGIN, _HIGHEST - 2 * _MARGIN
        self.scale = min(room[0] / wide, room[1] / tall)
        self.size = [math.ceil(self.scale * side + 2 * _MARGIN) for side in (wide, tall)]

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Give a position in pixels."""
        x = _MARGIN + self.scale * self.narrower * (lon - self.extent.west)
        return round(x, 1), round(_MARGIN + self.scale * (self.extent.north - lat), 1)


def sketch(plan: Plan, new: Collection[str] = ()) -> str:
    """
    Draw a plan as inline SVG: each mark tells what it is when pointed at.

    Sites (ids) that are new beside those of an earlier plan are ringed.
    """
    service = service_table(plan)
    sites, hubs = sites_table(plan), hubs_table(plan)
    hubs = hubs[hubs["mw_it"] > 0]
    lon = pd.concat([service["place_lon"], sites["lon"], hubs["lon"]])
    lat = pd.concat([service["place_lat"], sites["lat"], hubs["lat"]])
    if lon.empty:
        return ""
    paper, served = _Paper(lon, lat), service["site"].notna()
    largest_mw = max([*sites["mw"], *hubs["mw_it"]], default=1.0)
    marks = [
        _land(paper),
        _lines(paper, service[served]),
        *_left(paper, service[~served]),
        *_hosts(paper, sites, "mw", "MW", largest_mw),
        *_rings(paper, sites[sites["id"].isin(new)], largest_mw),
        *_hosts(paper, hubs, "mw_it", "MW IT", largest_mw),
    ]
    title = escape(f"{plan.name}: {len(sites)} sites, {sites['mw'].sum():.1f} MW")
    drawn = "\n".join(marks)
    wide, high = paper.size
    return (
        f'<svg viewBox="0 0 {wide} {high}" width="{wide}" style="max-width:100%" '
        f'role="img" aria-label="{title}"><title>{title}</title>\n{drawn}\n</svg>'
    )


def _land(paper: _Paper) -> str:
    """Draw the borders that pass through the sketch; what lies beyond its edge is not seen."""
    lines = [line for layer in LAYERS for line in borders(layer, paper.extent)]
    path = "".join("M" + "L".join(f"{x},{y}" for x, y in map(paper.at, *line.T)) for line in lines)
    return f'<path d="{path}" fill="none" stroke="{_LAND}" stroke-width="0.8"/>'


def _lines(paper: _Paper, served: pd.DataFrame) -> str:
    """Draw who is served from where as one path, of very many pairs those that carry most."""
    ends = ["place_lon", "place_lat", "site_lon", "site_lat"]
    pairs = served.groupby(ends)["mw_it"].sum().nlargest(_MOST_LINES).index.to_frame()
    near = pairs[(pairs["place_lon"] - pairs["site_lon"]).abs() <= 180]
    path = "".join(_line(paper.at(*row[:2]), paper.at(*row[2:])) for row in near.to_numpy(float))
    return f'<path d="{path}" fill="none" stroke="{_LINE}" stroke-width="0.6" opacity="0.4"/>'


def _line(here: tuple[float, float], there: tuple[float, float]) -> str:
    return f"M{here[0]},{here[1]}L{there[0]},{there[1]}"


def _left(paper: _Paper, unserved: pd.DataFrame) -> Iterator[str]:
    """Cross every place of which something stays unserved."""
    by_place = unserved.groupby("place", sort=False)
    for _, row in by_place.agg(
        lon=("place_lon", "first"),
        lat=("place_lat", "first"),
        name=("place_name", "first"),
        mw_it=("mw_it", "sum"),
    ).iterrows():
        x, y = paper.at(row["lon"], row["lat"])
        says = escape(f"{row['name']}: {row['mw_it']:.2f} MW IT unserved")
        yield (
            f'<path d="M{x - 3},{y - 3}l6,6m0,-6l-6,6" stroke="{_LEFT}" stroke-width="1.5">'
            f"<title>{says}</title></path>"
        )


def _hosts(
    paper: _Paper, hosts: pd.DataFrame, size: str, unit: str, largest: float
) -> Iterator[str]:
    """Draw sites as circles and hubs as squares, their area by power."""
    for _, row in hosts.iterrows():
        x, y = paper.at(row["lon"], row["lat"])
        r = _radius(row[size] / largest)
        says = escape(f"{row['id']} {row['name']}: {row[size]:.1f} {unit}")
        rest = f'fill-opacity="0.85" stroke="white"><title>{says}</title>'
        if size == "mw":
            yield f'<circle cx="{x}" cy="{y}" r="{r}" fill="{_SITE}" {rest}</circle>'
        else:
            box = f'x="{x - r:.1f}" y="{y - r:.1f}" width="{2 * r:.1f}" height="{2 * r:.1f}"'
            yield f'<rect {box} fill="{_HUB}" {rest}</rect>'


def _rings(paper: _Paper, sites: pd.DataFrame, largest_mw: float) -> Iterator[str]:
    for _, row in sites.iterrows():
        x, y = paper.at(row["lon"], row["lat"])
        r = _radius(row["mw"] / largest_mw) + 3
        yield f'<circle cx="{x}" cy="{y}" r="{r:.1f}" fill="none" stroke="{_SITE}"/>'


def _radius(share: float) -> float:
    """Give the radius of a mark whose area is a share of the largest."""
    return round(2 + 7 * math.sqrt(share), 1)
