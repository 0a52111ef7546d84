"""A sweep as a folder of files that a person can read: a base, its variants, and a table."""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from microdc.errors import UsageError
from microdc.placement.store import beside, swap_in
from microdc.report.export.spreadsheet import write_table
from microdc.scenario import Scenario, load_scenario
from microdc.scenario.reading.layers import moved
from microdc.scenario.reading.variant import write_copy, write_variant
from microdc.studies.sweeping.stated import Swept, swept_in
from microdc.studies.sweeping.variants import Variant, variants_of

BASE = "_base.yaml"
"""The file that every variant extends; a batch passes over names that begin so."""
TABLE = "sweep.csv"
FOLDER = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to vary, and where to write it."""

    changes: Sequence[str]
    """`KEY=VALUE,VALUE` each."""
    paired: bool
    out: Path | None
    """None: `sweep`, beside the scenario file."""
    most: int
    force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A sweep that was written: the scenario's name, the folder, and its files in order."""

    name: str
    folder: Path
    files: tuple[Path, ...]


def sweep(path: Path, asked: Asked) -> Sweep:
    """
    Write the variants of a scenario as files, with the base they extend and `sweep.csv`.

    All stand in a folder of their own, swapped in whole once every variant was checked. Raises
    UsageError or InputError, with the faults of all variants, and then nothing is written.
    """
    scenario = load_scenario(path)
    swept = swept_in(asked.changes)
    beside_it = (path if path.is_dir() else path.parent) / FOLDER
    folder = beside_it if asked.out is None else asked.out
    try:
        _refuse_taken(folder, force=asked.force)
        variants = variants_of(scenario, swept, paired=asked.paired, most=asked.most)
        whole = folder.resolve()
        with beside(whole) as draft:
            _write(scenario, swept, variants, draft)
            swap_in(draft, whole)
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}"
        raise UsageError(msg, hint="name another folder with --out") from None
    files = tuple(folder / f"{variant.stem}.yaml" for variant in variants)
    return Sweep(name=scenario.name, folder=folder, files=files)


def _refuse_taken(folder: Path, *, force: bool) -> None:
    """Raise UsageError unless a folder is new, or holds nothing but a sweep to be replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint="name a folder with --out")
    present = sorted(path.name for path in folder.iterdir())
    if present and not force:
        msg = f"{folder} exists already"
        raise UsageError(msg, hint="replace it with --force, or name another folder with --out")
    ours = {BASE, TABLE, *_listed(folder / TABLE)}
    foreign = [name for name in present if name not in ours]
    if foreign:
        msg = f"{folder} holds files that no sweep wrote, such as {foreign[0]}"
        raise UsageError(msg, hint="name another folder with --out")


def _listed(table: Path) -> list[str]:
    """Name the files that the table of a sweep lists."""
    if not table.is_file():
        return []
    with table.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return [row.get("file") or "" for row in csv.DictReader(lines)]


def _write(
    scenario: Scenario, swept: Sequence[Swept], variants: Sequence[Variant], folder: Path
) -> None:
    inner = _way_back(scenario, folder)
    because = (
        f"{scenario.name} as it stood in {scenario.path.name} when this sweep was written, "
        "for every file here to extend."
    )
    base = write_copy(scenario, folder / BASE, inner, because=because)
    for variant in variants:
        said = zip(swept, variant.written, strict=True)
        told = " and ".join(f"{one.key} = {text}" for one, text in said)
        write_variant(
            base,
            moved(variant.changes, inner),
            folder / f"{variant.stem}.yaml",
            name=variant.name,
            because=f"{scenario.name} with {told}",
        )
    write_table(_table(swept, variants), folder / TABLE)


def _way_back(scenario: Scenario, folder: Path) -> Path:
    """Give the way from a folder to that of the scenario."""
    there = scenario.folder.resolve()
    try:
        return Path(os.path.relpath(there, folder.resolve()))
    except ValueError:  # on another drive
        return there


def _table(swept: Sequence[Swept], variants: Sequence[Variant]) -> pd.DataFrame:
    """List the variants: `file`, `name`, and the value of each key."""
    files = pd.DataFrame(
        {"file": [f"{v.stem}.yaml" for v in variants], "name": [v.name for v in variants]}
    )
    values = {}
    for place, one in enumerate(swept):
        column = pd.Series([variant.written[place] for variant in variants], dtype="str")
        numbers = pd.to_numeric(column, errors="coerce")
        as_typed = numbers.map("{:g}".format) == column  # an id such as 007 is no 7
        values[one.key] = numbers if as_typed.all() else column
    return files.assign(**values)
