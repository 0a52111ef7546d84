"""
Put tables and charts into the pages that have a place for them.

Between `<!-- benchmark: NAME -->` and `<!-- /benchmark -->` stands what was measured last; where
nothing was, nothing.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.show import charts, tables

PAGES = ("README.md", "docs/benchmarks.md")
MARKED = re.compile(r"(<!-- benchmark: (\S+) -->\n).*?(<!-- /benchmark -->)", re.DOTALL)

TABLES: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "summary": ("side-by-side", tables.summary),
    "side-by-side": ("side-by-side", tables.side_by_side),
    "hand-over": ("hand-over", tables.hand_over),
    "scaling": ("scaling", tables.scaling),
    "outages": ("outages", tables.side_by_side),
    "whole-command": ("whole-command", tables.whole_command),
    "latency": ("latency", tables.literature),
    "literature-median": ("literature-median", tables.literature),
    "literature-covering": ("literature-covering", tables.literature),
    "location": ("location", tables.ratios),
}
"""For each block the part of the results that it shows, and how."""

CHARTS: dict[str, tuple[str, str, Callable[[dict[str, Any], Path], None]]] = {
    "gap-chart": ("side-by-side", "Proven gap against time", charts.gaps_over_time),
    "scaling-chart": ("scaling", "Time and memory against pairs", charts.scaling),
}


def show(results: Path, root: Path) -> None:
    """Write what was measured into the pages below a folder, charts beside `docs/`."""
    measured = json.loads(results.read_text("utf-8")) if results.exists() else {}
    for name, (part, _, draw) in CHARTS.items():
        if part in measured:
            draw(measured[part], root / "docs" / f"benchmark-{name}.svg")
    for page in PAGES:
        path = root / page
        path.write_text(filled(path.read_text("utf-8"), measured), "utf-8")


def filled(text: str, measured: dict[str, Any]) -> str:
    """Give a page's text with its blocks renewed."""
    return MARKED.sub(lambda found: f"{found[1]}{_block(found[2], measured)}{found[3]}", text)


def _block(name: str, measured: dict[str, Any]) -> str:
    """Give a block's lines; raises KeyError for a name that is none."""
    if name in CHARTS:
        part, title, _ = CHARTS[name]
        content = f"![{title}](benchmark-{name}.svg)" if part in measured else ""
    else:
        part, write = TABLES[name]
        content = write(measured[part]) if part in measured else ""
    return f"\n{content}\n\n" if content else ""
