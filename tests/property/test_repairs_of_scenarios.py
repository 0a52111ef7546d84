"""
Every repair keeps its promise: applied it cures, and one per cent less of it does not.

Scenarios on disk, each short for a cause of its own; the textbook model judges.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from short_scenarios import CAUSES, short_scenario

from microdc.assembly import assemble
from microdc.inputs.read import read_region
from microdc.scenario import Scenario, load_scenario
from microdc.scenario.reading.layers import merged
from microdc.solve.highs import Clock
from microdc.solve.outcome import Settings
from microdc.solve.textbook import textbook
from microdc.studies.explaining.bottlenecks import Asked, explain_scenario
from microdc.studies.repairing import Repair, Repairs

TIME_S = 30.0
CONTINUOUS = {"headroom", "bound", "larger sites", "budget", "nearer sites", "less demand"}


def has_plan(scenario: Scenario, changes: Mapping[str, Any]) -> bool:
    varied = scenario.varied(changes, name="repaired")
    instance = assemble(varied, read_region(varied))
    outcome = textbook(instance, Settings(gap=0.5), Clock(TIME_S))
    assert outcome.has_plan or outcome.ended == "infeasible"
    return outcome.has_plan


def scaled(value: Any, stated: float, part: float) -> float:
    return stated + part * (value - stated)


def milder(scenario: Scenario, one: Repair) -> Mapping[str, Any] | None:
    """Give the changes of a repair with one per cent less of it, or one step; None: no less is."""
    assert one.stated is not None or one.kind in {"ruled out", "excluded area", "bounds"}
    if one.kind == "more sites":
        return replaced(one.changes, one.amount, int(one.amount) - 1)
    if one.kind == "headroom":
        own = scenario.reinforce.get(one.id, 0.0)
        added = one.changes["reinforce"][one.id] - own
        return {"reinforce": {one.id: own + 0.99 * added}}
    if one.kind == "bounds":
        stated = {name: scenario.services[name].rtt_ms for name in one.changes["services"]}
        less = {name: {"rtt_ms": ms + 0.99 * one.amount} for name, ms in stated.items()}
        return {"services": less}
    if one.kind not in CONTINUOUS:
        return None
    return replaced(one.changes, one.amount, scaled(one.amount, one.stated, 0.99))


def replaced(changes: Any, value: Any, by: Any) -> Any:
    if isinstance(changes, Mapping):
        return {key: replaced(below, value, by) for key, below in changes.items()}
    return by if changes == value and not isinstance(changes, str) else changes


def milder_mix(scenario: Scenario, repairs: Repairs) -> Mapping[str, Any]:
    """Give the mix with one per cent less of every part."""
    less: dict[str, Any] = {}
    for part in repairs.parts:
        changes = milder(scenario, part)
        assert changes is not None
        less = merged(changes, less)
    return less


def repairs_of(file: Path) -> tuple[Scenario, Repairs | None]:
    explained = explain_scenario(file, TIME_S, Clock(TIME_S), Asked())
    return load_scenario(file), explained.repairs


def check(cause: str, seed: int, folder: Path) -> None:
    scenario, repairs = repairs_of(short_scenario(cause, seed, folder / "in"))
    feasible = has_plan(scenario, {})
    assert (repairs is None) == feasible
    if repairs is None:
        return
    assert repairs.mix is not None
    assert repairs.complete
    every = [*(one for one in repairs.singles if one.all), repairs.mix]
    for one in every:
        assert one.confirmed, one.says
        assert has_plan(scenario, one.changes), one.says
        less = milder_mix(scenario, repairs) if one.kind == "mix" else milder(scenario, one)
        if one.exact and less is not None:
            assert not has_plan(scenario, less), f"less than {one.says} does"


QUICK = ("above", "modules", "area", "both promised", "bound, above", "count, headroom")


@pytest.mark.parametrize("cause", QUICK)
def test_repairs_cure_and_one_per_cent_less_does_not(cause, tmp_path):
    check(cause, 1, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("cause", CAUSES)
def test_repairs_of_many_scenarios(cause, seed, tmp_path):
    check(cause, seed, tmp_path)
