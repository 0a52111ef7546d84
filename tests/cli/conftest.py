import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from microdc.cli import main

SCENARIOS = Path(__file__).parents[2] / "scenarios"


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


@pytest.fixture
def copy_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Give a copy of a scenario that ships to change, in an empty working folder."""

    def copied(name: str) -> Path:
        monkeypatch.chdir(tmp_path)
        return Path(shutil.copytree(SCENARIOS / name, tmp_path / name))

    return copied


@pytest.fixture
def tiny(copy_of: Callable[[str], Path]) -> Path:
    """Give a copy of scenarios/tiny to change, in an empty working folder."""
    return copy_of("tiny")
