"""The folder that a batch writes to: whose it is, who is writing there, and what is there."""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from microdc.batch.result import RESULT, Result, write_result
from microdc.errors import UsageError
from microdc.placement.store import beside, clear_below, foreign_in, swap_in

LOCK = ".lock"
"""Locked by the operating system while a batch runs; the file may stay, the lock cannot."""
BATCH = ".batch.json"
"""Says of which folder the results are, and which batch may write at present."""

Taken = Literal["resume", "force"]


class FencedError(Exception):
    """Another batch has taken the folder over since: what this worker found is not wanted."""


@contextmanager
def claimed(out: Path, folder: Path, mode: Taken) -> Iterator[str]:
    """
    Hold a batch's folder for the results of the scenarios in `folder`; give the batch's mark.

    What killed runs left unfinished is cleared away. Raises UsageError if another batch is writing
    there, it holds the results of another folder (unless `force`), or something else than results.
    """
    try:
        _refuse_foreign(out)
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        msg = f"another batch is writing to {out}"
        raise UsageError(msg, hint="wait for it, or name another folder with --out") from None
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror}"
        raise UsageError(msg, hint="name another folder with --out") from None
    try:
        _refuse_results_of_another(out, folder, mode)
        mark = uuid.uuid4().hex
        replace_text(out / BATCH, json.dumps({"folder": _relative(folder, out), "batch": mark}))
        clear_below(out)
        yield mark
    finally:
        lock.release()


def _refuse_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", hint="name a folder for the results with --out")
    if out.exists() and any(out.iterdir()) and not (out / BATCH).exists():
        begun = (LOCK, _draft_of(out / BATCH).name)  # by a run that was killed at once
        strange = sorted(path.name for path in out.iterdir() if path.name not in begun)
        if strange:
            msg = f"{out} is there and holds something else than a batch, such as {strange[0]}"
            raise UsageError(msg, hint="name another folder with --out")


def _refuse_results_of_another(out: Path, folder: Path, mode: Taken) -> None:
    before = _stated(out).get("folder")
    if before is None or mode == "force" or before == _relative(folder, out):
        return
    msg = f"{out} holds the results of another folder, {os.path.normpath(out / before)}"
    raise UsageError(msg, hint="name another folder with --out, or take it over with --force")


def refuse_to_write_after(mark: str, out: Path) -> None:
    """Raise FencedError if another batch has claimed the folder since `mark` was given."""
    if _stated(out).get("batch") != mark:
        msg = f"another batch has taken {out.name} over"
        raise FencedError(msg)


def put(result: Result, out: Path, mark: str) -> None:
    """Put a result without a plan in its place, whole; a plan that was there goes, notes stay."""
    folder = (out / result.name).resolve()
    with beside(folder) as draft:
        for kept in foreign_in(folder) if folder.is_dir() else ():
            copy = shutil.copytree if kept.is_dir() else shutil.copy2
            copy(kept, draft / kept.name)
        write_result(result, draft, out)
        refuse_to_write_after(mark, out)
        swap_in(draft, folder)


def gone(out: Path, names: set[str]) -> list[str]:
    """Name the results in a batch's folder whose scenario is not there any more."""
    there = (file.parent.relative_to(out) for file in out.rglob(RESULT))
    whole = {path.as_posix() for path in there if not any(p.startswith(".") for p in path.parts)}
    return sorted(whole - names)


def replace_text(file: Path, text: str) -> None:
    """Write a file beside its place and swap it in."""
    draft = _draft_of(file)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(file)


def _draft_of(file: Path) -> Path:
    return file.with_name(f".{file.name}.part")


def _stated(out: Path) -> dict[str, Any]:
    try:
        told = json.loads((out / BATCH).read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _relative(folder: Path, out: Path) -> str:
    try:
        return Path(os.path.relpath(folder.resolve(), out.resolve())).as_posix()
    except ValueError:  # it stands on another drive
        return folder.resolve().as_posix()
