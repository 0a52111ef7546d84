"""A batch: every scenario of a folder planned, unless its result is there already."""

import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import microdc
from microdc.batch.collect import Workers, collected
from microdc.batch.folder import USUAL_GLOBS, scenario_files
from microdc.batch.key import Hashes, code, inputs_of, key_of
from microdc.batch.out import FencedError, Taken, claimed, gone, put, replace_text
from microdc.batch.progress import LOG, Following, Show, Standing, logged
from microdc.batch.result import Result, Status, read_result
from microdc.batch.summary import Summary, write
from microdc.batch.summary.write import FILES as SUMMARY_FILES
from microdc.batch.workers.answer import Answer, Task, told_of
from microdc.batch.workers.local import LocalWorkers, usual_count
from microdc.errors import InputError
from microdc.inputs.read import files_of
from microdc.inputs.tables.forms.memory import needed
from microdc.placement.verify.document import DOCUMENT
from microdc.scenario import load_scenario
from microdc.solve.highs import Clock

RESULTS = "results.json"
OUR_FILES = (RESULTS, LOG, *SUMMARY_FILES)
"""What a batch's folder holds beside those of its scenarios."""
LATE = (Status.STOPPED, Status.NO_PLAN)
"""What more time may change."""
SETTLED = (Status.PLANNED, Status.INFEASIBLE)
"""What trying again cannot change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be planned, by whom, and what is to be computed again."""

    folder: Path
    out: Path | None = None
    """Where results go; None: `plans/<name of the folder>`."""
    globs: Sequence[str] = USUAL_GLOBS
    workers: int | None = None
    """Processes on this machine; None: as many as cores and memory allow."""
    solving: Mapping[str, object] = field(default_factory=dict)
    """What replaces keys of each scenario's `solve`, beside `threads`, which is 1."""
    mode: Taken = "resume"
    """Whether results that are up to date stay (resume), or all is computed again (force)."""
    reuse: bool = False
    """Whether a worker begins each search with what its last one of the same base learnt."""
    regret: bool = False
    """Whether each fleet is priced in the other scenarios, too."""
    retry: bool = False
    """Whether all but plans within the gap and proven answers is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of a batch."""

    out: Path
    results: Sequence[Result]
    """In the order of their names."""
    before: frozenset[str]
    """Names of those that were there already."""
    unfinished: Sequence[str]
    """Names of scenarios without a result, because the batch was ended."""
    gone: Sequence[str]
    """Names of results in the folder whose scenario is not there any more."""
    seconds: float
    workers: int

    @property
    def all_planned(self) -> bool:
        """Whether every scenario has a plan within its gap."""
        planned = all(result.status is Status.PLANNED for result in self.results)
        return planned and not self.unfinished


Hire = Callable[[Asked, float, int], Workers]
"""Gives workers for so many tasks, of which the largest reads tables of so many bytes."""


def local_workers(asked: Asked, tables_bytes: float, tasks: int) -> Workers:
    """Give the workers that were asked for, but no more than there are tasks."""
    count = usual_count(tables_bytes) if asked.workers is None else asked.workers
    return LocalWorkers(max(1, min(count, tasks)))


def batch_of(
    asked: Asked, show: Show, clock: Clock, hire: Hire = local_workers
) -> tuple[Batch, Summary]:
    """
    Plan every scenario in a folder that has no result yet, side by side, and sum all results up.

    `hire` gives the workers. Each result is written, whole, as soon as it is there; an interrupted
    clock ends all workers at once. Raises UsageError if there is nothing to plan, or the results'
    folder is not to be had.
    """
    out = Path("plans") / asked.folder.resolve().name if asked.out is None else asked.out
    files = scenario_files(asked.folder, asked.globs, out, taken=OUR_FILES)
    with claimed(out, asked.folder, asked.mode) as mark, logged(out) as log:
        prepared = _Prepared(asked, list(files), out.resolve(), mark, clock)
        for name, file in files.items():
            if not clock.interrupted:
                prepared.take(name, file)
        standing = Standing(len(files), len(prepared.before))
        follow = Following(standing, show, log)
        workers = hire(asked, prepared.tables_bytes, len(files if asked.regret else prepared.tasks))
        with ExitStack() as hired:
            hired.callback(workers.end)
            batch = _run(prepared, workers, follow, log)
            replace_text(out / RESULTS, _json(to_document(batch)))
            if clock.interrupted or not asked.regret:
                hired.close()
            if not asked.regret:
                return batch, write(batch.results, out)
            return batch, _with_regret(batch, workers, follow, clock)


class _Prepared:
    """What is known of each scenario before any work is done: its result, or a task."""

    def __init__(
        self, asked: Asked, names: Sequence[str], out: Path, mark: str, clock: Clock
    ) -> None:
        self.asked, self.names, self.out, self.mark, self.clock = asked, names, out, mark, clock
        self.results: dict[str, Result] = {}
        self.before: set[str] = set()
        self.tasks: list[Task] = []
        self.tables_bytes = 0.0
        self._hashes = Hashes()
        self._bytes = cache(_bytes)

    def take(self, name: str, file: Path) -> None:
        """Find out whether a scenario's result is there already, and make a task of it if not."""
        try:
            task = self._task(name, file.absolute())
        except InputError as error:
            self._refused(name, file.absolute(), error)
            return
        there = read_result(self.out / name, self.out)
        if there is not None and self._stands(there, task):
            self.results[name] = replace(there, file=task.file)  # .yml may have become .yaml
            self.before.add(name)
            return
        (self.out / name).parent.mkdir(parents=True, exist_ok=True)  # workers would race for it
        self.tasks.append(task)

    def _task(self, name: str, file: Path) -> Task:
        scenario = load_scenario(file)
        solving = {**self.asked.solving, "threads": 1}
        scenario = scenario.model_copy(update={"solve": scenario.solve.model_copy(update=solving)})
        inputs = inputs_of(scenario, self._hashes)
        read = sum(self._bytes(path) for path in files_of(scenario).values())
        self.tables_bytes = max(self.tables_bytes, read)
        return Task(
            name=name,
            file=file,
            folder=self.asked.folder.absolute(),
            out=self.out,
            mark=self.mark,
            key=key_of(scenario, inputs, self._hashes, reuse=self.asked.reuse),
            code=code(),
            solving=solving,
            time_limit_s=scenario.solve.time_limit_s,
            reuse=self.asked.reuse,
        )

    def _refused(self, name: str, file: Path, error: InputError) -> None:
        """Keep the faults of a scenario file; a worker could only find the same."""
        blank = Result(name=name, file=file, status=Status.BAD_INPUT)
        result = told_of(error, blank, self.asked.folder.absolute())
        self.results[name] = result
        put(result, self.out, self.mark)

    def _stands(self, there: Result, task: Task) -> bool:
        """Whether a result that is there is what computing it again would give."""
        lost = there.has_plan and not (self.out / task.name / DOCUMENT).is_file()
        if self.asked.mode == "force" or there.key != task.key or lost:
            return False
        if there.status is Status.FAILED or (self.asked.retry and there.status not in SETTLED):
            return False
        return there.status not in LATE or task.time_limit_s <= there.time_limit_s


def _bytes(table: Path) -> int:
    """Estimate the memory that reading a table takes."""
    need = needed(table)
    return 0 if need is None else need.bytes


def _with_regret(batch: Batch, workers: Workers, follow: Following, clock: Clock) -> Summary:
    """Write what the batch came to, fleets priced by its workers; an interrupt ends that."""

    def priced(done: int, of: int) -> bool:
        follow.priced(done, of)
        return not clock.interrupted

    spread = partial(workers.map, clock=clock)
    return write(batch.results, batch.out, regret=True, spread=spread, follow=priced)


def _run(prepared: _Prepared, workers: Workers, follow: Following, log: logging.Logger) -> Batch:
    started_s = time.monotonic()
    log.info(
        "batch of %s with microdc %s: %d scenarios, %d from before, %d to plan with %d worker(s)",
        prepared.asked.folder, microdc.__version__, len(prepared.names),
        len(prepared.before), len(prepared.tasks), workers.count(),
    )  # fmt: skip
    for name in sorted(prepared.results.keys() - prepared.before):
        follow.ended(Answer(prepared.results[name]))
    results = dict(prepared.results)
    for result in collected(prepared.tasks, workers, follow, prepared.clock):
        results[result.name] = result
        if result.status is Status.FAILED:  # its worker may have been lost before it could
            with suppress(OSError, FencedError):
                put(result, prepared.out, prepared.mark)
    unfinished = [name for name in prepared.names if name not in results]
    if unfinished:
        log.warning("ended on request; %d scenarios have no result", len(unfinished))
    log.info("batch ended: %s", follow.standing.head().plain)
    return Batch(
        out=prepared.out,
        results=[results[name] for name in prepared.names if name in results],
        before=frozenset(prepared.before),
        unfinished=unfinished,
        gone=gone(prepared.out, set(prepared.names)),
        seconds=time.monotonic() - started_s,
        workers=workers.count(),
    )


def to_document(batch: Batch) -> dict[str, Any]:
    """Tell a batch in plain values, as JSON can hold them."""
    counts = Counter(result.status for result in batch.results)
    return {
        "scenarios": len(batch.results) + len(batch.unfinished),
        "counts": {status.value: counts[status] for status in Status},
        "from_before": len(batch.before),
        "unfinished": list(batch.unfinished),
        "gone": list(batch.gone),
        "seconds": round(batch.seconds, 3),
        "workers": batch.workers,
        "results": [result.to_document(batch.out) for result in batch.results],
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
