"""What differs in the inputs of two plans, as far as it can still be told."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from microdc.errors import InputError
from microdc.inputs.read import read_region
from microdc.placement.plan import Plan
from microdc.scenario import Scenario, load_scenario, scenario_of_stage

_VERSIONS = ("microdc", "python", "highspy", "pyomo", "numpy", "scipy")
_SETTINGS = ("formulation", "time_limit_s", "threads", "seed")
_DERIVED = ["headroom_stated", "arithmetic", "parcel"]  # by reading, from what is compared
_OF_PLANS = ("name", "objective", "price_year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """
    What differs in the inputs of two plans.

    keys
        `key`, `before`, `after` of each scenario key, setting and version that differs; a key that
        one of the two does not have is None there.
    files
        `file`, and whether it is `changed`, `added` or `dropped`, by its contents.
    rows
        `table`, `column`, and `count` rows whose value differs, with the first `ids`; `column` is
        `added` or `dropped` for whole rows.
    untold
        What can no longer be compared, and why: a sentence each.
    """

    keys: list[dict[str, Any]]
    files: list[dict[str, str]]
    rows: list[dict[str, Any]]
    untold: list[str]


def origins(before: Plan, after: Plan) -> Origins:
    """Compare what two plans were made from; what was changed or is gone since is said to be."""
    untold: list[str] = []
    stated = [_stated(plan) for plan in (before, after)]
    scenarios = [_scenario_of(plan, which, untold) for plan, which in _named(before, after)]
    files, rows = list(_files(before, after)), []
    one, other = scenarios
    if one is not None and other is not None:
        stated = [{**a, **keys_of(b)} for a, b in zip(stated, (one, other), strict=True)]
        whole = [_unchanged(plan, which, untold) for plan, which in _named(before, after)]
        if all(whole) and (files or stated[0] != stated[1]):
            rows = _changed_rows(one, other, untold)
    return Origins(keys=list(_differing(*stated)), files=files, rows=rows, untold=untold)


def _named(before: Plan, after: Plan) -> tuple[tuple[Plan, str], tuple[Plan, str]]:
    return (before, "the first plan"), (after, "the other plan")


def keys_of(scenario: Scenario) -> dict[str, Any]:
    """Give the keys of a scenario, defaults included, by their way down (`costs.site_mn`)."""
    stated = scenario.model_dump(by_alias=True, warnings=False)  # paths were text
    return dict(_flat({key: value for key, value in stated.items() if key != "solve"}, ()))


def _flat(value: Any, way: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Give what stands at the end of each way; a list of plain values stands as it is."""
    if isinstance(value, dict) and value:
        parts = list(value.items())
    elif isinstance(value, (list, tuple)) and any(isinstance(part, dict) for part in value):
        parts = list(enumerate(value, start=1))
    else:
        yield ".".join(way), _plain(value)
        return
    for key, part in parts:
        yield from _flat(part, (*way, str(key)))


def _plain(value: Any) -> Any:
    """Give a value as JSON knows it."""
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.as_posix() if isinstance(value, Path) else str(value)


def _stated(plan: Plan) -> dict[str, Any]:
    """Give what a plan itself holds of its scenario, its settings and versions."""
    known = {key: getattr(plan, key) for key in _OF_PLANS}
    known["solve.gap"] = plan.certificate.asked_gap
    known |= {f"solve.{key}": plan.provenance.get(key) for key in _SETTINGS}
    return known | {f"version of {key}": plan.provenance.get(key) for key in _VERSIONS}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if one != other:
            yield {"key": key, "before": one, "after": other}


def _scenario_of(plan: Plan, which: str, untold: list[str]) -> Scenario | None:
    """Read a plan's scenario again; None, and why, if it is not what was planned."""
    record = plan.provenance["scenario"]
    if not _is_as_it_was(record):
        untold.append(f"the scenario of {which} {_fate_of(record)}: its keys are not compared")
        return None
    try:
        scenario = load_scenario(record["path"])
    except InputError:
        untold.append(f"the scenario of {which} can no longer be read: its keys are not compared")
        return None
    if plan.stage is not None:
        return scenario_of_stage(scenario, plan.stage.name, plan.stage.future)
    firm = scenario.with_firm_connections()
    return firm if plan.name == firm.name else scenario


def _unchanged(plan: Plan, which: str, untold: list[str]) -> bool:
    """Whether all tables of a plan are what they were; if not, say which."""
    gone = [record for record in plan.provenance["inputs"] if not _is_as_it_was(record)]
    untold.extend(
        f"{record['path'].name} of {which} {_fate_of(record)}: rows are not compared"
        for record in gone
    )
    return not gone


def _is_as_it_was(record: dict[str, Any]) -> bool:
    path: Path = record["path"]
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == record["sha256"]


def _fate_of(record: dict[str, Any]) -> str:
    return "was changed since" if record["path"].is_file() else "is gone"


def _files(before: Plan, after: Plan) -> Iterator[dict[str, str]]:
    """Compare input tables by name and contents."""
    one, other = (_by_name(plan) for plan in (before, after))
    for name in sorted({*one, *other}):
        fate = "added" if name not in one else "dropped" if name not in other else "changed"
        if one.get(name) != other.get(name):
            yield {"file": name, "fate": fate}


def _by_name(plan: Plan) -> dict[str, list[str]]:
    """Give the hashes of a plan's input tables by file name; several may share one."""
    hashes: dict[str, list[str]] = {}
    for record in plan.provenance["inputs"]:
        hashes.setdefault(record["path"].name, []).append(record["sha256"])
    return {name: sorted(of_name) for name, of_name in hashes.items()}


def _changed_rows(before: Scenario, after: Scenario, untold: list[str]) -> list[dict[str, Any]]:
    """Say in which rows substations and demand differ, as the scenarios read them."""
    try:
        one, other = read_region(before), read_region(after)
    except InputError:
        untold.append("the tables can no longer be read: rows are not compared")
        return []
    drawn = ["lat", "lon"] if one.drawn or other.drawn else []  # by nobody stated
    substations = [part.substations.drop(columns=drawn) for part in (one, other)]
    demand = [
        part.demand.set_index(["place", "service"]).drop(columns=drawn) for part in (one, other)
    ]
    return [*_compared("substations", *substations), *_compared("demand", *demand)]


def _compared(table: str, one: pd.DataFrame, other: pd.DataFrame) -> Iterator[dict[str, Any]]:
    both = one.index.intersection(other.index)
    yield from _told(table, "added", other.index.difference(both))
    yield from _told(table, "dropped", one.index.difference(both))
    for column in one.columns.intersection(other.columns).difference(_DERIVED, sort=False):
        then, now = (rows.loc[both, column].astype(object) for rows in (one, other))
        same = (then == now) | (then.isna() & now.isna())
        yield from _told(table, str(column), both[~same.to_numpy(bool)])


def _told(table: str, column: str, ids: pd.Index) -> Iterator[dict[str, Any]]:
    if len(ids):
        first = [i if isinstance(i, str) else " ".join(map(str, i)) for i in ids[:5]]
        yield {"table": table, "column": column, "count": len(ids), "ids": first}
