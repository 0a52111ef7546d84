"""What every export holds: flat tables of sites and service, and the same as layers of a map."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from microdc.placement.parts.hosts import HUB_COLUMNS
from microdc.placement.plan import Plan
from microdc.report.geojson import path_between

CRS = "EPSG:4326"
LAYERS = ("sites", "hubs", "service_lines", "unserved")
SITES, HUBS, SERVICE_LINES, UNSERVED = LAYERS
STAGE = "stage"
"""Column that names a row's stage, in what is exported of a programme."""
HOST_FIRST = ["id", "name", "lon", "lat"]
SERVICE_FIRST = [
    *("place", "place_name", "place_lon", "place_lat", "service"),
    *("site", "site_name", "site_lon", "site_lat", "mw_it", "rtt_ms"),
]
NO_SITE = ["site", "site_name", "site_lon", "site_lat", "rtt_ms"]
"""Columns of service that mean nothing where demand stays unserved."""
TEXT = {
    *("id", "name", "state", "arithmetic", "parents", "substation"),
    *("place", "place_name", "service", "site", "site_name", STAGE),
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
    return typed(_led_by(sites, HOST_FIRST))


def hubs_table(plan: Plan) -> pd.DataFrame:
    """Give a row per hub: `id`, `name`, `lon`, `lat`, and all that the plan says of it."""
    return typed(_led_by(plan.hubs.reset_index(), HOST_FIRST))


def service_table(plan: Plan) -> pd.DataFrame:
    """
    Give a row per place, class and site: who, where, `mw_it` and `rtt_ms`; no site: unserved.

    A hub stands in the columns of the site.
    Positions are `place_lon`, `place_lat`, `site_lon` and `site_lat` (degrees, WGS 84).
    """
    renamed = {"name": "place_name", "lon": "place_lon", "lat": "place_lat"}
    service = plan.service.rename(columns=renamed)
    hosts = plan.hosts.add_prefix("site_")
    service = service.merge(hosts, how="left", left_on="site", right_index=True)
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

    Hubs are a layer where there are any.
    A line over the antimeridian is cut in two there.
    """
    sites, service = sites_table(plan), service_table(plan)
    unserved = service["site"].isna()
    lines, points = service[~unserved], service[unserved]
    there = ["place_lon", "place_lat", "site_lon", "site_lat"]
    hubs = hubs_table(plan)
    at_hubs = {HUBS: _layer(hubs, ["lon", "lat"], _points(hubs["lon"], hubs["lat"]))}
    return {
        SITES: _layer(sites, ["lon", "lat"], _points(sites["lon"], sites["lat"])),
        **(at_hubs if len(hubs) else {}),
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


class Exported(NamedTuple):
    """The tables of an export: `sites_table`, `service_table`, `hubs_table`."""

    sites: pd.DataFrame
    service: pd.DataFrame
    hubs: pd.DataFrame


def flat(layers: Mapping[str, gpd.GeoDataFrame]) -> Exported:
    """Take layers back to the tables of sites, service and hubs; the served come first."""
    lines, unserved = layers[SERVICE_LINES], layers[UNSERVED]
    ends = pd.DataFrame(
        [_ends(line) for line in lines.geometry],
        columns=["place_lon", "place_lat", "site_lon", "site_lat"],
        index=lines.index,
    )
    served = _without_geometry(lines).join(ends)
    left = _without_geometry(unserved.assign(place_lon=_x(unserved), place_lat=_y(unserved)))
    service = left if served.empty else pd.concat([served, left], ignore_index=True)
    sites = _placed(layers[SITES])
    hubs = _placed(layers[HUBS]) if HUBS in layers else no_hubs()
    return Exported(sites, typed(_led_by(service, SERVICE_FIRST)), hubs)


def no_hubs() -> pd.DataFrame:
    """Give the table of hubs of a plan without any."""
    return typed(pd.DataFrame(columns=[*HOST_FIRST, *HUB_COLUMNS[4:]]))


def _placed(hosts: gpd.GeoDataFrame) -> pd.DataFrame:
    table = _without_geometry(hosts.assign(lon=_x(hosts), lat=_y(hosts)))
    return typed(_led_by(table, HOST_FIRST))


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
