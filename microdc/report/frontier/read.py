"""A frontier that was written, read back."""

import json
from pathlib import Path
from typing import Any

from microdc.errors import Fault, InputError

DOCUMENT = "frontier.json"
_KEYS = {"name", "title", "unit", "currency", "knee", "points"}
_OF_A_POINT = {"x", "cost", "bound"}


def is_frontier(folder: Path) -> bool:
    """Whether a folder holds a frontier."""
    return (folder / DOCUMENT).is_file()


def read_frontier(folder: Path) -> dict[str, Any]:
    """Give a frontier as `to_document` told it; raise InputError if that cannot be read."""
    path = folder / DOCUMENT
    try:
        told = json.loads(path.read_bytes())
        points = told["points"]
        whole = told.keys() >= _KEYS and all(point.keys() >= _OF_A_POINT for point in points)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise InputError([Fault(file=str(path), says="is not a frontier as microdc writes it")])
    return dict(told)
