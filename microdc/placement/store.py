"""A plan as a folder: written beside its place, verified there, and swapped in whole."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from microdc.errors import InputError, UsageError
from microdc.placement.plan import Plan
from microdc.placement.verify import CHANGED, broken_promises
from microdc.placement.verify.document import (
    DOCUMENT,
    HELD_HOURS,
    HOURLY_SERVICE,
    HOURS,
    NEEDED,
    PRICES,
    SERVICE,
    STAGES,
    read_document,
    read_hours,
    read_prices,
    read_service,
)
from microdc.scenario import Scenario

ALTERNATIVES = "alternatives.geojson"

OUR_FILES = frozenset(
    {
        *(DOCUMENT, SERVICE, PRICES, NEEDED, HELD_HOURS, HOURS, HOURLY_SERVICE),
        *("sites.geojson", "service.geojson", "hubs.geojson", ALTERNATIVES),
        *(STAGES, "report.html", "plan.gpkg", "plan.kml", "sites.csv", "service.csv", "hubs.csv"),
        *("attributions.csv", "sites.parquet", "service_lines.parquet"),
        *("hubs.parquet", "unserved.parquet", "result.json"),
        *(f"{figure}.{to}" for figure in ("map", "convergence") for to in ("png", "svg", "pdf")),
    }
)
"""What a plan's folder may hold: the plan, what it is exported to, and what a batch says of it."""

_STALE_S = 3600.0
"""Age at which an unfinished folder of a killed run is cleared away (s)."""

Writer = Callable[[Plan, Path], Iterable[Path]]


class UnsoundPlanError(Exception):
    """A plan breaks its own promises: a bug of ours, and nothing is written."""


def refuse_existing(folder: Path, *, force: bool) -> None:
    """Raise UsageError unless a plan may, and can, be written to a folder."""
    try:
        _refuse_taken(folder, force=force)
        _try(folder.resolve())  # better told before the search than after it
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}"
        raise UsageError(msg, hint="name another folder with --out") from None


def _try(folder: Path) -> None:
    """Begin to write beside a folder, and leave nothing of it."""
    missing = [parent for parent in folder.parents if not parent.exists()]
    with beside(folder):
        pass
    for parent in missing:
        parent.rmdir()


def _refuse_taken(folder: Path, *, force: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        msg = f"{folder} is a file"
        raise UsageError(msg, hint="name a folder for the plan with --out")
    if not force and any(folder.iterdir()):
        msg = f"{folder} exists already"
        raise UsageError(msg, hint="replace it with --force, or name another folder with --out")
    foreign = foreign_in(folder)
    if foreign:
        msg = f"{folder} holds files that are no plan's, such as {foreign[0].name}"
        raise UsageError(msg, hint="name another folder with --out")


def foreign_in(folder: Path) -> list[Path]:
    """Give what a folder holds that belongs to no plan, such as notes that somebody made."""
    return sorted(
        path for path in folder.iterdir() if path.name not in OUR_FILES and not _is_stage(path)
    )


def _is_stage(path: Path) -> bool:
    """Whether a folder is that of a stage, with nothing in it but its plan."""
    beside_stages = (path.parent / STAGES).is_file() and (path / DOCUMENT).is_file()
    return beside_stages and not foreign_in(path)


def write_plan(plan: Plan, folder: Path, *, force: bool, also: Writer) -> None:
    """
    Write a plan and what `also` makes of it, once it keeps all its promises.

    Raises UsageError if the folder is taken or a file that was read is not what it was any more,
    UnsoundPlanError if `verify` finds a broken promise.
    """
    folder = folder.resolve()
    refuse_existing(folder, force=force)
    with beside(folder) as draft:
        write_sound(plan, draft, folder, also)
        swap_in(draft, folder)


def write_sound(plan: Plan, draft: Path, folder: Path, also: Writer) -> None:
    """Write a plan that will stand in a folder to a draft of it; raises as `write_plan` does."""
    _write_files(plan, draft, folder)
    list(also(plan, draft))
    _expect_sound(draft)


def expect_sound(plan: Plan, folder: Path, scenario: Scenario) -> None:
    """
    Raise UnsoundPlanError if a plan, as it would be written to a folder, breaks a promise.

    `scenario` is what was planned, where that is not all that the scenario's file says.
    """
    folder = folder.resolve()
    with beside(folder) as draft:
        _write_files(plan, draft, folder)
        _expect_sound(draft, scenario)


def _expect_sound(draft: Path, scenario: Scenario | None = None) -> None:
    try:
        broken = broken_promises(draft, scenario)
    except InputError as error:
        broken = [str(error)]
    changed = [line for line in broken if CHANGED in line]
    if changed:
        raise UsageError("; ".join(changed), hint="nothing was written; plan it again")
    if broken:
        msg = "the plan found does not keep its promises:\n" + "\n".join(broken)
        raise UnsoundPlanError(msg)


def read_plan(folder: Path) -> Plan:
    """Read a plan back; raise InputError if the folder holds none that can be read."""
    read_document(folder)  # tells what is wrong with it
    document, service = json.loads((folder / DOCUMENT).read_bytes()), read_service(folder)
    provenance = document["provenance"]
    document["provenance"] = {
        **provenance,
        "scenario": _absolute(provenance["scenario"], folder),
        "bases": [_absolute(record, folder) for record in provenance.get("bases", ())],
        "inputs": [_absolute(record, folder) for record in provenance["inputs"]],
    }
    prices = read_prices(folder) if document["certificate"].get("prices") else None
    by_hour = read_hours(folder) if document.get("hours") else None
    return Plan.from_document(document, service, prices, by_hour)


def _absolute(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {**record, "path": Path(os.path.normpath(folder.resolve() / record["path"]))}


def _write_files(plan: Plan, draft: Path, folder: Path) -> None:
    _write_tables(plan, draft)
    document = plan.to_document()
    provenance = document["provenance"]
    document["provenance"] = {
        **provenance,
        "scenario": _relative(provenance["scenario"], folder),
        "bases": [_relative(record, folder) for record in provenance.get("bases", ())],
        "inputs": [_relative(record, folder) for record in provenance["inputs"]],
        "service_sha256": _sha256(draft / SERVICE),
        "hourly_service_sha256": _sha256(draft / HOURLY_SERVICE) if plan.hours else None,
    }
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    (draft / DOCUMENT).write_text(text + "\n", encoding="utf-8")


def _write_tables(plan: Plan, draft: Path) -> None:
    service = plan.service.astype({"site": "string"})  # text, also where nobody is served
    service.to_parquet(draft / SERVICE, index=False)
    if plan.prices is not None:
        plan.prices.points.to_parquet(draft / PRICES, index=False)
        rest = {NEEDED: plan.prices.needed, HELD_HOURS: plan.prices.held_hours}
        for name, table in rest.items():
            if len(table):
                table.to_parquet(draft / name, index=False)
    if plan.hours is not None:
        plan.hours.tables.hours.to_parquet(draft / HOURS, index=False)
        plan.hours.tables.moved.to_parquet(draft / HOURLY_SERVICE, index=False)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _relative(record: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Give a file's record with its path from the plan's folder, where there is a way."""
    path = Path(record["path"])
    with suppress(ValueError):  # it may stand on another drive
        path = Path(os.path.relpath(path, folder))
    return {**record, "path": path.as_posix()}


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    msg = f"{value!r} does not belong in {DOCUMENT}"
    raise TypeError(msg)


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside another, gone again unless it was moved away."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clear_away(folder)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    draft.chmod(0o755)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _clear_away(folder: Path) -> None:
    """Put back the plan that a killed run had moved aside; delete what is older than an hour."""
    for old in sorted(folder.parent.glob(f".{folder.name}.*.old")):
        if not folder.exists():
            old.rename(folder)
    for left in folder.parent.glob(f".{folder.name}.*"):
        ours = left.suffix in (".part", ".old")
        if ours and time.time() - left.stat().st_mtime > _STALE_S:
            shutil.rmtree(left, ignore_errors=True)


def clear_below(folder: Path) -> None:
    """Undo what killed runs left anywhere below a folder; nobody may be writing there."""
    for old in sorted(folder.rglob(".*.old")):
        place = old.with_name(old.name[1:].rsplit(".", 2)[0])
        if not place.exists():
            old.rename(place)
    for ending in (".old", ".part"):
        for left in sorted(folder.rglob(f".*{ending}")):
            shutil.rmtree(left, ignore_errors=True)


def swap_in(draft: Path, folder: Path) -> None:
    """Put a finished folder in its place; the one that was there goes only after that."""
    if not folder.exists():
        draft.rename(folder)
        return
    old = draft.with_suffix(".old")
    folder.rename(old)
    try:
        draft.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
