"""What was exported, read back to the tables it was written from."""

from pathlib import Path

import geopandas as gpd
import pyogrio

from microdc.report.export.kml import FIELDS
from microdc.report.export.layers import (
    HUBS,
    LAYERS,
    SERVICE_LINES,
    SITES,
    UNSERVED,
    Exported,
    flat,
    no_hubs,
)
from microdc.report.export.spreadsheet import read_table
from microdc.report.export.write import To

_OF_KML = (
    *("id", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate"),
    *("extrude", "visibility", "drawOrder", "icon", "snippet"),
)
"""What GDAL says of every placemark beside its fields."""


def read_export(folder: Path, to: To) -> Exported:
    """
    Read what a plan was exported to: its `sites`, `service` and `hubs`, as `layers` describes them.

    Numbers are those of the plan to the last digit; GeoJSON rounds positions to six decimals.
    The served come first, except in CSV, which keeps the plan's order.
    """
    if to == "csv":
        hubs = folder / "hubs.csv"
        return Exported(
            sites=read_table(folder / "sites.csv"),
            service=read_table(folder / "service.csv"),
            hubs=read_table(hubs) if hubs.exists() else no_hubs(),
        )
    if to == "geojson":
        return flat(_geojson(folder))
    if to == "parquet":
        files = {name: folder / f"{name}.parquet" for name in LAYERS}
        return flat({name: gpd.read_parquet(f) for name, f in files.items() if f.exists()})
    path = folder / f"plan.{to}"
    there = [name for name in LAYERS if name in set(pyogrio.list_layers(path)[:, 0])]
    layers = {name: gpd.read_file(path, layer=name) for name in there}
    return flat(layers if to == "gpkg" else {n: _fields(n, layer) for n, layer in layers.items()})


def _geojson(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    service = gpd.read_file(folder / "service.geojson")
    served = service["served"].astype(bool)
    service = service.drop(columns="served")
    layers = {
        SITES: gpd.read_file(folder / "sites.geojson"),
        SERVICE_LINES: service[served],
        UNSERVED: service[~served],
    }
    path = folder / "hubs.geojson"
    return layers | ({HUBS: gpd.read_file(path)} if path.exists() else {})


def _fields(name: str, layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep our fields of a KML layer; an empty one has none."""
    ours = layer.drop(columns=[column for column in _OF_KML if column in layer])
    if name in (SITES, HUBS):
        return ours.rename(columns={field: column for column, field in FIELDS.items()})
    return ours.drop(columns="Name")
