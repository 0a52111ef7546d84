"""All that a batch says, written beside its plans: each file is swapped in when it is whole."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from microdc.batch.result import Result
from microdc.batch.summary.fleets import credits_of, fleet_features, sites_table
from microdc.batch.summary.page.page import page
from microdc.batch.summary.regret.matrix import (
    Follow,
    Regrets,
    Spread,
    fleets_table,
    go_on,
    pairs_table,
    regrets,
)
from microdc.batch.summary.regret.shown import regret_shown
from microdc.batch.summary.shown import summary_shown
from microdc.batch.summary.table import summary_table
from microdc.batch.summary.told import Told, tell
from microdc.placement.parts.records import records
from microdc.report.export.spreadsheet import write_table
from microdc.report.geojson import write_features

_SUMMARY = ("summary.csv", "summary.parquet", "sites.csv", "fleets.geojson")
_REGRET = ("regret.csv", "regret-pairs.csv")
PAGE = "batch.html"
FILES = (*_SUMMARY, *_REGRET, PAGE)
"""What a batch's folder holds beside its scenarios' once its end was told."""

_PREFIX, _SUFFIX = ".summary.", ".part"

Writer = Callable[[Path], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was written of a batch, and what the terminal says of it."""

    told: tuple[Told, ...]
    regrets: Regrets | None
    files: tuple[Path, ...]

    @property
    def complete(self) -> bool:
        """Whether all that was asked for was looked at."""
        return self.regrets is None or not self.regrets.left

    def shown(self) -> list[RenderableType]:
        """Give what the terminal says."""
        regret = regret_shown(self.regrets) if self.regrets else []
        return [*summary_shown(self.told), *regret]

    def to_document(self) -> dict[str, Any]:
        """Give it as JSON knows it: a row per scenario, and per fleet where regret was asked."""
        fleets = None if self.regrets is None else records(fleets_table(self.regrets))
        rows = records(summary_table(self.told))
        files = [path.as_posix() for path in self.files]
        return {"scenarios": rows, "regret": fleets, "files": files}


def write(
    results: Sequence[Result],
    out: Path,
    *,
    regret: bool = False,
    spread: Spread = map,
    follow: Follow = go_on,
) -> Summary:
    """
    Write what a batch came to into its folder `out`, and give what the terminal says of it.

    `summary.csv` and `.parquet`, `sites.csv`, `fleets.geojson`, the page `batch.html` and, if
    `regret` is asked for, `regret.csv` and `regret-pairs.csv`, worked out by `spread`: the `map` of
    any executor; `follow` is told how far that is, and may end it. The caller holds the folder's
    lock. Files of an earlier end are replaced or go.
    """
    told = tell(results, out)
    found: Regrets | None = None
    _clear_away(out)
    written = _swapped_in(_summary(told, None), out)
    if regret:  # the summary stands already, should this be ended early
        found = regrets(told, out, spread, follow)
        written = _swapped_in({**_summary(told, found), **_regret(found)}, out)
    for name in set(FILES) - {path.name for path in written}:
        (out / name).unlink(missing_ok=True)
    return Summary(told=tuple(told), regrets=found, files=tuple(written))


def _summary(told: Sequence[Told], found: Regrets | None) -> Mapping[str, Writer]:
    """Say how each file is written."""
    table, sites, credits = summary_table(told), sites_table(told), credits_of(told)
    html = page(told, table, sites, found)
    return {
        "summary.csv": lambda path: write_table(table, path),
        "summary.parquet": lambda path: table.to_parquet(path, index=False),
        "sites.csv": lambda path: write_table(sites, path),
        "fleets.geojson": lambda path: write_features(path, fleet_features(told), credits),
        PAGE: lambda path: path.write_text(html, encoding="utf-8", newline="\n"),
    }


def _regret(found: Regrets) -> Mapping[str, Writer]:
    return {
        "regret.csv": lambda path: write_table(fleets_table(found), path),
        "regret-pairs.csv": lambda path: write_table(pairs_table(found), path),
    }


def _swapped_in(writers: Mapping[str, Writer], out: Path) -> list[Path]:
    """Write every file beside its place, then put all of them there."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, suffix=_SUFFIX, dir=out) as folder:
        drafts = {name: Path(folder) / name for name in writers}
        for name, write_it in writers.items():
            write_it(drafts[name])
        return [draft.replace(out / name) for name, draft in drafts.items()]


def _clear_away(out: Path) -> None:
    """Delete what a killed run left half-written: the folder is locked, so nobody writes it."""
    for left in out.glob(f"{_PREFIX}*{_SUFFIX}"):
        shutil.rmtree(left, ignore_errors=True)
