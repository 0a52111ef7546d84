"""A batch worked out once: tiny with two bounds and two sizes, an infeasible one, a broken one."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from finished_batch import batch_of

from microdc.batch.result import Result

TINY = Path(__file__).parents[4] / "scenarios" / "tiny"


@dataclass(frozen=True)
class Batch:
    """Results and the folder of their plans; files are copied before a test changes any."""

    results: tuple[Result, ...]
    out: Path


VARIANTS = {
    # West and Middle may have 15 MW below Harbour, East 10: the plan of the hand, 28.4.
    "a-plain": "{}",
    # No site above 10 MW: two blocks in West and two in East, 28.8.
    "b-small": "sites: {max_mw: 10}",
    # East is ruled out: three blocks in Middle alone, 29.0.
    "c-no-east": "limits: {forbid: [east]}",
    # Half of near everywhere, and nobody reaches Dune.
    "d-floor": "services: {near: {min_served: 0.5}}",
    "e-wrong": "sites: {max_mww: 10}",
}


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = tmp_path_factory.mktemp("batch")
    shutil.copytree(TINY, folder / "tiny")
    files = []
    for name, change in VARIANTS.items():
        file = folder / "tiny" / f"{name}.yaml"
        own = "" if change == "{}" else f"{change}\n"
        file.write_text(f"schema: 1\nname: {name}\nextends: scenario.yaml\n{own}")
        files.append(file)
    out = folder / "out"
    return Batch(tuple(batch_of(files, out)), out)
