"""Every repair that cures the demand of a trial by itself."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from microdc.explain.repairs.elastic import fewest_sites, least_budget_mn
from microdc.instance import ALL_SITES
from microdc.studies.repairing.headroom import headroom_repairs
from microdc.studies.repairing.ladders import Ladder, Step, ladders_of, out_of_reach
from microdc.studies.repairing.repair import Repair
from microdc.studies.repairing.trial import Trial

MOST_LIFTED = 8
"""Ids of `forbid`, and areas, that are lifted one by one for each bottleneck."""


def single_repairs(trial: Trial, binding: list[str]) -> Iterator[Repair]:
    """
    Find repairs as long as there is time; `binding` are nodes that are known to bind.

    Of rules that there was no time to loosen step by step, what a few max-flows tell is given.
    """
    yield from _budget(trial)
    yield from _sites(trial)
    ladders = list(_in_time(trial, ladders_of(trial)))
    yield from headroom_repairs(trial, binding)
    yield from _by_ladders(trial, ladders)
    yield from _forbidden(trial)
    yield from _areas(trial)


def _in_time(trial: Trial, ladders: Iterator[Ladder]) -> Iterator[Ladder]:
    """Build ladders as long as there is time."""
    while not trial.too_late and (ladder := next(ladders, None)) is not None:
        yield ladder


def _by_ladders(trial: Trial, ladders: Sequence[Ladder]) -> Iterator[Repair]:
    """Loosen each rule as far as it takes; where no time is left, at least as far as is known."""
    cured: set[str] = set()
    for ladder in ladders:
        if ladder.kind == "bounds" and "bound" in cured:
            continue  # one class alone does
        found = ladder.at_least if trial.clock.expired else ladder.smallest(trial.cures)
        if found is not None:
            cured.add(ladder.kind)
            yield of_ladder(trial, ladder, found)


def of_ladder(trial: Trial, ladder: Ladder, step: Step) -> Repair:
    """Tell of a rule that is loosened so far."""
    less, amount = ladder.kind == "less demand", step.amount
    return Repair(
        kind=ladder.kind,
        id=ladder.id,
        name=ladder.name or ladder.id,
        unit=ladder.unit,
        stated=ladder.stated,
        amount=amount,
        changes=ladder.changes(amount),
        exact=step.exact,
        at_least=not step.seen,
        cost_mn_yr=_lost_mn_yr(trial, ladder, amount) if less else None,
        out_of_reach=_far(trial, ladder.id) if less and amount == 0 else (),
    )


def _far(trial: Trial, service: str) -> tuple[str, ...]:
    return out_of_reach(trial, trial.instance({}), service)


def _lost_mn_yr(trial: Trial, ladder: Ladder, share: float) -> float:
    """Give what is promised no longer, at its price, over all places of the class."""
    whole = trial.case.region.demand
    mw_it = float(whole.loc[whole["service"] == ladder.id, "mw_it"].sum())
    return (ladder.stated - share) * mw_it * trial.prices.unserved_mn_per_mw_it_yr


def _budget(trial: Trial) -> Iterator[Repair]:
    stated_mn = trial.scenario.limits.budget_mn
    if stated_mn is None or trial.too_late:
        return
    found = least_budget_mn(trial.instance({}), trial.settings, trial.limited())
    if found is not None and found.budget_mn > 0:
        yield of_budget(trial, found.budget_mn, exact=found.within_gap)


def of_budget(trial: Trial, more_mn: float, *, exact: bool) -> Repair:
    """Tell of capital beyond the budget, rounded up to a unit of the currency."""
    stated_mn = trial.scenario.limits.budget_mn or 0.0
    budget_mn = round(stated_mn + more_mn + 1.5e-6, 6)
    return Repair(
        kind="budget",
        id="",
        name="",
        unit=f"M {trial.scenario.currency}",
        stated=stated_mn,
        amount=budget_mn,
        changes={"limits": {"budget_mn": budget_mn}},
        cost_mn_yr=(budget_mn - stated_mn) * trial.prices.annuity,
        exact=exact,
    )


def _sites(trial: Trial) -> Iterator[Repair]:
    stated = trial.scenario.limits.max_sites
    if stated is None or trial.too_late:
        return
    found = fewest_sites(trial.instance({}), ALL_SITES, trial.settings, trial.limited())
    if found is not None and found[0] > stated:
        fewest, proven = found
        yield Repair(
            kind="more sites",
            id="",
            name="",
            unit="sites",
            stated=stated,
            amount=fewest,
            changes={"limits": {"max_sites": fewest}},
            exact=proven,
        )


def _forbidden(trial: Trial) -> Iterator[Repair]:
    ids = trial.scenario.limits.forbid
    for one in ids[:MOST_LIFTED]:
        changes: dict[str, Any] = {"limits": {"forbid": [other for other in ids if other != one]}}
        if trial.cures(changes):
            hosts = trial.region.substations["name"]
            yield _lifted("ruled out", one, str(hosts.get(one, one)), changes)


def _areas(trial: Trial) -> Iterator[Repair]:
    if not trial.region.substations["excluded"].notna().any():
        return
    stated = [
        {"path": Path(one.path).as_posix(), **one.model_dump(exclude_unset=True, exclude={"path"})}
        for one in trial.scenario.exclude
    ]
    for row, one in list(enumerate(trial.scenario.exclude))[:MOST_LIFTED]:
        changes: dict[str, Any] = {"exclude": stated[:row] + stated[row + 1 :]}
        if trial.cures(changes):
            yield _lifted("excluded area", str(row + 1), one.reason, changes)


def _lifted(kind: str, id_: str, name: str, changes: dict[str, Any]) -> Repair:
    """Tell of a rule that is lifted as a whole."""
    return Repair(kind=kind, id=id_, name=name, unit="", stated=None, amount=None, changes=changes)
