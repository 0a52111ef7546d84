import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from microdc.batch.collect import OfExecutor
from microdc.batch.run import Asked, Batch, batch_of
from microdc.batch.summary import Summary
from microdc.batch.workers import answer
from microdc.inputs.read import read_region
from microdc.placement.plan import Plan
from microdc.placement.store import beside, swap_in
from microdc.scenario import load_scenario
from microdc.solve.highs import Clock
from microdc.workflow import plan_of

TINY = Path(__file__).parents[3] / "scenarios" / "tiny"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """
    Give a folder of four scenarios: `north` and `south` of one base, `alone`, and `broken`.

    `alone` is the only one that reads `other-places.csv`.
    """
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for table in ("substations.csv", "places.csv"):
        shutil.copy(TINY / table, folder)
    shutil.copy(TINY / "places.csv", folder / "other-places.csv")
    shutil.copy(TINY / "scenario.yaml", folder / "_base.yaml")
    write = {
        "north": "limits: {max_sites: 1}\n",
        "south": "sites: {max_mw: 10}\n",
        "alone": "demand: [{path: other-places.csv}]\n",
        "broken": "sites: {max_mw: none}\n",
    }
    for name, own in write.items():
        text = f"schema: 1\nname: {name}\nextends: _base.yaml\n{own}"
        (folder / f"{name}.yaml").write_text(text)
    return folder


@pytest.fixture(scope="session")
def plan_of_tiny() -> Plan:
    scenario = load_scenario(TINY)
    return plan_of(scenario, read_region(scenario), lambda mark: None, Clock(float("inf")))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, plan_of_tiny: Plan) -> None:
    """Let every scenario that can be read have tiny's plan, at once and unverified."""

    def written(plan, folder, *, force, also):
        with beside(folder) as draft:
            (draft / "plan.json").write_text("{}")
            list(also(plan, draft))
            swap_in(draft, folder)

    nothing = Summary(told=(), regrets=None, files=())
    monkeypatch.setattr("microdc.batch.run.write", lambda *_, **__: nothing)
    monkeypatch.setattr(answer, "plan_from", lambda *_: (plan_of_tiny, None))
    monkeypatch.setattr(answer, "write_plan", written)


@pytest.fixture
def planned(folder: Path) -> Callable[..., Batch]:
    """Run a batch of the folder with one worker in this process."""

    def run(**more: object) -> Batch:
        asked = Asked(**{"folder": folder, "out": folder.parent / "out", **more})
        clock = Clock(float("inf"))
        with ThreadPoolExecutor(1) as executor:
            hire = lambda *_: OfExecutor(executor, 1)  # noqa: E731
            batch, _ = batch_of(asked, lambda standing, result: None, clock, hire)
        return batch

    return run
