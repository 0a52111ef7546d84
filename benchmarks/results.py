"""The file of what was measured, part by part."""

import json
from pathlib import Path
from typing import Any

from benchmarks.processes.run import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"


def keep(results: Path, part: str, measured: dict[str, Any]) -> None:
    """Put one part into a file of results; the others stay as they are."""
    before = json.loads(results.read_text("utf-8")) if results.exists() else {}
    results.write_text(json.dumps(before | {part: measured}, indent=1) + "\n", "utf-8")
