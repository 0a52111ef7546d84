"""Positions stated as x and y in a coordinate system of the user's, such as eastings."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from microdc.inputs.tables.columns import Keys, Table
from microdc.inputs.tables.findings import Findings, listed
from microdc.scenario import DemandSource

AGREED_DEGREES = 0.01
"""Latitudes and longitudes nearer than this (about 1 km) say the same as x and y."""

Mask = NDArray[np.bool_]


def in_degrees(
    table: Table, source: DemandSource, keys: Keys, findings: Findings, *, needless: bool = False
) -> Table:
    """
    Give a table whose position is stated as `x` and `y` its `lat` and `lon` (WGS 84).

    Where positions are `needless`, x and y of no known system are none.
    """
    if table.raw.position is not None:
        return table  # of a file with geometry, converted by its own coordinate system
    if source.crs is None:
        if needless or table.has("lat") or table.has("lon") or not table.has("x", "y"):
            return table
        allowed = "the coordinate system of x and y, such as EPSG:27700"
        findings.fault(keys.fault("crs", "is missing", allowed=allowed))
        return placed(table, np.full((2, len(table.values)), np.nan))
    if not table.has("x", "y"):
        says = f"{table.raw.name} has no columns x and y for it"
        allowed = "columns: {x: Easting, y: Northing}, or lat and lon without crs"
        findings.fault(keys.fault("crs", says, found=source.crs, allowed=allowed))
        return placed(table, np.full((2, len(table.values)), np.nan))
    crs = _known(source.crs, keys, findings)
    if crs is None:
        return placed(table, np.full((2, len(table.values)), np.nan))
    x, y = (table.values[column].to_numpy(float) for column in ("x", "y"))
    lon, lat = _converted(crs, x, y)
    lost = np.isnan(lat) & ~np.isnan(x + y)
    _warn_of_rows(table, lost, f"x and y that {source.crs} cannot place", findings)
    _note_contradictions(table, lat, lon, source.crs, findings)
    _note_outside(table, crs, source.crs, findings, (lat, lon))
    return placed(table, np.array([lat, lon]))


def placed(table: Table, position: NDArray[np.float64]) -> Table:
    """Give a table with the latitudes and longitudes (degrees) of its rows; shape (2, rows)."""
    told = pd.DataFrame({"lat": position[0], "lon": position[1]}, index=table.values.index)
    return replace(
        table,
        cells=table.cells.assign(**_columns(told)),
        values=table.values.assign(**_columns(told)),
    )


def _columns(told: pd.DataFrame) -> dict[str, Any]:
    return {str(name): cells for name, cells in told.items()}


def _known(name: str, keys: Keys, findings: Findings) -> pyproj.CRS | None:
    try:
        crs = pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        crs = None
    if crs is not None and (crs.is_projected or crs.is_geographic):
        return crs
    says = "is no coordinate system of a map that is known"
    findings.fault(keys.fault("crs", says, found=name, allowed="a code such as EPSG:27700"))
    return None


def _converted(crs: pyproj.CRS, x: Any, y: Any) -> tuple[Any, Any]:
    """Give longitudes and latitudes; NaN where there are none."""
    to_degrees = pyproj.Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)
    lon, lat = (np.asarray(part, float) for part in to_degrees.transform(x, y))
    sound = np.isfinite(lon) & np.isfinite(lat)
    return np.where(sound, lon, np.nan), np.where(sound, lat, np.nan)


def _note_contradictions(table: Table, lat: Any, lon: Any, crs: str, findings: Findings) -> None:
    """Note rows whose own latitude or longitude is not where their x and y are."""
    for column, by_crs in (("lat", lat), ("lon", lon)):
        if not table.has(column):
            continue
        apart = np.abs(table.values[column].to_numpy(float) - by_crs) > AGREED_DEGREES
        for row in table.values.index[apart]:
            at = float(by_crs[table.values.index.get_loc(row)])
            allowed = f"{at:.4f}, where x and y are in {crs}; or {column} and crs, not both"
            fault = table.places.fault(int(row), column, "contradicts x and y", allowed)
            findings.fault(fault)


def _note_outside(
    table: Table, crs: pyproj.CRS, name: str, findings: Findings, position: tuple[Any, Any]
) -> None:
    """Warn of rows outside the area a system is meant for, and say if swapping would help."""
    if crs.area_of_use is None:
        return
    lat, lon = position
    outside = ~np.isnan(lat) & ~_inside(crs, lat, lon)
    if not outside.any():
        return
    x, y = (table.values[column].to_numpy(float)[outside] for column in ("x", "y"))
    lon, lat = _converted(crs, y, x)
    swapped = _inside(crs, lat, lon).all()
    why = "; x and y look swapped" if swapped else ""
    area = crs.area_of_use.name.rstrip(".").split(" - ")[0]
    what = f"a position outside the area of {name} ({area}){why}"
    _warn_of_rows(table, outside, what, findings)


def _inside(crs: pyproj.CRS, lat: Any, lon: Any) -> Mask:
    west, south, east, north = crs.area_of_use.bounds if crs.area_of_use else (-180, -90, 180, 90)
    between = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return np.asarray(between & (lat >= south) & (lat <= north), dtype=bool)


def _warn_of_rows(table: Table, rows: Mask, what: str, findings: Findings) -> None:
    if rows.any():
        ids = listed(table.values["id"][rows])
        findings.warn(f"{table.raw.name}: {rows.sum():,} row(s) have {what}: {ids}")
