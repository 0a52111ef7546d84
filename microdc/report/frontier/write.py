"""A frontier as files: frontier.json, frontier.csv and frontier.svg."""

import csv
import json
from pathlib import Path
from typing import Any

from microdc.errors import UsageError
from microdc.placement.store import beside, swap_in
from microdc.report.frontier.chart import chart
from microdc.report.frontier.read import DOCUMENT

FILES = (DOCUMENT, "frontier.csv", "frontier.svg", "frontier.png", "frontier.pdf")


def refuse_other(folder: Path) -> None:
    """Raise UsageError if a folder holds anything but a frontier."""
    if not folder.exists():
        return
    if not folder.is_dir() or any(path.name not in FILES for path in folder.iterdir()):
        msg = f"{folder} is there and holds something else than a frontier"
        raise UsageError(msg, hint="name another folder with --out")


def write_frontier(told: dict[str, Any], folder: Path) -> None:
    """Write a frontier, as `to_document` tells it; one that was there goes only when it is done."""
    refuse_other(folder)
    folder = folder.resolve()
    with beside(folder) as draft:
        _write_files(told, draft)
        swap_in(draft, folder)


def _write_files(told: dict[str, Any], folder: Path) -> None:
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2)
    (folder / DOCUMENT).write_text(text + "\n", encoding="utf-8")
    (folder / "frontier.svg").write_text(chart(told), encoding="utf-8")
    with (folder / "frontier.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, fieldnames=list(told["points"][0]) if told["points"] else [])
        rows.writeheader()
        rows.writerows(told["points"])
