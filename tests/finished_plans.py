"""Finished plans to be changed and verified: each in a folder of its own, beside its inputs."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from microdc import assembly, workflow
from microdc.errors import InputError
from microdc.inputs.lint import lint
from microdc.inputs.read import read_region
from microdc.inputs.region import Region
from microdc.placement.plan import make_plan
from microdc.placement.store import write_plan
from microdc.placement.verify import broken_promises
from microdc.scenario import Scenario, load_scenario
from microdc.solve.highs import Clock
from microdc.solve.outcome import Outcome

HOURS, HOURLY_SERVICE = BY_HOUR = ("hours.parquet", "hourly_service.parquet")


@dataclass(frozen=True)
class Finished:
    """A finished plan in `root/plans/plan`, its scenario in `root/in`, and how it came about."""

    root: Path
    scenario: Scenario
    region: Region
    outcome: Outcome
    service: pd.DataFrame
    far: dict[str, float]


def finished(root: Path) -> Finished:
    scenario = load_scenario(root / "in")
    region = read_region(scenario)
    instance = assembly.assemble(scenario, region)
    clock = Clock(30)
    outcome = workflow.search(scenario, region, instance, clock, lambda _: None)
    service = workflow.serve(scenario, region, instance, outcome, clock)
    far = instance.points[instance.reach.sites_per_point == 0]
    far_mw_it = far.groupby("service")["mw_it"].sum().to_dict()
    made = Finished(root, scenario, region, outcome, service, far_mw_it)
    write(made, root / "plans" / "plan")
    return made


def write(case: Finished, folder: Path) -> None:
    """Write the plan that follows from sizes and service, with every figure in it consistent."""
    plan = make_plan(
        case.scenario, case.region, case.outcome, case.service, case.far,
        tuple(lint(case.region, case.scenario)),
    )  # fmt: skip
    write_plan(plan, folder, force=False, also=lambda *_: [])


def with_columns(table: str, **columns: dict[str, float]) -> str:
    """Add columns to a CSV table, blank but for some ids."""
    head, *rows = table.splitlines()
    cells = [[str(told.get(row.split(",")[0], "")) for told in columns.values()] for row in rows]
    lines = [",".join([row, *more]) for row, more in zip(rows, cells, strict=True)]
    return "\n".join([",".join([head, *columns]), *lines]) + "\n"


class Opened:
    """A copy of a plan and its inputs, to be changed and closed again with fresh hashes."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "plans" / "plan"
        self.document = json.loads((self.folder / "plan.json").read_text("utf-8"))
        self.service = pd.read_parquet(self.folder / "service.parquet")
        by_hour = (self.folder / name for name in BY_HOUR)
        self.by_hour = {path.name: pd.read_parquet(path) for path in by_hour if path.exists()}

    def broken(self) -> list[str]:
        """Close the plan, every hash rewritten, and verify it."""
        self.service.to_parquet(self.folder / "service.parquet", index=False)
        provenance = self.document["provenance"]
        provenance["service_sha256"] = sha256(self.folder / "service.parquet")
        for name, table in self.by_hour.items():
            table.to_parquet(self.folder / name, index=False)
        if self.by_hour:
            provenance["hourly_service_sha256"] = sha256(self.folder / HOURLY_SERVICE)
        for record in (provenance["scenario"], *provenance["inputs"]):
            record["sha256"] = sha256(self.folder / record["path"])
        self.write_document()
        return broken_promises(self.folder)

    def write_document(self) -> None:
        text = json.dumps(self.document)
        (self.folder / "plan.json").write_text(text, encoding="utf-8")


@contextmanager
def opened(case: Finished) -> Iterator[Opened]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        shutil.copytree(case.root, root)
        yield Opened(root)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


CLAIMS = (
    ("certificate", "seconds"), ("certificate", "counts"), ("certificate", "trail"),
    ("certificate", "asked_gap"),
    ("certificate", "bound_mn_yr"), ("certificate", "prices"), ("verdict",), ("warnings",),
    ("not_checked",), ("attributions",),
)  # fmt: skip
"""What the solver claims, or is free text."""


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if any(way[: len(claim)] == claim for claim in CLAIMS):
        return
    if isinstance(value, dict | list) and value:
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, (*way, key))
    elif way[0] != "provenance" or way[1] == "inputs" or way[1:] == ("scenario", "path"):
        yield way


def changed(value: Any, amount: float) -> Any:
    """Give another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value + amount * max(1.0, abs(value))
    return {type(None): 1.5, str: f"{value}x", list: ["grid"], dict: {"x": 1.0}}[type(value)]


amounts = st.floats(0.001, 0.5) | st.floats(-0.5, -0.001)


def caught(plan: Opened) -> bool:
    """Whether the plan is refused: by a broken promise, or as no plan at all."""
    try:
        return bool(plan.broken())
    except (InputError, FileNotFoundError):
        return True
