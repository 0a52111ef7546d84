"""A plan written for other programs: beside its place first, then swapped in file by file."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd
import pyogrio

from microdc.errors import UsageError
from microdc.placement.stages import read_stages
from microdc.placement.store import read_plan
from microdc.placement.verify.stages import is_programme
from microdc.report.export.contents import Contents
from microdc.report.export.figures import PICTURES, Picture, frontier_figure, plan_figures
from microdc.report.export.kml import write_kml
from microdc.report.export.layers import SERVICE_LINES
from microdc.report.export.spreadsheet import write_table
from microdc.report.frontier.read import is_frontier, read_frontier
from microdc.report.geojson import write_layers

To = Literal["geojson", "gpkg", "csv", "parquet", "kml"]


Writer = Callable[[Path], list[Path]]


def export_plan(
    folder: Path, to: To | Picture, out: Path | None = None, *, force: bool = False
) -> list[Path]:
    """
    Write the plan of a folder as `to`, into that folder or into `out`; give what was written.

    A frontier's folder gives its figure; a programme's gives all its stages in the same tables,
    each row with its stage. Raises InputError if there is none of them in the folder, UsageError if
    `out` has such files already and they are not to be replaced (`force`), or if figures cannot be
    drawn. In a plan's own folder they are its own.
    """
    writer = _writer_of(folder, to)
    place = folder if out is None else out
    if place.exists() and not place.is_dir():
        msg = f"{place} is a file"
        raise UsageError(msg, hint="name a folder with --out")
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export.", suffix=".part", dir=place) as draft:
        written = writer(Path(draft))
        ours = force or place.resolve() == folder.resolve()
        taken = [] if ours else [path.name for path in written if (place / path.name).exists()]
        if taken:
            msg = f"{place / taken[0]} exists already"
            raise UsageError(msg, hint="replace it with --force, or name another folder with --out")
        return [path.replace(place / path.name) for path in written]


def _writer_of(folder: Path, to: str) -> Writer:
    if is_frontier(folder):
        return _of_frontier(folder, to)
    return _of_programme(folder, to) if is_programme(folder) else _of_plan(folder, to)


def _of_plan(folder: Path, to: str) -> Writer:
    plan = read_plan(folder)
    if to in PICTURES:
        return partial(plan_figures, to, plan)
    return partial(WRITERS[to], Contents(name=plan.name, plans=[plan]))


def _of_programme(folder: Path, to: str) -> Writer:
    programme = read_stages(folder)
    if to in PICTURES:
        msg = f"{folder} holds a programme of stages, which is more than one picture"
        stage = folder / programme.stages[0].name
        raise UsageError(msg, hint=f"draw one stage: microdc export {stage} --to {to}")
    plans = [stage.plan for stage in programme.stages]
    stages = [stage.name for stage in programme.stages]
    return partial(WRITERS[to], Contents(name=programme.name, plans=plans, stages=stages))


def _of_frontier(folder: Path, to: str) -> Writer:
    if to not in PICTURES:
        msg = f"{folder} holds a frontier, which is no map"
        raise UsageError(msg, hint=f"draw it with --to {', '.join(PICTURES)}")
    return partial(frontier_figure, to, read_frontier(folder))


def _geojson(contents: Contents, folder: Path) -> list[Path]:
    return write_layers(contents.features(), folder, contents.attributions)


def _csv(contents: Contents, folder: Path) -> list[Path]:
    credited = pd.DataFrame({"attribution": contents.attributions}, dtype="str")
    tables = {**contents.tables(), "attributions": credited}
    return [write_table(table, folder / f"{name}.csv") for name, table in tables.items()]


def _kml(contents: Contents, folder: Path) -> list[Path]:
    return [write_kml(contents, folder / "plan.kml")]


def _gpkg(contents: Contents, folder: Path) -> list[Path]:
    """Write one GeoPackage; every line may have parts, because a layer has one type."""
    path = folder / "plan.gpkg"
    for name, layer in contents.layers().items():
        lines = name == SERVICE_LINES
        pyogrio.write_dataframe(
            layer,
            path,
            layer=name,
            driver="GPKG",
            geometry_type="MultiLineString" if lines else "Point",
            promote_to_multi=lines,
            layer_metadata={"attributions": "\n".join(contents.attributions)},
        )
    return [path]


def _parquet(contents: Contents, folder: Path) -> list[Path]:
    """Write a GeoParquet file a layer."""
    return [
        _geoparquet(layer, contents.attributions, folder / f"{name}.parquet")
        for name, layer in contents.layers().items()
    ]


def _geoparquet(layer: gpd.GeoDataFrame, credits: list[str], path: Path) -> Path:
    layer.attrs["attributions"] = credits
    layer.to_parquet(path, index=False)
    return path


WRITERS: dict[str, Callable[[Contents, Path], list[Path]]] = {
    "geojson": _geojson,
    "gpkg": _gpkg,
    "csv": _csv,
    "parquet": _parquet,
    "kml": _kml,
}
