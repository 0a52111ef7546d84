"""
What tables would take in memory, told before they are read, from a sample or their metadata.

The constants bound what `python docs/memory.py` measures from above, by a tenth or so.
"""

import os
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

from microdc.errors import InputError, UsageError
from microdc.inputs.tables.findings import refused
from microdc.inputs.tables.forms.vector import only_layer, parts

VARIABLE = "MICRODC_MEMORY_GB"
"""What the environment may state: the memory to plan in is a machine's, not a scenario's."""

USUAL_GB = 4.0

OF_A_ROW = 1000
"""Every column that microdc knows, of each row (bytes)."""
OF_A_CELL = 45
OF_A_BYTE = 4
"""Of the file, unpacked: letters are held as bytes, as text and as cells."""
OF_A_JSON_BYTE = 6
ALWAYS = 100_000_000
"""Libraries at work, whatever they read (bytes)."""

SAMPLE = 1_000_000
"""Bytes at the beginning of a text that tell how long its rows are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """About how much a file holds, and the memory that reading it takes (bytes)."""

    rows: int
    columns: int
    bytes: int


def memory_bytes() -> float:
    """Give the memory to plan in (bytes): 4 GB, or what MICRODC_MEMORY_GB states."""
    stated = os.environ.get(VARIABLE, "").strip()
    try:
        gigabytes = float(stated) if stated else USUAL_GB
    except ValueError:
        gigabytes = 0.0
    if not 0 < gigabytes < float("inf"):
        msg = f"{VARIABLE} is {stated!r}, which is no number of gigabytes above zero"
        raise UsageError(msg, hint=f"say {VARIABLE}=16, or leave it out for {USUAL_GB:g}")
    return gigabytes * 1e9


def refuse_beyond_memory(files: Mapping[str, Path]) -> None:
    """
    Refuse to read files that would not fit into memory together.

    Raises InputError, which names the file that takes most, with rows, columns and gigabytes.
    """
    needs = {name: needed(path) for name, path in files.items()}
    known = {name: need for name, need in needs.items() if need is not None}
    together = ALWAYS + sum(need.bytes for need in known.values())
    limit = memory_bytes()
    if together <= limit:
        return
    name, need = max(known.items(), key=lambda item: item[1].bytes)
    raise refused(
        name,
        "would not fit into memory",
        found=f"about {need.rows:,} rows x {need.columns} columns, which take "
        f"{need.bytes / 1e9:.1f} GB to read, {together / 1e9:.1f} GB with all other tables",
        allowed=f"{limit / 1e9:g} GB: leave rows and columns that are not needed out of the file "
        f"(where chooses only after reading), or state more as {VARIABLE}",
    )


def needed(path: Path) -> Need | None:
    """Estimate what a file takes; None for one that cannot be read, which its reader tells."""
    ways: dict[str, Callable[[Path], Need]] = {
        **dict.fromkeys((".csv", ".tsv", ".txt"), _of_text),
        **dict.fromkeys((".geojson", ".json"), _of_json),
        **dict.fromkeys((".parquet", ".geoparquet"), _of_parquet),
        **dict.fromkeys((".gpkg", ".shp", ".zip"), _of_layer),
    }
    way = ways.get(path.suffix.casefold())
    try:
        return way(path) if way and path.is_file() else None
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, pa.ArrowException, InputError):
        return None


def _need(rows: float, columns: float, size: float, of_a_byte: int = OF_A_BYTE) -> Need:
    rows, columns = round(rows), round(columns)
    taken = rows * OF_A_ROW + rows * columns * OF_A_CELL + size * of_a_byte
    return Need(rows=rows, columns=columns, bytes=round(taken))


def _sampled(path: Path) -> tuple[bytes, float]:
    """Give the beginning of a file, and how many times as long the whole file is."""
    size = path.stat().st_size
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    return sample, size / max(1, len(sample))


def _of_text(path: Path) -> Need:
    sample, times = _sampled(path)
    rows = max(1, sample.count(b"\n"), sample.count(b"\r"))
    separators = max(sample.count(mark) for mark in (b",", b";", b"\t", b"|"))
    return _need(rows * times, separators / rows + 1, len(sample) * times)


def _of_json(path: Path) -> Need:
    sample, times = _sampled(path)
    rows = max(1, sample.count(b'"geometry"'))
    # Of a feature's own keys (type, properties, geometry, its type and coordinates) none is a cell.
    columns = max(1, sample.count(b'":') / rows - 5)
    return _need(rows * times, columns, len(sample) * times, OF_A_JSON_BYTE)


def _of_parquet(path: Path) -> Need:
    about = pq.read_metadata(path)
    groups = (about.row_group(k) for k in range(about.num_row_groups))
    return _need(about.num_rows, about.num_columns, sum(g.total_byte_size for g in groups))


def _of_layer(path: Path) -> Need:
    about = pyogrio.read_info(only_layer(path, path.name), force_feature_count=True)
    return _need(about["features"], len(about["fields"]), sum(_unpacked(parts(path))))


def _unpacked(files: Iterable[Path]) -> Iterable[int]:
    """Give the size of each file, unpacked (bytes)."""
    for file in files:
        if file.suffix.casefold() == ".zip":
            with zipfile.ZipFile(file) as archive:
                yield from (member.file_size for member in archive.infolist())
        else:
            yield file.stat().st_size
