"""What was exported, read back to the tables it was written from."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from microdc.report.export.kml import FIELDS
from microdc.report.export.layers import LAYERS, SERVICE_LINES, SITES, UNSERVED, flat
from microdc.report.export.spreadsheet import read_table
from microdc.report.export.write import To

_OF_KML = (
    *("id", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate"),
    *("extrude", "visibility", "drawOrder", "icon", "snippet"),
)
"""What GDAL says of every placemark beside its fields."""


def read_export(folder: Path, to: To) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read what a plan was exported to: its sites and its service, as `layers` describes them.

    Numbers are those of the plan to the last digit; GeoJSON rounds positions to six decimals.
    The served come first, except in CSV, which keeps the plan's order.
    """
    if to == "csv":
        return read_table(folder / "sites.csv"), read_table(folder / "service.csv")
    if to == "geojson":
        return flat(_geojson(folder))
    if to == "parquet":
        return flat({name: gpd.read_parquet(folder / f"{name}.parquet") for name in LAYERS})
    path = folder / f"plan.{to}"
    layers = {name: gpd.read_file(path, layer=name) for name in LAYERS}
    return flat(layers if to == "gpkg" else {n: _fields(n, layer) for n, layer in layers.items()})


def _geojson(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    service = gpd.read_file(folder / "service.geojson")
    served = service["served"].astype(bool)
    service = service.drop(columns="served")
    return {
        SITES: gpd.read_file(folder / "sites.geojson"),
        SERVICE_LINES: service[served],
        UNSERVED: service[~served],
    }


def _fields(name: str, layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep our fields of a KML layer; an empty one has none."""
    ours = layer.drop(columns=[column for column in _OF_KML if column in layer])
    if name == SITES:
        return ours.rename(columns={field: column for column, field in FIELDS.items()})
    return ours.drop(columns="Name")
