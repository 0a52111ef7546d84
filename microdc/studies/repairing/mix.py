"""The cheapest mix of headroom, capital and demand promised no longer that cures everything."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from microdc.explain.repairs.elastic import Bought, cheapest_mix
from microdc.explain.repairs.smallest import least_between
from microdc.instance import Floats, Instance
from microdc.oracles.base import OutOfTimeError
from microdc.scenario.reading.layers import merged
from microdc.studies.repairing.headroom import elastic_rows, of_headroom, with_limits_of
from microdc.studies.repairing.ladders import most_promised, out_of_reach, share_down
from microdc.studies.repairing.repair import Repair
from microdc.studies.repairing.singles import of_budget
from microdc.studies.repairing.trial import Trial

_TOLD_MW_IT = 1e-7  # less unserved is rounding


def cheapest_repair(trial: Trial) -> tuple[Repair, list[Repair]] | None:
    """
    Find the cheapest mix for the demand of a trial: as one repair, and part by part.

    With hours, no headroom is added. None: none was found in time, or nothing is to be had.
    """
    rows = elastic_rows(trial)
    by_hour = trial.case.instance.hours is not None
    instance = trial.instance({}) if by_hour else with_limits_of(trial, rows)
    elastic = rows[:0] if by_hour else rows
    found = cheapest_mix(instance, elastic, trial.prices, trial.settings, trial.limited())
    if found is None:
        return None
    parts = list(_parts(trial, instance, found))
    for row, part in enumerate(parts):
        if part.kind == "less demand" and not part.out_of_reach:
            others = _changes([*parts[:row], *parts[row + 1 :]])
            parts[row] = _promising_most(replace(trial, clock=trial.limited()), part, others)
    mix = Repair(
        kind="mix",
        id="",
        name="",
        unit="",
        stated=None,
        amount=None,
        changes=_changes(parts),
        cost_mn_yr=sum(part.cost_mn_yr or 0.0 for part in parts),
        exact=all(part.exact for part in parts),
    )
    return mix, parts


def _changes(parts: list[Repair]) -> dict[str, Any]:
    """Lay the changes of parts over each other."""
    changes: dict[str, Any] = {}
    for part in parts:
        changes = merged(dict(part.changes), changes)
    return changes


def _promising_most(trial: Trial, part: Repair, others: Mapping[str, Any]) -> Repair:
    """
    Promise as much of a class at every place as the other parts of the mix allow.

    What the mix leaves may all be left at one place; spread out, the largest share is smaller. Not
    exact where time runs out, with the best that was seen to do.
    """
    assert part.stated is not None
    assert part.amount is not None
    best = part

    def does(share: float) -> bool:
        nonlocal best
        promised = {"services": {part.id: {"min_served": share_down(share)}}}
        one = replace(
            part, amount=share_down(share), changes=merged(promised, dict(part.changes)), exact=True
        )
        known = trial.cures(merged(dict(one.changes), dict(others)))
        if known is None:
            raise OutOfTimeError
        best = one if known else best
        return known

    try:
        most = most_promised(trial, part.id, others)
        if most is None or not (most > part.amount and does(most)):
            least_between(part.stated, part.amount, does)
    except OutOfTimeError:
        return replace(best, exact=False)
    return best


def _parts(trial: Trial, instance: Instance, found: Bought) -> Iterator[Repair]:
    for node, more_mw in found.headroom_mw.items():
        yield of_headroom(trial, str(node), float(more_mw), exact=found.within_gap)
    if found.budget_mn > 1e-9:
        yield of_budget(trial, found.budget_mn, exact=found.within_gap)
    for part in _less_demand(trial, instance, found.unserved_mw_it):
        yield replace(part, exact=found.within_gap)


def _less_demand(trial: Trial, instance: Instance, unserved_mw_it: Floats) -> Iterator[Repair]:
    """Tell of the share of each class that can still be promised at every place."""
    short = instance.points.assign(left=unserved_mw_it)
    for service, points in short[unserved_mw_it > _TOLD_MW_IT].groupby("service"):
        stated = trial.scenario.services[str(service)]
        lost = float((points["left"] / points["mw_it"]).max())
        share = share_down(stated.floor * (1 - min(1.0, lost)) - 1e-9)
        price = {"unserved_mn_per_mw_yr": trial.prices.unserved_mn_per_mw_it_yr}
        keys = {"min_served": max(0.0, share)}
        keys |= price if stated.unserved_mn_per_mw_yr is None else {}
        yield Repair(
            kind="less demand",
            id=str(service),
            name=str(service),
            unit="share",
            stated=stated.floor,
            amount=keys["min_served"],
            changes={"services": {str(service): keys}},
            cost_mn_yr=float(points["left"].sum()) * trial.prices.unserved_mn_per_mw_it_yr,
            out_of_reach=out_of_reach(trial, instance, str(service)),
        )
