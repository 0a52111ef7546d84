"""Plans of the scenarios that are solved by hand, each made once."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from microdc.cli import main

SCENARIOS = Path(__file__).parents[4] / "scenarios"


@pytest.fixture(scope="package")
def planned(tmp_path_factory) -> Callable[[str], Path]:
    """Give the folder of a scenario's plan; its inputs lie beside it in `in`."""
    made: dict[str, Path] = {}

    def folder_of(name: str) -> Path:
        if name not in made:
            root = tmp_path_factory.mktemp(name)
            shutil.copytree(SCENARIOS / name, root / "in")
            made[name] = root / "plan"
            with pytest.raises(SystemExit) as end:
                main(["plan", str(root / "in"), "--out", str(made[name]), "--quiet"])
            assert not end.value.code
        return made[name]

    return folder_of
