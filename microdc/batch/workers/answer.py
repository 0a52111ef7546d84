"""What a worker does for one scenario: read it, plan it, and put the result in its place."""

import os
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from microdc.batch.key import Hashes, code, inputs_of, key_of
from microdc.batch.out import put, refuse_to_write_after
from microdc.batch.result import Result, Status, write_result
from microdc.errors import InfeasibleError, InputError, MicrodcError, NoPlanError, UsageError
from microdc.inputs.kept import OF_THIS_PROCESS, keeping
from microdc.inputs.read import read_region
from microdc.placement.plan import Plan
from microdc.placement.store import write_plan
from microdc.placement.words.aims import unproven
from microdc.placement.words.rounding import percent_up
from microdc.report.brief import in_brief
from microdc.report.geojson import write_geojson
from microdc.report.words import percent
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Watch
from microdc.solve.search.known import Known
from microdc.workflow import IMPOSSIBLE, plan_from

CHANGED = (
    "a file that it reads was changed meanwhile, or its worker has other versions of the solver "
    "and its libraries; run the batch again"
)

_LEARNT: dict[Path, Known] = {}
"""What the last search learnt, by the last file that its scenario extends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One scenario for a worker, which may run on another machine with the same files."""

    name: str
    file: Path
    """The scenario file, absolute."""
    folder: Path
    """That of the batch's scenarios, absolute; faults name files below it."""
    out: Path
    """That of the batch's results, absolute."""
    mark: str
    """What the batch claimed that folder with."""
    key: str
    code: str
    """Hash of microdc's sources in the process that asks."""
    solving: dict[str, object]
    """What replaces keys of the scenario's `solve`."""
    time_limit_s: float
    reuse: bool = False
    """Whether the search begins with what the process's last one of the same base learnt."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and for the log the traceback of what went wrong in our own code."""

    result: Result
    trace: str = ""


def unwatched(_mark: object) -> None:
    """Take no notice of how a search comes along."""


def answer(task: Task, watch: Watch = unwatched) -> Answer:
    """Give what becomes of a scenario; the result is also in its folder, unless that failed."""
    started_s = time.monotonic()
    blank = Result(
        name=task.name,
        file=task.file,
        status=Status.FAILED,
        key=task.key,
        time_limit_s=task.time_limit_s,
    )
    try:
        with keeping(OF_THIS_PROCESS):
            return Answer(_planned(task, blank, watch, started_s))
    except Exception as error:
        result = replace(told_of(error, blank, task.folder), seconds=_since(started_s))
        trace = "" if isinstance(error, MicrodcError) else traceback.format_exc()
    try:
        if result.status is not Status.FAILED and key_now(task) != task.key:
            result = replace(result, status=Status.FAILED, reason=CHANGED)
        put(result, task.out, task.mark)
    except Exception:
        trace += traceback.format_exc()
    return Answer(result, trace)


def _planned(task: Task, blank: Result, watch: Watch, started_s: float) -> Result:
    _refuse_other_code(task)
    clock = Clock(float("inf"))
    scenario = _scenario(task)
    base = (scenario.path, *scenario.bases)[-1]
    known = _LEARNT.get(base) if task.reuse else None
    plan, learnt = plan_from(known, scenario, read_region(scenario), watch, clock)
    if task.reuse and learnt is not None:
        _LEARNT.clear()
        _LEARNT[base] = learnt
    if key_now(task) != task.key:
        raise UsageError(CHANGED)
    result = replace(_with_plan(blank, plan), seconds=_since(started_s))

    def also(plan: Plan, draft: Path) -> Iterable[Path]:
        refuse_to_write_after(task.mark, task.out)
        return [*write_geojson(plan, draft), write_result(result, draft, task.out)]

    write_plan(plan, task.out / task.name, force=True, also=also)
    return result


def _scenario(task: Task) -> Scenario:
    scenario = load_scenario(task.file)
    solving = scenario.solve.model_copy(update=task.solving)
    return scenario.model_copy(update={"solve": solving})


def key_now(task: Task) -> str:
    """Give the content address of a task's result as its files are now, and in this process."""
    try:
        scenario, hashes = _scenario(task), Hashes()
    except InputError:  # it could be read when the batch began
        return ""
    return key_of(scenario, inputs_of(scenario, hashes), hashes, reuse=task.reuse)


def _refuse_other_code(task: Task) -> None:
    """Refuse to answer with other code or solvers than the key of the result speaks of."""
    if code() != task.code:
        msg = (
            "this worker has other code of microdc, or another solver, than the batch that asks it"
        )
        raise RuntimeError(msg)


def _with_plan(blank: Result, plan: Plan) -> Result:
    document = plan.to_document()
    within = document["status"] == "within gap"
    return replace(
        blank,
        status=Status.PLANNED if within else Status.STOPPED,
        reason="" if within else _missed(document),
        plan=Path(blank.name),
        figures=in_brief(document),
    )


def _missed(document: dict[str, Any]) -> str:
    """Say what of all that was asked for is not proven: the gap, or an objective before cost."""
    proven, missed = document["certificate"], list(unproven(document))
    if proven["gap"] > proven["asked_gap"]:
        asked = f"{percent(proven['asked_gap'])} was asked for"
        missed.insert(0, f"the gap is {percent_up(proven['gap'])}, {asked}")
    how = f"stopped ({document['status']})"
    return f"{how}: {'; '.join(missed)}" if missed else how


def told_of(error: Exception, blank: Result, folder: Path) -> Result:
    """Say why a scenario has no plan."""
    if isinstance(error, InputError):
        faults = [replace(fault, file=_below(fault.file, folder)) for fault in error.faults]
        return replace(blank, status=Status.BAD_INPUT, reason=InputError(faults).message)
    if isinstance(error, InfeasibleError):
        reason = error.message.removeprefix(IMPOSSIBLE).strip()
        return replace(blank, status=Status.INFEASIBLE, reason=reason)
    if isinstance(error, NoPlanError):
        known = {"bound": error.bound} if error.bound > float("-inf") else {}
        return replace(blank, status=Status.NO_PLAN, reason=error.message, figures=known)
    if isinstance(error, MemoryError):
        return replace(blank, reason="there was not enough memory for it")
    told = error.message if isinstance(error, MicrodcError) else repr(error)
    return replace(blank, reason=told)


def _since(started_s: float) -> float:
    return round(time.monotonic() - started_s, 3)


def _below(file: str, folder: Path) -> str:
    """Name a file as it lies below the batch's folder, where it does."""
    path = Path(file)
    inside = path.is_absolute() and path.is_relative_to(folder)
    return Path(os.path.relpath(path, folder)).as_posix() if inside else file
