"""Any vector file as a raw table: its own columns, its own values, row numbers as people count."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely
from shapely.geometry import shape

from microdc.errors import Fault, InputError
from microdc.inputs.tables.findings import Findings, nearest, refused
from microdc.inputs.tables.forms.delimited import read_delimited
from microdc.inputs.tables.forms.marks import USUAL, Marks
from microdc.inputs.tables.forms.vector import only_layer, parts
from microdc.scenario import Dialect

SPREADSHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".numbers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A file as it is: nothing renamed, converted or checked."""

    name: str
    """The path as the scenario writes it."""
    sha256: str
    """Of the file's bytes; of a shapefile's parts one after the other."""
    rows: pd.DataFrame
    """The file's columns, indexed by row number: a CSV's header is row 1, others start at 1."""
    position: pd.DataFrame | None = None
    """`lat` and `lon` (degrees, WGS 84) of the geometry, indexed as `rows`; None without one."""
    twice: frozenset[str] = frozenset()
    """Column names that the header gives more than once; the first of them is in `rows`."""
    word: str = "row"
    """What a row is called: `row` or `feature`."""
    marks: Marks = USUAL
    """What parts the decimals and thousands of numbers that are text."""


Reader = Callable[[Path, str, Findings], RawTable]


def read_table(
    path: Path,
    name: str,
    findings: Findings,
    dialect: Dialect | None = None,
    crs: str | None = None,
) -> RawTable | None:
    """
    Read a file by its ending; what is wrong goes to `findings`, and None comes back.

    `crs` is the coordinate system of a geometry in a file that states none.
    """
    try:
        if path.is_dir():
            raise refused(name, "is a folder", allowed="a file")
        if not path.is_file():
            near = nearest(path.name, (p.name for p in _beside(path)), cutoff=0.7)
            raise refused(name, "no such file", nearest=near)
        return _reader(path, name, dialect or Dialect(), crs)(path, name, findings)
    except InputError as error:
        findings.faults.extend(error.faults)
    except OSError as error:
        findings.fault(Fault(file=name, says=f"cannot be read: {error.strerror or error}"))
    return None


def _beside(path: Path) -> list[Path]:
    return sorted(path.parent.iterdir()) if path.parent.is_dir() else []


def _reader(path: Path, name: str, dialect: Dialect, crs: str | None) -> Reader:
    delimited = partial(_csv, dialect=dialect)
    geojson, parquet, vector = (partial(read, crs=crs) for read in (_geojson, _parquet, _vector))
    readers: dict[str, Reader] = {
        ".csv": delimited, ".tsv": delimited, ".txt": delimited,
        ".geojson": geojson, ".json": geojson,
        ".parquet": parquet, ".geoparquet": parquet,
        ".gpkg": vector, ".shp": vector, ".zip": vector,
    }  # fmt: skip
    ending = path.suffix.casefold()
    if ending not in readers:
        allowed = ", ".join(readers)
        allowed += "; save the sheet as CSV" if ending in SPREADSHEETS else ""
        raise refused(name, "unknown kind of file", found=ending, allowed=allowed)
    stated = sorted(dialect.model_fields_set - {"dates"})
    if stated and readers[ending] is not delimited:
        says, found = "has no dialect: only CSV files have", f"dialect.{stated[0]}"
        raise refused(name, says, found=found, allowed="dialect.dates")
    return readers[ending]


def content_hash(path: Path) -> str:
    """Hash a file's bytes; of a shapefile, those of its parts one after the other."""
    digest = hashlib.sha256()
    for part in parts(path):
        digest.update(part.read_bytes())
    return digest.hexdigest()


def _csv(path: Path, name: str, findings: Findings, dialect: Dialect) -> RawTable:
    content = path.read_bytes()
    read = read_delimited(content, name, dialect, findings)
    sha256 = hashlib.sha256(content).hexdigest()
    return RawTable(name=name, sha256=sha256, rows=read.rows, twice=read.twice, marks=read.marks)


def _geojson(path: Path, name: str, _: Findings, crs: str | None) -> RawTable:
    """Read features by the letter of RFC 7946; an older `crs` member is heeded."""
    content = path.read_bytes()
    try:
        collection = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
        features = _features(collection)
    except UnicodeDecodeError:
        raise refused(name, "is not UTF-8 text", allowed="UTF-8") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        says = f"is not GeoJSON: {error}"
        raise refused(name, says, allowed="a FeatureCollection (RFC 7946)") from None
    rows = pd.DataFrame(
        [_flat(f) for f in features], index=np.arange(1, len(features) + 1), dtype=object
    )
    position = _positions_of_json(features, collection, name, crs)
    position.index = rows.index
    sha256 = hashlib.sha256(content).hexdigest()
    return RawTable(name=name, sha256=sha256, rows=rows, position=position, word="feature")


def _no_constant(word: str) -> float:
    msg = f"{word} is not a JSON number"
    raise ValueError(msg)


def _features(collection: Any) -> list[dict[str, Any]]:
    if collection["type"] != "FeatureCollection" or not isinstance(collection["features"], list):
        msg = "no FeatureCollection"
        raise ValueError(msg)
    return [{"geometry": None, "properties": None, **f} for f in collection["features"]]


def _flat(feature: dict[str, Any]) -> dict[str, Any]:
    """Give a feature's properties, nested ones as JSON text, and its id where it has one."""
    own = {"id": feature["id"]} if "id" in feature else {}
    properties = own | (feature["properties"] or {})
    return {
        k: json.dumps(v, sort_keys=True) if isinstance(v, dict | list) else v
        for k, v in properties.items()
    }


def _positions_of_json(
    features: list[dict[str, Any]], collection: Any, name: str, said: str | None
) -> pd.DataFrame:
    try:
        shapes = [shape(f["geometry"]) if f["geometry"] else None for f in features]
        own = collection.get("crs")
        crs = own["properties"]["name"] if own else "OGC:CRS84"
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise refused(name, f"has a geometry that cannot be read: {error}") from None
    _refuse_another(crs, said, name)
    return _positions(np.array(shapes, dtype=object), crs, name)


def _parquet(path: Path, name: str, findings: Findings, crs: str | None) -> RawTable:
    try:
        if b"geo" in (pq.read_schema(path).metadata or {}):
            return _vector(path, name, findings, crs)
        # The table as stored: an index that pandas tucked away becomes a column again.
        rows = pq.read_table(path).to_pandas(ignore_metadata=True)
    except pa.ArrowException as error:
        raise refused(name, f"is not a Parquet file: {_line(error)}") from None
    rows.index = pd.RangeIndex(1, len(rows) + 1)
    return RawTable(name=name, sha256=content_hash(path), rows=rows)


def _vector(path: Path, name: str, findings: Findings, crs: str | None) -> RawTable:
    """Read GeoPackage, Shapefile or GeoParquet through GDAL or Arrow."""
    try:
        if path.suffix.casefold() in {".parquet", ".geoparquet"}:
            frame = geopandas.read_parquet(path)
        else:
            frame = geopandas.read_file(only_layer(path, name))
    except (ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise refused(name, f"cannot be read: {_line(error)}") from None
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    if not isinstance(frame, geopandas.GeoDataFrame):
        return RawTable(name=name, sha256=content_hash(path), rows=frame)
    if frame.crs is None and crs is None:
        findings.warn(f"{name}: states no coordinate system; taken as longitude, latitude (WGS 84)")
    if frame.crs is not None:
        _refuse_another(frame.crs, crs, name)
    position = _positions(frame.geometry.to_numpy(), frame.crs or crs or "OGC:CRS84", name)
    position.index = frame.index
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return RawTable(name=name, sha256=content_hash(path), rows=rows, position=position)


def _positions(shapes: Any, crs: Any, name: str) -> pd.DataFrame:
    """Give latitude and longitude (degrees, WGS 84) of a point on each shape; NaN without one."""
    somewhere = np.isfinite(shapely.bounds(shapes)).all(axis=1)  # not so if empty, or at infinity
    points = shapely.point_on_surface(shapely.force_2d(np.where(somewhere, shapes, None)))
    x, y = shapely.get_x(points), shapely.get_y(points)
    try:
        source = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError:
        raise refused(name, "names a coordinate system that is not known", found=str(crs)) from None
    if not source.equals("OGC:CRS84", ignore_axis_order=True):
        x, y = pyproj.Transformer.from_crs(source, "OGC:CRS84", always_xy=True).transform(x, y)
    return pd.DataFrame({"lat": np.asarray(y, float), "lon": np.asarray(x, float)})


def _refuse_another(own: Any, said: str | None, name: str) -> None:
    """Refuse a coordinate system that the scenario states against the file's own."""
    if said is None:
        return
    try:
        same = pyproj.CRS.from_user_input(said).equals(own, ignore_axis_order=True)
    except pyproj.exceptions.CRSError:
        same = False
    if not same:
        says = "states another coordinate system than the scenario's crs"
        found = pyproj.CRS.from_user_input(own).name if hasattr(own, "name") else str(own)
        raise refused(name, says, found=found, allowed=f"{said}, or no crs in the scenario")


def _line(error: Exception) -> str:
    """Give the first line of a library's message."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
