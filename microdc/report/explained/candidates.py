"""Every candidate with its price, as a layer for any GIS."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from microdc.errors import UsageError
from microdc.report.explained.amounts import Record
from microdc.report.geojson import feature, point, position, write_features

FILE = "candidates.geojson"


def refuse_taken(folder: Path, *, force: bool) -> None:
    """Raise UsageError unless the layer may be written to a folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint="name a folder with --out")
    if (folder / FILE).exists() and not force:
        msg = f"{folder / FILE} exists already"
        raise UsageError(msg, hint="replace it with --force, or name another folder with --out")


def write_candidates(rows: Iterable[Record], credits: Sequence[str], folder: Path) -> Path:
    """
    Write candidates as points, in a file beside its place that is then swapped in.

    Each row has `id`, `lat`, `lon` and what is known of it. Gives the path of the layer.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{FILE}.part"
        return write_features(draft, map(_point_of, rows), credits).replace(folder / FILE)
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}"
        raise UsageError(msg, hint="name another folder with --out") from None


def _point_of(row: Record) -> Record:
    known = {key: value for key, value in row.items() if key not in ("lat", "lon")}
    return feature(row["id"], point(position(row)), known)
