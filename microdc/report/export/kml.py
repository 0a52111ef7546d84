"""KML 2.2 (OGC 07-147r2) for Google Earth and GDAL: a folder a layer, numbers as typed fields."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import shapely

from microdc.report.export.contents import Contents
from microdc.report.export.layers import HUBS, SITES

NAMESPACE = "http://www.opengis.net/kml/2.2"
FIELDS = {"id": "site", "name": "Name"}
"""What GDAL keeps for itself: it has an `id` and a `Name` of every placemark."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_kml(contents: Contents, path: Path) -> Path:
    """
    Write sites, hubs, service lines and unserved places as folders of one KML document.

    Text is escaped; letters that XML cannot hold are replaced.
    """
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document")
    _say(document, "name", contents.name)
    layers = contents.layers()
    hosts = {n: layer.rename(columns=FIELDS) for n, layer in layers.items() if n in (SITES, HUBS)}
    layers |= hosts
    _say(document, "Snippet", "; ".join(contents.attributions))
    for name, layer in layers.items():
        _declare(document, name, layer)
    for name, layer in layers.items():
        folder = ET.SubElement(document, "Folder")
        _say(folder, "name", name)
        for row, geometry in zip(_rows(layer), layer.geometry, strict=True):
            folder.append(_placemark(name, row, geometry))
    ET.indent(root, " ")
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _fields(layer: gpd.GeoDataFrame) -> list[str]:
    return [column for column in layer if column not in ("geometry", "Name")]


def _declare(document: ET.Element, name: str, layer: gpd.GeoDataFrame) -> None:
    """State the type of every field, so that numbers are read as numbers."""
    schema = ET.SubElement(document, "Schema", name=name, id=name)
    for field in _fields(layer):
        kind = "double" if pd.api.types.is_numeric_dtype(layer[field]) else "string"
        ET.SubElement(schema, "SimpleField", type=kind, name=field)


def _rows(layer: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    columns = [str(column) for column in layer]
    for values in layer.itertuples(index=False, name=None):
        yield dict(zip(columns, values, strict=True))


def _placemark(schema: str, row: dict[str, Any], geometry: shapely.Geometry) -> ET.Element:
    """Give a placemark with the fields that have a value."""
    placemark = ET.Element("Placemark")
    _say(placemark, "name", row["Name"] if schema in (SITES, HUBS) else row["place_name"])
    data = ET.SubElement(ET.SubElement(placemark, "ExtendedData"), "SchemaData")
    data.set("schemaUrl", f"#{schema}")
    for field, value in row.items():
        if field not in ("geometry", "Name") and not pd.isna(value):
            _say(data, "SimpleData", value).set("name", field)
    _draw(placemark, geometry)
    return placemark


def _say(parent: ET.Element, tag: str, value: object) -> ET.Element:
    """Add an element with text; a number is written to its last digit."""
    child = ET.SubElement(parent, tag)
    child.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))
    return child


def _draw(parent: ET.Element, geometry: shapely.Geometry) -> None:
    if geometry.geom_type == "MultiLineString":
        several = ET.SubElement(parent, "MultiGeometry")
        for part in geometry.geoms:
            _draw(several, part)
        return
    shape = ET.SubElement(parent, geometry.geom_type)
    points = shapely.get_coordinates(geometry).tolist()
    _say(shape, "coordinates", " ".join(f"{lon!r},{lat!r}" for lon, lat in points))
