"""
Problems of the literature as scenarios, ready for `microdc plan`.

`python -m benchmarks.literature.write cflp FOLDER --sites 20 --points 20 --ratio 5 --seed 0` draws
a capacitated problem and writes `scenario.yaml` and its tables; `square FOLDER --sites 12 --points
25 --seed 0` draws sites and points in a square, and writes `p-median.yaml`, `p-center.yaml`,
`set-covering.yaml` and `maximal-covering.yaml` on the same tables, with `--most` sites and
`--radius`. The matrix says who may serve whom, so no table has positions.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.literature.drawn import DECIMALS, Capacitated, Square, capacitated, uniform
from microdc.instance import Floats

_HEAD = """# {title}
schema: 1
name: {name}
substations: {{path: sites.csv, source: {source}}}
demand: {{path: points.csv, source: {source}}}
"""
_SOURCE = "{title: Drawn at random, date: 2026-01-01, licence: CC0 1.0}"

_ANYWHERE = "services: {all: {rtt_ms: 1000, share: 1}}\n"
_TABLE = f"{{path: distances.csv, form: wide, only: true, source: {_SOURCE}}}\n"
_PRICES, _DISTANCES = f"pair_prices: {_TABLE}", f"measured: {_TABLE}"
_FREE = """sites: {min_mw: 0, pue: 1}
costs: {facility_mn_per_mw_it: 0, site_mn: 0, connection_mn: 0, annuity: {years: 1, rate: 0}}
"""


def write_capacitated(problem: Capacitated, folder: Path, name: str) -> Path:
    """Write a capacitated problem as a scenario folder; give its file."""
    folder.mkdir(parents=True, exist_ok=True)
    capacity = {"headroom_mw": problem.capacity, "max_mw": problem.capacity}
    sites = _ends("s", len(problem.capacity)).assign(**capacity, site_mn=problem.fixed)
    _write(sites, folder / "sites.csv")
    _write(_ends("p", len(problem.demand)).assign(mw_it=problem.demand), folder / "points.csv")
    _write(_matrix(problem.price), folder / "distances.csv")
    title = "Capacitated facility location: a site costs site_mn a year, and serves headroom_mw."
    return _scenario(folder / "scenario.yaml", name, title, _ANYWHERE + _PRICES + _FREE)


def write_square(
    square: Square, weight: Floats, most: int, radius: float, folder: Path
) -> list[Path]:
    """Write the p-median, p-center, set-covering and maximal-covering problem; give their files."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = weight.sum().round(DECIMALS)
    sites = _ends("s", len(square.sites)).assign(headroom_mw=whole, max_mw=whole)
    _write(sites, folder / "sites.csv")
    _write(_ends("p", len(square.points)).assign(mw_it=weight), folder / "points.csv")
    _write(_matrix(square.distance), folder / "distances.csv")
    within = f"services: {{all: {{rtt_ms: {radius:g}, share: 1"
    limit = f"limits: {{max_sites: {most}}}\n"
    told = {
        "p-median": (
            f"The {most} sites from which all is served at the least sum of weight x distance.",
            _ANYWHERE + _PRICES + limit,
        ),
        "p-center": (
            f"The {most} sites from which the farthest point is served over the least distance.",
            f"{_ANYWHERE}{_DISTANCES}{limit}objective: least-worst-rtt\n",
        ),
        "set-covering": (
            f"The fewest sites from which every point is within {radius:g}.",
            f"{within}}}}}\n{_DISTANCES}objective: fewest-sites\n",
        ),
        "maximal-covering": (
            f"The {most} sites from which the most weight is within {radius:g}.",
            f"{within}, unserved_mn_per_mw_yr: 0}}}}\n{_DISTANCES}{limit}objective: most-served\n",
        ),
    }
    return [
        _scenario(folder / f"{name}.yaml", f"{folder.name}-{name}", title, keys + _FREE)
        for name, (title, keys) in told.items()
    ]


def _ends(letter: str, number: int) -> pd.DataFrame:
    """Give so many ids."""
    width = len(str(number - 1))
    return pd.DataFrame({"id": [f"{letter}{one:0{width}}" for one in range(number)]})


def _matrix(distance: Floats) -> pd.DataFrame:
    """Lay (sites, points) out with points down and sites across."""
    columns, rows = (_ends(a, n)["id"] for a, n in zip("sp", distance.shape, strict=True))
    return (
        pd.DataFrame(distance.T, columns=columns)
        .assign(place=rows)
        .set_index("place")
        .reset_index()
    )


def _write(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, lineterminator="\n")


def _scenario(file: Path, name: str, title: str, keys: str) -> Path:
    file.write_text(_HEAD.format(title=title, name=name, source=_SOURCE) + keys, "utf-8")
    return file


def main() -> None:
    """Read the command line, draw and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.literature.write")
    parser.add_argument("kind", choices=("cflp", "square"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--points", type=int, default=20)
    parser.add_argument("--ratio", type=float, default=5.0, help="capacity per demand (cflp)")
    parser.add_argument("--most", type=int, default=4, help="number of sites (square)")
    parser.add_argument(
        "--radius", type=float, default=3.0, help="covered distance, of 10 (square)"
    )
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.kind == "cflp":
        problem = capacitated(asked.sites, asked.points, asked.ratio, asked.seed)
        written = [write_capacitated(problem, asked.folder, asked.folder.name)]
    else:
        square = uniform(asked.sites, asked.points, asked.seed)
        weight = np.random.default_rng(asked.seed).integers(1, 10, asked.points).astype(float)
        written = write_square(square, weight, asked.most, asked.radius, asked.folder)
    for file in written:
        print(file)


if __name__ == "__main__":
    main()
