"""A programme read back with the plans of its stages, which must be those that it tells of."""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from microdc.errors import Fault, InputError
from microdc.placement.plan import Plan
from microdc.placement.stages.futures import BestKnowing, InFuture
from microdc.placement.stages.programme import Alone, Programme, StagePlan, what_is_new
from microdc.placement.stages.service import TimeToPower
from microdc.placement.store import read_plan
from microdc.placement.verify.document import (
    DOCUMENT,
    STAGES,
    ProgrammeTold,
    StageTold,
    read_programme,
)
from microdc.placement.verify.document.programme import InFuture as FutureTold

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_ROUNDING = 1e-6
_LOST_MW = 1e-4


def read_stages(folder: Path) -> Programme:
    """
    Read a programme and the plan of each of its stages.

    Raises InputError, with all that is wrong, if either cannot be read, a stage's folder is not
    there, stages do not follow one another, a plan is not the one that `stages.json` tells of, or a
    site is lost or shrinks from one stage to the next. What else a programme promises, `microdc
    verify` looks at.
    """
    path, told = folder / STAGES, read_programme(folder)
    _expect(list(_no_months(path, told)))
    _expect([*_out_of_order(path, told), *_without_plan(path, told)])
    plans = [read_plan(folder / stage.folder) for stage in told.stages]
    programme = _programme(told, plans)
    _expect([*_told_otherwise(path, told, programme), *_losses(path, programme)])
    return programme


def _expect(faults: Sequence[Fault]) -> None:
    if faults:
        raise InputError(faults)


def _no_months(path: Path, told: ProgrammeTold) -> Iterator[Fault]:
    for k, stage in enumerate(told.stages):
        for key, month in (("from", stage.begins), ("to", stage.ends)):
            if not _MONTH.fullmatch(month):
                at, allowed = f"stages.{k}.{key}", "YYYY-MM, such as 2028-12"
                yield Fault(file=str(path), at=at, says="is no month", found=month, allowed=allowed)


def _out_of_order(path: Path, told: ProgrammeTold) -> Iterator[Fault]:
    """Find stages that end before they begin, or do not begin where the one before ends."""
    seen: dict[str, StageTold] = {}
    for k, stage in enumerate(told.stages):
        if stage.ends <= stage.begins:
            says, allowed = f"stage {stage.name} ends before it begins", f"after {stage.begins}"
            at, found = f"stages.{k}.to", stage.ends
            yield Fault(file=str(path), at=at, says=says, found=found, allowed=allowed)
        if (stage.after is None) != (k == 0) or (stage.after and stage.after not in seen):
            says = f"stage {stage.name} comes after none of those before it"
            at, found = f"stages.{k}.after", str(stage.after)
            yield Fault(file=str(path), at=at, says=says, found=found, allowed=", ".join(seen))
        elif stage.after and stage.begins != seen[stage.after].ends:
            says = f"stage {stage.name} does not begin when {stage.after} ends"
            at, found, allowed = f"stages.{k}.from", stage.begins, seen[stage.after].ends
            yield Fault(file=str(path), at=at, says=says, found=found, allowed=allowed)
        seen[stage.name] = stage


def _without_plan(path: Path, told: ProgrammeTold) -> Iterator[Fault]:
    """Find stages whose plan does not lie in a folder of its own below the programme's."""
    seen: set[str] = set()
    for k, stage in enumerate(told.stages):
        place, says = path.parent / stage.folder, ""
        if stage.folder == ".." or Path(stage.folder).name != stage.folder:
            says = f"the folder of stage {stage.name} is not one below the programme's"
        elif stage.folder in seen:
            says = f"stage {stage.name} has the folder of another stage"
        elif not (place / DOCUMENT).is_file():
            says = f"the plan of stage {stage.name} is missing: there is no {place / DOCUMENT}"
        seen.add(stage.folder)
        if says:
            yield Fault(file=str(path), at=f"stages.{k}.folder", says=says, found=stage.folder)


def _programme(told: ProgrammeTold, plans: Sequence[Plan]) -> Programme:
    """Put the plans together; what each adds is found anew."""
    sites = {stage.name: plan.sites for stage, plan in zip(told.stages, plans, strict=True)}
    timed = told.time_to_power
    return Programme(
        name=told.name,
        currency=told.currency,
        status=told.status,
        bound_mn=told.bound_mn,
        seconds=told.seconds,
        discount_rate=told.discount_rate,
        pilots=told.pilots,
        risk=told.risk,
        cvar_level=told.cvar_level,
        time_to_power=None if timed is None else TimeToPower(**timed.model_dump()),
        stages=tuple(
            _stage(stage, plan, sites[stage.after] if stage.after else None)
            for stage, plan in zip(told.stages, plans, strict=True)
        ),
        futures=tuple(map(_future, told.futures)),
    )


def _future(told: FutureTold) -> InFuture:
    if told.best is None:
        return InFuture(name=told.name, probability=told.probability, cost_mn=told.cost_mn)
    best = told.best.model_dump()
    first, last = (tuple(best[when]) for when in ("first", "last"))
    return InFuture(
        name=told.name,
        probability=told.probability,
        cost_mn=told.cost_mn,
        best=BestKnowing(**{**best, "first": first, "last": last}),
    )


def _stage(told: StageTold, plan: Plan, before: pd.DataFrame | None) -> StagePlan:
    added, grown = what_is_new(plan.sites, before)
    return StagePlan(
        name=told.name,
        begins=told.begins,
        ends=told.ends,
        weight_yr=told.weight_yr,
        plan=plan,
        added=added,
        grown=grown,
        alone=None if told.alone is None else Alone(**told.alone.model_dump()),
        future=told.future,
        probability=told.probability,
        before=told.after,
    )


def _told_otherwise(path: Path, told: ProgrammeTold, programme: Programme) -> Iterator[Fault]:
    """Find where `stages.json` says something else than the plans do."""
    both = zip(told.stages, programme.stages, strict=True)
    for k, (stage, plan) in enumerate(both):
        true = plan.to_document()
        for key, said in stage.model_dump(by_alias=True).items():
            if key != "folder" and not _same(said, true[key]):
                yield Fault(
                    file=str(path),
                    at=f"stages.{k}.{key}",
                    says=f"is not what the plan of stage {stage.name} has",
                    found=str(said),
                    allowed=str(true[key]),
                )


def _same(said: Any, true: Any) -> bool:
    if isinstance(said, float):
        return math.isclose(said, true, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    return bool(said == true)


def _losses(path: Path, programme: Programme) -> Iterator[Fault]:
    plans = {stage.name: stage.plan for stage in programme.stages}
    for k, stage in enumerate(programme.stages):
        if stage.before is None:
            continue
        then_mw = plans[stage.before].sites["mw"].astype(float)
        now_mw = stage.plan.sites["mw"].astype(float).reindex(then_mw.index).fillna(0.0)
        lost = then_mw.index[now_mw < then_mw - _LOST_MW]
        if len(lost):
            says = f"stage {stage.name} has less than stage {stage.before} of some sites"
            found, allowed = ", ".join(lost), "a site once built stays, and does not shrink"
            yield Fault(file=str(path), at=f"stages.{k}", says=says, found=found, allowed=allowed)
