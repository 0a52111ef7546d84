"""A programme of stages on disk, made by hand of plans of tiny: no planner of stages is asked."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from microdc.placement.plan import Plan
from microdc.placement.store import read_plan
from microdc.placement.verify.document import STAGES
from microdc.solve.highs import Clock
from microdc.workflow import plan_scenario

TINY = Path(__file__).parents[1] / "scenarios" / "tiny"


@dataclass(frozen=True)
class Made:
    """A stage: when it begins, its discounted years, and what its files say other than tiny's."""

    name: str
    begins: str
    weight_yr: float
    limits: str
    changes: dict[tuple[str, str], str]


STAGE_S = (
    Made(
        "pilots",
        "2026-12",
        1.86,
        "{force: [west], max_sites: 1}",
        {("places.csv", "500000"): "150000", ("places.csv", "1000000"): "500000"},
    ),
    Made("fleet", "2028-12", 1.6, "{force: [west], max_sites: 2}", {}),
    Made(
        "network",
        "2030-12",
        6.2,
        "{force: [west, east], budget_mn: 240}",
        {
            ("places.csv", "1000000"): "1200000",
            ("places.csv", "500000"): "600000",
            ("substations.csv", "-29.5,15"): "-29.5,20",
            ("substations.csv", "0,-30,15"): "0,-30,20",
        },
    ),
)
"""West alone, 10 MW; West with 15 and East with 5; Harbour and West reinforced, West with 20."""
ENDS = "2040-12"
ALONE_MN_YR = 0.1
"""What each stage is said to cost less if it were alone, and what that may be too much again."""


def staged(root: Path) -> Path:
    """Plan three stages of tiny that are nested, and write the folder of their programme."""
    programme = root / "programme"
    plans: list[Plan] = []
    for stage in STAGE_S:
        source = Path(shutil.copytree(TINY, root / "in" / stage.name))
        _change(source, stage)
        quiet = {"watch": lambda _: None, "clock": Clock(60)}
        plan_scenario(source, programme / stage.name, force=False, overrides={}, **quiet)
        plans.append(read_plan(programme / stage.name))
    _write(programme, plans)
    return programme


def _change(source: Path, stage: Made) -> None:
    text = (source / "scenario.yaml").read_text("utf-8")
    (source / "scenario.yaml").write_text(f"{text}limits: {stage.limits}\n", "utf-8")
    for (name, old), new in stage.changes.items():
        text = (source / name).read_text("utf-8")
        assert old in text
        (source / name).write_text(text.replace(old, new), "utf-8")


def _write(programme: Path, plans: list[Plan]) -> None:
    months = [*(made.begins for made in STAGE_S), ENDS]
    before: list[Plan | None] = [None, *plans[:-1]]
    stages = [_told(*told) for told in zip(STAGE_S, months[1:], plans, before, strict=True)]
    for one, earlier in zip(stages[1:], stages, strict=False):
        one["after"] = earlier["name"]
    cost_mn, years = sum(one["weight"] * one["cost_mn_yr"] for one in stages), 1.86 + 1.6 + 6.2
    bound_mn = 0.999 * cost_mn
    document = {
        "schema": 1,
        "name": "tiny-stages",
        "microdc": "0",
        "currency": "USD",
        "status": "within gap",
        "cost_mn": cost_mn,
        "bound_mn": bound_mn,
        "gap": 0.001,
        "seconds": 1.5,
        "discount_rate": 0.08,
        "stages": stages,
        "nestedness": {
            "cost_mn": ALONE_MN_YR * years,
            "at_least_mn": bound_mn - cost_mn + ALONE_MN_YR * years,
            "at_most_mn": 2 * ALONE_MN_YR * years,
        },
    }
    (programme / STAGES).write_text(json.dumps(document), "utf-8")


def _told(made: Made, ends: str, plan: Plan, before: Plan | None) -> dict[str, Any]:
    then_mw = {} if before is None else before.sites["mw"].to_dict()
    now_mw = plan.sites["mw"].to_dict()
    cost_mn_yr = plan.certificate.cost_mn_yr
    return {
        "name": made.name,
        "folder": made.name,
        "from": made.begins,
        "to": ends,
        "weight": made.weight_yr,
        "sites": len(plan.sites),
        "mw": sum(now_mw.values()),
        "served_mw_it": float(plan.services["served_mw_it"].sum()),
        "demand_mw_it": float(plan.services["demand_mw_it"].sum()),
        "cost_mn_yr": cost_mn_yr,
        "capital_mn": plan.capital_mn,
        "added": [site for site in now_mw if site not in then_mw],
        "grown": [
            {"id": site, "from_mw": then_mw[site], "to_mw": mw}
            for site, mw in now_mw.items()
            if mw > then_mw.get(site, mw)
        ],
        "alone": {
            "cost_mn_yr": cost_mn_yr - ALONE_MN_YR,
            "bound_mn_yr": cost_mn_yr - 2 * ALONE_MN_YR,
            "gap": 0.01,
            "sites": len(plan.sites),
        },
    }
