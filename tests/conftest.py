import io
import os
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy: each core has its own worker

import pytest
from staged_plans import staged
from xdist.scheduler import WorkStealingScheduling

from microdc.cli import main
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

HERE = Path(__file__).parent
UNTRACED = ("benchmarks", "browser", "fuzz", "known", "property")
"""Folders whose tests are not traced: they only come to lines that others do, in twice the time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(HERE).parts[0] in UNTRACED:
            item.add_marker("no_cover")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WorkStealingScheduling:
    """Let a worker take tests that stand together, so that what they share is planned once."""
    return WorkStealingScheduling(config, log)


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run a command in this process, as a terminal would."""

    def command(*arguments: object) -> Answer:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        return Answer(int(end.value.code or 0), out.getvalue(), err.getvalue())

    return command


@pytest.fixture(scope="session")
def planned_tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with scenarios/tiny in `tiny`, planned into `plans/tiny`: to be copied."""
    place = tmp_path_factory.mktemp("planned")
    inputs = shutil.copytree(HERE.parent / "scenarios" / "tiny", place / "tiny")
    clock = Clock(float("inf"))
    out = place / "plans" / "tiny"
    plan_scenario(inputs, out, force=False, overrides={}, watch=lambda _: None, clock=clock)
    return place


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a programme of stages, planned once: to be read and left as it is."""
    return staged(tmp_path_factory.mktemp("staged"))
