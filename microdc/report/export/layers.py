"""What every export holds: flat tables of sites and service, and the same as layers of a map."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from microdc.placement.plan import Plan
from microdc.report.geojson import path_between

CRS = "EPSG:4326"
LAYERS = ("sites", "service_lines", "unserved")
SITES, SERVICE_LINES, UNSERVED = LAYERS
SITE_FIRST = ["id", "name", "lon", "lat"]
SERVICE_FIRST = [
    *("place", "place_name", "place_lon", "place_lat", "service"),
    *("site", "site_name", "site_lon", "site_lat", "mw_it", "rtt_ms"),
]
NO_SITE = ["site", "site_name", "site_lon", "site_lat", "rtt_ms"]
"""Columns of service that mean nothing where demand stays unserved."""
TEXT = {
    *("id", "name", "state", "arithmetic", "parents", "substation"),
    *("place", "place_name", "service", "site", "site_name"),
}
"""Columns that are text whatever they hold: an id 007 is not 7."""


def sites_table(plan: Plan) -> pd.DataFrame:
    """
    Give a row per site: `id`, `name`, `lon`, `lat`, all that the plan says of it, `cost_mn_yr`.

    Numbers are float, text is text, nothing is NaN; `parents` are joined, nearest first.
    """
    sites = plan.sites.reset_index()
    costs = [column for column in sites if str(column).endswith("_mn_yr")]
    parents = [", ".join(above) for above in sites["parents"]]
    sites = sites.assign(parents=parents, cost_mn_yr=sites[costs].astype(float).sum(axis=1))
    return typed(_led_by(sites, SITE_FIRST))


def service_table(plan: Plan) -> pd.DataFrame:
    """
    Give a row per place, class and site: who, where, `mw_it` and `rtt_ms`; no site: unserved.

    Positions are `place_lon`, `place_lat`, `site_lon` and `site_lat` (degrees, WGS 84).
    """
    renamed = {"name": "place_name", "lon": "place_lon", "lat": "place_lat"}
    service = plan.service.rename(columns=renamed)
    sites = plan.sites[["name", "lon", "lat"]].add_prefix("site_")
    service = service.merge(sites, how="left", left_on="site", right_index=True)
    return typed(_led_by(service, SERVICE_FIRST).reset_index(drop=True))


def _led_by(table: pd.DataFrame, first: list[str]) -> pd.DataFrame:
    return table.reindex(columns=first + [column for column in table if column not in first])


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Make every column float or text; empty text is nothing, as most formats have it."""
    return pd.DataFrame({name: _typed(table[name]) for name in table}, index=table.index)


def _typed(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if column.name not in TEXT:
        try:
            return column.replace("", None).astype(float)
        except ValueError:
            pass  # a column of text that we do not know by name
    return column.astype("str").where(column.notna() & (column != ""))


def layers_of(plan: Plan) -> dict[str, gpd.GeoDataFrame]:
    """
    Give the layers of a map: sites, lines from places to their sites, and unserved places.

    A line over the antimeridian is cut in two there.
    """
    sites, service = sites_table(plan), service_table(plan)
    unserved = service["site"].isna()
    lines, points = service[~unserved], service[unserved]
    there = ["place_lon", "place_lat", "site_lon", "site_lat"]
    return {
        SITES: _layer(sites, ["lon", "lat"], _points(sites["lon"], sites["lat"])),
        SERVICE_LINES: _layer(lines, there, _lines(lines[there].to_numpy(float))),
        UNSERVED: _layer(
            points,
            ["place_lon", "place_lat", *NO_SITE],
            _points(points["place_lon"], points["place_lat"]),
        ),
    }


def _layer(table: pd.DataFrame, told: list[str], geometry: np.ndarray) -> gpd.GeoDataFrame:
    """Drop what the geometry tells, and number the rows anew."""
    rows = table.drop(columns=told).reset_index(drop=True)
    return gpd.GeoDataFrame(rows, geometry=geometry, crs=CRS)


def _points(lon: "pd.Series[float]", lat: "pd.Series[float]") -> np.ndarray:
    return np.asarray(shapely.points(lon.to_numpy(), lat.to_numpy()), dtype=object)


def _lines(ends: np.ndarray) -> np.ndarray:
    """Draw a line for each row of (lon, lat, lon, lat) in degrees."""
    lines = np.asarray(shapely.linestrings(ends.reshape(-1, 2, 2)), dtype=object)
    for row in np.flatnonzero(np.abs(ends[:, 0] - ends[:, 2]) > 180):
        here, there = ends[row, :2].tolist(), ends[row, 2:].tolist()
        lines[row] = shapely.geometry.shape(path_between(here, there))
    return lines


def flat(layers: Mapping[str, gpd.GeoDataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take layers back to the tables of sites and of service; the served come first."""
    sites, lines, unserved = (layers[name] for name in LAYERS)
    ends = pd.DataFrame(
        [_ends(line) for line in lines.geometry],
        columns=["place_lon", "place_lat", "site_lon", "site_lat"],
        index=lines.index,
    )
    placed = _without_geometry(sites.assign(lon=_x(sites), lat=_y(sites)))
    served = _without_geometry(lines).join(ends)
    left = _without_geometry(unserved.assign(place_lon=_x(unserved), place_lat=_y(unserved)))
    service = left if served.empty else pd.concat([served, left], ignore_index=True)
    return typed(_led_by(placed, SITE_FIRST)), typed(_led_by(service, SERVICE_FIRST))


def _without_geometry(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(layer.drop(columns="geometry"))


def _x(layer: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(shapely.get_x(layer.geometry.to_numpy()))


def _y(layer: gpd.GeoDataFrame) -> np.ndarray:
    return np.asarray(shapely.get_y(layer.geometry.to_numpy()))


def _ends(line: shapely.Geometry) -> tuple[float, ...]:
    """Give both ends of a line, whether or not it is cut in two."""
    points = shapely.get_coordinates(line)
    return (*points[0].tolist(), *points[-1].tolist())
