import shutil
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of scenarios/tiny to change, in an empty working folder."""
    folder = tmp_path / "tiny"
    shutil.copytree(SCENARIOS / "tiny", folder)
    monkeypatch.chdir(tmp_path)
    return folder
