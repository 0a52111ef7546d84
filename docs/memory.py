"""
Measure the memory (bytes) that reading a table takes, by kind of file: `python docs/memory.py`.

Writes tables of stations in several shapes, reads each in a process of its own, the way a plan
does, and prints the highest memory beyond that of an idle process (on Linux, from /proc) beside
what `microdc/inputs/tables/forms/memory.py` estimates before reading. An estimate below what was
measured is marked; the constants there are round numbers that leave none.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd

SHAPES = [(200_000, 5, 4), (100_000, 10, 4), (50_000, 30, 4), (50_000, 10, 80), (300_000, 10, 4)]
"""Rows, columns, and letters in each column of text; three numbers given replace them."""

READ = """
import json, re, sys
from pathlib import Path
from microdc.inputs.read import read_region
from microdc.inputs.tables.forms.memory import ALWAYS, needed
from microdc.scenario import load_scenario
scenario = load_scenario(Path(sys.argv[1]))
def most():
    return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
idle = most()
read_region(scenario)
taken = most() - idle
need = needed(scenario.folder / scenario.substations[0].path)
print(json.dumps([taken, ALWAYS + need.bytes]))
"""


def stations(rows: int, columns: int, letters: int) -> pd.DataFrame:
    """Make a table up: id, position, headroom, and columns of numbers and text in turn."""
    number = np.arange(rows)
    own = {"id": [f"s{n}" for n in number], "lat": 40 + number % 997 / 100}
    own |= {"lon": -100 + number % 991 / 100, "headroom_mw": number % 40 + 0.25}
    text = [f"{n % 9973:0{letters}}x" for n in number]
    more = {f"n{k}": text if k % 2 else number * k % 9973 / 4 for k in range(columns - 4)}
    return pd.DataFrame(own | more)


def written(table: pd.DataFrame, folder: Path) -> Iterator[Path]:
    """Write a table in each kind of file, one after the other."""
    table.to_csv(folder / "s.csv", index=False)
    yield folder / "s.csv"
    table.to_parquet(folder / "s.parquet")
    yield folder / "s.parquet"
    points = geopandas.points_from_xy(table["lon"], table["lat"], crs=4326)
    placed = geopandas.GeoDataFrame(table, geometry=points)
    for name in ("s.gpkg", "s.geojson"):
        placed.to_file(folder / name)
        yield folder / name


def measured(path: Path) -> list[int]:
    """Give the memory taken and estimated (bytes)."""
    (path.parent / "p.csv").write_text("id,lat,lon,population\na,40,-100,1000000\n", "utf-8")
    keys = {
        "schema": 1, "name": "memory", "substations": {"path": path.name},
        "demand": {"path": "p.csv"}, "services": {"a": {"rtt_ms": 2, "kw_it_per_1000_people": 8}},
    }  # fmt: skip
    (path.parent / "scenario.yaml").write_text(json.dumps(keys), "utf-8")
    command = [sys.executable, "-c", READ, str(path.parent / "scenario.yaml")]
    ended = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    told: list[int] = json.loads(ended.stdout)
    return told


if __name__ == "__main__":
    print("| file | rows | columns | file MB | measured MB | estimated MB | |")
    print("|---|---|---|---|---|---|---|")
    stated = [int(number) for number in sys.argv[1:]]
    for rows, columns, letters in [stated] if stated else SHAPES:
        with tempfile.TemporaryDirectory() as folder:
            for path in written(stations(rows, columns, letters), Path(folder)):
                taken, estimated = measured(path)
                size = path.stat().st_size
                cells = " | ".join(f"{bytes / 1e6:.0f}" for bytes in (size, taken, estimated))
                mark = "too low" if estimated < taken else ""
                print(f"| {path.suffix} | {rows:,} | {columns} | {cells} | {mark} |", flush=True)
