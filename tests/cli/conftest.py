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
        return Path(shutil.copytree(SCENARIOS / name, tmp_path / name))

    return copied


@pytest.fixture
def tiny(copy_of: Callable[[str], Path]) -> Path:
    """Give a copy of scenarios/tiny to change, in an empty working folder."""
    return copy_of("tiny")
