from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from staged_plans import staged

from microdc.cli import main

HERE = Path(__file__).parent
UNTRACED = ("benchmarks", "browser", "fuzz", "known", "property")
"""Folders whose tests are not traced: they only come to lines that others do, in twice the time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(HERE).parts[0] in UNTRACED:
            item.add_marker("no_cover")


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process, as a terminal would."""

    def command(*arguments: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return Answer(int(end.value.code or 0), shown.out, shown.err)

    return command


@pytest.fixture(scope="session")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a programme of stages, planned once: to be read and left as it is."""
    return staged(tmp_path_factory.mktemp("staged"))
