"""Shapes on the ground: any vector file, any stated coordinate system, as degrees."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from microdc.errors import Fault
from microdc.inputs.kept import once
from microdc.inputs.tables.files import RawTable, read_table
from microdc.inputs.tables.findings import Findings

Shapes = NDArray[Any]

_STEP_DEGREES, _STEP_M = 0.01, 1000.0
"""Edges are cut to about a kilometre, so that they stay where they are in another projection."""
_MOST_EDGES = 20_000_000  # 1 km each: more is no shape on this earth
_HAS_INSIDE = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_WORLD = (-180.001, -90.001, 180.001, 90.001)


def read_shapes(path: Path, name: str, findings: Findings) -> tuple[RawTable, Shapes] | None:
    """
    Read a file's shapes as longitude and latitude (degrees, WGS 84), and its table.

    An edge is straight in the file's own coordinates and cut to at most about 1 km. Shapes that
    cross themselves are mended, rows without a shape left out and counted in a warning;
    `rows_with_shapes` gives the others. What is wrong goes to `findings`, and None comes back.
    """
    return once(("shapes", name), [path], partial(_read, path, name), findings)


def _read(path: Path, name: str, findings: Findings) -> tuple[RawTable, Shapes] | None:
    raw = read_table(path, name, findings)
    if raw is None:
        return None
    if raw.position is None or raw.rows.shape[0] == 0:
        says = "has no shapes" if raw.position is None else "is empty"
        findings.fault(Fault(file=name, says=says, allowed="a vector file with polygons"))
        return None
    frame = _geometry(path)
    there = frame[raw.position["lat"].notna().to_numpy()]
    if len(there) < len(frame):
        count = f"{len(frame) - len(there):,} {raw.word}(s)"
        findings.warn(f"{name}: {count} have no shape and are left out")
    try:
        return raw, _degrees(there.to_numpy(object), pyproj.CRS.from_user_input(frame.crs))
    except (ValueError, shapely.errors.ShapelyError) as error:
        allowed = "shapes on the ground, in the coordinate system that the file states"
        findings.fault(Fault(file=name, says=f"has {error}", allowed=allowed))
    return None


def rows_with_shapes(raw: RawTable) -> pd.DataFrame:
    """Give the rows of a file that `read_shapes` gives the shapes of, in their order."""
    return raw.rows if raw.position is None else raw.rows[raw.position["lat"].notna()]


def without_inside(shapes: Shapes) -> Shapes:
    """Give those shapes that nobody can stand in: points and lines."""
    flat = ~np.isin(shapely.get_type_id(shapes), _HAS_INSIDE) & (shapely.area(shapes) == 0)
    return np.asarray(shapes[flat], dtype=object)


def _geometry(path: Path) -> geopandas.GeoSeries:
    """Give the shapes of a file that `read_table` has found sound, in its own coordinates."""
    ending = path.suffix.casefold()
    if ending in {".geojson", ".json"}:
        collection = json.loads(path.read_bytes().decode("utf-8-sig"))
        shapes = [shape(f["geometry"]) if f.get("geometry") else None
                  for f in collection["features"]]  # fmt: skip
        stated = collection.get("crs")
        crs = stated["properties"]["name"] if stated else "OGC:CRS84"
        return geopandas.GeoSeries(shapes, crs=crs)
    table = {".parquet", ".geoparquet"}
    read = geopandas.read_parquet if ending in table else geopandas.read_file
    geometry: geopandas.GeoSeries = read(path).geometry
    return geometry if geometry.crs is not None else geometry.set_crs("OGC:CRS84")


def _degrees(shapes: Shapes, crs: pyproj.CRS) -> Shapes:
    """Cut edges, turn to degrees, mend; raise ValueError for what is not on this earth."""
    shapes = shapely.force_2d(shapes)
    step = _STEP_DEGREES
    if crs.is_geographic:
        _expect_on_earth(shapes)
    else:
        step = _STEP_M / crs.axis_info[0].unit_conversion_factor
    if not shapely.length(shapes).sum() / step <= _MOST_EDGES:
        msg = "shapes larger than the earth"
        raise ValueError(msg)
    shapes = shapely.segmentize(shapes, step)
    if not crs.equals("OGC:CRS84", ignore_axis_order=True):
        turn = pyproj.Transformer.from_crs(crs, "OGC:CRS84", always_xy=True).transform
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(turn(xy[:, 0], xy[:, 1])))
    _expect_on_earth(shapes)
    return np.asarray(shapely.make_valid(shapes), dtype=object)


def _expect_on_earth(shapes: Shapes) -> None:
    west, south, east, north = shapely.total_bounds(shapes)
    low, high = np.array(_WORLD[:2]), np.array(_WORLD[2:])
    corners = np.array([[west, south], [east, north]])
    if len(shapes) and not ((corners >= low) & (corners <= high)).all():
        msg = f"coordinates beyond degrees: {west:g} to {east:g}, {south:g} to {north:g}"
        raise ValueError(msg)
