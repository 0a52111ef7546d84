import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def copy_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Give a copy of a scenario that ships to change, in an empty working folder."""

    def copied(name: str) -> Path:
        monkeypatch.chdir(tmp_path)
        return Path(shutil.copytree(SCENARIOS / name, tmp_path / name, dirs_exist_ok=True))

    return copied


@pytest.fixture
def tiny_plan(planned_tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the plan of scenarios/tiny to change, with its inputs, in a working folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(planned_tiny, tmp_path, dirs_exist_ok=True)
    return Path("plans/tiny")


@pytest.fixture
def tiny(copy_of: Callable[[str], Path]) -> Path:
    """Give a copy of scenarios/tiny to change, in an empty working folder."""
    return copy_of("tiny")
