"""A comparison of two plans as files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from microdc.errors import UsageError
from microdc.placement.compare import Comparison
from microdc.report.geojson import write_points

FILES = ("comparison.json", "comparison.geojson")


def write_comparison(found: Comparison, folder: Path, *, force: bool) -> list[Path]:
    """
    Write `comparison.json` and `comparison.geojson`: sites with their fate, places that moved.

    Gives the paths; raises UsageError if one of them is there already, unless `force`.
    """
    document, map_ = (folder / name for name in FILES)
    taken = [path for path in (document, map_) if path.exists()]
    if taken and not force:
        msg = f"{taken[0]} exists already"
        raise UsageError(msg, hint="replace it with --force, or name another folder with --out")
    folder.mkdir(parents=True, exist_ok=True)
    told = found.to_document()
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    document.write_text(f"{text}\n", encoding="utf-8")
    credits = dict.fromkeys([*found.before.attributions, *found.after.attributions])
    write_points(_points(told), credits, map_)
    return [document, map_]


def _points(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from told["hosts"]
    for row in told["places"]:
        yield {**row, "kind": "place", "place": row["id"], "id": f"{row['id']} {row['service']}"}
